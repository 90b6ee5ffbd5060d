"""Checks on the keywords of schemas: one table, keyword to check; each schema is looked at once.

What a schema's values are is the business of `values`; whether a keyword has the right type is the
meta-schema's: checks here pass over values of a wrong type.
"""

from __future__ import annotations

import json
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.explain import listed, shown
from apicontract.formats.openapi.validate.meaning.discriminators import discriminator
from apicontract.formats.openapi.validate.regex import flaw, runnable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import KeywordCheck, View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json


def check_keywords(view: View) -> Iterator[Finding]:
    """Every schema, and what looks like one in Swagger 2.0: parameters, headers, items."""
    kinds = ("schema", "parameter", "header", "items") if view.series == "2.0" else ("schema",)
    ignored = view.series in {"2.0", "3.0"}
    for kind in kinds:
        for node in view.nodes(kind):
            value = node.value
            if not isinstance(value, dict) or (ignored and "$ref" in value):
                continue
            for keyword, held in value.items():
                check = _CHECKS.get(keyword)
                if check is not None:
                    yield from check(node, held, view)


def _required(node: Node, held: Json, view: View) -> Iterator[Finding]:
    """Names that are required, and declared in no part of the schema, nor where it is a part of another."""
    if not isinstance(held, list) or node.kind != "schema":
        return
    own = node.fields.get("properties")
    if view.series == "2.0" and isinstance(own, dict):
        for name in dict.fromkeys(name for name in held if isinstance(name, str)):
            property_ = own.get(name)
            if isinstance(property_, dict) and property_.get("readOnly") is True:
                yield view.finding(
                    "read-only-required",
                    node,
                    "required",
                    held.index(name),
                    message=f"`{name}` is required, and readOnly",
                )
    names = dict.fromkeys(name for name in held if isinstance(name, str))
    absent = [name for name in names if not (isinstance(own, dict) and name in own)]
    if not absent:
        return
    for schema in _whole(node):
        known = view.declarations.of(schema)
        absent = [name for name in absent if name not in known.found]
        if not absent or not known.complete or not (known.found or schema.fields.get("type") == "object"):
            return
    if node.field in {"anyOf", "oneOf", "not", "if", "then", "else"}:
        return  # there a list of names says which ones come together, not what an object is
    one = len(absent) == 1
    yield view.finding(
        "required-undeclared",
        node,
        "required",
        message=f"{listed(absent, 'and')} {'is' if one else 'are'} required, but declared nowhere",
    )


def _whole(node: Node) -> Iterator[Node]:
    """A schema, and the ones that it is a part of (`allOf` and the like)."""
    for above in node.above():
        if above.kind != "schema":
            return
        yield above
        if above.field not in {
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
        }:
            return


_UPPER = {
    "minimum": ("maximum", "exclusiveMaximum"),
    "exclusiveMinimum": ("maximum", "exclusiveMaximum"),
    "minLength": ("maxLength",),
    "minItems": ("maxItems",),
    "minProperties": ("maxProperties",),
    "minContains": ("maxContains",),
}


def _bounds(keyword: str) -> KeywordCheck:
    def check(node: Node, held: Json, view: View) -> Iterator[Finding]:
        if isinstance(held, bool):
            yield from _exclusive(node, keyword, view)
        if not _number(held):
            return
        fields = node.fields
        for upper in _UPPER[keyword]:
            limit = fields.get(upper)
            if not _number(limit):
                continue
            strict = "xclusive" in keyword + upper or _flagged(fields, keyword, upper)
            nothing = held > limit or (strict and held == limit)  # type: ignore[operator]  # both are numbers
            if nothing or (fields.get("type") == "integer" and _no_integer(fields, keyword, upper)):
                left = "value" if nothing else "integer"
                yield view.finding(
                    "bounds-contradict",
                    node,
                    keyword,
                    message=f"`{keyword}: {shown(held)}` and `{upper}: {shown(limit)}` leave no {left}",
                )

    return check


def _no_integer(fields: dict[str, Json], lower: str, upper: str) -> bool:
    """Whether there is no integer between two bounds."""
    if lower not in _FLAGS and lower not in _FLAGS.values():
        return False
    least, most = Decimal(str(fields[lower])), Decimal(str(fields[upper]))
    first = least.to_integral_value(ROUND_CEILING)
    if first == least and (lower in _FLAGS or fields.get("exclusiveMinimum") is True):
        first += 1
    last = most.to_integral_value(ROUND_FLOOR)
    if last == most and (upper in _FLAGS or fields.get("exclusiveMaximum") is True):
        last -= 1
    return first > last


def _flagged(fields: dict[str, Json], lower: str, upper: str) -> bool:
    """Whether a bound is exclusive by the flags of draft 4 (OpenAPI 2.0 and 3.0)."""
    return (lower == "minimum" and fields.get("exclusiveMinimum") is True) or (
        upper == "maximum" and fields.get("exclusiveMaximum") is True
    )


def _number(value: Json) -> bool:
    return not isinstance(value, (bool, str, list, dict)) and value is not None


