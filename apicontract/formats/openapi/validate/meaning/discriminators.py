"""Checks on discriminators: the property exists in every branch, and mappings lead to schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.walk import Stray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json


def discriminator(node: Node, held: Json, view: View) -> Iterator[Finding]:
    """A schema with a discriminator (3.0.3, Discriminator Object; in 2.0 the name of a property)."""
    if node.kind != "schema":
        return
    name = held if view.series == "2.0" else held.get("propertyName") if isinstance(held, dict) else None
    if isinstance(name, str):
        yield from _property(node, name, view)
    mapping = held.get("mapping") if isinstance(held, dict) else None
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            yield from _mapping(node, value, target, view)


def _property(node: Node, name: str, view: View) -> Iterator[Finding]:
    branches = [*node.all("oneOf"), *node.all("anyOf")]
    whole = view.declarations.of(node) if not branches else None
    for branch in branches or [node]:
        if not isinstance(branch.value, dict):
            continue
        names = whole or view.declarations.of(branch)
        outside = node.fields.get("properties")
        known = name in names.found or (isinstance(outside, dict) and name in outside)
        what = f"the branch `{branch.reference}`" if branch.reference else "this schema"
        if not known:
            if names.complete:
                yield view.finding(
                    "discriminator-property-undeclared",
                    branch,
                    message=f"{what} does not declare `{name}`, by which branches are told apart",
                )
        elif name not in names.required and name not in _required(node):
            yield view.finding(
                "discriminator-property-optional",
                branch,
                message=f"{what} does not require `{name}`, by which branches are told apart",
            )


def _required(node: Node) -> list[Json]:
    held = node.fields.get("required")
    return held if isinstance(held, list) else []


def _mapping(node: Node, value: str, target: str, view: View) -> Iterator[Finding]:
    """One entry of a mapping: the name of a component, or a reference."""
    if target in view.schema_names():
        return
    found = view.walk.lookup(target, "schema", node)
    if isinstance(found, Stray):
        reason = found.reason or "it leads to something else"
        yield view.finding(
            "discriminator-mapping-unresolved",
            node,
            "discriminator",
            "mapping",
            value,
            message=f"`{value}` is mapped to `{target}`, which is no schema: {reason}",
        )
