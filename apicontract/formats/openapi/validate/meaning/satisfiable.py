"""Schemas that no value fits, where that is proven: contradicting parts, and values that contain themselves.

A contradiction in a property that may be left out does not make the object around it impossible, so
each is reported where it stands, innermost first. Only schemas whose parts can contradict are tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.meaning.circles import applied, circles
from apicontract.formats.openapi.validate.plain import Plain
from apicontract.schemas import Budget, PlainScope, Schema, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

# Keywords that may contradict others of the same schema; an empty set means any.
_MAY_CONTRADICT: dict[str, frozenset[str]] = {
    "allOf": frozenset(),
    "not": frozenset(),
    "$ref": frozenset(),
    "pattern": frozenset({"minLength", "maxLength", "format"}),
    "multipleOf": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "uniqueItems": frozenset({"minItems"}),
    "contains": frozenset({"maxItems", "items", "prefixItems"}),
    "required": frozenset({"maxProperties", "propertyNames"}),
    "minProperties": frozenset({"propertyNames"}),
}
# Steps for all questions of a contract together, and for one. Whether a schema is empty can be as hard as any
# puzzle: questions that people mean take some ten steps, and what is not decided is not reported.
_STEPS, _MOST_STEPS, _LEAST_STEPS = 200_000, 5_000, 100
_COMPARED = 50  # branches of a `oneOf` that are compared with each other


def check_satisfiable(view: View) -> Iterator[Finding]:
    """Every schema that provably accepts nothing, though it does not say so."""
    schemas, references = view.nodes("schema"), view.walk.referring("schema")
    endless = {id(node) for group in circles(references, applied) for node in group}
    needing = {
        id(node): node
        for group in circles(references, _musts)
        for node in group
        if node.target is None and not node.key.isdigit() and node.field not in {"properties", "items"}
    }
    suspects = [node for node in reversed(schemas) if id(node) not in endless and _may_contradict(node, view)]
    suspects += [node for node in needing.values() if id(node) not in endless]
    if not suspects:
        return
    asked = _Questions(view, len(suspects))
    reported: set[int] = set()
    for node in suspects:
        if id(node) not in reported and asked.impossible(node):
            reported.update(id(above) for above in node.above())
            why = "it needs itself without end" if id(node) in needing else "its parts contradict each other"
            yield view.finding("schema-unsatisfiable", node, message=f"no value can fit this schema: {why}")


class _Questions:
    """All schemas of a contract in one scope, so that what is worked out for one serves the others."""

    def __init__(self, view: View, count: int) -> None:
        self._plain = Plain(view.series, [])
        steps = max(_LEAST_STEPS, min(_MOST_STEPS, _STEPS // count))
        self._session = Session(budget=Budget(steps=steps))
        self._scope = PlainScope({"$defs": self._plain.definitions})

    def impossible(self, node: Node) -> bool:
        """Whether nothing fits a schema, as far as the budget of one question shows."""
        name = self._plain.define(node, "any")
        schema = Schema(self._plain.definitions[name], self._scope, f"/$defs/{name}")
        return self._session.is_empty(schema) is True


def _may_contradict(node: Node, view: View) -> bool:
    fields = node.value
    if not isinstance(fields, dict) or not fields:
        return False
    if "$ref" in fields and (len(fields) == 1 or view.series in {"2.0", "3.0"}):
        return False
    if fields.get("not") in ({}, True):
        return False  # that says plainly that nothing fits
    return any(
        keyword in fields and (not others or not others.isdisjoint(fields))
        for keyword, others in _MAY_CONTRADICT.items()
    ) or _leaves_little(fields)


def _leaves_little(fields: dict[str, Json]) -> bool:
    """Whether something is asked for that the same schema may rule out by a narrow range or by `false`."""
    known = fields.get("properties")
    declared = known if isinstance(known, dict) else {}
    asked = fields.get("required")
    names = [name for name in asked if isinstance(name, str)] if isinstance(asked, list) else []
    closed = fields.get("additionalProperties") is False
    branches = fields.get("oneOf")
    return (
        any(declared.get(name, not closed) is False for name in names)
        or (closed and "minProperties" in fields)
        or (fields.get("items") is False and "minItems" in fields)
        or (isinstance(branches, list) and len(branches) <= _COMPARED and _has_equal(branches))
    )


def _has_equal(values: list[Json]) -> bool:
    return any(value == other for at, value in enumerate(values) for other in values[:at])


def _musts(node: Node) -> list[Node]:
    """What every value of a schema fits or contains: its target, parts, required properties and items."""
    fields = node.fields
    required = fields.get("required")
    names = {name for name in required if isinstance(name, str)} if isinstance(required, list) else ()
    below = [
        child
        for child in node.children
        if child.field == "allOf" or (child.field == "properties" and child.key in names)
    ]
    least = fields.get("minItems")
    if fields.get("type") == "array" and isinstance(least, int) and least > 0:
        below += [child for child in node.children if child.tokens in (("items",), ("prefixItems", "0"))]
    return [*below, node.target] if node.target is not None else below
