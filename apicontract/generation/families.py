"""Families: a base whose discriminator tells its heirs apart, without a `oneOf` that lists them.

Who inherits from it says so by `allOf`; so a value that the base describes may be of any of its heirs, and of
one that only a later contract knows. Knows schemas and their places, not how a type is written.

Source: OAS 2.0 and 3.0 to 3.2, "Discriminator Object" and "Composition and Inheritance (Polymorphism)".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.generation.shapes import Shape, branches, follow, last, listed, said, shape_of
from apicontract.generation.tags import constants, mapping_of, property_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from apicontract.generation.tags import Tags
    from apicontract.schemas import Schema

# What contracts of 2.0 write where the value is not the definition's name (Azure's, and older ones).
_OWN_VALUE = ("x-ms-discriminator-value", "x-discriminator-value")


@dataclass(frozen=True, slots=True)
class Family:
    """A base with its heirs.

    tag: the property that tells them apart. members: the heirs as the contract lists them, the base last.
    values: which values mean each of them; the first is the one to write.
    """

    base: Schema
    tag: str
    members: tuple[Schema, ...]
    values: tuple[tuple[str, ...], ...]


class Families:
    """Who inherits from whom among the contract's own schemas."""

    def __init__(self) -> None:
        self._heirs: dict[Schema, list[Schema]] = {}
        self._known: dict[Schema, Family | None] = {}

    def declare(self, schemas: Iterable[Schema]) -> None:
        """Take note of what the contract's own schemas inherit from."""
        for schema in schemas:
            for base in _bases(schema):
                self._heirs.setdefault(base, []).append(schema)

    def of(self, schema: Schema) -> Family | None:
        """The family of a schema that has no `$ref`; None if it has no heirs, or nothing tells them apart."""
        if schema not in self._known:
            self._known[schema] = self._found(schema)
        return self._known[schema]

    def members(self, schema: Schema) -> tuple[Schema, ...]:
        """What a value may be that this schema describes: its heirs and itself, or itself alone."""
        family = self.of(schema)
        return family.members if family else (schema,)

    def tags(self, classes: Sequence[Schema]) -> Tags | None:
        """The property and the values of each of some classes of one family; None if they are not of one."""
        tellers = [next((base for base in line(one) if property_of(base)), None) for one in classes]
        family = self.of(tellers[0]) if tellers and tellers[0] else None
        if family is None or any(one != tellers[0] for one in tellers):
            return None
        values = dict(zip(family.members, family.values, strict=True))
        found = [list(values.get(one, ())) for one in classes]
        return (family.tag, found) if all(found) else None

    def _found(self, schema: Schema) -> Family | None:
        teller = next((one for one in line(schema) if property_of(one)), None)
        if teller is None or shape_of(schema) not in (Shape.CLASS, Shape.SAME):
            return None
        mapping = mapping_of(teller)
        heirs = dict.fromkeys(self._below(schema))
        if teller == schema:  # of an heir's heirs, the mapping of the base may know more than concerns it
            heirs |= dict.fromkeys(one for one in mapping.values() if shape_of(one) is Shape.CLASS)
            chosen = [follow(one)[0] for one in branches(schema)]
            if any(shape_of(one) is not Shape.CLASS for one in chosen):
                return None
            heirs |= dict.fromkeys(chosen)
        elif branches(schema):
            return None
        heirs.pop(schema, None)
        if not heirs:
            return None
        tag = property_of(teller)
        members = (*heirs, schema)
        taken = set(mapping)
        values = []
        for one in members:
            mapped = [value for value, target in mapping.items() if target == one]
            own = [said(one)[key] for key in _OWN_VALUE if isinstance(said(one).get(key), str)]
            more = [str(value) for value in own] or constants(one, tag) or [last(one.pointer)]
            found = [*mapped, *(value for value in more if value not in taken)]
            taken |= set(found)
            values.append(tuple(found))
        return Family(schema, tag, members, tuple(values))

    def _below(self, schema: Schema) -> Iterator[Schema]:
        """All heirs, nearest first, each once."""
        seen = {schema}
        waiting = [schema]
        for one in waiting:
            for heir in self._heirs.get(one, ()):
                if heir not in seen:
                    seen.add(heir)
                    waiting.append(heir)
                    yield heir


def _bases(schema: Schema) -> list[Schema]:
    """What a schema inherits from by a reference in `allOf`."""
    found = [follow(part) for part in listed(schema, "allOf")]
    return [base for base, referred in found if referred]


def line(schema: Schema) -> Iterator[Schema]:
    """The schema, then its ancestors, nearest first, each once."""
    seen = {schema}
    waiting = [schema]
    for one in waiting:
        yield one
        for base in _bases(one):
            if base not in seen:
                seen.add(base)
                waiting.append(base)
