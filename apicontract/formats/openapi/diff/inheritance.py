"""Inheritance: a schema with a `discriminator` stands for every schema that extends it by `allOf`.

A message of the parent's schema is one of an heir's where its tag names the heir, though no validator
looks there. Where the discriminator stands beside `oneOf` or `anyOf`, the branches say the same and are
compared as such. Sources: Swagger 2.0 "Models with Polymorphism Support"; OAS 3.0.3 section 4.7.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas import Schema
from apicontract.schemas.edits.view import mapping, settle, view

if TYPE_CHECKING:
    from apicontract.sources import Json

_HOLDERS = ("#/components/schemas", "#/definitions")


def heirs(schema: Schema) -> dict[str, Schema]:
    """The schemas that extend this one, by the tag that names them; none if it has no discriminator."""
    parent = settle(schema)
    value = mapping(parent.value)
    if "discriminator" not in value or "oneOf" in value or "anyOf" in value:
        return {}
    tags = _tags(value["discriminator"], parent)
    found: dict[str, Schema] = {}
    for holder in _HOLDERS:
        try:
            scope, pointer, listed = parent.scope.resolve(holder, parent.pointer)
        except LookupError:
            continue
        components = Schema(listed, scope, pointer)
        for name, written in mapping(listed).items():
            if isinstance(written, dict) and "allOf" in written:
                heir = components.at(name)
                if heir.pointer != parent.pointer and _extends(heir, parent, 0):
                    found |= dict.fromkeys(tags.get(heir.pointer, [name]), heir)
    return found


def tag_properties(heir: Schema) -> list[str]:
    """The properties by which the schemas that this one extends tell their heirs apart."""
    found = [written for _, written in view(heir).values("discriminator")]
    names = [mapping(written).get("propertyName", written) for written in found]
    return [name for name in names if isinstance(name, str)]


def parents(value: Json) -> list[str]:
    """The references by which a schema extends others."""
    listed = mapping(value).get("allOf")
    refs = [mapping(branch).get("$ref") for branch in (listed if isinstance(listed, list) else ())]
    return [ref for ref in refs if isinstance(ref, str)]


_DEEPEST = 8  # generations that anyone writes


def _extends(heir: Schema, parent: Schema, depth: int) -> bool:
    """Whether `allOf` leads from one to the other, over any generations."""
    for ref in parents(heir.value):
        try:
            scope, pointer, value = heir.scope.resolve(ref, heir.pointer)
        except LookupError:
            continue
        if scope is parent.scope and pointer == parent.pointer:
            return True
        if depth < _DEEPEST and _extends(Schema(value, scope, pointer), parent, depth + 1):
            return True
    return False


def _tags(discriminator: Json, parent: Schema) -> dict[str, list[str]]:
    """The tags that the mapping gives, by the pointer of the heir."""
    given = mapping(mapping(discriminator).get("mapping"))
    tags: dict[str, list[str]] = {}
    for tag, goal in given.items():
        if isinstance(goal, str):
            ref = goal if "#" in goal or "/" in goal else f"#/components/schemas/{goal}"
            try:
                tags.setdefault(parent.scope.resolve(ref, parent.pointer)[1], []).append(tag)
            except LookupError:
                continue
    return tags
