"""By which property's value the branches of a union are told apart: said by a discriminator, or plain to see.

Source: OAS 3.1.0 section 4.8.25 (a mapping's values are names of schemas or references to them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.generation.members import merged
from apicontract.generation.shapes import Shape, follow, literal_values, said, shape_of
from apicontract.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.sources import Json

Tags = tuple[str, list[list[str]]]  # the property, and the values of each branch


def tags_of(union: Schema, classes: Sequence[Schema], names: Sequence[str]) -> Tags | None:
    """The property and the values for each branch in turn; None if nothing tells them apart.

    names: what the contract calls each branch; empty for one that is written inline.
    """
    return _declared(union, classes, names) or _evident(classes)


def _declared(union: Schema, classes: Sequence[Schema], names: Sequence[str]) -> Tags | None:
    written = said(union).get("discriminator")
    name = written.get("propertyName") if isinstance(written, dict) else None
    if not isinstance(name, str):
        return None
    assert isinstance(written, dict)  # noqa: S101  # it has a name
    mapping = written.get("mapping")
    targets = [
        (str(value), _target(union, target, names, classes))
        for value, target in (mapping.items() if isinstance(mapping, dict) else ())
        if isinstance(target, str)
    ]
    values = [[value for value, at in targets if at == number] for number in range(len(classes))]
    for number, found in enumerate(values):
        if not found:
            values[number] = _constants(classes[number], name) or ([names[number]] if names[number] else [])
    every = [value for found in values for value in found]
    return (name, values) if all(values) and len(set(every)) == len(every) else None


def _target(union: Schema, target: str, names: Sequence[str], classes: Sequence[Schema]) -> int:
    """The number of the branch that an entry of a mapping leads to; -1 if none."""
    if target in names:
        return names.index(target)
    reference: dict[str, Json] = {"$ref": target}
    found, _ = follow(Schema(reference, union.scope, union.pointer))
    return next((number for number, one in enumerate(classes) if one == found), -1)


def _evident(classes: Sequence[Schema]) -> Tags | None:
    """A property that every branch must have, with a value that no other branch has."""
    members = [merged(one, inherit=False).properties for one in classes]
    for name, member in members[0].items():
        if not member.required:
            continue
        values = [_constants(one, name) if name in those and those[name].required else []
                  for one, those in zip(classes, members, strict=True)]  # fmt: skip
        every = [value for found in values for value in found]
        if all(values) and len(set(every)) == len(every):
            return name, values
    return None


def _constants(schema: Schema, name: str) -> list[str]:
    """The only texts that a property of a class may be, if it is said by `const` or an `enum` of one."""
    member = merged(schema, inherit=False).properties.get(name)
    if member is None:
        return []
    followed, _ = follow(member.schema)
    if shape_of(followed) is Shape.CONST:
        return [value] if isinstance(value := said(followed)["const"], str) else []
    values = literal_values(followed)
    return [values[0]] if len(values) == 1 and isinstance(values[0], str) else []
