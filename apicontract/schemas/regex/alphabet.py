"""Partitions of the code points into classes that an automaton does not tell apart.

An alphabet of a million characters so costs as much as the few sets a pattern names. Knows which
character of a class reads best; knows no automaton.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from apicontract.schemas.regex.charset import LAST, Charset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PUNCTUATION = "_-. /:@+,;=~!?&%#*$()[]{}<>|^'`\"\\"
_READABLE = "a0Abcdefghijklmnopqrstuvwxyz123456789BCDEFGHIJKLMNOPQRSTUVWXYZ" + _PUNCTUATION
_SURROGATES = range(0xD800, 0xE000)
_LOOKED_AT = 256  # code points of an interval among which a printable one is sought


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Intervals of code points by their first one, from 0, and the class of each; classes count from 0."""

    starts: tuple[int, ...]
    kinds: tuple[int, ...]
    size: int

    def kind(self, char: str) -> int:
        """The class of a character."""
        return self.kinds[bisect_right(self.starts, ord(char)) - 1]

    def merged(self, groups: Sequence[int]) -> Alphabet:
        """The coarser alphabet in which class `i` has become class `groups[i]`."""
        starts: list[int] = []
        kinds: list[int] = []
        for start, kind in zip(self.starts, self.kinds, strict=True):
            if not kinds or kinds[-1] != groups[kind]:
                starts.append(start)
                kinds.append(groups[kind])
        return Alphabet(tuple(starts), tuple(kinds), max(groups) + 1)

    def members(self, kind: int) -> Iterator[str]:
        """Every character of a class, the most readable ones first, lone surrogates last."""
        readable = [char for char in _READABLE if self.kind(char) == kind]
        yield from readable
        codes = (code for low, high in self.intervals(kind) for code in range(low, high + 1))
        late = []
        for code in codes:
            if code in _SURROGATES:
                late.append(code)
            elif chr(code) not in readable:
                yield chr(code)
        yield from map(chr, late)

    def intervals(self, kind: int) -> Iterator[tuple[int, int]]:
        """The intervals of a class, in order."""
        ends = (*self.starts[1:], LAST + 1)
        for start, end, own in zip(self.starts, ends, self.kinds, strict=True):
            if own == kind:
                yield start, end - 1


TRIVIAL = Alphabet((0,), (0,), 1)


def partition(sets: Iterable[Charset]) -> tuple[Alphabet, list[list[int]]]:
    """The coarsest alphabet in which each of `sets` is a union of classes, and for each set its classes."""
    ordered = list(sets)
    toggles: dict[int, int] = {0: 0}
    for bit, charset in enumerate(ordered):
        for low, high in charset:
            toggles[low] = toggles.get(low, 0) ^ (1 << bit)
            toggles[high + 1] = toggles.get(high + 1, 0) ^ (1 << bit)
    toggles.pop(LAST + 1, None)
    numbers: dict[int, int] = {}
    kinds = []
    mask = 0
    starts = sorted(toggles)
    for start in starts:
        mask ^= toggles[start]
        kinds.append(numbers.setdefault(mask, len(numbers)))
    spans = [[kind for mask, kind in numbers.items() if mask >> bit & 1] for bit in range(len(ordered))]
    return Alphabet(tuple(starts), tuple(kinds), len(numbers)), spans


@lru_cache(maxsize=256)
def common(one: Alphabet, two: Alphabet) -> tuple[Alphabet, tuple[tuple[int, int], ...]]:
    """The alphabet that refines both, and for each of its classes the class in `one` and in `two`."""
    if one == two:
        return one, tuple((kind, kind) for kind in range(one.size))
    starts = sorted({*one.starts, *two.starts})
    numbers: dict[tuple[int, int], int] = {}
    kinds = []
    i = j = 0
    for start in starts:
        while i + 1 < len(one.starts) and one.starts[i + 1] <= start:
            i += 1
        while j + 1 < len(two.starts) and two.starts[j + 1] <= start:
            j += 1
        kinds.append(numbers.setdefault((one.kinds[i], two.kinds[j]), len(numbers)))
    return Alphabet(tuple(starts), tuple(kinds), len(numbers)), tuple(numbers)


@lru_cache(maxsize=256)
def readable(alphabet: Alphabet) -> tuple[tuple[str, int], ...]:
    """For each class its most readable character, the most readable class first.

    Letters and digits come before punctuation, that before other printable characters, then the rest,
    and at the very end lone surrogates, which a file cannot hold.
    """
    chosen: dict[int, str] = {}
    for char in _READABLE:
        chosen.setdefault(alphabet.kind(char), char)
    others = [(_plainest(alphabet, kind), kind) for kind in range(alphabet.size) if kind not in chosen]
    others.sort(key=lambda item: (is_surrogate(item[0]), not item[0].isprintable(), item[0]))
    return (*((char, kind) for kind, char in chosen.items()), *others)


def is_surrogate(char: str) -> bool:
    """Whether a character is half of a pair in UTF-16, which no text in UTF-8 can hold."""
    return ord(char) in _SURROGATES


def _plainest(alphabet: Alphabet, kind: int) -> str:
    """The first printable character of a class, else its first, a lone surrogate only for want of others."""
    fallback = ""
    for low, high in alphabet.intervals(kind):
        codes = (code for code in range(low, high + 1) if code not in _SURROGATES)
        for code in islice(codes, _LOOKED_AT):
            if chr(code).isprintable():
                return chr(code)
            fallback = fallback or chr(code)
    return fallback or chr(next(alphabet.intervals(kind))[0])
