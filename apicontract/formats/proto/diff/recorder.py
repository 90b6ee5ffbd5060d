"""Collects what the comparison finds and makes changes of it: levels by the surfaces that count, proofs.

Knows rules only by their id and witnesses only as something to ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Change, Direction, Level, Surface
from apicontract.formats.proto.diff.effects import Flow
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from apicontract.changes import Witness
    from apicontract.sources import Place

_DIRECTIONS = {Flow.FORTH: Direction.REQUEST, Flow.BACK: Direction.RESPONSE}


@dataclass(frozen=True, slots=True)
class Found:
    """A change as found.

    levels: what it is on each surface. flow: the ways that the message goes in which it shows.
    witness: makes a message that shows the break on a surface; None where the break is one by definition.
    definite: a break by definition or policy even where no witness is found.
    allowed: why policy lets a break pass, or empty.
    """

    rule: str
    message: str
    levels: Mapping[Surface, Level]
    old: Place | None = None
    new: Place | None = None
    was: str = ""
    now: str = ""
    flow: Flow = Flow.BOTH
    reaches: tuple[str, ...] = ()
    witness: Callable[[Surface], Witness | None] | None = None
    allowed: str = ""
    definite: bool = False


class Recorder:
    """All that was found, in the order of the comparison; `changes()` gives the result."""

    def __init__(self, surfaces: frozenset[Surface]) -> None:
        self._surfaces = surfaces
        self._found: list[Found] = []

    def add(self, found: Found) -> None:
        """Note a change."""
        self._found.append(found)

    def changes(self) -> Iterable[Change]:
        """Every change, worst first, then in the order in which they were found."""
        for found in sorted(self._found, key=lambda found: -self._weigh(found)):
            yield self._change(found)

    def _weigh(self, found: Found) -> Level:
        """The worst level of a surface that counts; a change is a patch at least, and where none counts."""
        counted = (level for surface, level in found.levels.items() if surface in self._surfaces)
        return max(Level.PATCH, *counted, Level.PATCH)

    def _change(self, found: Found) -> Change:
        broken = tuple(surface for surface in Surface if found.levels.get(surface) is Level.MAJOR)
        level = self._weigh(found)
        proofs: dict[Surface, Witness | None] = {}
        if found.witness is not None and level is Level.MAJOR:
            shown = (Surface.WIRE, Surface.JSON)
            proofs = {one: found.witness(one) for one in shown if one in broken and one in self._surfaces}
        witnesses = tuple(proof for proof in proofs.values() if proof is not None)
        if len(witnesses) < len(proofs) and not found.definite:
            certainty = Certainty.ASSUMED
        else:
            certainty = Certainty.WITNESSED if witnesses else Certainty.PROVED
        return Change(
            found.rule,
            level,
            broken,
            certainty,
            _DIRECTIONS.get(found.flow, Direction.NONE),
            found.reaches[0] if found.reaches else "",
            found.message,
            found.old,
            found.new,
            found.was,
            found.now,
            witnesses[0] if witnesses else None,
            found.reaches,
            found.allowed if level is Level.MAJOR else "",
            dict(found.levels),
            witnesses,
        )
