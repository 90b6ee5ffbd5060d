"""What is to be different in a document: values put, added, dropped, renamed, wrapped, put in order.

Knows values and pointers, and no text: how an alteration is written is the business of `rewriting`. All
pointers are those of the document as it is, however many alterations there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.sources.pointers import split, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.sources.documents import Place
    from apicontract.sources.pointers import Json

    _Container = dict[str, Json] | list[Json]


@dataclass(frozen=True, slots=True)
class Put:
    """The string at `place` becomes `text`."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Add:
    """The object at `place` gets one more member, where possible next to the one called `after`."""

    place: Place
    name: str
    value: Json
    after: str = ""


@dataclass(frozen=True, slots=True)
class Append:
    """The list at `place` gets one more item, as its last."""

    place: Place
    value: Json


@dataclass(frozen=True, slots=True)
class Drop:
    """The member or item at `place` goes; with `prune`, what holds nothing else goes with it."""

    place: Place
    prune: bool = False


@dataclass(frozen=True, slots=True)
class Rename:
    """The member at `place` gets another name."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Wrap:
    """The value at `place` becomes a list with that value in it."""

    place: Place


@dataclass(frozen=True, slots=True)
class Reorder:
    """The items of the list at `place` in another order: `order` has the index of each as it was."""

    place: Place
    order: tuple[int, ...]


Alteration = Put | Add | Append | Drop | Rename | Wrap | Reorder

# At one depth: a value, then what is in it, and last what it is in.
_TURN = {Put: 0, Rename: 1, Reorder: 2, Drop: 3, Append: 4, Add: 4, Wrap: 5}


def pruned(value: Json, alterations: Sequence[Alteration]) -> list[Alteration]:
    """The same, with drops that leave nothing of what holds them made a drop of that; nothing goes twice."""
    others = [each for each in alterations if not isinstance(each, Drop)]
    added = {each.place.pointer for each in others if isinstance(each, Add | Append)}
    drops = {each.place.pointer: each for each in alterations if isinstance(each, Drop)}
    while True:
        below: dict[str, list[Drop]] = {}
        for pointer, drop in drops.items():
            if drop.prune:
                below.setdefault(pointer.rpartition("/")[0], []).append(drop)
        emptied = {
            holder: gone
            for holder, gone in below.items()
            if holder and holder not in added and len(_at(value, split(holder))) == len(gone)
        }
        if not emptied:
            break
        for holder, gone in emptied.items():
            for drop in gone:
                del drops[drop.place.pointer]
            document = gone[0].place.document
            drops[holder] = Drop(type(gone[0].place)(document, holder), prune=True)
    inner = {pointer for pointer in drops if any(above in drops for above in _above(pointer))}
    return [*others, *(drop for pointer, drop in drops.items() if pointer not in inner)]


def _above(pointer: str) -> Iterator[str]:
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def altered(value: Json, alterations: Sequence[Alteration]) -> Json:
    """What the document says once altered; `value` stays as it is. KeyError where a pointer leads nowhere."""
    draft = _Draft(value)
    for each in sorted(alterations, key=_turn):
        draft.alter(each)
    return draft.value[0]


def _turn(alteration: Alteration) -> tuple[int, int, int]:
    """The deepest first; items of a list from its end, so that indices hold."""
    tokens = split(alteration.place.pointer)
    holder = isinstance(alteration, Drop | Rename)  # what is altered is one level above
    last = tokens[-1] if tokens and isinstance(alteration, Drop) else ""
    index = int(last) if last.isdigit() else 0
    return -len(tokens) + holder, _TURN[type(alteration)], -index


class _Draft:
    """A value under alteration; only the containers on the way to a place are copied, each once."""

    def __init__(self, value: Json) -> None:
        self.value: list[Json] = [value]
        self._own: dict[int, _Container] = {}  # by id, and so that no id is used again

    def alter(self, one: Alteration) -> None:
        """Make one alteration."""
        *above, last = ("0", *split(one.place.pointer))
        holder = self._holder(above)
        held = step(holder, last)
        match one:
            case Put():
                _set(holder, last, one.text)
            case Wrap():
                _set(holder, last, [held])
            case Rename():
                _take(holder, last)
                _set(holder, one.name, held)
            case Drop():
                _take(holder, last)
            case Reorder():
                assert isinstance(held, list)  # noqa: S101  # as who asks for it has seen
                _set(holder, last, [held[index] for index in one.order])
            case Append():
                assert isinstance(held, list)  # noqa: S101
                _set(holder, last, [*held, one.value])
            case Add():
                assert isinstance(held, dict)  # noqa: S101
                _set(holder, last, {**held, one.name: one.value})

    def _holder(self, tokens: Sequence[str]) -> _Container:
        """The container at `tokens`, as one that may be altered."""
        here: _Container = self.value
        for token in tokens:
            below = step(here, token)
            own = self._own.get(id(below))
            if own is None:
                assert isinstance(below, dict | list)  # noqa: S101  # there is something in it
                own = dict(below) if isinstance(below, dict) else list(below)
                self._own[id(own)] = own
                _set(here, token, own)
            here = own
        return here


def _set(holder: _Container, token: str, value: Json) -> None:
    if isinstance(holder, dict):
        holder[token] = value
    else:
        holder[int(token)] = value


def _take(holder: _Container, token: str) -> None:
    if isinstance(holder, dict):
        del holder[token]
    else:
        del holder[int(token)]


def _at(value: Json, tokens: Sequence[str]) -> _Container:
    for token in tokens:
        value = step(value, token)
    assert isinstance(value, dict | list)  # noqa: S101  # something in it is dropped
    return value
