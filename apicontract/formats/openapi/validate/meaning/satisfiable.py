"""Schemas that no value fits, where that is proven: contradicting parts, and objects that need themselves.

A contradiction in a property that may be left out does not make the object around it impossible, so
each is reported where it stands, innermost first. Only schemas whose parts can contradict are tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs
from jsonschema_rs import canonical

from apicontract.formats.openapi.validate.plain import Plain
from apicontract.schemas import PlainScope, Schema, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

_COMBINING = frozenset({"allOf", "not"})
_DEFINITIONS = 40  # how many schemas around one are looked at
# Keywords that may contradict others of the same schema; an empty set means any.
_MAY_CONTRADICT: dict[str, frozenset[str]] = {
    "allOf": frozenset(),
    "not": frozenset(),
    "pattern": frozenset({"minLength", "maxLength", "format"}),
    "multipleOf": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "uniqueItems": frozenset({"minItems"}),
    "required": frozenset({"maxProperties", "propertyNames"}),
}


def check_satisfiable(view: View) -> Iterator[Finding]:
    """Every schema that provably accepts nothing, though it does not say so."""
    circles = _circles(view)
    suspects = [*reversed([node for node in view.nodes("schema") if _may_contradict(node)]), *circles]
    if not suspects:
        return
    session = Session()
    reported: set[int] = set()
    for node in suspects:
        if id(node) not in reported and _impossible(node, session, view.series):
            reported.update(id(above) for above in node.above())
            why = "it needs itself without end" if node in circles else "its parts contradict each other"
            yield view.finding("schema-unsatisfiable", node, message=f"no value can fit this schema: {why}")


def _impossible(node: Node, session: Session, series: str) -> bool:
    """Whether nothing fits the outline of a schema: a quick look first, then a proof."""
    outline = Plain(series, []).outline(node, _DEFINITIONS)
    if not isinstance(outline, dict) or (_COMBINING & node.fields.keys() and _plainly_possible(outline)):
        return False
    return session.is_empty(Schema(outline, PlainScope(outline), "")) is True


def _plainly_possible(outline: dict[str, Json]) -> bool:
    try:
        return jsonschema_rs.canonicalize(outline).satisfiability() == canonical.Satisfiability.YES
    except (ValueError, OverflowError):
        return False


def _may_contradict(node: Node) -> bool:
    fields = node.value
    if not isinstance(fields, dict) or _MAY_CONTRADICT.keys().isdisjoint(fields):
        return False
    if fields.get("not") in ({}, True):
        return False  # that says plainly that nothing fits
    return any(
        keyword in fields and (not others or others & fields.keys())
        for keyword, others in _MAY_CONTRADICT.items()
    )


def _circles(view: View) -> list[Node]:
    """Schemas that are met again on the way through what they must contain."""
    done: set[int] = set()
    found: list[Node] = []
    for start in view.nodes("schema"):
        if id(start) in done or start.target is None:
            continue
        trail: dict[int, tuple[Node, Iterator[Node]]] = {id(start): (start, iter(_musts(start)))}
        while trail:
            _, waiting = trail[next(reversed(trail))]
            below = next(waiting, None)
            if below is None:
                done.add(trail.popitem()[0])
            elif id(below) in trail:
                ids = list(trail)
                circle = [trail[each][0] for each in ids[ids.index(id(below)) :]]
                found.extend(node for node in circle if node.target is None and node.field != "properties")
            elif id(below) not in done:
                trail[id(below)] = (below, iter(_musts(below)))
    return found


def _musts(node: Node) -> list[Node]:
    """What every value of a schema fits or contains: its target, its parts, its required properties."""
    required = node.fields.get("required")
    names = required if isinstance(required, list) else []
    below = [
        child
        for child in node.children
        if child.field == "allOf" or (child.field == "properties" and child.key in names)
    ]
    return [*below, node.target] if node.target is not None else below
