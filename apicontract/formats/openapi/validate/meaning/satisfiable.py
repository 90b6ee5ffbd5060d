"""Schemas that no value fits, where that is proven: parts of `allOf` and `not` that contradict each other.

A contradiction in a property that may be left out does not make the object around it impossible, so
each is reported where it stands, innermost first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs
from jsonschema_rs import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.plain import Plain
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.validate.walk import Node
    from apicontract.sources import Json

_COMBINING = frozenset({"allOf", "not"})
_MOST_DEFINITIONS = 200  # beyond that a schema is not tried


def check_satisfiable(view: View) -> Iterator[Finding]:
    """Every schema with `allOf` or `not` that provably accepts nothing."""
    plain = view.plain("any")
    reported: set[int] = set()
    for node in reversed(view.nodes("schema")):
        if (
            not _COMBINING & node.fields.keys()
            or node.fields.get("not") in ({}, True)
            or id(node) in reported
        ):
            continue
        if _impossible(node, plain):
            reported.update(id(above) for above in node.above())
            yield view.finding(
                "schema-unsatisfiable", node, message="no value can fit this schema: its parts contradict"
            )


def _impossible(node: Node, plain: Plain) -> bool:
    schema = plain.without(node)
    if not isinstance(schema, dict):
        return False
    needed = _needed(schema, plain.definitions)
    if len(needed) > _MOST_DEFINITIONS:
        return False
    try:
        form = jsonschema_rs.canonicalize({**schema, "$defs": needed} if needed else schema)
        return form.satisfiability() == canonical.Satisfiability.NO
    except (ValueError, OverflowError, RecursionError):
        return False


def _needed(schema: Json, definitions: dict[str, Json]) -> dict[str, Json]:
    """The definitions that a schema refers to, directly or not."""
    needed: dict[str, Json] = {}
    waiting = [schema]
    while waiting and len(needed) <= _MOST_DEFINITIONS:
        held = waiting.pop()
        if isinstance(held, list):
            waiting.extend(held)
        elif isinstance(held, dict):
            ref = held.get("$ref")
            name = ref.removeprefix("#/$defs/") if isinstance(ref, str) else ""
            if name in definitions and name not in needed:
                needed[name] = definitions[name]
                waiting.append(definitions[name])
            waiting.extend(held.values())
    return needed
