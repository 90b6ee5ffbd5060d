"""By which property's value the branches of a union are told apart: said by a discriminator, or plain to see.

Source: OAS 3.1.0 section 4.8.25 (a mapping's values are names of schemas or references to them).
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from apicontract.generation.members import merged
from apicontract.generation.shapes import Shape, follow, literal_values, said, shape_of
from apicontract.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apicontract.sources import Json

_NAME = re.compile(r"[A-Za-z0-9._-]+")  # what names a schema and is no reference, by OAS 3.1.0, 4.8.7
Tags = tuple[str, list[list[str]]]  # the property, and the values of each branch


def tags_of(union: Schema, classes: Sequence[Schema], names: Sequence[str]) -> Tags | None:
    """The property and the values for each branch in turn; None if nothing tells them apart.

    names: what the contract calls each branch; empty for one that is written inline.
    """
    return _declared(union, classes, names) or _evident(classes)


def _declared(union: Schema, classes: Sequence[Schema], names: Sequence[str]) -> Tags | None:
    name = property_of(union)
    if not name:
        return None
    mapping = mapping_of(union, dict(zip(names, classes, strict=True)))
    values = [[value for value, target in mapping.items() if target == one] for one in classes]
    for number, found in enumerate(values):
        if not found:
            values[number] = constants(classes[number], name) or ([names[number]] if names[number] else [])
    every = [value for found in values for value in found]
    return (name, values) if all(values) and len(set(every)) == len(every) else None


def property_of(schema: Schema) -> str:
    """The property that its discriminator names, as 2.0 or as 3.x writes it; nothing if it has none."""
    written = said(schema).get("discriminator")
    name = written.get("propertyName") if isinstance(written, dict) else written
    return name if isinstance(name, str) else ""


def mapping_of(schema: Schema, named: Mapping[str, Schema] = MappingProxyType({})) -> dict[str, Schema]:
    """What its discriminator's mapping leads to, by value. named: what bare names mean, before references."""
    written = said(schema).get("discriminator")
    mapping = written.get("mapping") if isinstance(written, dict) else None
    found = {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            known = named.get(target) if target else None
            found[str(value)] = known or _target(schema, target)
    return {value: one for value, one in found.items() if one is not None}


def _target(schema: Schema, target: str) -> Schema | None:
    """The schema that an entry of a mapping leads to: by reference, or by its name."""
    beside = f"#/components/schemas/{target}"
    for reference in (beside, target) if _NAME.fullmatch(target) else (target,):
        said_so: dict[str, Json] = {"$ref": reference}
        found, referred = follow(Schema(said_so, schema.scope, schema.pointer))
        if referred:
            return found
    return None


def _evident(classes: Sequence[Schema]) -> Tags | None:
    """A property that every branch must have, with a value that no other branch has."""
    members = [merged(one, inherit=False).properties for one in classes]
    for name, member in members[0].items():
        if not member.required:
            continue
        values = [constants(one, name) if name in those and those[name].required else []
                  for one, those in zip(classes, members, strict=True)]  # fmt: skip
        every = [value for found in values for value in found]
        if all(values) and len(set(every)) == len(every):
            return name, values
    return None


def constants(schema: Schema, name: str) -> list[str]:
    """The only text that a property of a class may be, if a `const` or an `enum` of one says it."""
    member = merged(schema, inherit=False).properties.get(name)
    if member is None:
        return []
    followed, _ = follow(member.schema)
    if shape_of(followed) is Shape.CONST:
        return [value] if isinstance(value := said(followed)["const"], str) else []
    values = literal_values(followed)
    return [values[0]] if len(values) == 1 and isinstance(values[0], str) else []
