"""What a difference does to what is sent across it, and the level that follows from that.

Knows directions, surfaces and levels; nothing of protobuf. Two directions count: an old writer feeds a
new reader (forth), a new writer feeds an old reader (back). Which of them happens follows from the
role of a message in the RPCs that carry it.
"""

from __future__ import annotations

from enum import Enum, Flag, IntEnum
from functools import cache
from typing import TYPE_CHECKING

from apicontract.changes import Level, Surface
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


class Effect(IntEnum):
    """What becomes of the values that one writer sends to one reader; worse is greater."""

    SAME = 0  # each is read as it was meant
    ODD = 1  # each is kept, some have no name with the reader (a number that an enum does not list)
    PART = 2  # what both sides can express is read as meant; of the rest something is not
    LOST = 3  # something that both sides can express is refused, lost or misread


class Way(Enum):
    """Who writes and who reads."""

    FORTH = "old to new"
    BACK = "new to old"


class Flow(Flag):
    """The ways that a message really goes: a request forth, a response back."""

    NONE = 0
    FORTH = 1
    BACK = 2
    BOTH = 3

    def has(self, way: Way) -> bool:
        """Whether the message goes that way."""
        return bool(self & Flow[way.name])


_FORTH = (Level.NONE, Level.MINOR, Level.MAJOR, Level.MAJOR)  # a value that the old contract allowed
_BACK = (Level.NONE, Level.MINOR, Level.MINOR, Level.MAJOR)  # one that only the new contract allows: minor


def level_of(forth: Effect, back: Effect, flow: Flow = Flow.BOTH) -> Level:
    """The level of one surface; a way on which the message does not go says a minor at most."""
    levels = [(_FORTH[forth], Way.FORTH), (_BACK[back], Way.BACK)]
    return max(level if flow.has(way) else min(level, Level.MINOR) for level, way in levels)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a difference does: an effect per way on the two surfaces where bytes speak, a level for source.

    Verdicts of two differences at one place are joined by the worse of each.
    """

    wire: tuple[Effect, Effect] = (Effect.SAME, Effect.SAME)
    json: tuple[Effect, Effect] = (Effect.SAME, Effect.SAME)
    source: Level = Level.NONE

    def __or__(self, other: Verdict) -> Verdict:
        return Verdict(
            _worse(self.wire, other.wire), _worse(self.json, other.json), max(self.source, other.source)
        )

    def effect(self, surface: Surface, way: Way) -> Effect:
        """The effect on one surface, one way."""
        forth, back = self.wire if surface is Surface.WIRE else self.json
        return forth if way is Way.FORTH else back

    @cache  # noqa: B019  # few verdicts differ, and they are small values
    def levels(self, flow: Flow) -> Mapping[Surface, Level]:
        """The level of each surface for a message that goes those ways."""
        return {
            Surface.WIRE: level_of(*self.wire, flow),
            Surface.JSON: level_of(*self.json, flow),
            Surface.SOURCE: self.source,
        }


_SURELY = {
    Level.NONE: (Effect.SAME, Effect.SAME),
    Level.PATCH: (Effect.SAME, Effect.SAME),
    Level.MINOR: (Effect.SAME, Effect.PART),
    Level.MAJOR: (Effect.LOST, Effect.LOST),
}


def fixed(wire: Level = Level.NONE, json: Level = Level.NONE, source: Level = Level.NONE) -> Verdict:
    """The verdict on what has its levels by definition or by policy, whichever way a message goes."""
    return Verdict(_SURELY[wire], _SURELY[json], source)


def everywhere(level: Level) -> Verdict:
    """The same level on every surface."""
    return fixed(level, level, level)


def _worse(one: tuple[Effect, Effect], other: tuple[Effect, Effect]) -> tuple[Effect, Effect]:
    return max(one[0], other[0]), max(one[1], other[1])


__all__ = ["Effect", "Flow", "Verdict", "Way", "everywhere", "fixed", "level_of"]
