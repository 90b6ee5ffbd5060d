"""Names as words: their style, their parts, how they would read in another style, whether they are plural.

Knows English and the usual styles of names, nothing of contracts.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CASES = {
    "flatcase": re.compile(r"[a-z][a-z0-9]*"),
    "camelCase": re.compile(r"[a-z][a-zA-Z0-9]*"),
    "PascalCase": re.compile(r"[A-Z][a-zA-Z0-9]*"),
    "kebab-case": re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"),
    "snake_case": re.compile(r"_?[a-z][a-z0-9]*(?:_[a-z0-9]+)*"),
    "UPPER_SNAKE_CASE": re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"),
    "UPPER-KEBAB-CASE": re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"),
    "Train-Case": re.compile(r"[A-Z][a-zA-Z0-9]*(?:-[A-Z][a-zA-Z0-9]*)*"),
}
_OF_CAPITALS = ("PascalCase", "UPPER_SNAKE_CASE", "UPPER-KEBAB-CASE", "Train-Case")
_OF_OTHERS = ("flatcase", "camelCase", "kebab-case", "snake_case")
_MEANT = ("camelCase", "snake_case", "kebab-case", "UPPER_SNAKE_CASE", *_OF_CAPITALS)  # the likelier first
_PARTS = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_NOT_PLURAL = ("ss", "us", "is", "ous")
_UNCOUNTED = ("ing", "ics", "ware")  # following, analytics, software


@lru_cache(maxsize=65536)
def styles(name: str) -> frozenset[str]:
    """Every style that a name is written in: `orders` fits all that begin in lower case."""
    likely = _OF_CAPITALS if name[:1].isupper() else _OF_OTHERS
    return frozenset(case for case in likely if _CASES[case].fullmatch(name))


def usual_style(names: Iterable[str], majority: float) -> str:
    """The style of more than that share of the names that tell styles apart; empty if there is none.

    Of styles that as many have, the one that people mean: `Order` is PascalCase and no Train-Case, `OPEN` is
    UPPER_SNAKE_CASE.
    """
    counts: Counter[str] = Counter()
    telling = 0
    for name in names:
        fitting = styles(name) - {"flatcase"}
        if not fitting or "flatcase" in styles(name):
            continue
        telling += 1
        counts.update(fitting)
    case = max(_MEANT, key=counts.__getitem__)
    return case if counts[case] > telling * majority else ""


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `createdAt` and `created-at` are `created`, `at`."""
    return tuple(part.lower() for part in _PARTS.findall(name))


@lru_cache(maxsize=65536)
def snake(name: str) -> str:
    """The name in snake_case, by which word lists are asked."""
    return "_".join(words(name))


def written(name: str, case: str) -> str:
    """The name in another style."""
    parts = words(name)
    if not parts:
        return name
    capital = [part.capitalize() for part in parts]
    return {
        "flatcase": "".join(parts),
        "camelCase": parts[0] + "".join(capital[1:]),
        "PascalCase": "".join(capital),
        "kebab-case": "-".join(parts),
        "snake_case": "_".join(parts),
        "UPPER_SNAKE_CASE": "_".join(parts).upper(),
        "UPPER-KEBAB-CASE": "-".join(parts).upper(),
        "Train-Case": "-".join(capital),
    }[case]


def is_plural(name: str, uncountable: frozenset[str]) -> bool:
    """Whether the noun of a name (the last word before `of`) speaks of several, or of what is not counted."""
    parts = [part for part in words(name) if not part.isdigit()]
    if "of" in parts[1:]:
        parts = parts[: parts.index("of", 1)]
    if not parts:
        return True
    last = parts[-1]
    if last in uncountable or last.endswith(_UNCOUNTED):
        return True
    return last.endswith("s") and not last.endswith(_NOT_PLURAL)
