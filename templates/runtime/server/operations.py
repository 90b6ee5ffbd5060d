"""An operation as a server serves it: plain data, made by generated code."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from ..policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..http.bodies import Encoding


class Typed:
    """A Python type that is looked up when it is first needed."""

    def __init__(self, type_: Callable[[], Any] | None = None) -> None:
        self._type = type_

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What makes values of the type."""
        return TypeAdapter(Any if self._type is None else self._type())


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its Python name, the contract's, where it is and how it is written."""

    python: str
    name: str
    place: Literal["path", "query", "header", "cookie", "querystring"]
    style: str
    explode: bool
    required: bool
    media: str
    typed: Typed


@dataclass(frozen=True, slots=True)
class Body:
    """A way in which the body may come."""

    media: str
    kind: Literal["json", "form", "multipart", "text", "bytes"]
    typed: Typed
    encoding: Mapping[str, Encoding]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is documented."""

    status: str
    media: str
    kind: Literal["json", "text", "bytes", "none", "events", "lines"]
    error: bool


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme: where its credential is."""

    name: str
    kind: Literal["key", "basic", "bearer"]
    key: str = ""
    place: str = "header"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: `title` is `GET /orders`.

    `path` the route, whose places are `p0`, `p1`, in the template's order.

    `security` are alternatives, each the schemes it needs with their scopes; `key` is the Python name of
    its idempotency key. `sunset` is the day on which it goes, as in the contract.
    """

    name: str
    title: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body_required: bool = False
    bodies: tuple[Body, ...] = ()
    answers: tuple[Answer, ...] = ()
    security: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    schemes: Mapping[str, Scheme] | None = None
    deprecated: bool = False
    sunset: str = ""
    key: str = ""
    policy: Policy = field(default_factory=Policy)
    path_names: tuple[str, ...] = ()
    context: str = "context"

    @property
    def success(self) -> list[Answer]:
        """The answers that are results."""
        return [answer for answer in self.answers if not answer.error]
