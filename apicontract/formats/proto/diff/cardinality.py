"""How often a field occurs, and what changes where that changes; its kind stays what it is.

A table of (old, new) occurrences. Of a repeated field the packing counts only where the other side is
not repeated: readers of repeated fields take both forms. Maps are repeated entries on the wire.
Source: Protocol Buffers, "Encoding" (packed fields, last one wins, maps) and "Field Presence".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.effects import Effect, Verdict
from apicontract.formats.proto.elements import Cardinality
from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.formats.proto.elements import Field

_SAME, _PART, _LOST = Effect.SAME, Effect.PART, Effect.LOST
_IMPLICIT, _EXPLICIT, _REQUIRED = Cardinality.IMPLICIT, Cardinality.EXPLICIT, Cardinality.REQUIRED
_REPEATED, _MAP, _PACKED = Cardinality.REPEATED, Cardinality.MAP, "packed"
_REFUSED = (_LOST, _LOST)


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of occurrence: the rule that tells of it, and its effects (forth, back)."""

    rule: str
    wire: tuple[Effect, Effect]
    json: tuple[Effect, Effect]


_SINGULAR = (_IMPLICIT, _EXPLICIT, _REQUIRED)
TURNS: dict[tuple[str, str], Turn] = {
    # An explicit zero is new, and an old reader sees none; the other way it is lost.
    (_IMPLICIT, _EXPLICIT): Turn("field-presence-added", (_SAME, _PART), (_SAME, _PART)),
    (_EXPLICIT, _IMPLICIT): Turn("field-presence-removed", (_PART, _SAME), (_PART, _SAME)),
    # What one side may leave out, the other refuses to miss.
    **{(one, _REQUIRED): Turn("field-became-required", *[(_LOST, _SAME)] * 2) for one in _SINGULAR[:2]},
    **{(_REQUIRED, one): Turn("field-became-not-required", *[(_SAME, _LOST)] * 2) for one in _SINGULAR[:2]},
    # A list of one is the same bytes as a single value, unless it is packed; of several the last wins.
    **{(one, _REPEATED): Turn("field-became-repeated", (_SAME, _PART), _REFUSED) for one in _SINGULAR[:2]},
    **{(one, _PACKED): Turn("field-became-repeated", (_SAME, _LOST), _REFUSED) for one in _SINGULAR[:2]},
    **{(_REPEATED, one): Turn("field-became-singular", (_PART, _SAME), _REFUSED) for one in _SINGULAR[:2]},
    **{(_PACKED, one): Turn("field-became-singular", (_LOST, _SAME), _REFUSED) for one in _SINGULAR[:2]},
    # An empty list is refused as a missing value.
    (_REQUIRED, _REPEATED): Turn("field-became-repeated", (_SAME, _LOST), _REFUSED),
    (_REQUIRED, _PACKED): Turn("field-became-repeated", (_SAME, _LOST), _REFUSED),
    (_REPEATED, _REQUIRED): Turn("field-became-singular", (_LOST, _SAME), _REFUSED),
    (_PACKED, _REQUIRED): Turn("field-became-singular", (_LOST, _SAME), _REFUSED),
    (_REPEATED, _PACKED): Turn("field-packing-changed", (_SAME, _SAME), (_SAME, _SAME)),
    (_PACKED, _REPEATED): Turn("field-packing-changed", (_SAME, _SAME), (_SAME, _SAME)),
    # Two entries with one key become one.
    (_MAP, _REPEATED): Turn("map-became-repeated", (_SAME, _PART), _REFUSED),
    (_REPEATED, _MAP): Turn("repeated-became-map", (_PART, _SAME), _REFUSED),
    # A map as one entry: the last of several wins; the other way a list of one.
    **{(_MAP, one): Turn("field-became-singular", (_PART, _SAME), _REFUSED) for one in _SINGULAR[:2]},
    **{(one, _MAP): Turn("field-became-repeated", (_SAME, _PART), _REFUSED) for one in _SINGULAR[:2]},
    (_MAP, _REQUIRED): Turn("field-became-singular", (_LOST, _SAME), _REFUSED),
    (_REQUIRED, _MAP): Turn("field-became-repeated", (_SAME, _LOST), _REFUSED),
    (_MAP, _PACKED): Turn("map-became-repeated", _REFUSED, _REFUSED),
    (_PACKED, _MAP): Turn("repeated-became-map", _REFUSED, _REFUSED),
}


def occurrence(field: Field) -> str:
    """The key of a field in `TURNS`: its cardinality, or `packed`."""
    return _PACKED if field.packed else field.cardinality


def turn(old: Field, new: Field) -> Turn | None:
    """What happened to the occurrence of a field, or None if nothing did."""
    was, now = occurrence(old), occurrence(new)
    return TURNS[was, now] if was != now else None


def verdict(found: Turn) -> Verdict:
    """Its effects, and source: every change but of the packing changes the accessors."""
    source = Level.NONE if found.rule == "field-packing-changed" else Level.MAJOR
    return Verdict(found.wire, found.json, source)
