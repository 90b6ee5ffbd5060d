"""The function `schema`, and what Spectral says where a value does not fit: Ajv's words, in Ajv's order.

jsonschema-rs decides; here its errors are put in the order in which Ajv meets them, of which Spectral shows
the first alone unless `allErrors` is set, and into Ajv's words (its documentation, "Error objects").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs

from apicontract.formats.openapi.lint.spectral.model import Context, Function, Result
from apicontract.formats.openapi.lint.spectral.values import UNDEFINED, kind, text, written
from apicontract.sources.pointers import look_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from apicontract.sources import Json

_DRAFTS = {
    "draft4": jsonschema_rs.Draft4Validator,
    "draft6": jsonschema_rs.Draft6Validator,
    "draft7": jsonschema_rs.Draft7Validator,
    "draft2019-09": jsonschema_rs.Draft201909Validator,
    "draft2020-12": jsonschema_rs.Draft202012Validator,
}
_SAID = re.compile(
    r"https?://json-schema\.org/(?:draft-0([467])|draft/(20(?:19-09|20-12)))/(?:hyper-)?schema#?"
)
_LIMIT = 1_000_000
_REFERENCE = "$ref"
# The order in which Ajv asks: the type, then what is about numbers, texts, anything, lists, objects.
_ORDER = {
    name: at
    for at, name in enumerate(
        [
            "type", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf", "maxLength",
            "minLength", "pattern", "format", "$ref", "$dynamicRef", "const", "enum", "not", "anyOf", "oneOf",
            "allOf", "if", "then", "else", "maxItems", "minItems", "uniqueItems", "additionalItems",
            "prefixItems", "items", "contains", "unevaluatedItems",
            "maxProperties", "minProperties", "required",
            "dependentRequired", "propertyNames", "additionalProperties", "dependencies", "properties",
            "patternProperties", "dependentSchemas", "unevaluatedProperties",
        ]
    )
}  # fmt: skip


_Positions = dict[int, dict[str, int]]  # by the identity of an object: at which place each of its keys stands


class Complaint(NamedTuple):
    """One error as Ajv has it. at: the keys to the value; rank: its place in Ajv's order."""

    keyword: str
    at: tuple[str, ...]
    message: str
    rank: tuple[tuple[int, int], ...]
    choices: tuple[Json, ...] = ()
    passing: bool = False  # of `oneOf`: more than one fits
    extra: str = ""
    branches: tuple[tuple[Complaint, ...], ...] = ()


def compiled(schema: Json, dialect: str) -> jsonschema_rs.Validator:
    """A schema made ready. ValueError if it is none."""
    return _DRAFTS.get(dialect, jsonschema_rs.Draft7Validator)(
        schema,  # type: ignore[arg-type]  # an object
        validate_formats=True,
        pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=_LIMIT),
    )


def complaints(schema: Json, errors: Iterable[jsonschema_rs.ValidationError]) -> list[Complaint]:
    """Errors in Ajv's words, in the order in which Ajv meets them."""
    order: _Positions = {}
    return sorted(
        (each for error in errors for each in _of(error, schema, order)), key=lambda each: each.rank
    )


def first_only(found: Sequence[Complaint]) -> list[Complaint]:
    """What Ajv says when it stops at the first: of alternatives, what each complains of first, too."""
    if not found:
        return []
    return [*(one for branch in found[0].branches for one in first_only(branch)), found[0]]


def said(found: Sequence[Complaint], value: object, name: str | None) -> Iterator[Result]:
    """What Spectral shows of complaints about a value; `name` is the last key to it, if there is one."""
    unmatched = {
        each.at: each.keyword for each in found if each.keyword in ("anyOf", "oneOf") and not each.passing
    }
    if any(each.keyword in ("anyOf", "oneOf") for each in found) and len({each.at for each in found}) > 1:
        deeper = {
            each.at
            for each in found
            if any(o.at[: len(each.at)] == each.at and o.at != each.at for o in found)
        }
        crowned = {each.at for each in found if each.keyword == "anyOf"} & deeper
        found = [each for each in found if each.at not in crowned]
    echoes = _echoes(found)
    told: set[tuple[tuple[str, ...], str]] = set()
    for each in (one for one in found if one.at not in echoes):
        shown = _shown(each, value, name)
        if each.at and each.at[-1].isdigit():
            shown = _item(shown, each.at[-1])
        keyword = unmatched.get(each.at)
        if keyword and shown.endswith(f" in {keyword}"):
            shown += ". None of the schemas matched, see the other errors reported for this value"
        if (each.at, shown) not in told:
            told.add((each.at, shown))
            yield Result(shown, each.at)


