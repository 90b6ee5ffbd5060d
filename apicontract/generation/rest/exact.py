"""What a contract says of every value that travels, exactly, as JSON Schema 2020-12: what a server checks.

Types in Python are a reading of a schema; this is the schema itself, in the one dialect that validators of
today all know. A request and a response read `readOnly` and `writeOnly` differently, so each has
definitions of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi import media_types
from apicontract.generation.shapes import follow
from apicontract.schemas import Schema
from apicontract.sources import join

if TYPE_CHECKING:
    from apicontract.formats.openapi.model import Media, Operation
    from apicontract.formats.openapi.reading import Reader
    from apicontract.sources import Json

_SINGLE = (
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_KEPT = (
    "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
    "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
    "maxProperties", "minProperties", "required", "dependentRequired", "format", "default",
)  # fmt: skip
_OLD = frozenset({"openapi-2.0", "openapi-3.0"})
_ONE_WAY = {"in": "readOnly", "out": "writeOnly"}


def exact(reader: Reader) -> dict[str, Json]:
    """Every checkable place of a contract.

    `schemas`: definitions for `in` (requests) and `out` (responses). `operations`: by `METHOD /path`, the
    schemas of `parameters` (`query limit`), `bodies` by media type, and `answers` by status and media type.
    """
    into, out = Definitions("in"), Definitions("out")
    operations: dict[str, Json] = {}
    for item in reader.paths():
        for method in item.operations:
            operation = reader.operation(item, method)
            operations[operation.title] = _operation(operation, into, out)
    return {"schemas": {"in": into.finish(), "out": out.finish()}, "operations": operations}


def _operation(operation: Operation, into: Definitions, out: Definitions) -> dict[str, Json]:
    parameters: dict[str, Json] = {}
    for one in operation.parameters.values():
        schema = one.schema or next((media.schema for media in one.content.values()), None)
        parameters[f"{one.location} {one.name}"] = True if schema is None else into.written(schema)
    body = operation.body.content if operation.body else {}
    answers: dict[str, Json] = {
        status: _contents(response.content, out) for status, response in operation.responses.items()
    }
    headers: dict[str, Json] = {
        status: {
            name: {"required": header.required, "schema": out.written(header.schema)}
            for name, header in response.headers.items()
            if header.schema is not None and name != "content-type"
        }
        for status, response in operation.responses.items()
        if response.headers
    }
    return {
        "parameters": parameters,
        "bodies": _contents(body, into),
        "answers": answers,
        "headers": headers,
    }


def _contents(content: dict[str, Media], definitions: Definitions) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, media in content.items():
        written = "application/json" if name in (media_types.UNSPECIFIED, media_types.ANY) else name
        schema = media.item_schema or media.schema
        found[written] = True if schema is None else definitions.written(schema)
    return found


class Definitions:
    """Collects schemas that are referred to, for one direction, under names of their own."""

    def __init__(self, direction: str) -> None:
        self._hidden = _ONE_WAY[direction]
        self._base = f"urn:apicontract:{direction}#/$defs/"
        self._names: dict[tuple[int, str], str] = {}
        self._written: dict[str, Json] = {}
        self._waiting: list[tuple[str, Schema]] = []

    def written(self, schema: Schema) -> Json:
        """The schema in JSON Schema 2020-12, with references into these definitions."""
        if not isinstance(schema.value, dict):
            return schema.value if isinstance(schema.value, bool) else True
        reference = schema.value.get("$ref")
        if not isinstance(reference, str):
            return self._plain(schema)
        to = self._reference(schema)
        if schema.scope.dialect in _OLD or len(schema.value) == 1:
            return to  # what stands beside a reference counts since 3.1 only
        beside = self._plain(schema)
        return {**to, **beside} if isinstance(to, dict) and isinstance(beside, dict) else beside

    def finish(self) -> dict[str, Json]:
        """All definitions, with all that they reach."""
        while self._waiting:
            name, schema = self._waiting.pop()
            self._written[name] = self.written(schema)
        return dict(sorted(self._written.items()))

    def _reference(self, schema: Schema) -> Json:
        target, found = follow(schema)
        if not found:
            return True
        key = (id(target.scope), target.pointer)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"s{len(self._names)}"
            self._waiting.append((name, target))
        return {"$ref": self._base + name}

    def _plain(self, schema: Schema) -> Json:
        value = schema.value
        assert isinstance(value, dict)  # noqa: S101  # the caller looked
        found: dict[str, Json] = {key: value[key] for key in _KEPT if key in value}
        for keyword in _SINGLE:
            if isinstance(value.get(keyword), dict | bool):
                found[keyword] = self._below(schema, keyword)
        for keyword in _MAPS:
            members = value.get(keyword)
            if isinstance(members, dict):
                found[keyword] = {name: self._below(schema, keyword, name) for name in members}
        for keyword in _LISTS:
            listed = value.get(keyword)
            if isinstance(listed, list):
                found[keyword] = [self._below(schema, keyword, str(index)) for index in range(len(listed))]
        self._without_hidden(schema, found)
        if schema.scope.dialect in _OLD:
            _modern(value, found)
        return found

    def _below(self, schema: Schema, *tokens: str) -> Json:
        inner: Json = schema.value
        for token in tokens:
            inner = inner[token] if isinstance(inner, dict) else inner[int(token)]  # type: ignore[index]
        return self.written(Schema(inner, schema.scope, join(schema.pointer, *tokens)))

    def _without_hidden(self, schema: Schema, found: dict[str, Json]) -> None:
        """What does not travel in this direction is not required in it (OAS 3.0.3, 4.7.24)."""
        value = schema.value
        required = found.get("required")
        properties = value.get("properties") if isinstance(value, dict) else None
        if not isinstance(required, list) or not isinstance(properties, dict):
            return
        kept: list[Json] = []
        for name in required:
            inner = properties.get(str(name))
            if isinstance(inner, dict):
                one = Schema(inner, schema.scope, join(schema.pointer, "properties", str(name)))
                both = (inner, follow(one)[0].value)
                if any(isinstance(said, dict) and said.get(self._hidden) is True for said in both):
                    continue
            kept.append(name)
        found["required"] = kept


def _modern(value: dict[str, Json], found: dict[str, Json]) -> None:
    """The words of OpenAPI 2.0 and 3.0 that JSON Schema 2020-12 has others for."""
    if value.get("type") == "file":
        found.clear()
        return
    for strict, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        said = found.get(strict)
        if isinstance(said, bool):
            del found[strict]
            if said and bound in found:
                found[strict] = found.pop(bound)
    kind = found.get("type")
    if isinstance(kind, str) and (value.get("nullable") is True or value.get("x-nullable") is True):
        found["type"] = [kind, "null"]
