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
    """The pattern as an expression that is matched in one pass, however many stars it has.

    What stands between two stars is taken where it is first found, and never elsewhere: if the rest
    matches after a later place, it matches after the first one too.
    """
    parts: list[list[str]] = [[]]
    for step in pattern.split("/"):
        if step == "**":
            parts.append([])
        else:
            parts[-1].append(_step(step))
    first, *rest = parts
    if not rest:
        return re.compile("/".join(first), re.DOTALL)
    *middle, last = rest
    text = "".join(f"{step}/" for step in first)
    text += "".join(f"(?>(?:[^/]*/)*?{'/'.join(steps)}/)" for steps in middle if steps)
    if not text and not last:
        text = ".*"
    elif last:
        text += f"(?:[^/]*/)*{'/'.join(last)}"
    elif text.endswith("/)"):  # anything below, and the thing itself
        text = f"{text[:-2]})(?:/.*)?"
    else:
        text = f"{text.removesuffix('/')}(?:/.*)?"
    return re.compile(text, re.DOTALL)


def _step(step: str) -> str:
    """The expression of one step."""
    first, *rest = [_letters(part) for part in re.split(r"\*+", step)]
    if not rest:
        return first
    return first + "".join(f"(?>[^/]*?{part})" for part in rest[:-1] if part) + f"[^/]*{rest[-1]}"


def _letters(text: str) -> str:
    return "".join("[^/]" if letter == "?" else re.escape(letter) for letter in text)
