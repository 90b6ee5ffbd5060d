"""Complete deterministic automata over classes of code points, and what is made of two of them.

States are numbers, 0 the start; `moves[state][class]` is the next one. Knows no pattern: `runs` makes
the automaton of one. Everything is bounded: what would grow beyond the limits is `TooLarge`.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.regex.alphabet import TRIVIAL, Alphabet, common

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Accept = Callable[[bool, bool], bool]

MAX_STATES = 4_096  # of the automaton of one pattern
MAX_PRODUCT = 20_000  # of a combination of two
MAX_CELLS = 2_000_000  # states times classes
_MAX_REFINED = 200_000  # cells looked at in search of states that are the same


class TooLarge(Exception):  # noqa: N818 - nobody's error: the answer would cost too much
    """The answer would exceed the bounds of this package; the message says which."""


class NotRegular(Exception):  # noqa: N818 - nobody's error: automata cannot say it
    """The pattern uses what no finite automaton decides here; the message names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """An alphabet, the moves of each state by class, and the accepting states."""

    alphabet: Alphabet
    moves: tuple[tuple[int, ...], ...]
    accepting: frozenset[int]

    def accepts(self, word: str) -> bool:
        """Whether the automaton ends in an accepting state after `word`."""
        state = 0
        moves, starts, kinds = self.moves, self.alphabet.starts, self.alphabet.kinds
        for char in word:  # `kind`, written out: words are long
            state = moves[state][kinds[bisect_right(starts, ord(char)) - 1]]
        return state in self.accepting

    def settled(self) -> dict[int, bool]:
        """States that nothing leaves, and whether they accept: whatever follows, the answer stands."""
        return {
            state: state in self.accepting
            for state, row in enumerate(self.moves)
            if row.count(state) == len(row)
        }

    def complement(self) -> Automaton:
        """The automaton of all other words."""
        return Automaton(self.alphabet, self.moves, frozenset(range(len(self.moves))) - self.accepting)


EVERYTHING = Automaton(TRIVIAL, ((0,),), frozenset((0,)))
NOTHING = Automaton(TRIVIAL, ((0,),), frozenset())


def combine(one: Automaton, two: Automaton, accept: Accept) -> Automaton:
    """The automaton of the words where `accept(in one, in two)`; TooLarge beyond MAX_PRODUCT states."""
    alphabet, pairs = common(one.alphabet, two.alphabet)
    fixed = _fixed(one, two, accept)
    numbers: dict[tuple[int, int] | bool, int] = {}
    order: list[tuple[int, int] | bool] = []

    def number(first: int, second: int) -> int:
        answer = fixed(first, second)
        key = (first, second) if answer is None else answer
        found = numbers.get(key)
        if found is None:
            found = numbers[key] = len(order)
            order.append(key)
            if found >= MAX_PRODUCT or found * len(pairs) > MAX_CELLS:
                raise TooLarge(f"two patterns together need more than {found} states")
        return found

    number(0, 0)
    moves: list[tuple[int, ...]] = []
    for state, key in enumerate(order):
        if isinstance(key, bool):
            moves.append((state,) * len(pairs))
            continue
        first, second = one.moves[key[0]], two.moves[key[1]]
        row: dict[tuple[int, int], int] = {}
        cells = []
        for i, j in pairs:
            target = (first[i], second[j])
            if target not in row:
                row[target] = number(*target)
            cells.append(row[target])
        moves.append(tuple(cells))
    accepting = frozenset(
        state
        for state, key in enumerate(order)
        if (key if isinstance(key, bool) else accept(key[0] in one.accepting, key[1] in two.accepting))
    )
    return minimal(Automaton(alphabet, tuple(moves), accepting))


def differ(one: Automaton, two: Automaton, accept: Accept) -> bool:
    """Whether there is a word for which `accept(in one, in two)`, without building the automaton of them."""
    _, pairs = common(one.alphabet, two.alphabet)
    fixed = _fixed(one, two, accept)
    seen = {(0, 0)}
    order = [(0, 0)]
    for a, b in order:
        answer = fixed(a, b)
        if answer is None:
            answer = accept(a in one.accepting, b in two.accepting)
            if not answer:
                first, second = one.moves[a], two.moves[b]
                new = {(first[i], second[j]) for i, j in pairs} - seen
                seen |= new
                order += new
                if len(order) > MAX_PRODUCT:
                    raise TooLarge(f"two patterns together need more than {MAX_PRODUCT} states")
        if answer:
            return True
    return False


