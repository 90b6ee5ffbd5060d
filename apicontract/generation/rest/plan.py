"""What is generated for a REST contract, as plain data: templates read it, `contract.py` makes it.

Annotations are Python types as text, in which models are `models.Name`. Nothing here knows how a contract is
written, and nothing here is Python that came from a contract but for names that were given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.sources import Json, Place


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """A parameter that chooses parts of an answer.

    kind: `list` (of names), `text` (names with commas between them) or `one` (a name). values: the names that
    the contract lists. annotation: what callers may give.
    """

    kind: str
    values: tuple[str, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class ParameterPlan:
    """A parameter: names, where it goes, how it is written, its type; `schema`: converted."""

    python: str
    name: str
    place: str
    style: str
    explode: bool
    reserved: bool
    media: str
    required: bool
    annotation: str
    description: str
    schema: Json = True
    selection: SelectionPlan | None = None

    @property
    def accepts(self) -> str:
        """The type of what a client's callers may give."""
        return self.selection.annotation if self.selection else self.annotation


@dataclass(frozen=True, slots=True)
class EncodingPlan:
    """How one field of a form is written, where that differs from the usual; any_of: its media types."""

    name: str
    style: str
    explode: bool
    reserved: bool
    content_type: str
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaPlan:
    """One way to write a body: `kind` is json, form, multipart, text or bytes."""

    media: str
    kind: str
    annotation: str
    encodings: tuple[EncodingPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """The request's body; `annotation` is the type of what callers pass."""

    required: bool
    annotation: str
    ways: tuple[MediaPlan, ...]
    description: str


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """An answer: `kind` is json, text, bytes, none, events or lines; `error`: its exception, or empty."""

    status: str
    media: str
    kind: str
    annotation: str
    error: str
    description: str
    headers: tuple[ParameterPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class PagingPlan:
    """How the next page is found: `cursor`, `number`, `offset` or `link`; member: steps to it or items."""

    kind: str
    parameter: str = ""
    member: tuple[str, ...] = ()
    first: int = 1


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """A link from an answer to an operation.

    python: the method that follows it. module: the attribute of the operation's group. call: the operation as
    it is called then, without what the link gives. parameters: by Python name, constants or expressions;
    `body` the same. required: those of them without which there is no call.
    """

    python: str
    name: str
    statuses: tuple[str, ...]
    description: str
    module: str
    call: OperationPlan
    parameters: Mapping[str, Json]
    body: Json
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkedPlan:
    """An operation's result together with what it leads to: the class, its links, the result's type."""

    class_name: str
    links: tuple[LinkPlan, ...]
    result: str


@dataclass(frozen=True, slots=True)
class OperationPlan:
    """An operation. `result` is what calling it gives; empty if all it gives is a stream (`streams`).

    variants: the names of its further methods, by what they give.
    """

    python: str
    name: str
    method: str
    path: str
    summary: str
    description: str
    deprecated: bool
    sunset: str
    safe: bool
    key: str
    parameters: tuple[ParameterPlan, ...]
    body: BodyPlan | None
    answers: tuple[AnswerPlan, ...]
    result: str
    streams: Mapping[str, str]
    policy: str
    security: tuple[tuple[str, ...], ...]
    server: str
    paging: PagingPlan | None
    place: Place
    declared: Mapping[str, Json]
    linked: LinkedPlan | None = None
    variants: Mapping[str, str] = field(default_factory=dict)

    @property
    def null(self) -> bool:
        """Whether a body that is None is sent, as null."""
        body = self.body
        if body is None or not body.required or body.ways[0].kind != "json":
            return False
        return body.annotation in ("Any", "None") or body.annotation.endswith(" | None")

    @property
    def positional(self) -> tuple[ParameterPlan, ...]:
        """Parameters of the path, in its order."""
        return tuple(one for one in self.parameters if one.place == "path")

    @property
    def named(self) -> tuple[ParameterPlan, ...]:
        """All other parameters, required ones first."""
        others = [one for one in self.parameters if one.place != "path"]
        return tuple(sorted(others, key=lambda one: not one.required))


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """The operations of a tag; the group without a name holds those without one."""

    attribute: str
    class_name: str
    title: str
    description: str
    operations: tuple[OperationPlan, ...]


@dataclass(frozen=True, slots=True)
class ErrorPlan:
    """An exception: its class, the status it stands for, the type of its value."""

    class_name: str
    status: str
    annotation: str


@dataclass(frozen=True, slots=True)
class SchemePlan:
    """A security scheme: `kind` is key, basic, bearer or none that is known; place and header of a key."""

    python: str
    name: str
    kind: str
    key: str
    place: str
    description: str


@dataclass(frozen=True, slots=True)
class RestPlan:
    """All that is generated for one major.

    declared: the models that the contract names itself. notes: links that are left out, and why.
    """

    title: str
    version: str
    description: str
    major: str
    base_url: str
    policy: str
    groups: tuple[GroupPlan, ...]
    errors: tuple[ErrorPlan, ...]
    schemes: tuple[SchemePlan, ...]
    schemas: Mapping[str, dict[str, Json]]
    declared: frozenset[str]
    notes: tuple[str, ...] = ()

    @property
    def operations(self) -> list[OperationPlan]:
        """Every operation, group by group."""
        return [operation for group in self.groups for operation in group.operations]
