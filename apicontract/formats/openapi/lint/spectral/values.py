"""Values as Spectral's functions and filters see them, which is as JavaScript does.

What is true, what equals what, how a value is written, what a member of it is (ECMA-262, sections 7.1
and 7.2). Knows no path and no rule. `UNDEFINED` stands for what is not there; `null` is None.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from apicontract.sources import Json


class Missing(Enum):
    """The type of `UNDEFINED`."""

    UNDEFINED = "undefined"


UNDEFINED = Missing.UNDEFINED
Value = Union["Json", Missing]
_NUMERIC = re.compile(r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")
_BASED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_KEYS = re.compile(
    r"""[^.\[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))"""
)
_NUMBERS = (int, float, Decimal)
_HOLDERS = (
    dict,
    list,
)  # `dict | list` makes a type each time that it is asked for
_WHOLE = 1e21  # whole numbers from here on are written with an exponent


def is_number(value: object) -> bool:
    """Whether it is a number; a truth value is none."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def truthy(value: object) -> bool:
    """Whether a condition holds by it: empty objects and lists do."""
    if value is True or isinstance(value, _HOLDERS):
        return True
    if value is UNDEFINED or value is None or value is False:
        return False
    if isinstance(value, str):
        return value != ""
    if is_number(value):
        return bool(value) and value == value  # noqa: PLR0124  # NaN is false
    return True


def kind(value: object) -> str:
    """What `typeof` says."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if is_number(value):
        return "number"
    return "function" if callable(value) else "object"


def strictly_equal(one: object, other: object) -> bool:
    """`===`: the same type and value; objects and lists only if they are the same one."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    if isinstance(one, _HOLDERS) or isinstance(other, _HOLDERS):
        return one is other
    return kind(one) == kind(other) and one == other


def loosely_equal(one: object, other: object) -> bool:
    """`==`: null and undefined are equal, and numbers are read from texts and truth values."""
    nothing = (None, UNDEFINED)
    if one is None or one is UNDEFINED or other is None or other is UNDEFINED:
        return (one in nothing) and (other in nothing)
    if kind(one) == kind(other):
        return strictly_equal(one, other)
    if isinstance(one, dict | list):
        return loosely_equal(text(one), other)
    if isinstance(other, dict | list):
        return loosely_equal(one, text(other))
    return number(one) == number(other)


def number(value: object) -> float:  # noqa: PLR0911  # a type each
    """What `Number(value)` gives; NaN where it is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float | Decimal):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if value is None:
        return 0.0
    if not isinstance(value, str | list):
        return math.nan
    written = text(value).strip()
    if not written:
        return 0.0
    if _NUMERIC.fullmatch(written):
        return float(written)
    if _BASED.fullmatch(written):
        return float(int(written, 0))
    endless = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}
    return endless.get(written, math.nan)


def text(value: object) -> str:  # noqa: PLR0911  # a type each
    """What `String(value)` gives."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _digits(value)
    if isinstance(value, list):
        return ",".join("" if one is None or one is UNDEFINED else text(one) for one in value)
    return "[object Object]"


def _digits(value: float | Decimal) -> str:
    approximate = number(value)
    if approximate.is_integer() and abs(approximate) < _WHOLE:
        return str(int(approximate))
    if math.isnan(approximate):
        return "NaN"
    if math.isinf(approximate):
        return "Infinity" if approximate > 0 else "-Infinity"
    shown = repr(approximate)
    return re.sub(r"e([+-])0*(\d)", r"e\1\2", shown).replace(".0e", "e")


def written(value: object) -> str:
    """A value as JSON writes it, which is how messages quote it."""
    if is_number(value):
        shown = text(value)
        return "null" if shown in ("NaN", "Infinity", "-Infinity") else shown
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=text)


def printed(value: object) -> str:
    """A value as Spectral's messages show it: objects and lists by their kind only."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, list):
        return "Array[]"
    if isinstance(value, dict):
        return "Object{}"
    return written(value)


def keys_of(path: str) -> tuple[str, ...]:
    """The keys along a `field` such as `info.contact`, `tags[0].name` or `x['a.b']`, as lodash reads them."""
    found = []
    if path.startswith("."):
        found.append("")
    for match in _KEYS.finditer(path):
        index, quote, quoted = match.groups()
        if quote:
            found.append(re.sub(r"\\(\\)?", r"\1", quoted))
        else:
            found.append(index or match.group())
    return tuple(found)


def dotted(path: tuple[str, ...]) -> str:
    """A path as messages write it: `info.contact`, `tags[0]`."""
    shown = ""
    for at, segment in enumerate(path):
        if segment == "":
            shown += "['']"
        elif re.search(r"\s", segment):
            shown += f"['{segment}']"
        elif not math.isnan(number(segment)):
            shown += f"[{segment}]"
        else:
            shown += segment if not at else f".{segment}"
    return shown.replace("~1", "/").replace("~0", "~")
