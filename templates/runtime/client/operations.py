"""An operation as data: what it is called with, how that is written, and what its answers are.

Made by generated code when an operation is called for the first time. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..failures import MalformedAnswer
from ..http.errors import StatusError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..http.bodies import Encoding
    from ..http.messages import Response
    from ..policy import Policy

T = TypeVar("T")
AnswerKind = Literal["json", "text", "bytes", "none", "events", "lines"]
BodyKind = Literal["json", "form", "multipart", "text", "bytes"]
LEAST_ERROR = 300
"""Statuses from here on are no success. (The engine takes it from here, so that this module is loaded with
a client and not within its first call.)"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its Python name, the contract's, where it goes and how it is written.

    selects: how names that choose parts of an answer are written: a list, or a text with commas.
    """

    python: str
    name: str
    place: Literal["path", "query", "header", "cookie", "querystring"]
    style: str = "form"
    explode: bool = False
    reserved: bool = False
    media: str = ""
    selects: Literal["", "list", "text"] = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A way to write the body; `type_` gives the type of what is written so, where there are several ways."""

    media: str
    kind: BodyKind
    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    type_: Callable[[], Any] | None = None

    def takes(self, value: object) -> bool:
        """Whether a value is of the type that is written so."""
        if self.type_ is None:
            return True
        try:
            TypeAdapter(self.type_()).validate_python(value)
        except ValidationError:
            return False
        return True


class Answer:
    """An answer that is documented: a status, a media type, and what the body is.

    status: a code, a range such as `4XX`, or `default`. kind: how the body is read; `json` bodies are of the
    type that `type_` gives when it is first needed. error: the exception that an error status is.
    """

    def __init__(
        self,
        status: str,
        media: str = "",
        kind: AnswerKind = "none",
        type_: Callable[[], Any] | None = None,
        error: type[StatusError] | None = None,
    ) -> None:
        self.status = status
        self.media = media
        self.kind = kind
        self.error = error
        self._type = type_

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What reads and writes values of the body's type."""
        return TypeAdapter(Any if self._type is None else self._type())

    def read(self, body: bytes) -> object:
        """The body as the contract describes it. MalformedAnswer if it is not like that."""
        if self.kind == "json":
            try:
                return self.adapter.validate_json(body, by_alias=True, by_name=False)
            except ValidationError as error:
                raise MalformedAnswer(_said(error)) from error
        if self.kind == "text":
            return body.decode("utf-8", "replace")
        return None if self.kind == "none" else body


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """An operation whose result is a T.

    safe: it may be repeated. key: the Python name of its idempotency key, which makes it safe. security: the
    alternatives, each the names of the schemes it needs. server: an address of its own, or empty.
    null: a body that is None is sent, as JSON's null.
    """

    name: str
    method: str
    path: str
    safe: bool
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[Body, ...] = ()
    answers: tuple[Answer, ...] = ()
    policy: Policy | None = None
    key: str = ""
    security: tuple[tuple[str, ...], ...] = ()
    server: str = ""
    null: bool = False
    accepted: str = field(init=False, repr=False, compare=False)
    """The Accept header: the media types of all answers, those of success first."""
    _documented: dict[str, list[Answer]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Works out what every call needs and no call changes."""
        good = [answer.media for answer in self.answers if answer.media and answer.error is None]
        bad = [answer.media for answer in self.answers if answer.media and answer.error is not None]
        object.__setattr__(self, "accepted", ", ".join(dict.fromkeys([*good, *bad])))
        documented: dict[str, list[Answer]] = {}
        for answer in self.answers:
            documented.setdefault(answer.status, []).append(answer)
        object.__setattr__(self, "_documented", documented)

    def answer(self, status: int, media: str) -> Answer | None:
        """The documented answer for a status and a media type; None if the status is not documented."""
        documented = self._documented
        found = (
            documented.get(str(status)) or documented.get(f"{status // 100}XX") or documented.get("default")
        )
        if not found:
            return None
        return found[0] if len(found) == 1 else max(found, key=lambda one: _closeness(one.media, media))

    def result(self, response: Response) -> T:
        """What the operation gives for an answer; raises a StatusError for one that is an error."""
        found = self.answer(response.status, response.media_type)
        if found is None or found.error is not None or response.status >= LEAST_ERROR:
            raise self.failure(response, found)
        if not response.body and found.kind == "json" and self._may_be_empty(response.status):
            return None  # type: ignore[return-value]  # T has None where the contract documents no body
        return found.read(response.body)  # type: ignore[return-value]  # T is what its answers are

    def failure(self, response: Response, found: Answer | None) -> StatusError:
        """The exception for an error; its value is None where the body is not what the contract says."""
        if found is None or found.error is None:
            return StatusError(response)
        try:
            value = found.read(response.body) if response.body else None
        except MalformedAnswer:
            value = None
        return found.error(response, value)

    def revive(self, value: object) -> T:
        """A value laid down in the contract as this operation's own type."""
        for answer in self.answers:
            if answer.error is None and answer.kind == "json":
                found: T = answer.adapter.validate_python(value, by_alias=True, by_name=False)
                return found
        return value  # type: ignore[return-value]  # text, or nothing

    def _may_be_empty(self, status: int) -> bool:
        return any(
            answer.kind == "none" and answer.error is None and answer.status in (str(status), "2XX")
            for answer in self.answers
        )


def _closeness(documented: str, media: str) -> int:
    base = documented.partition(";")[0].strip().lower()
    if base == media:
        return 4
    if base.endswith("json") and media.endswith("json"):
        return 3
    if base.endswith("/*") and media.startswith(base[:-1]):
        return 2
    return 1 if base in ("*/*", "") else 0


def _said(error: ValidationError) -> str:
    """The first thing that is wrong with a body, and where."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    more = error.error_count() - 1
    return (
        f"the answer is not what the contract says: {where or 'body'}: {first['msg']}"
        f"{f' (and {more} more)' if more else ''}"
    )
