"""The official meta-schemas of OpenAPI, found in openapi-spec-validator's package data and compiled.

Neither that package nor jsonschema is imported: the files are read, and jsonschema-rs runs them.
Where an official file contradicts the specification it belongs to, `_CORRECTIONS` says how and why.
Knows nothing of messages.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.sources import Json

_FOLDERS = {"2.0": "v2.0", "3.0": "v3.0", "3.1": "v3.1", "3.2": "v3.2"}
_BASE_31 = "https://spec.openapis.org/oas/3.1/dialect/base"
_META_31 = "https://spec.openapis.org/oas/3.1/meta/base"
_BASE_32 = "https://spec.openapis.org/oas/3.2/dialect/2025-09-17"
_META_32 = "https://spec.openapis.org/oas/3.2/meta/2025-09-17"
_DIALECT_FILES = {
    _BASE_31: "oas3.1/metaschema.json",
    _META_31: "oas3.1/vocabularies/base",
    _BASE_32: "oas3.2/dialect/2025-09-17.json",
    _META_32: "oas3.2/meta/2025-09-17.json",
}
DEFAULT_DIALECT = {"3.1": _BASE_31, "3.2": _BASE_32}
# Other names under which the OpenAPI Initiative publishes the same two dialects.
_SAME_DIALECT = {
    "https://spec.openapis.org/oas/3.1/dialect/2022-10-07": _BASE_31,
    "https://spec.openapis.org/oas/3.1/dialect/2024-10-25": _BASE_31,
    "https://spec.openapis.org/oas/3.1/dialect/2024-11-10": _BASE_31,
    "https://spec.openapis.org/oas/3.2/dialect/base": _BASE_32,
}
_DRAFTS = {
    "http://json-schema.org/draft-04/schema": jsonschema_rs.Draft4Validator,
    "http://json-schema.org/draft-06/schema": jsonschema_rs.Draft6Validator,
    "http://json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema_rs.Draft202012Validator,
}
# A meta-schema's own definition for a kind of object, to check one that stands outside the entry document.
_DEFINITION_20 = {
    "path-item": "pathItem",
    "parameter": "parameter",
    "response": "response",
    "schema": "schema",
}
_DEFINITION_31 = {"callback": "callbacks"}


def known_dialect(name: str) -> bool:
    """Whether schemas that say they are written in this dialect can be checked."""
    plain = name.rstrip("#")
    return plain in _DIALECT_FILES or plain in _SAME_DIALECT or plain in _DRAFTS


@cache
def metaschema(series: str) -> dict[str, Json]:
    """The meta-schema of a series of OpenAPI, corrected."""
    folder = _package("openapi_spec_validator") / "resources" / "schemas" / _FOLDERS[series]
    schema: dict[str, Json] = json.loads((folder / "schema.json").read_bytes())
    for name, correction in _CORRECTIONS.get(series, ()):
        definitions = schema["$defs"]
        assert isinstance(definitions, dict)  # noqa: S101  # an official file that we ship with
        definition = definitions[name]
        assert isinstance(definition, dict)  # noqa: S101
        _merge(definition, correction)
    return schema


@cache
def document_validator(series: str) -> jsonschema_rs.Validator:
    """What checks a whole description of that series, apart from Schema Objects of 3.1 and later."""
    return jsonschema_rs.validator_for(metaschema(series))


@cache
def object_validator(series: str, kind: str) -> jsonschema_rs.Validator | None:
    """What checks one object of a kind (`path-item`); None if the meta-schema has no definition of it."""
    schema = metaschema(series)
    container = "$defs" if "$defs" in schema else "definitions"
    if series == "2.0":
        name = _DEFINITION_20.get(kind, kind)
    elif series == "3.0":
        name = "".join(word.capitalize() for word in kind.split("-"))
    else:
        name = _DEFINITION_31.get(kind, kind)
    definitions = schema[container]
    if not isinstance(definitions, dict) or name not in definitions:
        return None
    alone = {key: value for key, value in schema.items() if key in {"$schema", container}}
    return jsonschema_rs.validator_for({**alone, "allOf": [{"$ref": f"#/{container}/{name}"}]})


@cache
def dialect_validator(dialect: str) -> jsonschema_rs.Validator | None:
    """What checks a Schema Object written in a dialect; None if the dialect is not known."""
    plain = dialect.rstrip("#")
    draft = _DRAFTS.get(plain)
    if draft is not None:
        return draft({"$ref": dialect})
    base = _SAME_DIALECT.get(plain, plain)
    if base not in _DIALECT_FILES:
        return None
    folder = _package("openapi_schema_validator") / "schemas"
    resources = [(name, json.loads((folder / file).read_bytes())) for name, file in _DIALECT_FILES.items()]
    return jsonschema_rs.Draft202012Validator({"$ref": base}, registry=jsonschema_rs.Registry(resources))


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        msg = f"{name} is not installed: its package data holds the meta-schemas (pip install {name})"
        raise ModuleNotFoundError(msg)
    return Path(spec.origin).parent


def _merge(into: dict[str, Json], correction: dict[str, Json]) -> None:
    for key, value in correction.items():
        held = into.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        else:
            into[key] = value


_EXTENSIONS: dict[str, Json] = {"patternProperties": {"^x-": True}}
_CORRECTIONS: dict[str, tuple[tuple[str, dict[str, Json]], ...]] = {
    "3.1": (
        # Link Object, section 4.8.20: the field is `server`; the file says `body`.
        ("link", {"properties": {"server": {"$ref": "#/$defs/server"}}}),
        # The same table: `parameters` is Map[string, Any | {expression}]; the file allows only strings.
        ("link", {"properties": {"parameters": {"$ref": "#/$defs/link/$defs/parameters"}}}),
        ("link", {"$defs": {"parameters": {"type": "object"}}}),
        # Callback Object, section 4.8.18: may be extended; `additionalProperties` overlooks that.
        ("callbacks", _EXTENSIONS),
        # Path Item Object, section 4.8.9.1: `$ref` is one of its fields and may stand beside the others.
        ("path-item", {"properties": {"$ref": {"type": "string", "format": "uri-reference"}}}),
        ("path-item-or-reference", {"then": {"$ref": "#/$defs/path-item"}}),
        # Reference Object, section 4.8.23: what stands beside `$ref` is ignored, not refused.
        ("reference", {"unevaluatedProperties": True}),
    ),
    "3.2": (
        ("link", {"properties": {"parameters": {"$ref": "#/$defs/link/$defs/parameters"}}}),
        ("link", {"$defs": {"parameters": {"type": "object"}}}),
        ("callbacks", _EXTENSIONS),
    ),
}


def corrections() -> Iterator[tuple[str, str]]:
    """Which definitions of which series are corrected."""
    for series, rows in _CORRECTIONS.items():
        for name, _ in rows:
            yield series, name
