"""Checks on references: they resolve, to the right kind, not in circles; names of what they refer to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi.objectmodel import Shape, spoken
from apicontract.formats.openapi.walk import Stray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_COMPONENT_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_NAMING = {"$id": "$id", "$anchor": "anchor", "$dynamicAnchor": "anchor"}
_HARMLESS_BESIDE_REFERENCE = {"$ref", "summary", "description"}  # what people write for readers of the source


def unresolved(_: Node, view: View) -> Iterator[Finding]:
    """Every reference that leads nowhere or to the wrong kind of object."""
    for stray in view.walk.strays:
        ref, kind = stray.node.reference or "", spoken(stray.node.kind)
        if stray.reason:
            reason = stray.reason if ref in stray.reason else f"`{ref}` leads nowhere: {stray.reason}"
            yield view.finding("reference-unresolved", stray.node, "$ref", message=reason)
        else:
            found = (
                stray.found if " " in stray.found or stray.found == "null" else _article(spoken(stray.found))
            )
            yield view.finding(
                "reference-wrong-kind",
                stray.node,
                "$ref",
                message=f"`{ref}` stands for a {kind}, but leads to {found}",
            )


def dynamic(node: Node, view: View) -> Iterator[Finding]:
    """A `$dynamicRef` leads to a schema where it stands, wherever else later (2020-12 core, 8.2.3.2)."""
    ref = node.fields.get("$dynamicRef")
    if view.series not in {"3.1", "3.2"} or not isinstance(ref, str):
        return
    found = view.walk.lookup(ref, "schema", node)
    if isinstance(found, Stray):
        reason = found.reason.replace("$ref", "$dynamicRef") or f"it leads to {found.found}"
        yield view.finding(
            "reference-unresolved",
            node,
            "$dynamicRef",
            message=reason if ref in reason else f"`{ref}` leads nowhere: {reason}",
        )


def names_twice(_: Node, view: View) -> Iterator[Finding]:
    """Two schemas of one `$id`, or of one anchor below the same `$id` (2020-12 core, 8.2: undefined)."""
    if view.series not in {"3.1", "3.2"}:
        return
    first: dict[tuple[str, str, str], Node] = {}
    for node in view.nodes("schema"):
        for keyword in _NAMING.keys() & node.fields.keys():
            name = node.fields[keyword]
            base = "" if keyword == "$id" else _base(node)
            other = first.setdefault((_NAMING[keyword], f"{node.document.uri} {base}", str(name)), node)
            if other is not node and isinstance(name, str) and other.value is not node.value:
                yield view.finding(
                    "schema-name-duplicate",
                    node,
                    keyword,
                    message=f"`{keyword}: {name}` is also that of `#{other.pointer}`",
                )


def _base(node: Node) -> str:
    """The pointer of the innermost schema with an `$id` around a schema."""
    return next((above.pointer for above in node.above() if "$id" in above.fields), "")


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def circular(_: Node, view: View) -> Iterator[Finding]:
    """References that lead only to each other; in 3.1 other keywords beside `$ref` are no way out."""
    done: set[int] = set()
    for start in view.walk.references:
        trail: dict[int, Node] = {}
        node: Node | None = start
        while node is not None and id(node) not in trail and id(node) not in done:
            trail[id(node)] = node
            node = node.target
        if node is not None and id(node) in trail:
            circle = list(trail.values())[list(trail).index(id(node)) :]
            for at, each in enumerate(circle):
                way = " → ".join(f"`{one.reference}`" for one in [*circle[at:], *circle[:at]])
                yield view.finding("reference-circular", each, "$ref", message=f"{way} leads back to itself")
        done.update(trail)


def siblings_ignored(_: Node, view: View) -> Iterator[Finding]:
    """Fields beside `$ref` (3.0.3 and 3.1.1, Reference Object: they SHALL be ignored).

    In 2.0 the meta-schema forbids them but in schemas, and unknown ones there; from 3.1 on a schema with
    `$ref` is no Reference Object, and a path item never is one.
    """
    for node in view.walk.references:
        if len(node.fields) == 1 or node.kind == "path-item" or not _ignores(node, view.series):
            continue
        known = view.walk.types[node.kind].fields
        beside = [
            name
            for name in node.fields
            if name not in _HARMLESS_BESIDE_REFERENCE
            and not name.startswith("x-")
            and (view.series != "2.0" or name in known)
        ]
        if beside:
            names, verb = ", ".join(f"`{name}`" for name in beside), "is" if len(beside) == 1 else "are"
            yield view.finding(
                "reference-siblings-ignored",
                node,
                beside[0],
                message=f"{names} beside `$ref` {verb} ignored in OpenAPI {view.series}",
            )


def _ignores(node: Node, series: str) -> bool:
    if series == "2.0":
        return node.kind == "schema"
    return series == "3.0" or node.kind != "schema"


def path_items_joined(_: Node, view: View) -> Iterator[Finding]:
    """Fields that a path item and what its `$ref` leads to both have (3.0.3 to 3.2.0: undefined)."""
    for node in view.walk.referring("path-item"):
        target = node.target.fields if node.target is not None else {}
        for name in node.fields:
            if name != "$ref" and not name.startswith("x-") and name in target:
                yield view.finding(
                    "path-item-field-repeated",
                    node,
                    name,
                    message=f"`{name}` stands beside `$ref: {node.reference}`, and in what that leads to",
                )


def component_names(node: Node, view: View) -> Iterator[Finding]:
    """Names of components (3.0.3, Components Object); the meta-schema of 3.0 lets them pass."""
    if view.series != "3.0":
        return
    for field, held in node.fields.items():
        known = view.walk.types["components"].fields.get(field)
        if known is None or known.shape is not Shape.MAP or not isinstance(held, dict):
            continue
        for name in held:
            if not _COMPONENT_NAME.fullmatch(name):
                yield view.finding(
                    "component-name-invalid",
                    node,
                    field,
                    name,
                    message=f"`{name}` has characters that the name of a component may not have",
                )
