"""Collects what the comparison finds, each change once, with every operation through which it is met.

Knows rules only by their id. Deciding levels is the callers' business; here the worst one wins.
Operations are numbered as they are met, and a set of them is the bits of an integer: in a contract whose
schemas refer to each other, every change is met through every operation.
"""

from __future__ import annotations

from dataclasses import field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Change, Direction, Level, Surface
from apicontract.formats.openapi.diff.visits import spread
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from apicontract.changes import Witness
    from apicontract.formats.openapi.diff.visits import Graph
    from apicontract.sources import Json, Place

MAX_OTHERS = 8
Key = tuple[object, ...]


@dataclass(slots=True)
class Found:
    """A change as found: like `Change`, but its level is not final and its witness not yet made.

    kind: what happened, without direction; the same kind at the same place in both directions is one thing.
    surfaces: where it breaks; level: what it is if all of those count.
    witness: makes a message that shows this very change; fallback: one that shows that the whole broke.
    values: what it was and what it is now, in full.
    operation: through which it was met as `message` says; reaches: sets of all through which it was met, of
    which the first comes first.
    others: the same change as met elsewhere at the same level, should a witness be easier to find there.
    """

    rule: str
    level: Level
    message: str
    old: Place | None = None
    new: Place | None = None
    kind: str = ""
    name: str = ""
    surfaces: tuple[Surface, ...] = ()
    certainty: Certainty = Certainty.PROVED
    direction: Direction = Direction.NONE
    was: str = ""
    now: str = ""
    allowed: str = ""
    setting: str = ""
    values: tuple[Json, ...] = ()
    witness: Callable[[], Witness | None] | None = None
    fallback: Callable[[], Witness | None] | None = None
    operation: str = ""
    others: list[Found] = field(default_factory=list)
    reaches: tuple[int, ...] = (0,)


