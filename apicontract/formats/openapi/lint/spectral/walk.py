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

    from apicontract.formats.openapi.lint.spectral.paths import Path
    from apicontract.formats.openapi.lint.spectral.resolving import Documents
    from apicontract.formats.openapi.lint.spectral.scripts import Expression
    from apicontract.sources import Document, Json


class Node(NamedTuple):
    """A value met on the way, with what holds it; `base` is where it is written if a reference led there.

    beside: the reference has siblings, so that the value counts as standing where the reference does.
    """

    value: Json
    document: Document
    holder: Node | None
    key: str | int
    base: Held | None
    beside: bool

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


_NONE: frozenset[str | int] = frozenset()
_new = tuple.__new__  # of a node, in a third of the time


class Match(NamedTuple):
    """A node that a path leads to; `keyed`: its name is meant."""

    node: Node
    keyed: bool


class _Filter(NamedTuple):
    test: Expression
    path: int
    onward: int  # the bits that follow; 0 if the path ends here

    def may(self, key: str | int, held: dict[str, Json]) -> bool:
        """Whether nothing that is known of it speaks against a member that has the keys it needs."""
        test = self.test
        if test.named is not None and test.named != key:
            return False
        for name, text in test.equal:
            value = held[name]
            if value != text and isinstance(value, str):
                return False
        return True


class _Part(NamedTuple):
    part: tuple[int | None, int | None, int]
    path: int
    onward: int

    def has(self, at: int, length: int) -> bool:
        """Whether an item of a list of that length belongs to it."""
        start, end, by = self.part
        return at in range(*slice(start, end, max(1, by)).indices(length))


