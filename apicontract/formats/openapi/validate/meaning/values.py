"""Checks on values: defaults, enum members, constants and examples fit their schemas.

All values of a contract that flow the same way are run against one compiled schema at once.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsonschema_rs

from apicontract.formats.openapi.validate.crowding import crowded
from apicontract.formats.openapi.validate.explain import Problem, explain
from apicontract.formats.openapi.validate.fitting import Fitting
from apicontract.formats.openapi.validate.plain import FORMATS, Plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.fitting import Formats
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

_FLOWS = {"request-body": "request", "parameter": "request", "response": "response", "header": "response"}
_CLASSES: dict[str, type] = {"string": str, "boolean": bool}
# Keywords beside which a value of the right type fits.
_NOTES = ("description", "title", "default", "example", "deprecated", "readOnly", "writeOnly")
_HARMLESS = frozenset({"type", "nullable", "format", *_NOTES})


_SINGLE = {
    "default": ("default-mismatch", "the default"),
    "example": ("example-mismatch", "the example"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that claims to fit a schema; `ignoring` names keywords of the schema that do not count."""

    rule: str
    what: str
    schema: Node
    value: Json
    node: Node
    tokens: tuple[str, ...]
    flow: str = "any"
    ignoring: tuple[str, ...] = ()


def check_values(view: View) -> Iterator[Finding]:
    """Every value of the contract that does not fit its schema."""
    claims = list(_claims(view))
    schemas = view.nodes("schema")
    for claim, problems in _run(claims, Plain(view.series, schemas), crowded(schemas)):
        first = min(problems, key=lambda problem: len(problem.path))
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        where = f"at `{'.'.join(first.path)}`: " if first.path else ""
        yield view.finding(
            claim.rule,
            claim.node,
            *claim.tokens,
            *first.path,
            message=f"{claim.what} does not fit its schema: {where}{first.message}{more}",
        )


def _run(claims: list[Claim], plain: Plain, slow: set[int]) -> Iterator[tuple[Claim, list[Problem]]]:
    schemas = [
        plain.without(claim.schema, *claim.ignoring)
        if claim.ignoring
        else plain.reference(claim.schema, claim.flow)
        for claim in claims
    ]
    remembering: Fitting | None = None
    quick = []
    for at, claim in enumerate(claims):
        if id(claim.schema) not in slow:
            quick.append(at)
            continue
        remembering = remembering or Fitting(plain.definitions, _FORMATS)
        problems = remembering.problems(schemas[at], claim.value)
        if problems:
            yield claim, problems
    for at, problems in _errors(quick, schemas, claims, plain.definitions).items():
        yield claims[at], problems


def _errors(
    chosen: list[int], schemas: list[Json], claims: list[Claim], definitions: dict[str, Json]
) -> dict[int, list[Problem]]:
    """The problems of some claims by their index; where they cannot be run together, each is run alone."""
    properties: dict[str, Json] = {f"v{at}": schemas[at] for at in chosen}
    instance: dict[str, Json] = {f"v{at}": claims[at].value for at in chosen}
    found: dict[int, list[Problem]] = {}
    try:
        validator = jsonschema_rs.Draft202012Validator(
            {"properties": properties, "$defs": definitions}, formats=_FORMATS, validate_formats=True
        )
        for problem in explain(validator.iter_errors(instance), instance):
            if problem.sort != "gave-up" and problem.path:
                at = int(problem.path[0][1:])
                found.setdefault(at, []).append(
                    Problem(problem.sort, problem.path[1:], problem.message, problem.name, problem.choices)
                )
    except (ValueError, OverflowError, RecursionError):
        middle = len(chosen) // 2
        if not middle:
            return {}
        halves = (chosen[:middle], chosen[middle:])
        return {
            at: problems
            for half in halves
            for at, problems in _errors(half, schemas, claims, definitions).items()
        }
    return found


def _base64(text: str) -> bool:
    try:
        base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_FORMATS: Formats = {"byte": _base64}


def _claims(view: View) -> Iterator[Claim]:
    for node in view.nodes("schema"):
        if isinstance(node.value, dict) and not _only_reference(node, view):
            yield from _of_schema(node, view)
    if view.series == "2.0":
        for kind in ("parameter", "header", "items"):
            for node in view.nodes(kind):
                yield from _of_schema(node, view)
        for node in view.nodes("response"):
            yield from _of_response(node)
        return
    for kind in ("media-type", "parameter", "header"):
        for node in view.nodes(kind):
            schema = node.only("schema")
            if schema is not None:
                yield from _of_holder(node, schema)


def _only_reference(node: Node, view: View) -> bool:
    return "$ref" in node.fields and view.series in {"2.0", "3.0"}


def _of_schema(node: Node, view: View) -> Iterator[Claim]:
    value = node.fields
    modern = view.series in {"3.1", "3.2"}
    plain = _plain_class(value)
    for field in _SINGLE if node.kind == "schema" else ("default",):
        if field in value and not (plain is not None and isinstance(value[field], plain)):
            rule, what = _SINGLE[field]
            yield Claim(rule, what, node, value[field], node, (field,))
    members = value.get("enum")
    if isinstance(members, list) and ("type" in value or not value.keys() <= _HARMLESS | {"enum"}):
        plain = _plain_class(value, "enum")
        for at, member in enumerate(members):
            if plain is None or not isinstance(member, plain):
                yield Claim(
                    "enum-value-mismatch",
                    "this value",
                    node,
                    member,
                    node,
                    ("enum", str(at)),
                    ignoring=("enum",),
                )
    if "const" in value and modern:
        yield Claim(
            "const-mismatch", "the constant", node, value["const"], node, ("const",), ignoring=("const",)
        )
    examples = value.get("examples")
    if isinstance(examples, list) and modern and node.kind == "schema":
        for at, example in enumerate(examples):
            yield Claim("example-mismatch", "the example", node, example, node, ("examples", str(at)))


def _plain_class(value: dict[str, Json], also: str = "") -> type | None:
    """The Python class of the values that fit a schema, where that is all there is to ask; most are so."""
    expected = _CLASSES.get(str(value.get("type")))
    if expected is None or not (value.keys() - {also}) <= _HARMLESS or str(value.get("format")) in FORMATS:
        return None
    return expected


def _of_response(node: Node) -> Iterator[Claim]:
    """The examples of a response of Swagger 2.0, by media type."""
    schema, examples = node.only("schema"), node.fields.get("examples")
    if schema is None or schema.fields.get("type") == "file":
        return
    for name, example in examples.items() if isinstance(examples, dict) else ():
        if _is_json(name):
            yield Claim(
                "example-mismatch", "the example", schema, example, node, ("examples", name), flow="response"
            )


def _of_holder(node: Node, schema: Node) -> Iterator[Claim]:
    """The example and examples of a media type, a parameter or a header."""
    flow = next((_FLOWS[above.kind] for above in node.above() if above.kind in _FLOWS), "any")
    text = node.kind == "media-type" and not _is_json(node.key)
    if "example" in node.fields:
        value = node.fields["example"]
        if not (text and isinstance(value, str)):
            yield Claim("example-mismatch", "the example", schema, value, node, ("example",), flow)
    for each in node.all("examples"):
        example = each.followed()
        for field in ("value", "dataValue"):
            if field not in example.fields or (text and isinstance(example.fields[field], str)):
                continue
            value = example.fields[field]
            yield Claim(
                "example-mismatch", f"the example `{each.key}`", schema, value, example, (field,), flow
            )


def _is_json(media_type: str) -> bool:
    plain = media_type.partition(";")[0].strip().lower()
    return plain.endswith(("/json", "+json")) or plain == "*/*"
