"""Regular languages over Unicode, closed under union, intersection and complement.

The face of this package: languages of patterns, of lists of words, of lengths; decided within bounds,
or `TooLarge`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.schemas.regex.automaton import MAX_PRODUCT, Automaton, TooLarge, combine, search
from apicontract.schemas.regex.charset import LAST
from apicontract.schemas.regex.parse import RegexError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_PATTERN = 5_000
_MAX_LENGTHS = 20_000
_FAVOURED = "aA0_-. /:@"
_SURROGATES = (0xD800, 0xDFFF)


class Language:
    """A set of words; immutable. Equality is of objects: ask `same` for that of languages."""

    __slots__ = ("_automaton", "_readable", "_useful")

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._useful: frozenset[int] | None = None
        self._readable: list[list[tuple[str, int]]] | None = None

    @staticmethod
    def search(pattern: str) -> Language:
        """Words in which the ECMA-262 `pattern` is found; RegexError, NotRegular or TooLarge if that fails."""
        return _search(pattern)

    @staticmethod
    def everything() -> Language:
        """All words."""
        return _EVERYTHING

    @staticmethod
    def nothing() -> Language:
        """No word."""
        return _NOTHING

    @staticmethod
    def literals(words: Iterable[str]) -> Language:
        """Exactly these words."""
        return Language(_of_words(list(words)))

    @staticmethod
    def length(minimum: int, maximum: int | None) -> Language:
        """All words of `minimum` to `maximum` code points; TooLarge if that is long."""
        top = minimum if maximum is None else maximum
        if top > MAX_PRODUCT // 2:
            msg = f"words of {top} characters"
            raise TooLarge(msg)
        moves = [(state + 1,) for state in range(top + 1)]
        moves.append((top + 1,))
        if maximum is None:
            moves[top] = (top,)
        accepting = frozenset(range(minimum, top + 1))
        return Language(Automaton((0,), tuple(moves), accepting))

    def intersect(self, other: Language) -> Language:
        """Words of both."""
        return Language(combine(self._automaton, other._automaton, lambda a, b: a and b))

    def union(self, other: Language) -> Language:
        """Words of either."""
        return Language(combine(self._automaton, other._automaton, lambda a, b: a or b))

    def minus(self, other: Language) -> Language:
        """Words of this one and not of the other."""
        return Language(combine(self._automaton, other._automaton, lambda a, b: a and not b))

    def complement(self) -> Language:
        """All other words."""
        automaton = self._automaton
        rest = frozenset(range(len(automaton.moves))) - automaton.accepting
        return Language(Automaton(automaton.bounds, automaton.moves, rest))

    def contains(self, word: str) -> bool:
        """Whether `word` is in the language."""
        return self._automaton.accepts(word)

    def is_empty(self) -> bool:
        """Whether there is no word."""
        return not self._live()

    def is_everything(self) -> bool:
        """Whether every word is in."""
        return self.complement().is_empty()

    def __le__(self, other: Language) -> bool:
        """Whether every word of this one is one of the other."""
        return self.minus(other).is_empty()

    def same(self, other: Language) -> bool:
        """Whether both have the same words."""
        return combine(self._automaton, other._automaton, lambda a, b: a != b).accepting == frozenset()

    def shortest_length(self) -> int | None:
        """Code points of the shortest word; None if there is none."""
        states, length = {0}, 0
        seen: set[int] = set()
        while states:
            if states & self._automaton.accepting:
                return length
            seen |= states
            states = {target for state in states for target in self._automaton.moves[state]} - seen
            length += 1
        return None

    def longest_length(self) -> int | None:
        """Code points of the longest word; None if words are of any length, and 0 if there is none."""
        live = self._live()
        states, length = {0} & live, 0
        longest = 0
        while states:
            if states & self._automaton.accepting:
                longest = length
            states = {target for state in states for target in self._automaton.moves[state]} & live
            length += 1
            if length > len(self._automaton.moves):
                return None
        return longest

    def is_finite(self) -> bool:
        """Whether there are only so many words."""
        return self.longest_length() is not None

    def has_word(self, minimum: int = 0, maximum: int | None = None) -> bool:
        """Whether some word has `minimum` to `maximum` code points."""
        return self._first_length(minimum, maximum) is not None

    def shortest(self, minimum: int = 0, maximum: int | None = None) -> str | None:
        """A shortest word of `minimum` to `maximum` code points, readable where there is a choice; None if none."""
        length = self._first_length(minimum, maximum)
        return None if length is None else self._word(length)

    def words(self, limit: int) -> list[str]:
        """Up to `limit` words, shortest first, one per class of interchangeable characters."""
        found: list[str] = []
        level = [("", 0)]
        live = self._live()
        while level and len(found) < limit:
            found += [word for word, state in level if state in self._automaton.accepting][: limit - len(found)]
            level = [
                (word + char, target)
                for word, state in level
                for char, target in self._choices()[state]
                if target in live
            ][: limit * 4]
        return found

    def _first_length(self, minimum: int, maximum: int | None) -> int | None:
        """The least length of a word within the bounds, by stepping through the sets of reachable states."""
        live = self._live()
        states = frozenset({0} & live)
        seen: dict[frozenset[int], int] = {}
        length = 0
        while states and (maximum is None or length <= maximum):
            if length >= minimum and states & self._automaton.accepting:
                return length
            if states in seen:
                cycle = length - seen[states]
                if length < minimum:
                    length += (minimum - length) // cycle * cycle
                    seen = {}
                    if length >= minimum and states & self._automaton.accepting:
                        return length if maximum is None or length <= maximum else None
                else:
                    if length - max(minimum, seen[states]) >= cycle:
                        return None
            else:
                seen[states] = length
            if len(seen) > _MAX_LENGTHS:
                msg = "the lengths of its words"
                raise TooLarge(msg)
            states = frozenset(target for state in states for target in self._automaton.moves[state]) & live
            length += 1
        return None

    def _word(self, length: int) -> str:
        """A word of exactly that length; there must be one."""
        layers = [self._automaton.accepting]
        sources = self._sources()
        for _ in range(length):
            layers.append(frozenset(state for target in layers[-1] for state in sources[target]))
            if len(layers) > _MAX_LENGTHS:
                msg = f"a word of {length} characters"
                raise TooLarge(msg)
        word, state = [], 0
        for left in range(length - 1, -1, -1):
            char, state = next((c, t) for c, t in self._choices()[state] if t in layers[left])
            word.append(char)
        return "".join(word)

    def _sources(self) -> list[list[int]]:
        sources: list[list[int]] = [[] for _ in self._automaton.moves]
        for state, row in enumerate(self._automaton.moves):
            for target in set(row):
                sources[target].append(state)
        return sources

    def _choices(self) -> list[list[tuple[str, int]]]:
        """For each state a character per class with where it leads, the most readable first."""
        if self._readable is None:
            chars = sorted(enumerate(_readable_chars(self._automaton.bounds)), key=lambda item: _rank(item[1]))
            self._readable = [[(char, row[index]) for index, char in chars] for row in self._automaton.moves]
        return self._readable

    def _live(self) -> frozenset[int]:
        """States from which some word is accepted."""
        if self._useful is None:
            sources = self._sources()
            pending = list(self._automaton.accepting)
            seen = set(pending)
            while pending:
                for state in sources[pending.pop()]:
                    if state not in seen:
                        seen.add(state)
                        pending.append(state)
            self._useful = frozenset(seen)
        return self._useful


def _readable_chars(bounds: tuple[int, ...]) -> Iterator[str]:
    """The most readable character of each class."""
    for low, after in zip(bounds, (*bounds[1:], LAST + 1), strict=True):
        favoured = next((char for char in _FAVOURED if low <= ord(char) < after), None)
        if favoured is None and low <= 0x20 < after and after > 0x21:  # noqa: PLR2004
            favoured = chr(0x21)
        code = low
        if _SURROGATES[0] <= code <= _SURROGATES[1] < after - 1:
            code = _SURROGATES[1] + 1
        yield favoured or chr(code)


def _rank(char: str) -> tuple[int, int]:
    if char in _FAVOURED:
        return 0, _FAVOURED.index(char)
    if char.isascii() and char.isalnum():
        return 1, ord(char)
    surrogate = _SURROGATES[0] <= ord(char) <= _SURROGATES[1]
    return (2 if char.isprintable() else 4 if surrogate else 3), ord(char)


def _of_words(words: list[str]) -> Automaton:
    """The automaton of a list of words, as a tree of their letters."""
    bounds = sorted({0, *(edge for word in words for char in word for edge in (ord(char), ord(char) + 1))} - {LAST + 1})
    index = {low: position for position, low in enumerate(bounds)}
    moves: list[list[int]] = [[1] * len(bounds), [1] * len(bounds)]
    accepting = set()
    for word in words:
        state = 0
        for char in word:
            position = index[ord(char)]
            if moves[state][position] == 1:
                moves[state][position] = len(moves)
                moves.append([1] * len(bounds))
                if len(moves) > MAX_PRODUCT:
                    msg = f"more than {MAX_PRODUCT} letters in a list of words"
                    raise TooLarge(msg)
            state = moves[state][position]
        accepting.add(state)
    return Automaton(tuple(bounds), tuple(map(tuple, moves)), frozenset(accepting))


@lru_cache(maxsize=512)
def _search(pattern: str) -> Language:
    if len(pattern) > _MAX_PATTERN:
        msg = f"a pattern of more than {_MAX_PATTERN} characters"
        raise TooLarge(msg)
    try:
        return Language(search(parse(pattern)))
    except RecursionError:
        raise RegexError("groups are nested too deeply", 0) from None


_EVERYTHING = Language(Automaton((0,), ((0,),), frozenset({0})))
_NOTHING = Language(Automaton((0,), ((0,),), frozenset()))
