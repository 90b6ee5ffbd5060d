"""What belongs to the contract as a whole: its version of OpenAPI, its prose, components nobody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.diff.context import At, Context
from apicontract.formats.openapi.diff.prose import compare_prose

if TYPE_CHECKING:
    from apicontract.formats.openapi.model import Node
    from apicontract.formats.openapi.reading import Reader

_INFO = ("title", "summary", "description", "termsOfService", "contact", "license")


def compare_documents(context: Context) -> None:
    """Compare what is not about one operation."""
    at = At(context, "", Direction.NONE)
    old, new = context.old, context.new
    if old.contract.specification != new.contract.specification:
        at.report(
            "openapi-version-changed",
            Level.PATCH,
            "the contract is written in another version of OpenAPI",
            _version(old),
            _version(new),
            was=old.contract.specification,
            now=new.contract.specification,
        )
    compare_prose(at, "api-documentation-changed", old.root, new.root, ("externalDocs",))
    _info(at, old.root.get("info"), new.root.get("info"))
    _tags(at)
    _schema_names(at)


def _version(reader: Reader) -> Node | None:
    return reader.root.get("openapi") or reader.root.get("swagger")


def _info(at: At, old: Node | None, new: Node | None) -> None:
    if old is not None and new is not None:
        compare_prose(at.labelled("info"), "api-documentation-changed", old, new, _INFO)


def _tags(at: At) -> None:
    lists = [reader.root.get("tags") for reader in (at.context.old, at.context.new)]
    tags = [
        {str(tag.fields.get("name")): tag for tag in (listed.elements() if listed else ())}
        for listed in lists
    ]
    roots = at.context.old.root, at.context.new.root
    for name in tags[0] | tags[1]:
        before, after = tags[0].get(name), tags[1].get(name)
        if before is None or after is None or before.value != after.value:
            at.report(
                "tag-changed",
                Level.PATCH,
                f"tag `{name}` changed",
                before or roots[0],
                after or roots[1],
                name=name,
            )


def _schema_names(at: At) -> None:
    """Names of component schemas are seen by generated code alone."""
    old, new = (_schemas(reader) for reader in (at.context.old, at.context.new))
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    holders = [_holder(reader) for reader in (at.context.old, at.context.new)]
    for name in gone:
        twin = next((other for other in come if new[other].value == old[name].value), None)
        if twin is not None:
            come.remove(twin)
            _name(
                at, "component-renamed", f"component `{name}` is called `{twin}`", old[name], new[twin], name
            )
        else:
            _name(at, "component-removed", f"component `{name}` is gone", old[name], holders[1], name)
    for name in come:
        at.report(
            "component-added", Level.PATCH, f"component `{name}` was added", holders[0], new[name], name=name
        )


def _name(at: At, rule: str, message: str, old: Node, new: Node, name: str) -> None:
    at.report(rule, Level.MAJOR, message, old, new, name=name, surfaces=(Surface.SOURCE,))


def _holder(reader: Reader) -> Node:
    root = reader.root
    components = root.get("components")
    found = components.get("schemas") if components else root.get("definitions")
    return found or root


def _schemas(reader: Reader) -> dict[str, Node]:
    holder = _holder(reader)
    return dict(holder.members()) if holder.pointer else {}