def _enum(node: Node, held: Json, view: View) -> Iterator[Finding]:
    """Values listed twice, or none (draft 4, section 5.5.1: MUST NOT; a SHOULD NOT from 3.0 on)."""
    old = view.series == "2.0"
    if held == [] and old:
        yield view.finding("wrong-size", node, "enum", message="`enum` is empty, and needs a value")
    if held == [] and view.series in {"3.1", "3.2"}:
        yield view.finding("schema-unsatisfiable", node, "enum", message="no value can fit an empty `enum`")
    seen: set[str] = set()
    for at, value in enumerate(held if isinstance(held, list) else ()):
        key = _identity(value)
        if key in seen:
            said = f"{shown(value)} is listed twice"
            yield view.finding("enum-duplicate", node, "enum", at, message=said, severe=old)
        seen.add(key)


def _identity(value: Json) -> str:
    """What equal values have in common: numbers by value, objects whatever the order of their names."""
    if isinstance(value, dict):
        members = sorted((json.dumps(name), _identity(held)) for name, held in value.items())
        return "{" + ",".join(f"{name}:{held}" for name, held in members) + "}"
    if isinstance(value, list):
        return f"[{','.join(map(_identity, value))}]"
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sign, digits, exponent = Decimal(str(value)).as_tuple()
        written = "".join(map(str, digits)).lstrip("0")
        plain = written.rstrip("0")
        return f"{'-' * sign}{plain}e{int(exponent) + len(written) - len(plain)}" if plain else "0"
    return json.dumps(value)


def _type(node: Node, held: Json, view: View) -> Iterator[Finding]:
    """Arrays say what their items are (2.0 and 3.0, Schema Object: `items` MUST be present)."""
    if held == "array" and "items" not in node.fields and view.series in {"2.0", "3.0"}:
        yield view.finding("array-without-items", node, message="the type is array, but `items` is missing")


def _pattern(node: Node, held: Json, view: View) -> Iterator[Finding]:
    if isinstance(held, str):
        yield from _regex(held, node, ("pattern",), view)


def _patterns(node: Node, held: Json, view: View) -> Iterator[Finding]:
    for pattern in held if isinstance(held, dict) else ():
        yield from _regex(pattern, node, ("patternProperties", pattern), view)


def _regex(pattern: str, node: Node, tokens: tuple[str, ...], view: View) -> Iterator[Finding]:
    wrong = flaw(pattern)
    if wrong:
        yield view.finding("pattern-invalid", node, *tokens, message=f"the pattern {shown(pattern)} {wrong}")
    elif not runnable(pattern):
        yield view.finding(
            "pattern-not-portable",
            node,
            *tokens,
            message=f"the pattern {shown(pattern)} is refused by engines in Unicode mode (the flag `u`)",
        )


def _read_only(node: Node, held: Json, view: View) -> Iterator[Finding]:
    if held is True and node.fields.get("writeOnly") is True:
        yield view.finding(
            "read-only-and-write-only",
            node,
            message="it is both readOnly and writeOnly",
            warning=view.series != "3.0",  # only 3.0 forbids it
        )


def _nullable(node: Node, held: Json, view: View) -> Iterator[Finding]:
    if view.series in {"3.1", "3.2"}:
        yield view.finding(
            "keyword-ignored", node, "nullable", message=f"`nullable` has no meaning in OpenAPI {view.series}"
        )
    elif view.series == "3.0" and held is True and "type" not in node.fields:
        yield view.finding(
            "keyword-ignored",
            node,
            "nullable",
            message="`nullable` adds null to the `type` beside it, and there is none",  # 3.0.4, Schema Object
            advice="write the type, or `anyOf` with a branch of its own for null: `{enum: [null]}`",
        )


def _branches(node: Node, held: Json, view: View) -> Iterator[Finding]:
    """At least one branch (JSON Schema wright-00, 5.22 to 5.24); the meta-schema of 3.0 overlooks it."""
    if held == [] and view.series == "3.0":
        keyword = next(name for name in _COMBINING if node.fields.get(name) is held)
        yield view.finding(
            "wrong-size", node, keyword, message=f"`{keyword}` of the schema is empty, and needs a branch"
        )


def _exclusive(node: Node, flag: str, view: View) -> Iterator[Finding]:
    """An exclusive flag has a bound to apply to (JSON Schema draft 4, sections 5.1.2 and 5.1.3)."""
    bound = _FLAGS.get(flag)
    if bound is not None and bound not in node.fields and view.series in {"2.0", "3.0"}:
        yield view.finding(
            "exclusive-without-bound",
            node,
            flag,
            message=f"`{flag}` says how `{bound}` is meant, which is missing",
        )


def _exclusive_maximum(node: Node, held: Json, view: View) -> Iterator[Finding]:
    if isinstance(held, bool):
        yield from _exclusive(node, "exclusiveMaximum", view)


_FLAGS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_COMBINING = ("allOf", "anyOf", "oneOf")
_CHECKS: dict[str, KeywordCheck] = {
    **dict.fromkeys(_COMBINING, _branches),
    **{keyword: _bounds(keyword) for keyword in _UPPER},
    "exclusiveMaximum": _exclusive_maximum,
    "required": _required,
    "enum": _enum,
    "type": _type,
    "pattern": _pattern,
    "patternProperties": _patterns,
    "discriminator": discriminator,
    "readOnly": _read_only,
    "nullable": _nullable,
}
