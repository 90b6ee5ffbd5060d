"""Checks on declared tags: unique names, parents that exist and have a top."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node


def unique(node: Node, view: View) -> Iterator[Finding]:
    """Names of tags."""
    seen = set()
    for tag in node.all("tags"):
        name = tag.fields.get("name")
        if isinstance(name, str):
            if name in seen:
                yield view.finding("tag-duplicate", tag, message=f"the tag `{name}` is declared twice")
            seen.add(name)


def parents(node: Node, view: View) -> Iterator[Finding]:
    """The hierarchy of tags (3.2.0, Tag Object)."""
    if view.series != "3.2":
        return
    by_name = {
        tag.fields.get("name"): tag for tag in node.all("tags") if isinstance(tag.fields.get("name"), str)
    }
    for name, tag in by_name.items():
        parent = tag.fields.get("parent")
        if not isinstance(parent, str):
            continue
        if parent not in by_name:
            yield view.finding(
                "tag-parent-unknown",
                tag,
                "parent",
                message=f"the parent `{parent}` of the tag `{name}` is not declared",
            )
            continue
        trail = [name]
        while isinstance(parent, str) and parent in by_name and parent not in trail:
            trail.append(parent)
            parent = by_name[parent].fields.get("parent")
        if parent == name and name == min(str(each) for each in trail):
            way = " → ".join(f"`{each}`" for each in [*trail, name])
            yield view.finding(
                "tag-parent-circular", tag, "parent", message=f"the tags {way} are each other's parents"
            )
