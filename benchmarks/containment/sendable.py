"""The contract reading by its words: which values a sender does not send to a receiver that declares more.

An independent reading of "a property that only the receiver declares is not sent by a sender that declares
properties of its own", value by value, for schemas made of the keywords in `READ`. Written apart from the
library to be held against it.
"""

from __future__ import annotations

from typing import Any

Schemas = list[dict[str, Any]]

READ = frozenset(
    [
        "type", "enum", "const", "required", "properties", "additionalProperties", "items", "allOf", "anyOf",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
        "pattern", "format", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "nullable",
    ]
)  # fmt: skip
_APPLICATORS = ("allOf", "anyOf")


def readable(schema: Any) -> bool:
    """Whether the schema is made of the keywords that are read here."""
    if not isinstance(schema, dict):
        return True
    if not schema.keys() <= READ or isinstance(schema.get("items"), list):
        return False
    below = [*schema.get("properties", {}).values(), schema.get("additionalProperties"), schema.get("items")]
    return all(map(readable, below)) and all(readable(p) for k in _APPLICATORS for p in schema.get(k, ()))


def may_be_sent(value: Any, sender: Any, receiver: Any) -> bool:
    """Whether no member of the value, at any depth, is one that only the receiver declares."""
    return _sent(value, _combined([sender]), _combined([receiver]))


def _combined(schemas: list[Any]) -> Schemas:
    """The schema objects that speak of one value: these and what their applicators hold."""
    found: Schemas = []
    for schema in schemas:
        if isinstance(schema, dict):
            found.append(schema)
            found += _combined([part for keyword in _APPLICATORS for part in schema.get(keyword, ())])
    return found


def _sent(value: Any, own: Schemas, theirs: Schemas) -> bool:
    if isinstance(value, list):
        below = (
            _combined([s["items"] for s in own if "items" in s]),
            _combined([s["items"] for s in theirs if "items" in s]),
        )
        return all(_sent(item, *below) for item in value)
    if not isinstance(value, dict):
        return True
    declared = {name for schema in own for name in schema.get("properties", {})}
    wanted = {name for schema in theirs for name in schema.get("properties", {})}
    required = {name for schema in own for name in schema.get("required", ())}
    data = any(schema.get("additionalProperties", True) not in (True, False, {}) for schema in own)
    if declared and not data and value.keys() & (wanted - declared - required):
        return False
    return all(_sent(item, _member(own, name), _member(theirs, name)) for name, item in value.items())


def _member(schemas: Schemas, name: str) -> Schemas:
    found = []
    for schema in schemas:
        properties = schema.get("properties", {})
        if name in properties:
            found.append(properties[name])
        elif "additionalProperties" in schema:
            found.append(schema["additionalProperties"])
    return _combined(found)
