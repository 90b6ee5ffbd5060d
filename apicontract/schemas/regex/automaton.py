"""Complete deterministic automata over classes of code points, built from trees within fixed bounds.

States are numbers; `moves[state][class]` is the next one. Classes are the intervals between `bounds`, so
that an alphabet of a million letters costs as much as the few sets a pattern names.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.schemas.regex.charset import LAST, Charset
from apicontract.schemas.regex.tree import Anchor, Chars, Choice, Irregular, Repeat, Sequence, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_STATES = 4_096  # of one automaton
MAX_PRODUCT = 20_000  # of a combination of two
_MAX_PIECES = 12_000  # of the nondeterministic one
_MAX_MINIMISED = 200  # states: refinement is quadratic
_MAX_WORK = 3_000_000  # pieces looked at in all


class TooLarge(Exception):  # noqa: N818 - nobody's error: the answer would cost too much
    """The automaton would exceed its bounds."""


class NotRegular(Exception):  # noqa: N818 - nobody's error: automata cannot say it
    """The pattern uses what no finite automaton decides here; the message names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """bounds: the first code point of each class, from 0; state 0 is the start."""

    bounds: tuple[int, ...]
    moves: tuple[tuple[int, ...], ...]
    accepting: frozenset[int]

    def accepts(self, word: str) -> bool:
        """Whether the automaton ends in an accepting state after `word`."""
        state = 0
        for char in word:
            state = self.moves[state][bisect_right(self.bounds, ord(char)) - 1]
        return state in self.accepting


def combine(one: Automaton, two: Automaton, accept: Callable[[bool, bool], bool]) -> Automaton:
    """The product, accepting where `accept` says so of both; TooLarge beyond MAX_PRODUCT states."""
    bounds = tuple(sorted({*one.bounds, *two.bounds}))
    left = [bisect_right(one.bounds, low) - 1 for low in bounds]
    right = [bisect_right(two.bounds, low) - 1 for low in bounds]
    numbers = {(0, 0): 0}
    order = [(0, 0)]
    moves: list[tuple[int, ...]] = []
    for a, b in order:
        first, second = one.moves[a], two.moves[b]
        row = []
        for i, j in zip(left, right, strict=True):
            pair = (first[i], second[j])
            number = numbers.get(pair)
            if number is None:
                number = numbers[pair] = len(order)
                order.append(pair)
                if number >= MAX_PRODUCT:
                    msg = f"more than {MAX_PRODUCT} states"
                    raise TooLarge(msg)
            row.append(number)
        moves.append(tuple(row))
    accepting = frozenset(
        number for (a, b), number in numbers.items() if accept(a in one.accepting, b in two.accepting)
    )
    return minimal(Automaton(bounds, tuple(moves), accepting))


def minimal(automaton: Automaton) -> Automaton:
    """The same language with the fewest states and classes (Moore's refinement), where that is cheap."""
    count = len(automaton.moves)
    if count > _MAX_MINIMISED:
        return automaton
    block = [int(state in automaton.accepting) for state in range(count)]
    blocks = len(set(block))
    while True:
        names: dict[tuple[int, ...], int] = {}
        refined = []
        for state, row in enumerate(automaton.moves):
            key = (block[state], *(block[target] for target in row))
            refined.append(names.setdefault(key, len(names)))
        block = refined
        if len(names) == blocks:
            break
        blocks = len(names)
    return _renumbered(automaton, block, blocks)


