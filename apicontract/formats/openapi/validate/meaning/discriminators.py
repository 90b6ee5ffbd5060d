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


# 2.0, Schema Object: MUST be required; 3.2.0, Discriminator Object: or there MUST be a `defaultMapping`.
_REQUIRED = frozenset({"2.0", "3.2"})


def discriminator(node: Node, held: Json, view: View) -> Iterator[Finding]:
    """A schema with a discriminator (3.0.3, Discriminator Object; in 2.0 the name of a property)."""
    if node.kind != "schema":
        return
    name = held if view.series == "2.0" else held.get("propertyName") if isinstance(held, dict) else None
    fallback = held.get("defaultMapping") if isinstance(held, dict) and view.series == "3.2" else None
    if isinstance(name, str):
        yield from _property(node, name, view, optional=isinstance(fallback, str))
    if isinstance(fallback, str):
        yield from _mapping(node, ("defaultMapping",), fallback, view)
    if isinstance(held, dict) and view.series == "3.0":
        yield from _unknown(node, held, view)
    mapping = held.get("mapping") if isinstance(held, dict) else None
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            yield from _mapping(node, ("mapping", value), target, view)


def _unknown(node: Node, held: dict[str, Json], view: View) -> Iterator[Finding]:
    """Fields that a discriminator does not have; the meta-schema of 3.0 lets any pass."""
    for field in held:
        if field not in view.walk.types["discriminator"].fields and not field.startswith("x-"):
            yield view.finding(
                "unknown-field",
                node,
                "discriminator",
                field,
                message=f"`{field}` is no field of the discriminator",
                advice="use `propertyName` and `mapping`, or take it out",
            )


def _property(node: Node, name: str, view: View, *, optional: bool) -> Iterator[Finding]:
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
                    severe=view.series == "2.0",
                )
        elif not optional and name not in names.required and name not in _required(node):
            yield view.finding(
                "discriminator-property-optional",
                branch,
                message=f"{what} does not require `{name}`, by which branches are told apart",
                advice="add it to `required`, or say by `defaultMapping` what a message without it is"
                if view.series == "3.2"
                else "",
                severe=view.series in _REQUIRED,
            )


def _required(node: Node) -> list[Json]:
    held = node.fields.get("required")
    return held if isinstance(held, list) else []


def _mapping(node: Node, way: tuple[str, ...], target: str, view: View) -> Iterator[Finding]:
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
            *way,
            message=f"`{way[-1]}` is mapped to `{target}`, which is no schema: {reason}",
        )
