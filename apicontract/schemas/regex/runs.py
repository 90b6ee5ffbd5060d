r"""From a graph of positions to a deterministic automaton: the subset construction, look-around included.

A run is a position together with what it has promised about the text to come: some sets of runs it
`needs` one of to succeed each, and others of which it wants none ever to (`never`). So look-ahead at any
depth is exact, as in an alternating automaton. A look-behind is answered by its trace: the runs of its
body from every earlier position, carried along as the context of a state. `$` is a promise to read
nothing more, `\b` two looks. Every step is counted; TooLarge ends what grows without use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.regex.alphabet import partition
from apicontract.schemas.regex.automaton import MAX_CELLS, MAX_STATES, Automaton, TooLarge, minimal
from apicontract.schemas.regex.graph import Asked, Graph, layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas.regex.tree import Tree

Runs = frozenset[int]  # runs by number; see `_Search.number`

_MAX_WORK = 1_500_000  # runs looked at in all
_NONE: Runs = frozenset()


class _Run(NamedTuple):
    """A position and its promises."""

    position: int
    ended: bool = False
    never: Runs = _NONE
    needs: frozenset[Runs] = frozenset()


class _Context(NamedTuple):
    """What came before: whether anything did, and the runs of each look-behind up to here."""

    started: bool
    traces: tuple[Runs, ...]


class _Search:
    """The construction for one graph."""

    def __init__(self, graph: Graph, begin: int) -> None:
        self.graph = graph
        self.begin = begin
        self.alphabet, spans = partition(graph.sets)
        self.spans = [frozenset(span) for span in spans]
        self.work = _MAX_WORK
        self.count = len(graph.free)
        self.runs = [_Run(position, ended) for ended in (False, True) for position in range(self.count)]
        self.numbers: dict[_Run, int] = {}
        self.contexts: list[_Context] = []
        self.context_numbers: dict[_Context, int] = {}
        self.after: dict[tuple[int, int], int] = {}
        self.closures: dict[tuple[int, int], Runs] = {}
        self.steps: dict[tuple[int, int, int], Runs] = {}

    def spend(self, cost: int) -> None:
        """Count work."""
        self.work -= cost
        if self.work < 0:
            raise TooLarge("the pattern takes too long to turn into an automaton")

    def number(self, run: _Run) -> int:
        """The number of a run: its position, `count` more after a `$`, still more for other promises."""
        if not run.never and not run.needs:
            return run.position + self.count if run.ended else run.position
        found = self.numbers.get(run)
        if found is None:
            found = self.numbers[run] = len(self.runs)
            self.runs.append(run)
        return found

    def met(self, runs: Runs) -> bool:
        """Whether one of the runs has succeeded and promises nothing more."""
        return not self.graph.ends.isdisjoint(runs)

    # -- what can be reached without reading

    def closure(self, position: int, context: int) -> Runs:
        """The runs at moves and ends that follow silently from a position."""
        found = self.closures.get((position, context))
        if found is None:
            found = self.closures[position, context] = self._closure(position, context)
        return found

    def _closure(self, position: int, context: int) -> Runs:
        graph = self.graph
        seen = {position}
        pending = [position]
        found = []
        while pending:
            number = pending.pop()
            run = self.runs[number]
            position = run.position
            if position in graph.ends or (graph.move[position] is not None and not run.ended):
                found.append(number)
            if number < self.count:
                reached = graph.free[position]
            else:
                reached = [self.number(run._replace(position=target)) for target in graph.free[position]]
            for asked, target in graph.asking.get(position, ()):
                promised = self.promise(run, asked, context)
                if promised is not None:
                    reached = [*reached, self.number(promised._replace(position=target))]
            for target in reached:
                if target not in seen:
                    seen.add(target)
                    pending.append(target)
        self.spend(len(seen))
        return frozenset(found)

    def promise(self, run: _Run, condition: Asked, context: int) -> _Run | None:
        """The run once it has passed a condition; None if it cannot."""
        around = self.contexts[context]
        if condition == "end":
            return run._replace(ended=True)
        if condition == "start":
            return None if around.started else run
        if condition.ahead:
            runs = self.closure(condition.begin, context)
        else:
            trace = around.traces[condition.begin]
            runs = frozenset(number for number in trace if self.runs[number].position == condition.end)
        if self.met(runs):
            return None if condition.negated else run
        if condition.negated:
            return run._replace(never=run.never | runs)
        return run._replace(needs=run.needs | {runs}) if runs else None

    # -- reading a character

    def step(self, number: int, kind: int, after: int) -> Runs:
        """The runs that a run becomes by reading a character of class `kind` into the context `after`."""
        key = (number, kind, after)
        found = self.steps.get(key)
        if found is None:
            found = self.steps[key] = self._step(self.runs[number], kind, after)
            self.spend(1 + len(found))
        return found

    def _step(self, run: _Run, kind: int, after: int) -> Runs:
        if run.ended:
            return _NONE
        if run.position in self.graph.ends:
            targets: Runs = frozenset((run.position,))  # matched; only its promises are still open
        else:
            move = self.graph.move[run.position]
            if move is None or kind not in self.spans[move[0]]:
                return _NONE
            targets = self.closure(move[1], after)
        never = self.read(run.never, kind, after)
        if self.met(never):
            return _NONE
        needs = set()
        for need in run.needs:
            left = self.read(need, kind, after)
            if not left:
                return _NONE
            if not self.met(left):
                needs.add(left)
        if not never and not needs:
            return targets
        return frozenset(
            self.number(_Run(own.position, own.ended, own.never | never, own.needs | needs))
            for own in map(self.runs.__getitem__, targets)
        )

    def read(self, runs: Runs, kind: int, after: int) -> Runs:
        """All runs by one character."""
        return _NONE.union(*(self.step(number, kind, after) for number in runs)) if runs else _NONE

    def plain(self, runs: Iterable[int]) -> Runs:
        """The runs without those that promise more than another at the same position."""
        kept = frozenset(runs)
        loaded = [number for number in kept if number >= 2 * self.count]
        if not loaded:
            return kept
        dropped = set()
        for number in loaded:
            run = self.runs[number]
            for other in kept:
                lighter = self.runs[other]
                if (
                    other != number
                    and lighter.position == run.position
                    and lighter.ended <= run.ended
                    and lighter.never <= run.never
                    and lighter.needs <= run.needs
                ):
                    dropped.add(number)
                    break
        self.spend(len(loaded) * len(kept))
        return kept - dropped

    # -- what came before

    def context(self, started: bool, traces: tuple[Runs, ...]) -> int:  # noqa: FBT001 - two private callers
        """The number of a context."""
        context = _Context(started, traces)
        found = self.context_numbers.get(context)
        if found is None:
            found = self.context_numbers[context] = len(self.contexts)
            self.contexts.append(context)
        return found

    def first_context(self) -> int:
        """Before the first character."""
        traces: tuple[Runs, ...] = ()
        for begin, _ in self.graph.traces:
            traces = (*traces, self.closure(begin, self.context(False, traces)))  # noqa: FBT003
        return self.context(False, traces)  # noqa: FBT003

    def next_context(self, context: int, kind: int) -> int:
        """After one more character; the trace of an outer look-behind may ask the inner ones."""
        found = self.after.get((context, kind))
        if found is None:
            traces: tuple[Runs, ...] = ()
            for (begin, end), trace in zip(self.graph.traces, self.contexts[context].traces, strict=True):
                so_far = self.context(True, traces)  # noqa: FBT003
                open_runs = frozenset(number for number in trace if self.runs[number].position != end)
                read = self.read(open_runs, kind, so_far)
                traces = (*traces, self.plain(read | self.closure(begin, so_far)))
            found = self.after[context, kind] = self.context(True, traces)  # noqa: FBT003
        return found

    # -- states

    def holds_at_end(self, runs: Runs) -> bool:
        """Whether one of the runs succeeds if the word ends here."""
        return any(
            run.position in self.graph.ends
            and not self.holds_at_end(run.never)
            and all(self.holds_at_end(need) for need in run.needs)
            for run in map(self.runs.__getitem__, runs)
        )

    def automaton(self) -> Automaton:
        """All words in which the pattern is found somewhere."""
        start = self.first_context()
        key: tuple[int, Runs] = (start, self.plain(self.closure(self.begin, start)))
        numbers = {key: 0}
        order = [key]
        moves: list[tuple[int, ...]] = []
        accepting = set()
        for state, (context, runs) in enumerate(order):
            found = self.met(runs)
            if found or self.holds_at_end(runs):
                accepting.add(state)
            if found:
                moves.append((state,) * self.alphabet.size)
                continue
            row = []
            for key in self.successors(context, runs):
                number = numbers.get(key)
                if number is None:
                    number = numbers[key] = len(order)
                    order.append(key)
                    if number >= MAX_STATES or number * self.alphabet.size > MAX_CELLS:
                        raise TooLarge(f"the pattern needs more than {number} states")
                row.append(number)
            moves.append(tuple(row))
        return minimal(Automaton(self.alphabet, tuple(moves), frozenset(accepting)))

    def successors(self, context: int, runs: Runs) -> list[tuple[int, Runs]]:
        """The states after a character of each class."""
        plain: list[set[int]] = [set() for _ in range(self.alphabet.size)]
        loaded = []
        for number in runs:
            if number >= 2 * self.count:
                loaded.append(number)
            elif number < self.count:
                move = self.graph.move[number]
                if move is not None:
                    for kind in self.spans[move[0]]:
                        plain[kind].add(move[1])
        found = []
        known: dict[tuple[int, frozenset[int], Runs], Runs] = {}
        for kind, positions in enumerate(plain):
            after = self.next_context(context, kind)
            own = self.read(frozenset(loaded), kind, after)
            key = (after, frozenset(positions), own)
            if key not in known:
                silent = (self.closure(position, after) for position in (self.begin, *positions))
                known[key] = self.plain(own.union(*silent))
                self.spend(1 + len(known[key]) + len(positions))
            found.append((after, known[key]))
        return found


def search(tree: Tree) -> Automaton:
    """The automaton of all words in which `tree` is found somewhere; NotRegular, TooLarge."""
    return _Search(*layout(tree)).automaton()
