"""Whether a pattern is a regular expression of ECMA-262, and where it is not."""

from __future__ import annotations

from functools import lru_cache

import jsonschema_rs


@lru_cache(maxsize=4096)
def flaw(pattern: str) -> str:
    """What is wrong with a pattern, as the end of a sentence; empty if nothing is."""
    try:
        from apicontract.schemas.regex import RegexError, parse
    except ImportError:
        return (
            ""
            if jsonschema_rs.Draft202012Validator({"format": "regex"}, validate_formats=True).is_valid(
                pattern
            )
            else "is no regular expression of ECMA-262"
        )
    try:
        parse(pattern)
    except RegexError as error:
        return f"is no regular expression of ECMA-262: {error}"
    return ""


@lru_cache(maxsize=4096)
def runnable(pattern: str) -> bool:
    """Whether jsonschema-rs can run a pattern; some that ECMA-262 allows it cannot."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except ValueError:
        return False
    return True