def _echoes(found: Sequence[Complaint]) -> set[tuple[str, ...]]:
    """Values of which only an enum complains, beside others with complaints: Spectral drops those."""
    places = list(dict.fromkeys(each.at for each in found))
    there = {at[:end] or ("",) for at in places for end in (range(1, len(at) + 1) if at else (0,))}
    dropped: set[tuple[str, ...]] = set()
    for at in places:
        only = all(each.keyword == "enum" for each in found if each.at == at)
        beside = {one for one in there - dropped if one[:-1] == at[:-1] and one != at}
        if at and only and beside:
            dropped.add(at)
    return dropped


def _shown(each: Complaint, value: object, name: str | None) -> str:
    last = each.at[-1] if each.at else name
    if each.keyword == "additionalProperties":
        return f'Property "{each.extra}" is not expected to be here'
    if each.keyword == "type":
        return f'"{last}" property type {each.message}' if last is not None else f"Value type {each.message}"
    who = f'"{last}" property' if last is not None else kind(value).capitalize()
    if each.keyword == "enum":
        near = nearest(_reached(value, each.at), each.choices)
        listed = ", ".join(written(one) for one in each.choices)
        return f"{who} {each.message}: {listed}" + (f'. Did you mean "{near}"?' if near is not None else "")
    return f"{who} {each.message}"


def _item(shown: str, index: str) -> str:
    for start in (f'"{index}" property type', f'"{index}" property'):
        if shown.startswith(start):
            return f"Item at index {index}{shown[len(start) :]}"
    return shown


def _reached(value: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key, UNDEFINED)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
    return value


def nearest(value: object, choices: Sequence[Json]) -> str | None:
    """The choice that Spectral suggests for a text: that with the least edits, if fewer than its letters."""
    words = [one for one in choices if isinstance(one, str)]
    if not isinstance(value, str) or not words:
        return None
    best = min(words, key=lambda word: _edits(word, value))
    return best if len(choices) == 1 or _edits(best, value) < len(best) else None


def _edits(one: str, other: str) -> int:
    before = list(range(len(other) + 1))
    for at, a in enumerate(one, 1):
        row = [at]
        for place, b in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (a != b)))
        before = row
    return before[-1]


def _of(error: jsonschema_rs.ValidationError, schema: Json, order: _Positions) -> Iterator[Complaint]:
    kind_ = error.kind
    keyword = kind_.name
    at = tuple(str(token) for token in error.instance_path)
    rank = _rank(error.evaluation_path, schema, at, order)
    detail = kind_.as_dict()
    if keyword == "additionalProperties":
        for name in detail["unexpected"]:
            yield Complaint(keyword, at, "must NOT have additional properties", rank, extra=name)
        return
    if keyword in ("anyOf", "oneOf", "oneOfMultipleValid", "oneOfNotValid"):
        several = "ultiple" in keyword or "more than one" in error.message
        word = "anyOf" if keyword == "anyOf" else "oneOf"
        said_ = (
            "must match a schema in anyOf" if word == "anyOf" else "must match exactly one schema in oneOf"
        )
        branches = tuple(tuple(complaints(schema, one)) for one in detail.get("context", ()) if not several)
        yield Complaint(word, at, said_, rank, passing=several, branches=branches)
        return
    choices = detail.get("options", ()) if keyword == "enum" else ()
    yield Complaint(
        keyword,
        at,
        _words(keyword, error, detail).replace("'", '"').replace("NOT", "not"),
        rank,
        tuple(choices),
    )


def _rank(
    path: Sequence[str | int], schema: Json, at: tuple[str, ...], order: _Positions
) -> tuple[tuple[int, int], ...]:
    rank: list[tuple[int, int]] = []
    held: Json = schema
    for token in path:
        position = 0
        if isinstance(held, dict):
            if id(held) not in order:
                order[id(held)] = {name: place for place, name in enumerate(held)}
            position = order[id(held)].get(str(token), 0)
            held = held.get(str(token))
            if str(token) == _REFERENCE and isinstance(held, str):
                held = _referred(schema, held)
        elif isinstance(held, list) and isinstance(token, int):
            position, held = token, held[token] if token < len(held) else None
        rank.append((_ORDER.get(str(token), len(_ORDER)), position))
    return (*rank, *((0, int(one)) if one.isdigit() else (0, 0) for one in at))


def _referred(schema: Json, ref: str) -> Json:
    """What a reference within a schema leads to; None if it is none."""
    try:
        return look_up(schema, ref.removeprefix("#")) if ref.startswith("#") else None
    except KeyError:
        return None


