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

_DEEPEST = 64


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
    _Gathering(schema, found, demanded, set()).add(schema, inherit=inherit, optional=False, depth=0)
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


@dataclass(frozen=True, slots=True)
class _Gathering:
    """What has been found of the members of `of`; each part is looked at once, however often it is named."""

    of: Schema
    found: Members
    demanded: set[str]
    seen: set[tuple[Schema, bool, bool]]

    def add(self, schema: Schema, *, inherit: bool, optional: bool, depth: int) -> None:
        if depth > _DEEPEST or (schema, inherit, optional) in self.seen:
            return
        self.seen.add((schema, inherit, optional))
        needed = said(schema).get("required")
        required = {name for name in needed if isinstance(name, str)} if isinstance(needed, list) else set()
        if not optional:
            self.demanded.update(required)
        for part in listed(schema, "allOf"):
            followed, referred = follow(part)
            is_base = referred and inherit and shape_of(followed) in (Shape.CLASS, Shape.SAME)
            if not is_base or branches(followed):
                self.add(followed, inherit=inherit, optional=optional, depth=depth + 1)
            elif followed not in self.found.bases:
                self.found.bases.append(followed)
        for name, member in mapped(schema, "properties").items():
            if name not in self.found.properties or shape_of(follow(member)[0]) is not Shape.ANY:
                self.found.properties[name] = Member(member, required=name in required and not optional)
        further = below(schema, "additionalProperties")
        if further is not None and isinstance(further.value, dict):
            self.found.further = further
        offered = [follow(one)[0] for one in (*listed(schema, "oneOf"), *listed(schema, "anyOf"))]
        if schema != self.of and self.of in offered:
            return  # a base that lists its heirs, of which this is one: the others' members are not its own
        for one in offered:
            self.add(one, inherit=False, optional=True, depth=depth + 1)
