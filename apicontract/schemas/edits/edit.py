"""One edit of a schema, and where it stands. Values only; the rooms around decide what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.edits.kinds import MISSING, Missing
from apicontract.schemas.verdicts import NotContained

if TYPE_CHECKING:
    from apicontract.schemas.edits.blame import Refusal
    from apicontract.schemas.handles import Json, Schema, Scope


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an edit stands on one side: a pointer in the document of a scope."""

    scope: Scope
    pointer: str

    @classmethod
    def of(cls, schema: Schema, *tokens: str | int) -> Spot:
        """The place of `schema`, or of what stands at `tokens` below it."""
        escaped = (str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
        return cls(schema.scope, "/".join((schema.pointer, *escaped)))


@dataclass(frozen=True, slots=True)
class Edit:
    """What happened to one keyword, property, value or branch between two schemas.

    kind: kebab-case and without direction: `max-length-decreased`, `property-removed`.
    name: the property, enum value or branch it is about; empty where the kind says it all.
    narrows: the refusal that shows that some old value is no new one, or None.
    widens: the refusal that shows that some new value is no old one, or None.
    assumed: the engine gave up on it, and `narrows`/`widens` are the conservative reading.
    """

    kind: str
    name: str
    old: Spot
    new: Spot
    was: Json | Missing = MISSING
    now: Json | Missing = MISSING
    narrows: Refusal | None = None
    widens: Refusal | None = None

    @property
    def assumed(self) -> bool:
        """Whether what it does rests on an assumption rather than on a value."""
        shown = [refusal for refusal in (self.narrows, self.widens) if refusal is not None]
        return any(not isinstance(refusal, NotContained) for refusal in shown)
