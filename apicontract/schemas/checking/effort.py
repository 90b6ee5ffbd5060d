"""How much work a validator has with a value: what jsonschema-rs cannot be interrupted in is not begun.

Counts how often a validator that remembers nothing looks at a schema, without looking: references that
double, level by level, make that astronomic in a document of any size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json

MOST = 1_000_000
_SAME = ("not", "if", "then", "else")
_LISTS = ("allOf", "anyOf", "oneOf")
_MEMBERS = ("additionalProperties", "unevaluatedProperties")
_ITEMS = ("items", "unevaluatedItems", "contains")


def effort(document: dict[str, Json], value: Json) -> int:
    """Schemas looked at to validate the value by a document of the exporter; counting ends at `MOST`."""
    return _Counting(document["$defs"]).of({"$ref": document["$ref"]}, value)


class _Counting:
    def __init__(self, definitions: Any) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, int], int] = {}

    def of(self, schema: Any, value: Json) -> int:
        if not isinstance(schema, dict):
            return 1
        key = id(schema), id(value)
        if key not in self._known:
            self._known[key] = MOST + 1  # while it is being counted: a circle never ends
            self._known[key] = min(1 + sum(self._below(schema, value)), MOST + 1)
        return self._known[key]

    def _below(self, schema: dict[str, Any], value: Json) -> list[int]:
        found = [self.of(schema[word], value) for word in _SAME if word in schema]
        found += [self.of(part, value) for word in _LISTS for part in schema.get(word, ())]
        found += [self.of(part, value) for part in schema.get("dependentSchemas", {}).values()]
        if "$ref" in schema:
            found.append(self.of(self._definitions[schema["$ref"].rpartition("/")[2]], value))
        if isinstance(value, dict):
            named = schema.get("properties", {})
            found += [self.of(named[name], item) for name, item in value.items() if name in named]
            wide = [
                *schema.get("patternProperties", {}).values(),
                *(schema[w] for w in _MEMBERS if w in schema),
            ]
            found += [self.of(part, item) for part in wide for item in value.values()]
            if "propertyNames" in schema:
                found += [self.of(schema["propertyNames"], name) for name in value]
        elif isinstance(value, list):
            found += [
                self.of(part, item) for part, item in zip(schema.get("prefixItems", ()), value, strict=False)
            ]
            found += [self.of(schema[word], item) for word in _ITEMS if word in schema for item in value]
        return found
