"""Values in messages: dates, money, numbers, nulls, and what says nothing at all."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import remedies
from apicontract.formats.openapi.lint.lint_rule import NAMED, LintRule, Problem
from apicontract.formats.openapi.lint.words import words
from apicontract.formats.openapi.validate.rules.documents import operated, schemed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_MOMENTS = frozenset({"at", "date", "datetime", "timestamp"})
# RFC 3339, section 5.6.
_FORMS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(
        r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
    ),
}
_SAFE = 2**53 - 1  # the largest integer that a double holds exactly, with all below it (RFC 8259, section 6)
_LARGE_FORMATS = frozenset({"int64", "uint64", "long"})
_SPEAKING = frozenset(
    {
        "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if", "enum", "const", "type", "properties",
        "items", "additionalProperties", "patternProperties", "prefixItems", "format", "pattern",
        "x-extensible-enum",
    }
)  # fmt: skip
_JOINTS = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else"})
_OBJECT_SPEAKING = frozenset(
    {
        "properties", "additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf", "not", "if",
        "enum", "const", "$ref", "unevaluatedProperties", "dependentSchemas", "maxProperties",
    }
)  # fmt: skip


@lru_cache(maxsize=65536)
def _is_moment(name: str) -> bool:
    parts = words(name)
    return bool(parts) and parts[-1] in _MOMENTS and (len(parts) > 1 or parts[0] != "at")


def _undated(node: Node, facts: Facts) -> Iterator[Problem]:
    """A string that is called a date and may be anything."""
    for name, held in facts.called(node, _is_moment):
        schema = facts.shape(held.followed())
        said = {"format", "pattern", "enum", "const", "oneOf", "anyOf"} & {*schema.fields, *held.fields}
        if not said and "string" in facts.types(schema) and not _said_beside(held, name, facts):
            remedy = remedies.said(held, facts, "format", meant) if (meant := _meant(name, schema)) else ()
            yield Problem(held.place(), f"`{name}` is a date by name, and any string fits", remedy=remedy)


def _meant(name: str, schema: Node) -> str:
    """`date` or `date-time`, by what is shown of the values, else by the name; empty if neither fits."""
    listed = schema.fields.get("examples")
    shown = [schema.fields.get("example"), schema.fields.get("default")]
    texts = [one for one in (*shown, *(listed if isinstance(listed, list) else ())) if isinstance(one, str)]
    if not texts:
        return "date" if words(name)[-1] == "date" else "date-time"
    return next(
        (form for form, pattern in _FORMS.items() if all(pattern.fullmatch(text) for text in texts)), ""
    )


def _said_beside(held: Node, name: str, facts: Facts) -> bool:
    """Whether a schema that applies too, by the same `allOf`, says of which format the property is."""
    part = held.parent
    whole = part.parent if part is not None and part.field == "allOf" else None
    beside = [one.followed() for one in (facts.parts(whole) if whole is not None else ())]
    return any(
        "format" in one.followed().fields
        for two in beside
        for one in two.all("properties")
        if one.key == name
    )


def _counted_date(node: Node, facts: Facts) -> Iterator[Problem]:
    for name, held in facts.called(node, _is_moment):
        types = facts.types(facts.shape(held.followed()))
        if types & {"integer", "number"} and "string" not in types:
            yield Problem(held.place(), f"`{name}` is a number: seconds or milliseconds, since when?")


def _float_money(node: Node, facts: Facts) -> Iterator[Problem]:
    for name, held in facts.called(node, lambda name: bool(facts.settings.money_words & {*words(name)[-1:]})):
        schema = facts.shape(held.followed())
        if "number" in facts.types(schema) and schema.fields.get("format") != "decimal":
            yield Problem(held.place(), f"`{name}` is money in binary floating point, and names no currency")


def _large_integer(node: Node, facts: Facts) -> Iterator[Problem]:
    """An integer in JSON that JavaScript and others read as a double and round."""
    fields = node.fields
    if "integer" not in facts.types(node) or node.parent is None:
        return
    most = fields.get("maximum")
    if isinstance(most, int | float | Decimal) and most <= _SAFE:
        return
    if node.text("format") in _LARGE_FORMATS or isinstance(most, int | float | Decimal):
        yield Problem(node.place(), f"`{node.key}` may be too large for a double, and JavaScript rounds it")


def _null_boolean(node: Node, facts: Facts) -> Iterator[Problem]:
    for held in facts.nullable_properties(node):
        if facts.types(held) - {"null"} == {"boolean"}:
            yield Problem(held.place(), f"`{held.key}` is true, false or null")


def _null_array(node: Node, facts: Facts) -> Iterator[Problem]:
    for held in facts.nullable_properties(node):
        if facts.types(held) - {"null"} == {"array"}:
            yield Problem(held.place(), f"`{held.key}` may be null, and may be empty")


def _null_and_absent(node: Node, facts: Facts) -> Iterator[Problem]:
    required = facts.required(node)
    for held in facts.nullable_properties(node):
        if held.key not in required:
            yield Problem(held.place(), f"`{held.key}` may be null, and may be left out")


def _sizeless(node: Node, facts: Facts) -> Iterator[Problem]:
    fields = node.fields
    numeric = facts.types(node) & {"integer", "number"}
    if numeric and node.field != "allOf" and not {"format", "enum", "const"} & fields.keys():
        yield Problem(node.place(), f"nothing says how large or exact `{node.key}` is")


def _silent(node: Node, _: Facts) -> Iterator[Problem]:
    """A property, entry or body that anything fits: no type, no reference, no values."""
    for held in node.children:
        if not _SPEAKING.isdisjoint(held.fields) or held.kind != "schema" or not isinstance(held.value, dict):
            continue
        what = {"properties": f"`{held.key}`", "items": "an entry", "schema": "the value"}.get(held.tokens[0])
        if what and not any(
            above.field in _JOINTS for above in node.above()
        ):  # there another part may say it
            yield Problem(held.place(), f"anything fits {what}")


def _free_object(node: Node, facts: Facts) -> Iterator[Problem]:
    joined = node.field in _JOINTS
    silent = not joined and not _OBJECT_SPEAKING & node.fields.keys()
    if silent and "object" in facts.types(node):
        yield Problem(node.place(), f"any object fits `{node.key}`")


def _number_enum(node: Node, _: Facts) -> Iterator[Problem]:
    values = node.fields.get("enum")
    named = {
        "x-enum-varnames",
        "x-enumNames",
        "x-enum-descriptions",
        "x-enumDescriptions",
    } & node.fields.keys()
    if not isinstance(values, list) or len(values) == 1 or named:
        return
    if values and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values
    ):
        listed = ", ".join(map(str, values[:4]))
        yield Problem(node.place("enum"), f"nothing says what {listed} mean")


def _nested_parameter(node: Node, facts: Facts) -> Iterator[Problem]:
    """A parameter of things in things, for which no style says how it is written."""
    if facts.series == "2.0" or node.only("schema") is None:
        return
    schema = facts.shape(node)
    inner = [held.followed() for held in schema.all("items")] + list(facts.properties(schema).values())
    for held in inner:
        if facts.types(held) & {"array", "object"}:
            name = node.fields.get("name")
            yield Problem(node.place("schema"), f"nothing says how the inner values of `{name}` are written")
            return


def _held(schema: str, required: str = "") -> str:
    return schemed(f"Order: {{type: object, {required}properties: {{{schema}}}}}")


def _asked(parameter: str) -> str:
    return operated(f"parameters: [{{name: filter, in: query, {parameter}}}]", method="delete")


_DAY = "{type: string, format: date-time}"
_INNER = "{type: object, additionalProperties: false, properties: {tags: {type: array, maxItems: 9, items: {type: boolean}}}}"

RULES = (
    LintRule(
        FindingRule(
            "date-without-format",
            "What is called a date may be any string.",
            Severity.WARNING,
            "One service writes 01/02/2026, another 2026-02-01, and the schema accepts both.",
            "Give it `format: date-time` or `format: date` (RFC 3339).",
            _held("createdAt: {type: string}"),
            _held(f"createdAt: {_DAY}"),
            category="design",
            fix=Fix.UNSAFE,
            mends="Adds the format that the examples have, or else `date` to what is called a date and "
            "`date-time` to moments.",
            references=("zalando:169", "rfc:3339#5.6", "aip:142"),
        ),
        ("document", "parameter"),
        _undated,
        having=NAMED,
    ),
    LintRule(
        FindingRule(
            "date-as-number",
            "A date is a number.",
            Severity.INFO,
            "Seconds and milliseconds look alike and differ by a factor of a thousand; nobody can read either.",
            "Use a string with `format: date-time` (RFC 3339).",
            _held("createdAt: {type: integer, format: int32}"),
            _held(f"createdAt: {_DAY}"),
            category="design",
            references=("zalando:169", "rfc:3339#5.6", "aip:142"),
        ),
        ("document", "parameter"),
        _counted_date,
        having=NAMED,
    ),
    LintRule(
        FindingRule(
            "money-as-float",
            "Money is a floating-point number.",
            Severity.WARNING,
            "In binary 0.1 + 0.2 is not 0.3: sums drift, and a number alone names no currency.",
            "Use an object of a decimal string (or minor units as an integer) and an ISO 4217 currency.",
            _held("totalPrice: {type: number, format: double}"),
            _held("totalPrice: {type: object, properties: {minorUnits: {type: integer, format: int32}}}"),
            category="design",
            references=("zalando:173", "aip:213"),
        ),
        ("document", "parameter"),
        _float_money,
        having=NAMED,
    ),
    LintRule(
        FindingRule(
            "integer-beyond-double",
            "An integer may be too large for JavaScript.",
            Severity.INFO,
            "JavaScript and many JSON readers hold numbers as doubles: above 2⁵³ two ids become one.",
            "Set `maximum: 9007199254740991`, or send it as a string.",
            _held("number: {type: integer, format: int64}"),
            _held("number: {type: integer, format: int64, maximum: 9007199254740991}"),
            category="design",
            tier=Tier.ALL,
            references=("rfc:8259#6", "rfc:7493#2.2"),
        ),
        ("schema",),
        _large_integer,
        having=("format", "maximum"),
    ),
    LintRule(
        FindingRule(
            "boolean-nullable",
            "A boolean may be null.",
            Severity.INFO,
            "It has three values, and many languages take the third for false.",
            "Leave null out, or use an enum that names the third value.",
            _held("paid: {type: boolean, nullable: true}", "required: [paid], "),
            _held("paid: {type: boolean}"),
            category="design",
            references=("zalando:122",),
        ),
        ("schema",),
        _null_boolean,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "array-nullable",
            "An array may be null.",
            Severity.INFO,
            "Null and the empty list mean the same to most, and every reader must handle both.",
            "Leave null out; an empty list says that there is nothing.",
            _held("lines: {type: array, nullable: true, items: {type: boolean}}", "required: [lines], "),
            _held("lines: {type: array, items: {type: boolean}}"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:124",),
        ),
        ("schema",),
        _null_array,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "null-and-absent",
            "A property may be null, and may be left out.",
            Severity.INFO,
            "Whether the two mean the same is left to each reader; many languages cannot tell them apart.",
            "Require the property, or leave null out. In a merge patch both have a meaning: ignore the rule there.",
            _held("note: {type: string, nullable: true}"),
            _held("note: {type: string}"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:123",),
        ),
        ("schema",),
        _null_and_absent,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "number-without-format",
            "A number has no format.",
            Severity.INFO,
            "Generators choose 32 bits or 64, float or decimal, each as it likes.",
            "Give it a format: `int32`, `int64`, `float`, `double`, `decimal`.",
            _held("count: {type: integer}"),
            _held("count: {type: integer, format: int32}"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:171", "spectral:owasp:api4:2023-integer-format"),
        ),
        ("schema",),
        _sizeless,
        having=("type",),
    ),
    LintRule(
        FindingRule(
            "schema-says-nothing",
            "A schema says nothing: anything fits.",
            Severity.INFO,
            "Nobody can generate, test or compare what nobody described.",
            "Say what it is; where it truly may be anything, list the types it may have.",
            _held("note: {description: A note}"),
            _held("note: {description: A note, type: string}"),
            category="design",
            references=("zalando:101",),
        ),
        ("schema", "media-type", "parameter"),
        _silent,
        having=("properties", "items", "schema"),
    ),
    LintRule(
        FindingRule(
            "object-without-properties",
            "An object has no properties: any object fits.",
            Severity.INFO,
            "Readers learn its shape from examples, and nothing notices when it changes.",
            "Declare its properties; for a map, say in `additionalProperties` what its values are.",
            _held("labels: {type: object}"),
            _held("labels: {type: object, additionalProperties: {type: boolean}}"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:216",),
        ),
        ("schema",),
        _free_object,
        having=("type",),
    ),
    LintRule(
        FindingRule(
            "enum-of-numbers",
            "The values of an enum are numbers that nothing explains.",
            Severity.INFO,
            "Nobody knows what 3 means, and code is full of numbers until someone finds out.",
            "Use strings that say what they mean.",
            _held("state: {type: integer, enum: [1, 2, 3]}"),
            _held("state: {type: string, enum: [OPEN, PAID, SENT]}"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:125", "aip:126"),
        ),
        ("schema", "parameter", "items"),
        _number_enum,
        having=("enum",),
    ),
    LintRule(
        FindingRule(
            "parameter-nested",
            "A parameter holds lists or objects inside others.",
            Severity.WARNING,
            "No style of OpenAPI says how inner values are written: every client writes them differently.",
            "Flatten it, send it in a body, or describe it by `content` with JSON.",
            _asked(f"style: deepObject, explode: true, schema: {_INNER}"),
            _asked(f"content: {{application/json: {{schema: {_INNER}}}}}"),
            category="design",
            references=("oas:3.1.1#style-values",),
        ),
        ("parameter",),
        _nested_parameter,
        having=("schema",),
    ),
)
