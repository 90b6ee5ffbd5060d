"""Whether a pattern is a regular expression of ECMA-262, and where it is not."""

from __future__ import annotations

from functools import lru_cache

import jsonschema_rs


@lru_cache(maxsize=4096)
def flaw(pattern: str) -> str:
    """What is wrong with a pattern, as the end of a sentence; empty if nothing is."""
    from apicontract.schemas.regex import RegexError, parse

    try:
        parse(pattern)
    except RegexError as error:
        at = "at its end" if error.offset >= len(pattern) else f"at character {error.offset + 1}"
        return f"is no regular expression of ECMA-262: {at}, {error}"
    return ""


@lru_cache(maxsize=4096)
def runnable(pattern: str) -> bool:
    """Whether jsonschema-rs can run a pattern; some that ECMA-262 allows it cannot."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except ValueError:
        return False
    return True
