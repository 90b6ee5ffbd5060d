"""Members and methods of values in filters, as JavaScript has them: `.length`, `.includes('x')`.

A table of those that make sense in a filter. One that is not in it fails, as an undefined one does there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from apicontract.formats.openapi.lint.spectral.patterns import Pattern
from apicontract.formats.openapi.lint.spectral.values import (
    UNDEFINED,
    is_number,
    kind,
    number,
    strictly_equal,
    text,
    truthy,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Given = list[object]


class ScriptError(ValueError):
    """An expression that is none, or that cannot be answered for a value."""


class _Constructor(NamedTuple):
    name: str


_MAKERS = {"string": "String", "number": "Number", "boolean": "Boolean"}


def member(value: object, name: object) -> object:
    """The member of a value; UNDEFINED if there is none. ScriptError of undefined and null."""
    if value is UNDEFINED or value is None:
        raise ScriptError(f"{text(value)} has no members")
    key = text(name)
    if isinstance(value, dict) and key in value:
        return value[key]
    if isinstance(value, str | list):
        if key == "length":
            return len(value)
        if key.isdecimal():
            return value[int(key)] if int(key) < len(value) else UNDEFINED
    if isinstance(value, _Constructor):
        return value.name if key == "name" else UNDEFINED
    if key == "constructor":
        sort = "Array" if isinstance(value, list) else _MAKERS.get(kind(value), "Object")
        return _Constructor("RegExp" if isinstance(value, Pattern) else sort)
    return UNDEFINED


def called(value: object, name: object, given: Given) -> object:
    """What a method gives; `value` is UNDEFINED for functions such as `Array.isArray`."""
    if value is UNDEFINED and isinstance(name, str) and name in _FUNCTIONS:
        return _FUNCTIONS[name](*given[:1] or (UNDEFINED,))
    if value is None or value is UNDEFINED:
        raise ScriptError(f"{text(value)} has no methods")
    table = _of_kind(value)
    method = table.get(text(name))
    if method is None:
        raise ScriptError(f"there is no method `{text(name)}`")
    return method(value, given)


def _of_kind(value: object) -> dict[str, Callable[..., object]]:
    if isinstance(value, str):
        return _TEXTS
    if isinstance(value, list):
        return _LISTS
    if isinstance(value, Pattern):
        return _PATTERNS
    return _OBJECTS if isinstance(value, dict) else _OTHERS


def _first(given: Given) -> object:
    return given[0] if given else UNDEFINED


def _index(given: Given, at: int, other: int) -> int:
    if len(given) <= at or given[at] is UNDEFINED:
        return other
    value = number(given[at])
    return 0 if math.isnan(value) else int(max(-(2**53), min(2**53, value)))


def _sliced(value: str | list[object], given: Given) -> object:
    return value[_index(given, 0, 0) : _index(given, 1, len(value))]


def _substring(value: str, given: Given) -> str:
    start, end = (
        max(0, min(len(value), _index(given, at, other))) for at, other in ((0, 0), (1, len(value)))
    )
    return value[min(start, end) : max(start, end)]


def _split(value: str, given: Given) -> object:
    by = _first(given)
    if by is UNDEFINED:
        return [value]
    return value.split(text(by)) if text(by) else list(value)


def _matched(value: str, given: Given) -> object:
    by = _first(given)
    found = by.found_in(value) if isinstance(by, Pattern) else Pattern(text(by)).found_in(value)
    return [value] if found else None


def _position(value: list[object], given: Given) -> int:
    return next((at for at, one in enumerate(value) if strictly_equal(one, _first(given))), -1)


_TEXTS: dict[str, Callable[..., object]] = {
    "includes": lambda value, given: text(_first(given)) in value,
    "startsWith": lambda value, given: value.startswith(text(_first(given))),
    "endsWith": lambda value, given: value.endswith(text(_first(given))),
    "indexOf": lambda value, given: value.find(text(_first(given))),
    "lastIndexOf": lambda value, given: value.rfind(text(_first(given))),
    "charAt": lambda value, given: value[_index(given, 0, 0) : _index(given, 0, 0) + 1],
    "match": _matched,
    "search": lambda value, given: 0 if _matched(value, given) else -1,
    "slice": _sliced,
    "substring": _substring,
    "split": _split,
    "concat": lambda value, given: value + "".join(text(one) for one in given),
    "toLowerCase": lambda value, given: value.lower(),  # noqa: ARG005
    "toUpperCase": lambda value, given: value.upper(),  # noqa: ARG005
    "trim": lambda value, given: value.strip(),  # noqa: ARG005
    "toString": lambda value, given: value,  # noqa: ARG005
}
_LISTS: dict[str, Callable[..., object]] = {
    "includes": lambda value, given: _position(value, given) >= 0,
    "indexOf": _position,
    "slice": _sliced,
    "join": lambda value, given: (text(given[0]) if given else ",").join(text(one) for one in value),
    "concat": lambda value, given: [*value, *given],
    "toString": lambda value, given: text(value),  # noqa: ARG005
}
_OBJECTS: dict[str, Callable[..., object]] = {
    "hasOwnProperty": lambda value, given: text(_first(given)) in value,
    "toString": lambda value, given: text(value),  # noqa: ARG005
}
_PATTERNS: dict[str, Callable[..., object]] = {
    "test": lambda value, given: value.found_in(text(_first(given))),
    "exec": lambda value, given: [text(_first(given))] if value.found_in(text(_first(given))) else None,
}
_OTHERS: dict[str, Callable[..., object]] = {"toString": lambda value, given: text(value)}  # noqa: ARG005


def _keys(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value)
    return [str(at) for at in range(len(value))] if isinstance(value, list | str) else []


def _values(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []


_FUNCTIONS: dict[str, Callable[[object], object]] = {
    "Object.keys": _keys,
    "Object.values": _values,
    "Array.isArray": lambda value: isinstance(value, list),
    "Number.isInteger": lambda value: is_number(value) and number(value).is_integer(),
    "Number.isNaN": lambda value: is_number(value) and math.isnan(number(value)),
    "Number": number,
    "String": text,
    "Boolean": truthy,
    "parseInt": lambda value: math.floor(number(value)) if number(value) == number(value) else math.nan,
    "parseFloat": number,
}
