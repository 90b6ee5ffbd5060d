"""The properties of a class: its own, those of the parts it is composed of, and what it inherits.

An `allOf` that refers to a class is a base; every other part is merged in. What stands in only one of several
alternatives (`oneOf` beside `properties`) may be absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from apicontract.generation.shapes import Shape, below, branches, follow, listed, mapped, said, shape_of

if TYPE_CHECKING:
    from apicontract.schemas import Schema

_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Member:
    """A property: its schema, whether it must be there, and whether a base has it too and it says more."""

    schema: Schema
    required: bool
    narrows: bool = False


@dataclass(slots=True)
class Members:
    """What a class consists of; `further` is the schema of properties that are not named."""

    properties: dict[str, Member] = field(default_factory=dict)
    bases: list[Schema] = field(default_factory=list)
    further: Schema | None = None


def merged(schema: Schema, *, inherit: bool = True) -> Members:
    """The members of a class; without `inherit` those of its bases are among its own."""
    found = Members()
    demanded: set[str] = set()
    _gather(schema, found, demanded, inherit=inherit, optional=False, depth=0)
    own = dict(found.properties)
    for base in found.bases:
        for name, member in merged(base, inherit=False).properties.items():
            if name in own:
                continue
            if name in demanded and not member.required:
                found.properties[name] = replace(member, required=True, narrows=True)
    for name, member in own.items():
        if name in demanded and not member.required:
            found.properties[name] = replace(member, required=True)
    return found


def _gather(
    schema: Schema, found: Members, demanded: set[str], *, inherit: bool, optional: bool, depth: int
) -> None:
    value = said(schema)
    if depth > _DEEPEST:
        return
    needed = value.get("required")
    required = {name for name in needed if isinstance(name, str)} if isinstance(needed, list) else set()
    if not optional:
        demanded |= required
    for part in listed(schema, "allOf"):
        followed, referred = follow(part)
        if (
            referred
            and inherit
            and shape_of(followed) in (Shape.CLASS, Shape.SAME)
            and not branches(followed)
        ):
            if followed not in found.bases:
                found.bases.append(followed)
        elif followed != schema:
            _gather(followed, found, demanded, inherit=inherit, optional=optional, depth=depth + 1)
    for name, member in mapped(schema, "properties").items():
        if name not in found.properties or shape_of(follow(member)[0]) is not Shape.ANY:
            found.properties[name] = Member(member, required=name in required and not optional)
    further = below(schema, "additionalProperties")
    if further is not None and isinstance(further.value, dict):
        found.further = further
    for branch in (*listed(schema, "oneOf"), *listed(schema, "anyOf")):
        followed, _ = follow(branch)
        if followed != schema:
            _gather(followed, found, demanded, inherit=False, optional=True, depth=depth + 1)