def _renumbered(automaton: Automaton, block: list[int], blocks: int) -> Automaton:
    rows: list[tuple[int, ...] | None] = [None] * blocks
    for state, row in enumerate(automaton.moves):
        if rows[block[state]] is None:
            rows[block[state]] = tuple(block[target] for target in row)
    order, numbers = [block[0]], {block[0]: 0}
    for name in order:
        for target in rows[name] or ():
            if target not in numbers:
                numbers[target] = len(order)
                order.append(target)
    moves = [tuple(numbers[target] for target in rows[name] or ()) for name in order]
    columns = list(zip(*moves, strict=True))
    kept = [i for i in range(len(columns)) if i == 0 or columns[i] != columns[i - 1]]
    accepting = frozenset(numbers[block[state]] for state in automaton.accepting if block[state] in numbers)
    return Automaton(
        tuple(automaton.bounds[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in moves), accepting
    )


class _Pieces:
    """A nondeterministic automaton: for each piece its silent edges (free or anchored) and its one move."""

    def __init__(self) -> None:
        self.free: list[list[int]] = []
        self.starts: list[list[int]] = []
        self.ends: list[list[int]] = []
        self.move: list[tuple[Charset, int] | None] = []

    def new(self) -> int:
        if len(self.free) >= _MAX_PIECES:
            msg = f"more than {_MAX_PIECES} positions in a pattern"
            raise TooLarge(msg)
        for edges in (self.free, self.starts, self.ends):
            edges.append([])
        self.move.append(None)
        return len(self.free) - 1

    def add(self, tree: Tree, start: int) -> int:
        """Append the pieces of `tree` after `start`; gives the piece where it ends."""
        if isinstance(tree, Chars):
            if tree.unknown:
                msg = f"the Unicode property {tree.unknown}"
                raise NotRegular(msg)
            end, middle = self.new(), self.new()
            self.free[start].append(middle)
            self.move[middle] = (tree.charset, end)
            return end
        if isinstance(tree, Sequence):
            for part in tree.parts:
                start = self.add(part, start)
            return start
        if isinstance(tree, Choice):
            end = self.new()
            for option in tree.options:
                first = self.new()
                self.free[start].append(first)
                self.free[self.add(option, first)].append(end)
            return end
        if isinstance(tree, Anchor):
            end = self.new()
            (self.starts if tree.at == "start" else self.ends)[start].append(end)
            return end
        if isinstance(tree, Irregular):
            raise NotRegular(tree.what)
        return self._repeat(tree, start)

    def _repeat(self, tree: Repeat, start: int) -> int:
        for _ in range(tree.least):
            start = self.add(tree.part, start)
        end = self.new()
        self.free[start].append(end)
        if tree.most is None:
            loop = self.new()
            self.free[start].append(loop)
            self.free[self.add(tree.part, loop)] += [loop, end]
            return end
        for _ in range(tree.most - tree.least):
            start = self.add(tree.part, start)
            self.free[start].append(end)
        return end


def search(tree: Tree) -> Automaton:
    """The automaton of all words in which `tree` is found somewhere."""
    pieces = _Pieces()
    first = pieces.new()
    begin = pieces.new()
    pieces.free[first].append(begin)
    final = pieces.add(tree, begin)
    return _determined(pieces, first, begin, final)


def _determined(pieces: _Pieces, first: int, begin: int, final: int) -> Automaton:
    """Subset construction; once the end is reached without an anchor, whatever follows is accepted."""
    bounds = sorted({0, *(edge for move in pieces.move if move for low, high in move[0] for edge in (low, high + 1))})
    bounds = [low for low in bounds if low <= LAST]
    classes = {low: index for index, low in enumerate(bounds)}
    spans: dict[Charset, list[int]] = {}
    for move in pieces.move:
        if move and move[0] not in spans:
            spans[move[0]] = [i for lo, hi in move[0] for i in range(classes[lo], classes.get(hi + 1, len(bounds)))]
    work = [_MAX_WORK]
    start = _closure(pieces, {first}, work, at_start=True, at_end=False)
    numbers: dict[frozenset[int], int] = {start: 0}
    order = [start]
    moves: list[tuple[int, ...]] = []
    accepting = set()
    for state, pieces_here in enumerate(order):
        done = final in pieces_here
        if done or final in _closure(pieces, set(pieces_here), work, at_start=state == 0, at_end=True):
            accepting.add(state)
        if done:
            moves.append((state,) * len(bounds))
            continue
        reached: list[set[int]] = [set() for _ in bounds]
        for piece in pieces_here:
            move = pieces.move[piece]
            if move is not None:
                for index in spans[move[0]]:
                    reached[index].add(move[1])
        row = []
        known: dict[frozenset[int], int] = {}
        for targets in reached:
            key = frozenset(targets)
            number = known.get(key)
            if number is None:
                after = _closure(pieces, {*targets, begin}, work, at_start=False, at_end=False)
                number = numbers.get(after)
                if number is None:
                    number = numbers[after] = len(order)
                    order.append(after)
                    if number >= MAX_STATES:
                        msg = f"more than {MAX_STATES} states"
                        raise TooLarge(msg)
                known[key] = number
            row.append(number)
        moves.append(tuple(row))
    return minimal(Automaton(tuple(bounds), tuple(moves), frozenset(accepting)))


def _closure(pieces: _Pieces, start: set[int], work: list[int], *, at_start: bool, at_end: bool) -> frozenset[int]:
    seen, pending = set(start), list(start)
    while pending:
        piece = pending.pop()
        targets = pieces.free[piece]
        if at_start and pieces.starts[piece]:
            targets = targets + pieces.starts[piece]
        if at_end and pieces.ends[piece]:
            targets = targets + pieces.ends[piece]
        for target in targets:
            if target not in seen:
                seen.add(target)
                pending.append(target)
    work[0] -= len(seen)
    if work[0] < 0:
        msg = "the pattern costs too much"
        raise TooLarge(msg)
    return frozenset(seen)
