"""Spectral's core functions, with its options and messages (its documentation, "Core Functions")."""

from __future__ import annotations

import math
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint.spectral.functions.schema import SCHEMA
from apicontract.formats.openapi.lint.spectral.model import Context, Function, Result
from apicontract.formats.openapi.lint.spectral.patterns import PatternError, pattern
from apicontract.formats.openapi.lint.spectral.values import (
    UNDEFINED,
    is_number,
    number,
    printed,
    strictly_equal,
    truthy,
)
from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from apicontract.sources import Json

    Options = Mapping[str, Json]

_PROPERTY = '#{{print("property")}}'
_VALUE = '#{{print("value")}}'
_LISTED = 4  # properties that a message lists; of more it shows three
_TEXT: Json = {"type": "string"}
_PAIR: dict[str, Json] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["properties"],
    "properties": {"properties": {"type": "array", "minItems": 2, "items": _TEXT}},
}


def _test(
    message: str, holds: Callable[[object], bool]
) -> Callable[[object, Options, Context], Iterator[Result]]:
    def run(value: object, _options: Options, _context: Context) -> Iterator[Result]:
        if not holds(value):
            yield Result(f"{_PROPERTY}{message}")

    return run


def _enumeration(value: object, options: Options, _context: Context) -> Iterator[Result]:
    values = options["values"]
    assert isinstance(values, list)  # noqa: S101  # the options were checked
    if not any(strictly_equal(value, one) for one in values):
        shown = ", ".join(printed(one) for one in values)
        yield Result(f"{_VALUE} must be equal to one of the allowed values: {shown}")


def _length(value: object, options: Options, _context: Context) -> Iterator[Result]:
    if isinstance(value, str):
        size: float = len(value.encode("utf-16-le", "surrogatepass")) // 2
    else:
        size = len(value) if isinstance(value, dict | list) else number(value)
    for key, word in (("min", "longer"), ("max", "shorter")):
        if key in options:
            bound = number(options[key])
            if size < bound if key == "min" else size > bound:
                yield Result(f"{_PROPERTY}must be {word} than {printed(options[key])}")


def _pattern(value: object, options: Options, _context: Context) -> Iterator[Result]:
    for key, words, wanted in (("match", "must", True), ("notMatch", "must not", False)):
        if key in options:
            try:
                found = pattern(str(options[key])).found_in(str(value))
            except PatternError as error:
                yield Result(f"the pattern could not be decided: {error}")
                continue
            if found is not wanted:
                yield Result(f"{_VALUE} {words} match the pattern {printed(options[key])}")


_CAMEL = "(?:[A-Z{0}](?:[a-z{0}]+|$))*"
_CASES = {
    "flat": "[a-z][a-z{0}]*",
    "camel": "[a-z][a-z{0}]*" + _CAMEL,
    "pascal": "[A-Z][a-z{0}]*" + _CAMEL,
    "kebab": "[a-z][a-z{0}]*(?:-[a-z{0}]+)*",
    "cobol": "[A-Z][A-Z{0}]*(?:-[A-Z{0}]+)*",
    "snake": "[a-z][a-z{0}]*(?:_[a-z{0}]+)*",
    "macro": "[A-Z][A-Z{0}]*(?:_[A-Z{0}]+)*",
}


def _casing(value: object, options: Options, _context: Context) -> Iterator[Result]:
    separator = options.get("separator")
    sign = str(separator["char"]) if isinstance(separator, dict) else ""
    leading = isinstance(separator, dict) and separator.get("allowLeading") is True
    if not value or (leading and value == sign):
        return
    plain = _CASES[str(options["type"])].replace(
        "{0}", "" if options.get("disallowDigits") is True else "0-9"
    )
    if sign:
        between = f"[{re.escape(sign)}]"
        plain = f"{f'{between}?' if leading else ''}{plain}(?:{between}{plain})*"
    if not pattern(f"^{plain}$").found_in(str(value)):
        yield Result(f"must be {options['type']} case")


def _alphabetical(value: object, options: Options, context: Context) -> Iterator[Result]:
    items: list[object] = list(value) if isinstance(value, dict | list) else []
    keyed = options.get("keyedBy")
    if len(items) < 2:  # noqa: PLR2004  # one is always in order
        return
    if keyed is not None:
        held = (
            [context.documents.plain(one, context.document) for one in items] if context.resolved else items
        )
        if not all(isinstance(one, dict | list) for one in held):
            yield Result(f"{_PROPERTY}must be an object")
            return
        items = [one.get(str(keyed), UNDEFINED) if isinstance(one, dict) else UNDEFINED for one in held]
    if not all(isinstance(one, str) or is_number(one) for one in items):
        yield Result(f"{_PROPERTY}must be one of the allowed types: number, string")
        return
    for at, (one, other) in enumerate(pairwise(items)):
        if _order(one, other) >= 1:
            if keyed is not None:
                yield Result("properties must follow the alphabetical order")
            else:
                where = str(at) if isinstance(value, list) else str(one)
                yield Result(f"{printed(one)} must be placed after {printed(other)}", (where,))
            return


