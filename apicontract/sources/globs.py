"""Patterns of files, operations, JSON pointers, tags and rule ids.

One meaning everywhere: `*` is any text without a slash, `?` one letter of such, `**` between slashes
any number of steps, none among them. Nothing else is special, since operations hold braces and
pointers brackets.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MAGIC = re.compile(r"[*?]")


def matches(pattern: str, text: str) -> bool:
    """Whether all of `text` is as `pattern` says."""
    return _compiled(pattern).fullmatch(text) is not None


def is_glob(pattern: str) -> bool:
    """Whether the pattern can match more than itself."""
    return _MAGIC.search(pattern) is not None


def weight(pattern: str) -> tuple[bool, int]:
    """How much a pattern says, for choosing among several that match: exact first, then the longest."""
    return not is_glob(pattern), len(_MAGIC.sub("", pattern))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    steps = re.sub(r"\*\*(/\*\*)+", "**", pattern).split("/")
    if steps == ["**"]:
        return re.compile(r".*", re.DOTALL)
    text = ""
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if step == "**":
            if last:
                text = text.removesuffix("/") + r"(?:/.*)?"
            else:
                text += r"(?:[^/]*/)*"
        else:
            text += _step(step) + ("" if last else "/")
    return re.compile(text, re.DOTALL)


def _step(step: str) -> str:
    """A step's expression; stars that touch are one, so that matching never takes long."""
    parts = re.split(r"(\*+|\?)", step)
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(part[:1], re.escape(part)) for part in parts)
