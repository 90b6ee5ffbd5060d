"""Schemas put together from parts of other schemas, so that a question can be asked of one part.

A part keeps its own scope and dialect: the assembly names it by a reference that only the assembly
resolves. Knows nothing of keywords.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.handles import Schema, Scope

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json

_PREFIX = "part:"


class Assembly:
    """A scope in the 2020-12 vocabulary whose references lead to schemas of other scopes."""

    dialect = "2020-12"

    def __init__(self) -> None:
        self._parts: list[Schema] = []
        self._numbers: dict[Schema, int] = {}
        self._count = 0

    def ref(self, schema: Schema) -> Json:
        """A JSON value that stands for `schema` inside a value given to `schema()`."""
        if isinstance(schema.value, bool):
            return schema.value
        number = self._numbers.get(schema)
        if number is None:
            number = self._numbers[schema] = len(self._parts)
            self._parts.append(schema)
        return {"$ref": f"{_PREFIX}{number}"}

    def schema(self, value: Json) -> Schema:
        """A schema of this value, whose parts are references made by `ref`."""
        self._count += 1
        return Schema(value, self, f"/{self._count}")

    def all_of(self, schemas: tuple[Schema, ...]) -> Schema:
        """The schema of the values that every one of `schemas` accepts."""
        if len(schemas) == 1:
            return schemas[0]
        return self.schema({"allOf": [self.ref(schema) for schema in schemas]})

    def resolve(self, ref: str, pointer: str) -> tuple[Scope, str, Json]:
        """The part that `ref` names; LookupError for anything that `ref()` did not make."""
        number = ref.removeprefix(_PREFIX)
        if not ref.startswith(_PREFIX) or not number.isdecimal() or int(number) >= len(self._parts):
            msg = f"{ref} at {pointer} is no part of this assembly"
            raise LookupError(msg)
        part = self._parts[int(number)]
        return part.scope, part.pointer, part.value
