"""Collects what the comparison finds, each change once, with every operation through which it is met.

Knows rules only by their id. Deciding levels is the callers' business; here the worst one wins.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Change, Direction, Level, Surface
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from apicontract.changes import Witness
    from apicontract.sources import Json, Place

_MAX_OTHERS = 8
Key = tuple[object, ...]


@dataclass(slots=True)
class Found:
    """A change as found: like `Change`, but its level is not final and its witness not yet made.

    kind: what happened, without direction; the same kind at the same place in both directions is one thing.
    surfaces: where it breaks; level: what it is if all of those count.
    witness: makes a message that shows this very change; fallback: one that shows that the whole broke.
    values: what it was and what it is now, in full.
    operation: through which it was met as `message` says; reaches: all through which it was met.
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
    reaches: dict[str, None] = field(default_factory=dict)


class Recorder:
    """All that was found; `changes()` gives the result."""

    def __init__(self, surfaces: frozenset[Surface], may_break: frozenset[str] = frozenset()) -> None:
        self._surfaces = surfaces
        self._may_break = may_break
        self._stability: dict[str, str] = {}
        self._found: dict[Key, Found] = {}

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
        elif found.level is Level.MAJOR is known.level and len(known.others) < _MAX_OTHERS:
            known.others.append(found)
        if operation:
            known.reaches[operation] = None

    def reach(self, key: Key, operation: str) -> None:
        """Note that a change of that key, which is known, is also met through `operation`."""
        if operation:
            self._found[key].reaches[operation] = None

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
            yield _change(found)

    def _unstable(self, found: Found) -> str:
        """Why a break of what promises nothing yet may pass: every operation it reaches may break."""
        levels = {self._stability.get(operation, "") for operation in found.reaches}
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
                reaches = other.reaches | found.reaches
                if found.level > other.level:
                    result[result.index(other)] = found
                    places[key] = other = found
                other.reaches = reaches
        return result


def _change(found: Found) -> Change:
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
        shown.operation or next(iter(found.reaches), ""),
        shown.message,
        found.old,
        found.new,
        found.was,
        found.now,
        witness,
        tuple(found.reaches),
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
