"""A schema seen as the conjunction it is: references followed and `allOf` flattened.

Each conjunct keeps its own place, so that what is found in it can be shown where it is written.
Knows the applicators of JSON Schema; decides nothing.
"""

from __future__ import annotations

from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.handles import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.handles import Json

REF_HIDES_SIBLINGS = frozenset({"draft4", "draft6", "draft7", "openapi-2.0", "openapi-3.0"})
_MAX_CONJUNCTS = 256


@dataclass(frozen=True, slots=True)
class View:
    """The conjuncts of a schema, in document order; `refused` if one of them is `false`.

    `properties` maps each declared name to its schemas, one per conjunct that declares it.
    """

    conjuncts: tuple[Schema, ...]
    properties: dict[str, tuple[Schema, ...]] = field(default_factory=dict)
    refused: bool = False

    def values(self, keyword: str) -> list[tuple[Schema, Json]]:
        """Every conjunct that has `keyword`, with the keyword's value."""
        found = []
        for conjunct in self.conjuncts:
            value = mapping(conjunct.value)
            if keyword in value:
                found.append((conjunct, value[keyword]))
        return found

    def required(self) -> dict[str, Schema]:
        """Each required name, with the first conjunct that requires it."""
        names: dict[str, Schema] = {}
        for conjunct, listed in self.values("required"):
            for name in listed if isinstance(listed, list) else ():
                if isinstance(name, str):
                    names.setdefault(name, conjunct)
        return names

    def alternations(self) -> Iterator[tuple[Schema, str, tuple[Schema, ...]]]:
        """Each `anyOf` and `oneOf`: its conjunct, its keyword, its branches."""
        for conjunct in self.conjuncts:
            for keyword in ("anyOf", "oneOf"):
                listed = mapping(conjunct.value).get(keyword)
                if isinstance(listed, list) and listed:
                    yield conjunct, keyword, tuple(child(conjunct, keyword, i) for i in range(len(listed)))


def mapping(value: Json) -> dict[str, Json]:
    """The schema object, or an empty one for a boolean schema and for what is no schema at all."""
    return value if isinstance(value, dict) else {}


def child(schema: Schema, *tokens: str | int) -> Schema:
    """The subschema at `tokens` below `schema`; KeyError or IndexError if there is none."""
    value = schema.value
    pointer = schema.pointer
    for token in tokens:
        value = value[token]  # type: ignore[index]
        pointer += "/" + str(token).replace("~", "~0").replace("/", "~1")
    return Schema(value, schema.scope, pointer)


def follow(schema: Schema, keyword: str = "$ref") -> Schema | None:
    """The target of the schema's reference, or None if it has none or it leads nowhere."""
    ref = mapping(schema.value).get(keyword)
    if not isinstance(ref, str):
        return None
    try:
        scope, pointer, value = schema.scope.resolve(ref, schema.pointer)
    except LookupError:
        return None
    return Schema(value, scope, pointer)


def settle(schema: Schema) -> Schema:
    """The schema itself, or the end of the chain where it is nothing but a reference."""
    seen = {schema}
    while True:
        value = mapping(schema.value)
        if "$ref" not in value or (len(value) > 1 and schema.scope.dialect not in REF_HIDES_SIBLINGS):
            return schema
        target = follow(schema)
        if target is None or target in seen:
            return schema
        seen.add(target)
        schema = target


@lru_cache(maxsize=8_192)
def view(schema: Schema) -> View:
    """The conjunction that `schema` is. A cycle of references is entered once."""
    conjuncts: list[Schema] = []
    refused = not _collect(schema, conjuncts, set())
    properties: dict[str, list[Schema]] = {}
    for conjunct in conjuncts:
        declared = mapping(conjunct.value).get("properties")
        for name in declared if isinstance(declared, dict) else ():
            properties.setdefault(name, []).append(child(conjunct, "properties", name))
    return View(tuple(conjuncts), {name: tuple(found) for name, found in properties.items()}, refused)


def _collect(schema: Schema, into: list[Schema], seen: set[Schema]) -> bool:
    """Append the conjuncts of `schema`; False if it accepts nothing by being `false`."""
    if schema in seen or len(into) >= _MAX_CONJUNCTS:
        return True
    seen.add(schema)
    if not isinstance(schema.value, dict):
        return schema.value is not False
    accepted = True
    target = follow(schema)
    if target is not None:
        accepted = _collect(target, into, seen)
        if schema.scope.dialect in REF_HIDES_SIBLINGS:
            return accepted
    if any(keyword not in ("$ref", "allOf") for keyword in schema.value):
        into.append(schema)
    branches = schema.value.get("allOf")
    for index in range(len(branches) if isinstance(branches, list) else 0):
        accepted = _collect(child(schema, "allOf", index), into, seen) and accepted
    return accepted
