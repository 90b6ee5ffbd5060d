"""What a value's validity is, by jsonschema-rs and by a reading of OpenAPI that is not the library's.

Every dialect becomes a schema of a draft that jsonschema-rs knows: `nullable` a null type, a property that
the direction hides `false` for who sends and `true` for who receives. Written apart from
`apicontract.schemas`, so that an error there does not repeat itself here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from apicontract.schemas import Json

Object = dict[str, Any]

_VALIDATORS: dict[str, Any] = {
    "draft4": jsonschema_rs.Draft4Validator,
    "draft6": jsonschema_rs.Draft6Validator,
    "draft7": jsonschema_rs.Draft7Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "2020-12": jsonschema_rs.Draft202012Validator,
    "openapi-2.0": jsonschema_rs.Draft4Validator,
    "openapi-3.0": jsonschema_rs.Draft4Validator,
    "openapi-3.1": jsonschema_rs.Draft202012Validator,
    "openapi-3.2": jsonschema_rs.Draft202012Validator,
}
CANONICAL = {
    4: jsonschema_rs.Draft4, 6: jsonschema_rs.Draft6, 7: jsonschema_rs.Draft7,
    2019: jsonschema_rs.Draft201909, 2020: jsonschema_rs.Draft202012,
}  # fmt: skip
DRAFTS = {
    "draft4": 4, "draft6": 6, "draft7": 7, "2019-09": 2019, "2020-12": 2020,
    "openapi-2.0": 4, "openapi-3.0": 4, "openapi-3.1": 2020, "openapi-3.2": 2020,
}  # fmt: skip
_RANGES: dict[str, Object] = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1, "multipleOf": 1},
    "int64": {"minimum": -(2**63), "maximum": 2**63 - 1, "multipleOf": 1},
    "float": {"minimum": -(2**24 - 1) * 2**104, "maximum": (2**24 - 1) * 2**104},
}
# Formats that not every draft lists are asked of the newest one.
_FORMATS = {
    name: jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid
    for name in ("date", "time", "duration", "uuid")
}
_SAME = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies")
_MAPS = (
    "properties", "patternProperties", "$defs", "definitions", "components", "dependentSchemas", "dependencies",
)  # fmt: skip
_LONE = ("openapi-2.0", "openapi-3.0")  # a reference hides what stands beside it
_BOOLEAN_SCHEMAS = ("draft6", "draft7", "2019-09", "2020-12", "openapi-3.1", "openapi-3.2")
_DATA = ("enum", "const", "required", "dependentRequired")


def validator(
    schema: Json, dialect: str, *, formats: bool = False, flow: str | None = None, sent: bool = True
) -> Any:
    """A validator of the schema as this dialect, direction and side read it; ValueError if there is none."""
    mark = {"request": "readOnly", "response": "writeOnly"}.get(flow or "", "")
    reader = _Reader(dialect, mark, formats=formats, sent=sent)
    reader.document = schema
    read = reader.read(schema, frozenset())
    try:
        return _VALIDATORS[dialect](read, validate_formats=formats, formats=_FORMATS)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as problem:
        raise ValueError(str(problem)) from problem


def plain(schema: Json, dialect: str) -> Json:
    """The schema in the words of the draft that the dialect stands on; direction and formats apart."""
    return _Reader(dialect, "", formats=False, sent=True).read(schema, frozenset())  # type: ignore[no-any-return]


class _Reader:
    def __init__(self, dialect: str, mark: str, *, formats: bool, sent: bool) -> None:
        self.dialect = dialect
        self.mark = mark if dialect.startswith("openapi") else ""
        self.formats = formats
        self.document: Any = {}
        self.sent = sent
        self.denied: Json = False if dialect in _BOOLEAN_SCHEMAS else {"not": {}}

    def read(self, schema: Any, hidden: frozenset[str]) -> Any:
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema and self.dialect in _LONE:
            return {"$ref": schema["$ref"]}
        if self.mark:
            hidden |= self._marked(schema)
        made = {word: self._part(word, value, hidden) for word, value in schema.items()}
        extra: list[Any] = []
        if self.formats and schema.get("format") in _RANGES:
            extra.append({"anyOf": [{"not": {"type": "number"}}, _RANGES[schema["format"]]]})
        if self.dialect == "2019-09" and "contains" in made:  # which evaluates no item there (core, 9.3.1.3)
            words = ("contains", "minContains", "maxContains")
            extra.append({"not": {"not": {word: made.pop(word) for word in words if word in made}}})
        self._nullable(schema, made)
        self._tag(schema, made)
        self._hide(made, hidden)
        if extra:
            made["allOf"] = [*made.get("allOf", []), *extra]
        return made

    def _part(self, word: str, value: Any, hidden: frozenset[str]) -> Any:
        """What a keyword holds, its schemas read; those that speak of the same value share what is hidden."""
        kept = hidden if word in _SAME else frozenset()
        if word in _DATA:
            return value
        if word in _MAPS:
            return {name: p if isinstance(p, list) else self.read(p, kept) for name, p in value.items()}
        if isinstance(value, dict):
            return self.read(value, kept)
        if isinstance(value, list) and word in {*_SAME, "items", "prefixItems"}:
            return [self.read(part, kept) for part in value]
        return value

    def _tag(self, schema: Object, made: Object) -> None:
        """A discriminator as a condition on its property, branch by branch; see OpenAPI's Discriminator Object."""
        given = schema.get("discriminator")
        if not isinstance(given, dict) or self.dialect not in {"openapi-3.0", "openapi-3.1", "openapi-3.2"}:
            return
        for word in ("anyOf", "oneOf"):
            branches = schema.get(word, [])
            if not all("$ref" in branch for branch in branches):
                continue
            for i, branch in enumerate(branches):
                goal = branch["$ref"]
                name = goal.rpartition("/")[2]
                words = [tag for tag, to in given.get("mapping", {}).items() if to in {goal, name}] or [name]
                kind = (
                    self.document["components"]["schemas"][name]
                    .get("properties", {})
                    .get(given["propertyName"], {})
                )
                if "enum" in kind and not set(kind["enum"]) & set(words):
                    continue
                made[word][i] = {
                    "allOf": [made[word][i], {"properties": {given["propertyName"]: {"enum": words}}}]
                }

    def _nullable(self, schema: Object, made: Object) -> None:
        if self.dialect == "openapi-3.0" and schema.get("nullable") is True and "type" in schema:
            made["type"] = [schema["type"], "null"] if schema["type"] != "null" else "null"
            if "enum" in schema and None not in schema["enum"]:
                made["enum"] = [*schema["enum"], None]

    def _marked(self, schema: Object) -> frozenset[str]:
        names = {
            name
            for name, part in schema.get("properties", {}).items()
            if isinstance(part, dict) and self._is_marked(part)
        }
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, ()):
                if isinstance(part, dict):
                    names |= self._marked(part)
        return frozenset(names)

    def _is_marked(self, part: Object) -> bool:
        if "$ref" in part and self.dialect in _LONE:
            return False
        listed = part.get("allOf", ())
        return part.get(self.mark) is True or any(
            self._is_marked(one) for one in listed if isinstance(one, dict)
        )

    def _hide(self, made: Object, hidden: frozenset[str]) -> None:
        if not hidden:
            return
        if "required" in made:
            made["required"] = [name for name in made["required"] if name not in hidden]
            if not made["required"]:
                del made["required"]
        properties = made.get("properties", {})
        if self.sent:
            properties |= dict.fromkeys(properties.keys() & hidden, self.denied)
        elif "additionalProperties" in made or properties.keys() & hidden:
            properties |= {name: {} for name in hidden}
        if properties:
            made["properties"] = properties