def _order(one: object, other: object) -> float:
    """Which of two comes first, as Spectral asks: numbers by value, texts as people sort them."""
    numeric = (is_number(one) or math.isnan(number(one))) and (
        is_number(other) or not math.isnan(number(other))
    )
    if numeric:
        difference = number(one) - number(other)
        return 0 if math.isnan(difference) else min(1, max(-1, difference))
    if not isinstance(one, str) or not isinstance(other, str):
        return 0
    a, b = _collated(one), _collated(other)
    return (a > b) - (a < b)


def _collated(word: str) -> tuple[object, ...]:
    """A key by which texts sort as people do: signs, digits, letters; then accents; then lower case first."""
    plain = unicodedata.normalize("NFD", word)
    base = [one for one in plain if not unicodedata.combining(one)]
    return (
        [(_class(one), one.casefold()) for one in base],
        [one for one in plain if unicodedata.combining(one)],
        [one.isupper() for one in base],
    )


_SIGNS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


def _class(letter: str) -> tuple[int, int]:
    if letter.isspace():
        return (0, 0)
    if letter in _SIGNS:
        return (1, _SIGNS.index(letter))
    return (3, 0) if letter.isdigit() else (4, 0) if letter.isalpha() else (2, 0)


def _some(value: object, options: Options, *, only_one: bool) -> Iterator[Result]:
    listed = options["properties"]
    assert isinstance(listed, list) and isinstance(value, dict)  # noqa: S101, PT018  # were checked
    wanted = [str(name) for name in listed]
    there = [name for name in value if name in wanted]
    if not there:
        if len(wanted) > _LISTED:
            shown = '" or "'.join(wanted[:3])
            yield Result(f'At least one of "{shown}" or {len(wanted) - 3} other properties must be defined')
        else:
            shown = '" or "'.join(wanted)
            yield Result(f'At least one of "{shown}" must be defined')
    if only_one and len(there) > 1:
        shown = '" and "'.join(there)
        yield Result(f'Just one of "{shown}" must be defined')


def orphans(value: object, location: str, context: Context) -> Iterator[Result]:
    """The members of an object at `location` (`#/definitions`) that no reference names."""
    for name in value if isinstance(value, dict) else ():
        if f"{location}/{name}" not in context.documents.named:
            keys = (*split(location[1:]), *split(f"/{name}"))
            yield Result("Potential orphaned reusable object has been detected", keys, absolute=True)


CORE = (
    Function("truthy", _test("must be truthy", truthy)),
    Function("falsy", _test("must be falsy", lambda value: not truthy(value))),
    Function("defined", _test("must be defined", lambda value: value is not UNDEFINED)),
    Function("undefined", _test("must be undefined", lambda value: value is UNDEFINED)),
    Function(
        "enumeration",
        _enumeration,
        frozenset({"string", "number", "null", "boolean"}),
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["values"],
            "properties": {
                "values": {"type": "array", "items": {"type": ["string", "number", "null", "boolean"]}}
            },
        },
    ),
    Function(
        "length",
        _length,
        frozenset({"array", "object", "string", "number"}),
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {"min": {"type": "number"}, "max": {"type": "number"}},
        },
    ),
    Function(
        "pattern",
        _pattern,
        frozenset({"string"}),
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {"match": _TEXT, "notMatch": _TEXT},
        },
    ),
    Function(
        "casing",
        _casing,
        frozenset({"string"}),
        {
            "type": "object",
            "required": ["type"],
            "additionalProperties": False,
            "properties": {
                "type": {"enum": list(_CASES)},
                "disallowDigits": {"type": "boolean"},
                "separator": {
                    "type": "object",
                    "required": ["char"],
                    "additionalProperties": False,
                    "properties": {
                        "char": {"type": "string", "maxLength": 1},
                        "allowLeading": {"type": "boolean"},
                    },
                },
            },
        },
    ),
    Function(
        "alphabetical",
        _alphabetical,
        frozenset({"object", "array"}),
        {"type": ["object", "null"], "additionalProperties": False, "properties": {"keyedBy": _TEXT}},
    ),
    Function(
        "or", lambda value, options, _: _some(value, options, only_one=False), frozenset({"object"}), _PAIR
    ),
    Function(
        "xor", lambda value, options, _: _some(value, options, only_one=True), frozenset({"object"}), _PAIR
    ),
    Function(
        "unreferencedReusableObject",
        lambda value, options, context: orphans(value, str(options["reusableObjectsLocation"]), context),
        frozenset({"object"}),
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["reusableObjectsLocation"],
            "properties": {"reusableObjectsLocation": {"type": "string", "pattern": "^#(/|$)"}},
        },
    ),
    SCHEMA,
)