def _words(keyword: str, error: jsonschema_rs.ValidationError, detail: Mapping[str, Json]) -> str:  # noqa: PLR0911  # a sentence each
    limit = text(detail.get("limit", ""))
    table = {
        "maximum": f"must be <= {limit}",
        "minimum": f"must be >= {limit}",
        "exclusiveMaximum": f"must be < {limit}",
        "exclusiveMinimum": f"must be > {limit}",
        "multipleOf": f"must be multiple of {text(detail.get('multiple_of', ''))}",
        "maxLength": f"must NOT have more than {limit} characters",
        "minLength": f"must NOT have fewer than {limit} characters",
        "maxItems": f"must NOT have more than {limit} items",
        "minItems": f"must NOT have fewer than {limit} items",
        "maxProperties": f"must NOT have more than {limit} properties",
        "minProperties": f"must NOT have fewer than {limit} properties",
        "additionalItems": f"must NOT have more than {limit} items",
        "const": "must be equal to constant",
        "enum": "must be equal to one of the allowed values",
        "not": "must NOT be valid",
        "falseSchema": "boolean schema is false",
        "contains": "must contain at least 1 valid item(s)",
        "propertyNames": "property name must be valid",
        "unevaluatedProperties": "must NOT have unevaluated properties",
    }
    if keyword in table:
        return table[keyword]
    if keyword == "type":
        types = detail.get("types") or detail.get("type") or ()
        listed = [text(one) for one in (types if isinstance(types, list | tuple) else [types])]
        listed.sort(key=lambda one: one == "null")
        return f"must be {','.join(listed)}"
    if keyword == "required":
        return f"must have required property '{detail.get('property', '')}'"
    if keyword == "pattern":
        return f'must match pattern "{detail.get("pattern", "")}"'
    if keyword == "format":
        return f'must match format "{detail.get("format", "")}"'
    if keyword == "uniqueItems":
        return f"must NOT have duplicate items ({_twins(error.instance)})"
    return error.message


def _twins(items: object) -> str:
    """Which two items are the same: the last that repeats one, and the nearest before it."""
    listed = items if isinstance(items, list) else []
    for at in range(len(listed) - 1, 0, -1):
        for before in range(at - 1, -1, -1):
            if _same(listed[at], listed[before]):
                return f"items ## {before} and {at} are identical"
    return "items"


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


_READY: dict[int, tuple[object, jsonschema_rs.Validator | str]] = {}


def _ready(schema: Json, dialect: str) -> jsonschema_rs.Validator | str:
    """A schema of a ruleset made ready once, or what is wrong with it."""
    known = _READY.get(id(schema))
    if known is None or known[0] is not schema:
        try:
            made: jsonschema_rs.Validator | str = compiled(schema, dialect)
        except ValueError as error:
            made = str(error)
        known = _READY[id(schema)] = (schema, made)
    return known[1]


def detected(schema: Json) -> str:
    """The draft that a schema says it is of; draft 7 where it says nothing."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    match = _SAID.fullmatch(named) if isinstance(named, str) else None
    return f"draft{match[1] or match[2]}" if match else "draft7"


def check(value: object, schema: Json, dialect: str, context: Context, *, every: bool) -> Iterator[Result]:
    """What Spectral's `schema` says of a value."""
    if value is UNDEFINED:
        yield Result('#{{print("property")}}must exist')
        return
    validator = _ready(schema, dialect)
    if isinstance(validator, str):
        yield Result(validator)
        return
    whole = context.documents.whole(value, context.document) if context.resolved else value
    if validator.is_valid(whole):
        return
    found = complaints(schema, validator.iter_errors(whole))
    names = context.path_names()
    yield from said(found if every else first_only(found), whole, names[-1] if names else None)


def _schema(value: object, options: Mapping[str, Json], context: Context) -> Iterator[Result]:
    return check(value, options["schema"], _dialect(options), context, every=options.get("allErrors") is True)


def _dialect(options: Mapping[str, Json]) -> str:
    asked = str(options.get("dialect", "auto"))
    return detected(options["schema"]) if asked == "auto" else asked


def fault(options: Mapping[str, Json]) -> str:
    """What is wrong with the schema in the options of `schema`, in a line; empty if it can be run."""
    ready = _ready(options["schema"], _dialect(options))
    return ready.strip().partition("\n")[0] if isinstance(ready, str) else ""


SCHEMA = Function(
    "schema",
    _schema,
    options={
        "type": "object",
        "required": ["schema"],
        "additionalProperties": False,
        "properties": {
            "schema": {"type": "object"},
            "dialect": {"enum": ["auto", *_DRAFTS]},
            "allErrors": {"type": "boolean"},
        },
    },
)
