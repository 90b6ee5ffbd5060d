"""Sets of code points as sorted, disjoint intervals. Knows the escape classes of ECMA-262, and no syntax."""

from __future__ import annotations

Charset = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
ALL: Charset = ((0, LAST),)
NONE: Charset = ()
DIGIT: Charset = ((0x30, 0x39),)
WORD: Charset = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# ECMA-262 WhiteSpace and LineTerminator: TAB VT FF ZWNBSP, category Zs, LF CR LS PS.
SPACE: Charset = (
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
LINE_END: Charset = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))


def union(*sets: Charset) -> Charset:
    """The code points of any of `sets`."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(interval for one in sets for interval in one):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def complement(one: Charset) -> Charset:
    """Every other code point."""
    found, start = [], 0
    for low, high in one:
        if start < low:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


def single(code: int) -> Charset:
    """One code point."""
    return ((code, code),)