class Recorder:
    """All that was found; `changes()` gives the result."""

    def __init__(self, surfaces: frozenset[Surface], may_break: frozenset[str] = frozenset()) -> None:
        self._surfaces = surfaces
        self._may_break = may_break
        self._stability: dict[str, str] = {}
        self._found: dict[Key, Found] = {}
        self._numbers: dict[str, int] = {"": -1}
        self._tops: dict[int, int] = {}
        self._named: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._promised: dict[tuple[int, ...], frozenset[str]] = {}

    def add(self, found: Found, operation: str = "") -> None:
        """Note a change as met through `operation`; met before, the worse reading of the two stands."""
        found.level = self._weigh(found)
        found.operation = operation
        key = key_of(found)
        known = self._found.get(key)
        if known is None:
            self._found[key] = known = found
        elif found.level > known.level:
            found.reaches = known.reaches
            self._found[key] = known = found
        elif found.level is Level.MAJOR is known.level and len(known.others) < MAX_OTHERS:
            known.others.append(found)
        known.reaches = (known.reaches[0] | self.bit(operation),)

    def bit(self, operation: str) -> int:
        """The set of this operation alone, which has a number from now on; the empty one if there is none."""
        number = self._numbers.get(operation)
        if number is None:
            number = self._numbers[operation] = len(self._numbers) - 1
        return 1 << number if operation else 0

    def reach(self, key: Key, operations: int) -> None:
        """Note that a change of that key, which is known, is also met through these operations."""
        known = self._found[key]
        known.reaches = (known.reaches[0] | operations,)

    def reach_below(self, top: int, operation: str) -> None:
        """Note that all that is met at the pair of schemas of that number, and below, is met through it."""
        self._tops[top] = self._tops.get(top, 0) | self.bit(operation)

    def spread(self, graph: Graph, tops: Mapping[int, int] | None = None) -> None:
        """Carry operations from the pairs where they were noted to all that is met below these."""
        for number, operations in spread(graph, self._tops if tops is None else tops).items():
            for key in graph[number][0]:
                self.reach(key, operations)

    def promise(self, operation: str, stability: str) -> None:
        """Note at which level of stability an operation had been promised."""
        self._stability[operation] = stability

    def _weigh(self, found: Found) -> Level:
        """A break on surfaces that do not count is a minor; one of names in code alone is a patch."""
        if found.level is not Level.MAJOR or not found.surfaces or self._surfaces & set(found.surfaces):
            return found.level
        return Level.PATCH if set(found.surfaces) == {Surface.SOURCE} else Level.MINOR

    def changes(self, prove: Callable[[Sequence[Found]], None]) -> Iterable[Change]:
        """Every change, worst first, then in the order in which they were found.

        prove: told of all changes whose witness will be asked for, before the first is.
        """
        merged = self._merge_directions()
        merged.sort(key=lambda found: -found.level)
        prove([found for found in merged if found.level is Level.MAJOR])
        for found in merged:
            if found.level is Level.MAJOR and not found.allowed:
                found.allowed = self._unstable(found)
            yield _change(found, self._names(found.reaches))

    def _names(self, reaches: tuple[int, ...]) -> tuple[str, ...]:
        """The operations of these sets; the same sets give the same object."""
        known = self._named.get(reaches)
        if known is None:
            names = list(self._numbers)[1:]
            bits = [f"{operations:b}"[::-1] for operations in reaches]
            known = tuple(names[number] for text in bits for number, bit in enumerate(text) if bit == "1")
            self._named[reaches] = known
        return known

    def _unstable(self, found: Found) -> str:
        """Why a break of what promises nothing yet may pass: every operation it reaches may break."""
        levels = self._promised.get(found.reaches)
        if levels is None:
            levels = frozenset(self._stability.get(operation, "") for operation in self._names(found.reaches))
            self._promised[found.reaches] = levels
        if not levels or not levels <= self._may_break:
            return ""
        return f"its stability level is {' or '.join(sorted(levels))}"

    def _merge_directions(self) -> list[Found]:
        """The same edit met in requests and in responses is one change unless it breaks both."""
        result: list[Found] = []
        places: dict[tuple[object, ...], Found] = {}
        for found in self._found.values():
            key = (found.kind, _at(found.old), _at(found.new), found.name)
            other = places.get(key) if found.kind else None
            if other is None:
                places[key] = found
                result.append(found)
            elif found.level is Level.MAJOR and other.level is Level.MAJOR:
                result.append(found)
            else:
                reaches = (*other.reaches, found.reaches[0] & ~reduce(or_, other.reaches))
                if found.level > other.level:
                    result[result.index(other)] = found
                    places[key] = other = found
                other.reaches = reaches
        return result


def _change(found: Found, reaches: tuple[str, ...]) -> Change:
    shown, witness = _shown(found) if found.level is Level.MAJOR else (found, None)
    certainty = found.certainty
    if witness is not None and certainty is Certainty.PROVED:
        certainty = Certainty.WITNESSED
    if certainty is Certainty.WITNESSED and witness is None:
        certainty = Certainty.PROVED
    return Change(
        found.rule,
        found.level,
        found.surfaces,
        certainty,
        found.direction,
        shown.operation or next(iter(reaches), ""),
        shown.message,
        found.old,
        found.new,
        found.was,
        found.now,
        witness,
        reaches,
        found.allowed,
        values=(found.name, *found.values),
        setting=found.setting,
    )


def _shown(found: Found) -> tuple[Found, Witness | None]:
    """Where a change is best shown: by a message that shows it and nothing else, else where first met."""
    for each in (found, *found.others):
        witness = each.witness() if each.witness else None
        if witness is not None:
            return each, witness
    return found, found.fallback() if found.fallback else None


def key_of(found: Found) -> Key:
    """What makes two changes one: the same rule, at the same places, about the same name."""
    return found.rule, _at(found.old), _at(found.new), found.name


def _at(place: Place | None) -> tuple[str, str] | None:
    return None if place is None else (place.document.uri, place.pointer)
