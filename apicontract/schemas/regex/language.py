"""Regular languages over Unicode code points: the face of this package.

A `Language` is a set of words, that of a pattern, of a list of words or of lengths; it is closed under
union, intersection and complement, and answers questions about its words. Knows nothing of schemas.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from operator import and_, ne, or_
from typing import TYPE_CHECKING

from apicontract.schemas.regex.alphabet import TRIVIAL, is_surrogate, partition, readable
from apicontract.schemas.regex.automaton import (
    EVERYTHING,
    MAX_CELLS,
    MAX_PRODUCT,
    NOTHING,
    Automaton,
    NotRegular,
    TooLarge,
    combine,
    differ,
    minimal,
)
from apicontract.schemas.regex.lengths import Lengths
from apicontract.schemas.regex.parse import RegexError, parse
from apicontract.schemas.regex.runs import search

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_PATTERN = 5_000  # characters


class Language:
    """A set of words; immutable. Equality is of objects: ask `same` for that of languages.

    Whatever would take too much time or memory raises TooLarge, after the same work on every machine.
    """

    __slots__ = ("_automaton", "_lengths", "_written")

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._lengths: Lengths | None = None
        self._written: Lengths | None = None

    @staticmethod
    def search(pattern: str) -> Language:
        """The words in which an ECMA-262 `pattern` is found somewhere, as `pattern` of JSON Schema means it.

        RegexError if it is no valid pattern; NotRegular if it uses a back-reference, flags of its own or a
        property of characters whose set is not known; TooLarge.
        """
        found = _search(pattern)
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

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
        """All words of `minimum` to `maximum` code points; long ones are better asked of `has_word`."""
        top = minimum if maximum is None else maximum
        if top >= MAX_PRODUCT:
            raise TooLarge(f"an automaton for words of {top} characters")
        if top < minimum:
            return _NOTHING
        moves = [(state + 1,) for state in range(top + 1)]
        if maximum is None:
            moves[top] = (top,)
        else:
            moves.append((top + 1,))
        return Language(Automaton(TRIVIAL, tuple(moves), frozenset(range(minimum, top + 1))))

    def intersect(self, other: Language) -> Language:
        """The words of both."""
        return Language(combine(self._automaton, other._automaton, and_))

    def union(self, other: Language) -> Language:
        """The words of either."""
        return Language(combine(self._automaton, other._automaton, or_))

    def minus(self, other: Language) -> Language:
        """The words of this one that are not in the other."""
        return Language(combine(self._automaton, other._automaton, _and_not))

    def complement(self) -> Language:
        """All other words."""
        return Language(self._automaton.complement())

    def contains(self, word: str) -> bool:
        """Whether `word` is in the language."""
        return self._automaton.accepts(word)

    @property
    def size(self) -> int:
        """How many states its automaton has."""
        return len(self._automaton.moves)

    def is_empty(self) -> bool:
        """Whether there is no word."""
        return not self._automaton.accepting

    def is_everything(self) -> bool:
        """Whether every word is in."""
        return len(self._automaton.accepting) == len(self._automaton.moves)

    def __le__(self, other: Language) -> bool:
        """Whether every word of this one is one of the other."""
        return not differ(self._automaton, other._automaton, _and_not)

    def meets(self, other: Language) -> bool:
        """Whether some word is in both."""
        return differ(self._automaton, other._automaton, and_)

    def same(self, other: Language) -> bool:
        """Whether both have the same words."""
        return not differ(self._automaton, other._automaton, ne)

    def shortest_length(self) -> int | None:
        """Code points of the shortest word; None if there is no word."""
        return self._counted().shortest()

    def longest_length(self) -> int | None:
        """Code points of the longest word, 0 if there is no word; None if words are of any length."""
        return self._counted().longest()

    def is_finite(self) -> bool:
        """Whether there are only so many words."""
        return self.longest_length() is not None

    def has_word(self, min_len: int = 0, max_len: int | None = None) -> bool:
        """Whether some word has `min_len` to `max_len` code points; neither is ever counted up to."""
        return _within(self._counted().at_least(min_len), max_len) is not None

    def shortest(self, min_len: int = 0, max_len: int | None = None) -> str | None:
        """A shortest word of `min_len` to `max_len` code points, None if there is none.

        Among those the most readable: letters and digits, then punctuation, then what can be printed. A
        word with a lone surrogate, which no file can hold, is given only if every word has one.
        """
        for lengths in dict.fromkeys((self._writable(), self._counted())):
            length = _within(lengths.at_least(min_len), max_len)
            if length is not None:
                return lengths.word(length)
        return None

    def words(self, limit: int) -> list[str]:
        """Up to `limit` words, the shortest first; all of them if there are not more."""
        found: list[str] = []
        lengths = self._counted()
        length = lengths.at_least(0)
        while length is not None and len(found) < limit:
            found += islice(lengths.words(length, every=True), limit - len(found))
            length = lengths.at_least(length + 1)
        return found

    def _counted(self) -> Lengths:
        if self._lengths is None:
            self._lengths = Lengths(self._automaton)
        return self._lengths

    def _writable(self) -> Lengths:
        """The lengths of the words without a lone surrogate."""
        if self._written is None:
            self._written = self._counted()
            if any(is_surrogate(char) for char, _ in readable(self._automaton.alphabet)):
                surrogates = search(parse(r"[\uD800-\uDFFF]"))
                self._written = Lengths(combine(self._automaton, surrogates, _and_not))
        return self._written


def _and_not(one: bool, two: bool) -> bool:  # noqa: FBT001 - a connective
    return one and not two


def _within(length: int | None, most: int | None) -> int | None:
    return None if length is None or (most is not None and length > most) else length


def _of_words(words: list[str]) -> Automaton:
    """The automaton of a list of words: a tree of their characters, and one state for all that strays."""
    letters = sorted({char for word in words for char in word})
    alphabet, _ = partition(((ord(char), ord(char)),) for char in letters)
    kinds = {char: alphabet.kind(char) for char in letters}
    moves = [[1] * alphabet.size, [1] * alphabet.size]
    accepting = set()
    for word in words:
        state = 0
        for char in word:
            if moves[state][kinds[char]] == 1:
                moves[state][kinds[char]] = len(moves)
                moves.append([1] * alphabet.size)
                if len(moves) > MAX_PRODUCT or len(moves) * alphabet.size > MAX_CELLS:
                    raise TooLarge(f"a list of words with more than {len(moves) - 1} characters")
            state = moves[state][kinds[char]]
        accepting.add(state)
    return minimal(Automaton(alphabet, tuple(map(tuple, moves)), frozenset(accepting)))


@lru_cache(maxsize=512)
def _search(pattern: str) -> Language | RegexError | NotRegular | TooLarge:
    """The language, or what to raise: failures are remembered too, since finding them takes longest."""
    try:
        tree = parse(pattern)
        if len(pattern) > _MAX_PATTERN:
            return TooLarge(f"the pattern has more than {_MAX_PATTERN} characters")
        return Language(search(tree))
    except RecursionError:
        return TooLarge("groups are nested too deeply")
    except (RegexError, NotRegular, TooLarge) as problem:
        return problem


_EVERYTHING = Language(EVERYTHING)
_NOTHING = Language(NOTHING)
