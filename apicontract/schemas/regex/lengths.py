"""How long the words of an automaton are, however long that is, and the most readable word of a length.

The sets of states that are reached after n characters repeat from some n on; so lengths in the millions
are answered without stepping there. Where the repetition is too far off, small automata are squared
instead, large ones are TooLarge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.regex.alphabet import readable
from apicontract.schemas.regex.automaton import TooLarge, distances, furthest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.regex.automaton import Automaton

_MAX_WORK = 1_000_000  # states visited in answering one question
_MAX_SQUARED = 256  # states of an automaton that is squared
_MAX_LENGTH = 200_000  # characters of a word that is written out


class Lengths:
    """Answers about the lengths of the words of one automaton. Lengths count code points."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._away = distances(automaton)
        # Edges to states from which some word is accepted; the others lead nowhere.
        self._edges = [[target for target in set(row) if self._away[target] >= 0] for row in automaton.moves]
        self._layers = [frozenset((0,)) if self._away[0] >= 0 else frozenset()]
        self._seen = {self._layers[0]: 0}
        self._period = 0
        self._work = _MAX_WORK

    def shortest(self) -> int | None:
        """The length of the shortest word, None if there is no word."""
        return self._away[0] if self._away[0] >= 0 else None

    def longest(self) -> int | None:
        """The length of the longest word, 0 if there is no word, None if there is no longest one."""
        longest = furthest(self._automaton, self._away)[0]
        return longest if longest is None else max(longest, 0)

    def at_least(self, minimum: int) -> int | None:
        """The length of the shortest word of `minimum` characters or more, None if there is none."""
        states = self._after(minimum)
        return minimum + min(self._away[state] for state in states) if states else None

    def _after(self, steps: int) -> frozenset[int]:
        """The states after so many characters from which a word can be finished."""
        try:
            if self._walked(steps):
                return self._layers[steps]
        except TooLarge:
            if len(self._edges) > _MAX_SQUARED:
                raise
            return self._squared(steps)
        begin = len(self._layers) - self._period
        return self._layers[begin + (steps - begin) % self._period]

    def _walked(self, steps: int) -> bool:
        """Step through the sets of states up to `steps`; false if they repeat before that."""
        while steps >= len(self._layers) and not self._period:
            following = self._next(self._layers[-1])
            if following in self._seen:
                self._period = len(self._layers) - self._seen[following]
            else:
                self._seen[following] = len(self._layers)
                self._layers.append(following)
        return steps < len(self._layers)

    def _next(self, states: frozenset[int]) -> frozenset[int]:
        self._work -= 1 + len(states)
        if self._work < 0:
            raise TooLarge("the lengths of its words repeat too late")
        return frozenset([target for state in states for target in self._edges[state]])

    def _squared(self, steps: int) -> frozenset[int]:
        """The same as `_after` by repeated squaring of the step relation, its rows held as bits."""
        rows = [sum(1 << target for target in targets) for targets in self._edges]
        reached = sum(1 << state for state in self._layers[0])
        while steps:
            if steps & 1:
                reached = _image(reached, rows)
            rows = [_image(row, rows) for row in rows]
            steps >>= 1
        return frozenset(_bits(reached))

    def word(self, length: int) -> str:
        """The most readable word of just that length; there must be one."""
        return next(self.words(length))

    def words(self, length: int, *, every: bool = False) -> Iterator[str]:
        """Words of just that length: one for each choice of classes, or `every` one."""
        if length > _MAX_LENGTH:
            raise TooLarge(f"a word of {length} characters")
        layers = self._finishing(length)
        if not layers[0]:
            return
        choices = [self._choices(0, layers, 0, every=every)]
        chars: list[str] = []
        while choices:
            if len(chars) == length:
                yield "".join(chars)
                choices.pop()
                if chars:
                    chars.pop()
                continue
            step = next(choices[-1], None)
            if step is None:
                choices.pop()
                if chars:
                    chars.pop()
                continue
            chars.append(step[0])
            choices.append(self._choices(step[1], layers, len(chars), every=every))

    def _choices(
        self, state: int, layers: list[frozenset[int]], read: int, *, every: bool
    ) -> Iterator[tuple[str, int]]:
        """The next characters, the most readable first, after which the word can end as it must."""
        if read + 1 == len(layers):
            return
        alphabet = self._automaton.alphabet
        for char, kind in readable(alphabet):
            target = self._automaton.moves[state][kind]
            if target in layers[read + 1]:
                for member in alphabet.members(kind) if every else (char,):
                    yield member, target

    def _finishing(self, length: int) -> list[frozenset[int]]:
        """For each number of characters read the states from which a word of `length` can be finished."""
        layers = [self._layers[0]]
        for _ in range(length):
            layers.append(self._next(layers[-1]))
        layers[length] &= self._automaton.accepting
        for read in range(length - 1, -1, -1):
            after = layers[read + 1]
            layers[read] = frozenset(
                [state for state in layers[read] if not after.isdisjoint(self._edges[state])]
            )
        self._work = _MAX_WORK
        return layers


def _image(states: int, rows: list[int]) -> int:
    """The states that follow a set of states, sets held as bits."""
    found = 0
    for state in _bits(states):
        found |= rows[state]
    return found


def _bits(states: int) -> Iterator[int]:
    while states:
        lowest = states & -states
        yield lowest.bit_length() - 1
        states ^= lowest