def _fixed(one: Automaton, two: Automaton, accept: Accept) -> Callable[[int, int], bool | None]:
    """What is known of all words that continue from a pair of states: in, out, or None."""
    left, right = one.settled(), two.settled()

    def fixed(first: int, second: int) -> bool | None:
        a, b = left.get(first), right.get(second)
        if a is None and b is None:
            return None
        answers = {
            accept(x, y)
            for x in ((a,) if a is not None else (False, True))
            for y in ((b,) if b is not None else (False, True))
        }
        return answers.pop() if len(answers) == 1 else None

    return fixed


def minimal(automaton: Automaton) -> Automaton:
    """The same language with the fewest states and classes, where that is cheap; else as it is.

    Moore's refinement, started from the lengths of the shortest and the longest word that each state
    accepts: that splits the long chains of bounded repetitions at once, so that a few rounds suffice.
    """
    away = distances(automaton)
    block = _named(list(zip(away, furthest(automaton, away), strict=True)))
    count = len(set(block))
    work = 0
    while True:
        refined = _named(
            [(block[state], *map(block.__getitem__, row)) for state, row in enumerate(automaton.moves)]
        )
        work += len(refined) * automaton.alphabet.size
        block, before, count = refined, count, len(set(refined))
        if count in (before, len(automaton.moves)):
            return _renumbered(automaton, block)
        if work > _MAX_REFINED:
            return automaton


def distances(automaton: Automaton) -> list[int]:
    """For each state the length of the shortest word that it accepts, -1 if it accepts none."""
    sources = backwards(automaton)
    away = [-1] * len(automaton.moves)
    level = list(automaton.accepting)
    length = 0
    while level:
        for state in level:
            away[state] = length
        level = list({source for state in level for source in sources[state] if away[source] < 0})
        length += 1
    return away


def furthest(automaton: Automaton, away: Sequence[int]) -> list[int | None]:
    """For each state the length of the longest word that it accepts, -1 if none, None if of any length.

    `away` is `distances(automaton)`.
    """
    sources = backwards(automaton)
    # Of states in a loop, and of those that lead to one, some target is never done: they stay None.
    found: list[int | None] = [None if length >= 0 else -1 for length in away]
    open_targets = [sum(away[target] >= 0 for target in set(row)) for row in automaton.moves]
    level = [state for state, length in enumerate(away) if length >= 0 and not open_targets[state]]
    length = 0
    while level:
        following = []
        for state in level:
            found[state] = length
            for source in sources[state]:
                open_targets[source] -= 1
                if not open_targets[source] and away[source] >= 0:
                    following.append(source)
        level = following
        length += 1
    return found


def backwards(automaton: Automaton) -> list[list[int]]:
    """For each state those that lead to it in one step."""
    sources: list[list[int]] = [[] for _ in automaton.moves]
    for state, row in enumerate(automaton.moves):
        for target in set(row):
            sources[target].append(state)
    return sources


def _named(keys: Sequence[object]) -> list[int]:
    """Numbers for keys, equal where the keys are."""
    names: dict[object, int] = {}
    return [names.setdefault(key, len(names)) for key in keys]


def _renumbered(automaton: Automaton, block: list[int]) -> Automaton:
    """The automaton whose states are the blocks that the start reaches, with equal classes merged."""
    rows = {block[state]: [block[target] for target in row] for state, row in enumerate(automaton.moves)}
    order, numbers = [block[0]], {block[0]: 0}
    for name in order:
        for target in rows[name]:
            if target not in numbers:
                numbers[target] = len(order)
                order.append(target)
    moves = [[numbers[target] for target in rows[name]] for name in order]
    columns = list(zip(*moves, strict=True))
    groups = _named(columns)
    kept = list(dict.fromkeys(columns))
    accepting = frozenset(numbers[block[state]] for state in automaton.accepting if block[state] in numbers)
    return Automaton(automaton.alphabet.merged(groups), tuple(zip(*kept, strict=True)), accepting)
