"""Defaults of members: which of them are values of the type that the model has, and so can stand in it.

One that is none (a colour that is not on the list, a day that is no date) would make every value unreadable
that leaves the member out; it is left out itself.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from apicontract.sources import Json

_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool,
}  # fmt: skip
_DURATION = re.compile(r"P(?!$)(\d{1,6}W|(\d{1,6}D)?(T(?!$)(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?)", re.ASCII)


def fits(  # noqa: PLR0911  # a way for each kind of type
    default: Json, converted: Json, enums: Callable[[str], Collection[Json]]
) -> bool:
    """Whether a default is a value of a type, so that it can stand in a model.

    enums: the values of an enumeration by its reference; none for what is no enumeration. Objects that are
    classes have no defaults: what is not there of them is not there.
    """
    if not isinstance(converted, dict):
        return False
    listed = converted.get("anyOf")
    if isinstance(listed, list):
        others = [one for one in listed if one != {"type": "null"}]
        return len(others) == 1 and fits(default, others[0], enums)
    if "$ref" in converted:
        return default in enums(str(converted["$ref"]))
    kind, format_ = converted.get("type"), converted.get("format")
    if kind == "array":
        return isinstance(default, list) and all(fits(one, converted.get("items"), enums) for one in default)
    if kind == "object":
        further = converted.get("additionalProperties")
        return isinstance(default, dict) and all(fits(one, further, enums) for one in default.values())
    if not isinstance(kind, str) or kind not in _PYTHON_TYPES or not isinstance(default, _PYTHON_TYPES[kind]):
        return False
    if isinstance(default, bool) and kind != "boolean":
        return False
    return not isinstance(format_, str) or kind != "string" or _reads(default, format_)


def _reads(default: Json, format_: str) -> bool:
    """Whether a text is one of a format that models read."""
    reader = _READERS.get(format_)
    if reader is None or not isinstance(default, str):
        return False
    try:
        reader(default)
    except (ValueError, ArithmeticError):
        return False
    return True


def _moment(text: str) -> None:
    if "T" not in text.upper() or datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)


def _span(text: str) -> None:
    if not _DURATION.fullmatch(text):
        raise ValueError(text)


_READERS: dict[str, Callable[[str], object]] = {
    "uuid": UUID, "date": date.fromisoformat, "date-time": _moment, "duration": _span, "decimal": Decimal,
}  # fmt: skip
