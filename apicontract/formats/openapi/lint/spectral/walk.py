"""All paths of all rules taken at once, in one pass over a contract.

The steps of every path are the bits of a number; a node is visited with the bits that lead on from it, and
no node twice with the same bit. References are followed as edges, where Spectral copies what they lead to.
So the work is proportional to the documents, not to what they would be written out.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from apicontract.formats.openapi.lint.spectral.resolving import Held
from apicontract.formats.openapi.lint.spectral.scripts import Scope
from apicontract.formats.openapi.lint.spectral.values import UNDEFINED
from apicontract.sources import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from apicontract.formats.openapi.lint.spectral.paths import Path, Step
    from apicontract.formats.openapi.lint.spectral.resolving import Documents
    from apicontract.sources import Document, Json


class Node:
    """A value met on the way, with what holds it; `base` is where it is written if a reference led there.

    beside: the reference has siblings, so that the value counts as standing where the reference does.
    """

    __slots__ = ("base", "beside", "document", "holder", "key", "value")

    def __init__(
        self,
        value: Json,
        document: Document,
        holder: Node | None,
        key: str | int,
        base: Held | None,
        *,
        beside: bool,
    ) -> None:
        self.value = value
        self.document = document
        self.holder = holder
        self.key = key
        self.base = base
        self.beside = beside

    def place(self) -> Held:
        """Where its members are written."""
        keys: list[str] = []
        node = self
        while node.base is None and node.holder is not None:
            keys.append(str(node.key))
            node = node.holder
        start = node.base
        assert start is not None  # noqa: S101  # the root has one
        return Held(self.value, start.document, join(start.pointer, *reversed(keys)))

    def name(self) -> str:
        """The way to it, as `@path` has it."""
        keys: list[str] = []
        node = self
        while node.holder is not None:
            keys.append(f"['{node.key}']" if isinstance(node.key, str) else f"[{node.key}]")
            node = node.holder
        return "$" + "".join(reversed(keys))


_HOLDERS = frozenset({dict, list})


class Match(NamedTuple):
    """A node that a path leads to; `keyed`: its name is meant."""

    node: Node
    keyed: bool


class _Filter(NamedTuple):
    step: Step
    path: int
    onward: int  # the bits that follow; 0 if the path ends here

    def may(self, key: str | int, value: object) -> bool:
        test = self.step.test
        if test is None:
            return True
        if test.named is not None and test.named != key:
            return False
        return not test.triggers or (
            isinstance(value, dict) and all(not group.isdisjoint(value) for group in test.triggers)
        )


class _State:
    """What a set of bits means for the members of a node."""

    __slots__ = ("by_name", "default", "filters", "named", "parts", "plain", "triggers")

    def __init__(self) -> None:
        self.default: tuple[tuple[int, ...], int] = ((), 0)
        self.by_name: dict[str, tuple[tuple[int, ...], int]] = {}
        self.filters: list[_Filter] = []
        self.named: dict[str, list[_Filter]] = defaultdict(list)
        self.plain: list[_Filter] = []
        self.triggers: frozenset[str] = frozenset()
        self.parts: list[_Filter] = []

    def members(self, value: Json) -> Iterable[tuple[str | int, Json]]:
        """The members of a node that count: where no other can be meant, only those that hold others."""
        if isinstance(value, dict):
            if (
                self.plain
                or self.default[0]
                or not self.by_name.keys().isdisjoint(value)
                or not self.named.keys().isdisjoint(value)
            ):
                return value.items()
            return [each for each in value.items() if type(each[1]) in _HOLDERS]
        if not isinstance(value, list):
            return ()
        if self.plain or self.default[0] or self.parts or self.by_name:
            return enumerate(value)
        return [each for each in enumerate(value) if type(each[1]) in _HOLDERS]


class Walk:
    """One pass for some paths. found: called with the number of a path and what it leads to."""

    def __init__(self, paths: Sequence[Path], documents: Documents, *, resolved: bool) -> None:
        self._paths = paths
        self._documents = documents
        self._resolved = resolved
        self._steps = [
            (number, at, step) for number, one in enumerate(paths) for at, step in enumerate(one.steps)
        ]
        firsts, self._first = 0, [0] * len(paths)
        for number, one in enumerate(paths):
            self._first[number] = firsts
            firsts += len(one.steps)
        self._states: dict[int, _State] = {}
        self._ancestors = max((one.ancestors for one in paths), default=1)
        self._seen: dict[object, int] = {}
        self._document = documents.root  # of the node that a filter is asked about
        self._met: set[tuple[int, int, str | int]] = set()

    def run(self, found: Callable[[int, Match], None], start: Node | None = None) -> None:
        """Visit everything that some path may lead through, from the root of the contract or from a node."""
        document = self._documents.root
        held = start.place() if start is not None else Held(document.value, document, "")
        root = Node(
            held.value, start.document if start is not None else document, None, "", held, beside=False
        )
        scope = Scope(root.value, self._plain if self._resolved else lambda value: value)
        bits = 0
        for number, one in enumerate(self._paths):
            if one.steps:
                bits |= 1 << self._first[number]
            else:
                self._emit(number, root, found)
        waiting = [(root, bits)] if bits else []
        seen, states, far = self._seen, self._states, self._ancestors > 1
        while waiting:
            node, bits = waiting.pop()
            key: object = self._identity(node) if far else id(node.value)
            known = seen.get(key, 0)
            fresh = bits & ~known
            if fresh:
                seen[key] = known | bits
                state = states.get(fresh) or self._state(fresh)
                waiting += self._visit(node, state, scope, found)

    def _plain(self, value: object) -> object:
        """A member of the node that a filter is asked about, or what it refers to."""
        return self._documents.plain(value, self._document)

    def _identity(self, node: Node) -> tuple[int | str, ...]:
        """What a node is known by where its holders count too."""
        above: list[int | str] = [id(node.value), node.key]
        holder = node.holder
        for _ in range(self._ancestors - 1):
            above.append(id(holder.value) if holder is not None else 0)
            holder = holder.holder if holder is not None else None
        return tuple(above)

    def _visit(  # noqa: PLR0912  # the innermost loop: calls would cost more than all else
        self, node: Node, state: _State, scope: Scope, found: Callable[[int, Match], None]
    ) -> list[tuple[Node, int]]:
        value, document, documents = node.value, node.document, self._documents
        below: list[tuple[Node, int]] = []
        is_list = isinstance(value, list)
        members = state.members(value)
        resolved = self._resolved
        by_name, default = state.by_name, state.default
        triggers, plain, named, parts = state.triggers, state.plain, state.named, state.parts
        for key, raw in members:
            ends, onward = by_name.get(str(key) if is_list else key, default) if by_name else default  # type: ignore[arg-type]
            held = raw
            sort = type(raw)
            container = sort is dict or sort is list
            base, child_document = None, document
            if resolved and sort is dict and "$ref" in raw:  # type: ignore[operator]
                target = documents.followed(raw, document)
                if target is not None:
                    base, held, child_document = target, target.value, target.document
                    sort = type(held)
                    container = sort is dict or sort is list
            asked: list[_Filter] = plain
            if sort is dict and triggers and not triggers.isdisjoint(held):  # type: ignore[arg-type]
                asked = state.filters
            elif named and key in named:
                asked = [*plain, *named[key]]
            if not (ends or asked or (parts and is_list) or (container and onward)):
                continue
            child = Node(held, child_document, node, key, base, beside=base is not None and len(raw) > 1)  # type: ignore[arg-type]
            for each in asked:
                if each.may(key, held) and self._holds(each, child, scope):
                    if each.onward:
                        onward |= each.onward
                    else:
                        ends = (*ends, each.path)
            if parts and isinstance(value, list):
                for each in parts:
                    if _in_part(each.step, int(key), len(value)):
                        onward |= each.onward
                        ends = ends if each.onward else (*ends, each.path)
            for number in ends:
                self._emit(number, child, found)
            if onward and container:
                below.append((child, onward))
        return below

    def _holds(self, each: _Filter, node: Node, scope: Scope) -> bool:
        holder = node.holder
        assert holder is not None and each.step.test is not None  # noqa: S101, PT018  # only members are asked
        scope.value, scope.property, scope.parent = node.value, node.key, holder.value
        scope.parent_property = holder.key if holder.holder is not None else UNDEFINED
        scope.path = node.name
        self._document = node.document
        return each.step.test.holds(scope)

    def _emit(self, number: int, node: Node, found: Callable[[int, Match], None]) -> None:
        path = self._paths[number]
        for _ in range(path.parents):
            if node.holder is None:
                return
            node = node.holder
        if path.parents or (node.base is not None and node.holder is not None):
            mark = (
                number,
                id(node.holder) if node.beside else id(node.value),
                node.key if path.keyed or node.beside else "",
            )
            if mark in self._met:
                return
            self._met.add(mark)
        found(number, Match(node, path.keyed))

    def _state(self, bits: int) -> _State:
        known = self._states.get(bits)
        if known is None:
            known = self._states[bits] = self._made(bits)
        return known

    def _made(self, bits: int) -> _State:
        state = _State()
        ends: list[int] = []
        onward = 0
        named: dict[str, list[tuple[int, int]]] = defaultdict(list)
        left, bit = bits, 0
        while left:
            if left & 1:
                number, at, step = self._steps[bit]
                last = at + 1 == len(self._paths[number].steps)
                after = 0 if last else 1 << (bit + 1)
                if step.deep:
                    onward |= 1 << bit
                if step.names:
                    for name in step.names:
                        named[name].append((number, after))
                elif step.test is not None:
                    _sort_in(state, _Filter(step, number, after))
                elif step.part is not None:
                    state.parts.append(_Filter(step, number, after))
                elif last:
                    ends.append(number)
                else:
                    onward |= after
            left >>= 1
            bit += 1
        state.default = (tuple(ends), onward)
        for name, listed in named.items():
            more = onward
            for _, after in listed:
                more |= after
            state.by_name[name] = ((*ends, *(number for number, after in listed if not after)), more)
        return state


def _sort_in(state: _State, each: _Filter) -> None:
    test = each.step.test
    assert test is not None  # noqa: S101  # a filter has one
    state.filters.append(each)
    if test.triggers:
        state.triggers |= min(test.triggers, key=len)
    elif test.named is not None:
        state.named[test.named].append(each)
    else:
        state.plain.append(each)


def _in_part(step: Step, at: int, length: int) -> bool:
    assert step.part is not None  # noqa: S101  # the caller has looked
    start, end, by = step.part
    return at in range(*slice(start, end, max(1, by)).indices(length))
