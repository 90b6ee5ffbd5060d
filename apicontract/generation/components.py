"""What is named in the flat document of schemas, and how its parts refer to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from apicontract.generation.families import Family
    from apicontract.generation.members import Members
    from apicontract.generation.shapes import Shape
    from apicontract.schemas import Schema
    from apicontract.sources import Json

Direction = Literal["in", "out"]
Key = tuple[int, str, str]  # scope, pointer, variant
REF = "#/components/schemas/"
MOST = 100  # types that stand side by side in one: each `|` is a level for those who parse it
KINDS = "x-kinds"  # in the flat document: how a function tells the alternatives of a union apart


@dataclass(slots=True)
class Component:
    """A schema that becomes a named type: its name, where it stands, and how it is written."""

    name: str
    schema: Schema
    direction: Direction
    shape: Shape
    said: str  # the name that the contract has for it, or an empty one
    value: dict[str, Json] = field(default_factory=dict)
    members: Members | None = None
    bases: tuple[Key, ...] = ()
    family: Family | None = None

    @property
    def own(self) -> dict[str, Json]:
        """What a class says itself, beside what it inherits."""
        listed = self.value.get("allOf")
        own = listed[-1] if isinstance(listed, list) else self.value
        assert isinstance(own, dict)  # noqa: S101  # as a class is written
        return own

    @property
    def offered(self) -> list[str]:
        """The names of a union's alternatives; an empty one for what has no name."""
        listed = self.value.get("anyOf")
        found = (
            [one.get("$ref") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        )
        return [one.removeprefix(REF) if isinstance(one, str) else "" for one in found]
