r"""A tree laid out as a graph of positions with silent edges: Thompson's construction.

What is asked of the text around a position (`^`, `$`, `\b`, look-around) stays on the edges; `runs`
follows them. Knows no deterministic automaton.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from apicontract.schemas.regex import charset as cs
from apicontract.schemas.regex.automaton import NotRegular, TooLarge
from apicontract.schemas.regex.tree import (
    EMPTY,
    Anchor,
    Boundary,
    Chars,
    Choice,
    Irregular,
    Look,
    Repeat,
    Sequence,
    Tree,
)

MAX_POSITIONS = 20_000
_MAX_DEPTH = 100
_WORD = Chars(cs.WORD)


class Condition(NamedTuple):
    """What a conditional edge asks.

    Ahead: some run from `begin` to `end` over what follows. Behind: some run to `end`, over what came
    before, in the trace numbered `begin`. The very start is asked as a condition of its own.
    """

    ahead: bool
    negated: bool
    begin: int
    end: int


Asked = Condition | Literal["start", "end"]


class Graph:
    """Positions by number: their silent edges, their conditional edges and their one move."""

    def __init__(self) -> None:
        self.free: list[list[int]] = []
        self.asking: dict[int, list[tuple[Asked, int]]] = {}
        self.move: list[tuple[int, int] | None] = []  # charset by number, target
        self.sets: dict[cs.Charset, int] = {}
        self.ends: set[int] = set()  # where the pattern or the body of a look-around has been matched
        self.traces: list[tuple[int, int]] = []  # begin and end of look-behinds, the inner ones first
        self._trace_numbers: dict[Tree, int] = {}
        self._bodies: dict[Tree, tuple[int, int]] = {}

    def new(self) -> int:
        """A position without edges."""
        if len(self.free) >= MAX_POSITIONS:
            raise TooLarge(f"the pattern has more than {MAX_POSITIONS} positions")
        self.free.append([])
        self.move.append(None)
        return len(self.free) - 1

    def pattern(self, tree: Tree) -> tuple[int, int]:
        """Lay out `tree` on its own; gives its begin and its end."""
        begin = self.new()
        end = self.add(tree, begin)
        self.ends.add(end)
        return begin, end

    def add(self, tree: Tree, start: int) -> int:
        """Lay out `tree` from `start` on; gives the position where it ends."""
        end = start
        match tree:
            case Chars():
                end = self._chars(tree, start)
            case Sequence(parts):
                for part in parts:
                    end = self.add(part, end)
            case Choice(options):
                end = self.new()
                for option in options:
                    first = self.new()
                    self.free[start].append(first)
                    self.free[self.add(option, first)].append(end)
            case Repeat():
                end = self._repeat(tree, start)
            case Anchor(at):
                end = self._ask(at, start)
            case Boundary(negated):
                end = self.add(_boundary(negated=negated), start)
            case Look():
                end = self._look(tree, start)
            case Irregular(what):
                raise NotRegular(what)
        return end

    def _chars(self, tree: Chars, start: int) -> int:
        if tree.unknown:
            raise NotRegular(f"the property of characters `{tree.unknown}`")
        middle, end = self.new(), self.new()
        self.free[start].append(middle)
        self.move[middle] = self.sets.setdefault(tree.charset, len(self.sets)), end
        return end

    def _repeat(self, tree: Repeat, start: int) -> int:
        if tree.part == EMPTY:
            return start
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

    def _ask(self, condition: Asked, start: int) -> int:
        end = self.new()
        self.asking.setdefault(start, []).append((condition, end))
        return end

    def _look(self, look: Look, start: int) -> int:
        """A look-around; equal bodies share their layout."""
        if look.body not in self._bodies:
            self._bodies[look.body] = self.pattern(look.body)
        begin, end = self._bodies[look.body]
        if not look.ahead:
            if look.body not in self._trace_numbers:
                self._trace_numbers[look.body] = len(self.traces)
                self.traces.append((begin, end))
            begin = self._trace_numbers[look.body]
        return self._ask(Condition(look.ahead, look.negated, begin, end), start)


def _boundary(*, negated: bool) -> Tree:
    r"""`\b` or `\B` as look-around: a word character on just one side, or on both or none."""
    return Choice(
        tuple(
            Sequence(
                (Look(_WORD, ahead=False, negated=before), Look(_WORD, ahead=True, negated=before is negated))
            )
            for before in (False, True)
        )
    )


def layout(tree: Tree) -> tuple[Graph, int]:
    """The graph of a pattern and its begin; TooLarge before anything large is built."""
    if _size(tree, 0) > MAX_POSITIONS:
        raise TooLarge(f"the pattern has more than {MAX_POSITIONS} positions")
    graph = Graph()
    begin, _ = graph.pattern(tree)
    return graph, begin


def _size(tree: Tree, depth: int) -> int:
    """About how many positions a tree takes, by arithmetic."""
    if depth > _MAX_DEPTH:
        raise TooLarge(f"groups are nested more than {_MAX_DEPTH} deep")
    match tree:
        case Sequence(parts):
            return sum(_size(part, depth + 1) for part in parts)
        case Choice(options):
            return 1 + sum(1 + _size(option, depth + 1) for option in options)
        case Repeat(part, least, most):
            return 2 + (least + 1 if most is None else most) * _size(part, depth + 1)
        case Look(body):
            return 2 + _size(body, depth + 1)
        case _:
            return 2