class _State:
    """What a set of bits means for the members of a node.

    default, by_name: the paths that end at a member, and the bits that lead on from it. filters: all, of
    which those in `named` ask only members of a name, those in `plain` each member, and the others only
    objects that have one of the keys in `triggers`, or one of the `texts`, by key. marked: the names that
    mean something.
    """

    __slots__ = (
        "by_name", "default", "every", "filters", "likely", "marked", "named", "numbered", "parts", "plain",
        "texts", "triggers",
    )  # fmt: skip

    def __init__(self) -> None:
        self.default: tuple[tuple[int, ...], int] = ((), 0)
        self.by_name: dict[str, tuple[tuple[int, ...], int]] = {}
        self.filters: list[_Filter] = []
        self.named: dict[str | int, list[_Filter]] = {}
        self.plain: list[_Filter] = []
        self.triggers: frozenset[str] = frozenset()
        self.texts: list[tuple[str, str]] = []
        self.parts: list[_Part] = []
        self.marked: frozenset[str | int] = frozenset()
        self.every = False  # whether any member may be meant, whatever it is
        self.numbered = False  # whether items of lists may be, by their number
        self.likely: dict[tuple[str, ...], list[_Filter]] = {}

    def sort_in(self, each: _Filter) -> None:
        """Put a filter where it belongs."""
        self.filters.append(each)
        if each.test.equal:
            self.texts.append(each.test.equal[0])
        elif each.test.triggers:
            self.triggers |= min(each.test.triggers, key=len)
        elif each.test.named is not None:
            self.named.setdefault(each.test.named, []).append(each)
        else:
            self.plain.append(each)

    def done(self) -> None:
        """Work out what the members are looked through by."""
        self.every = bool(self.plain or self.default[0])
        self.marked = frozenset({*self.by_name, *self.named})
        self.numbered = bool(self.parts) or any(name.isdecimal() for name in self.by_name)

    def has_text(self, held: dict[str, Json]) -> bool:
        """Whether an object has one of `texts`, or what is no text in its place."""
        for name, text in self.texts:
            value = held.get(name)
            if value == text or (value is not None and not isinstance(value, str)):
                return True
        return False

    def asked(self, key: str | int, held: dict[str, Json]) -> list[_Filter]:
        """The filters that may hold for an object, by its keys and by the texts that it has."""
        if self.triggers.isdisjoint(held) and not self.has_text(held):
            return [*self.plain, *self.named[key]] if key in self.named else self.plain
        keys = tuple(held)
        found = self.likely.get(keys)
        if found is None:
            found = self.likely[keys] = [
                each
                for each in self.filters
                if all(not group.isdisjoint(held) for group in each.test.triggers)
            ]
        return [each for each in found if each.may(key, held)] if found else found


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
        self._scope = Scope(None, lambda value: value)
        self._found: Callable[[int, Match], None] = lambda _number, _match: None

    def run(self, found: Callable[[int, Match], None], start: Node | None = None) -> None:
        """Visit everything that some path may lead through, from the root of the contract or from a node."""
        document = self._documents.root
        held = start.place() if start is not None else Held(document.value, document, "")
        if start is not None:
            document = start.document
        root = Node(held.value, document, None, "", held, beside=False)
        self._scope = Scope(root.value, self._plain if self._resolved else lambda value: value)
        self._found = found
        bits = 0
        for number, one in enumerate(self._paths):
            if one.steps:
                bits |= 1 << self._first[number]
            else:
                self._emit(number, root)
        waiting = [(root, bits)] if bits else []
        seen, states, far = self._seen, self._states, self._ancestors > 1
        while waiting:
            node, bits = waiting.pop()
            value = node.value
            key: object = self._identity(node) if far else id(value)
            known = seen.get(key, 0)
            fresh = bits & ~known
            if fresh:
                seen[key] = known | bits
                state = states.get(fresh) or self._state(fresh)
                if isinstance(value, dict):
                    self._through(node, value.items(), state, state.marked, waiting, every=state.every)
                elif isinstance(value, list):
                    every = state.every or state.numbered
                    self._through(node, enumerate(value), state, _NONE, waiting, every=every)

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

    def _through(
        self,
        node: Node,
        members: Iterable[tuple[str | int, Json]],
        state: _State,
        marked: frozenset[str | int],
        waiting: list[tuple[Node, int]],
        *,
        every: bool,
    ) -> None:
        """Look through the members of a node, most of which nothing but the way on is to do with."""
        document, resolved = node.document, self._resolved
        triggers, texts, onward = state.triggers, state.texts, state.default[1]
        below = self._state(onward) if onward else state
        telling = below.marked
        for key, raw in members:
            sort = type(raw)
            if sort is dict:
                if (
                    every
                    or key in marked
                    or (resolved and "$ref" in raw)  # type: ignore[operator]  # it is an object
                    or not triggers.isdisjoint(raw)  # type: ignore[arg-type]
                    or (texts and state.has_text(raw))  # type: ignore[arg-type]
                ):
                    self._member(node, key, raw, state, waiting)
                elif onward:
                    if not below.every and telling.isdisjoint(raw):  # type: ignore[arg-type]
                        for one in raw.values():  # type: ignore[union-attr]
                            inner = type(one)
                            if inner is dict or inner is list:
                                break
                        else:  # a leaf
                            continue
                    waiting.append((_new(Node, (raw, document, node, key, None, False)), onward))
            elif every or key in marked:
                self._member(node, key, raw, state, waiting)
            elif sort is list and onward:
                waiting.append((_new(Node, (raw, document, node, key, None, False)), onward))

    def _member(
        self, node: Node, key: str | int, raw: Json, state: _State, waiting: list[tuple[Node, int]]
    ) -> None:
        """Whatever there is to do with a member."""
        is_list = isinstance(node.value, list)
        ends, onward = state.by_name.get(str(key) if is_list else key, state.default)  # type: ignore[arg-type]
        held, document, base, beside = raw, node.document, None, False
        if self._resolved and isinstance(raw, dict) and "$ref" in raw:
            target = self._documents.followed(raw, document)
            if target is not None:
                base, held, document, beside = target, target.value, target.document, len(raw) > 1
        container = isinstance(held, dict | list)
        asked = state.plain
        if isinstance(held, dict):
            asked = state.asked(key, held)
        elif key in state.named:
            asked = [*asked, *state.named[key]]
        if not (ends or asked or (state.parts and is_list) or (container and onward)):
            return
        child = _new(Node, (held, document, node, key, base, beside))
        for each in asked:
            if self._holds(each.test, child):
                onward |= each.onward
                ends = ends if each.onward else (*ends, each.path)
        if is_list:
            for part in state.parts:
                if part.has(int(key), len(node.value)):  # type: ignore[arg-type]  # of a list
                    onward |= part.onward
                    ends = ends if part.onward else (*ends, part.path)
        for number in ends:
            self._emit(number, child)
        if onward and container:
            waiting.append((child, onward))

    def _holds(self, test: Expression, node: Node) -> bool:
        scope, holder = self._scope, node.holder
        assert holder is not None  # noqa: S101  # only members are asked
        scope.value, scope.property, scope.parent = node.value, node.key, holder.value
        scope.parent_property = holder.key if holder.holder is not None else UNDEFINED
        scope.path = node.name
        self._document = node.document
        return test.holds(scope)

    def _emit(self, number: int, node: Node) -> None:
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
        self._found(number, Match(node, path.keyed))

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
                    state.sort_in(_Filter(step.test, number, after))
                elif step.part is not None:
                    state.parts.append(_Part(step.part, number, after))
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
        state.done()
        return state
