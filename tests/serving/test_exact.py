"""The contract's schemas as a validator of JSON Schema 2020-12 reads them: the same values are valid."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

import apicontract
from apicontract.formats.openapi.reading import Reader
from apicontract.formats.openapi.swagger import SwaggerReader
from apicontract.generation.rest.exact import exact

NODE = {
    "type": "object",
    "required": ["v"],
    "properties": {"v": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Node"}},
}


def accepts(tmp_path, version, schema, value, direction="in", schemas=None):
    """Whether the exported schema of a body accepts a value."""
    content = {"application/json": {"schema": schema}}
    operation = {"responses": {"200": {"description": "ok", "content": content}}}
    if direction == "in":
        operation["requestBody"] = {"content": content}
    contract = {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": {"Node": NODE, **(schemas or {})}},
    }
    return judged(tmp_path, contract, direction, value)


def judged(tmp_path, contract, direction, value):
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(contract))
    loaded = apicontract.load(str(file))
    found = exact(SwaggerReader(loaded) if loaded.series == "2.0" else Reader(loaded))
    registry = jsonschema_rs.Registry(
        [(f"urn:apicontract:{way}", {"$defs": found["schemas"][way]}) for way in ("in", "out")]
    )
    operation = found["operations"]["POST /a"]
    place = operation["bodies"] if direction == "in" else operation["answers"]["200"]
    return jsonschema_rs.Draft202012Validator(
        place["application/json"], registry=registry, validate_formats=True
    ).is_valid(value)


@pytest.mark.parametrize(
    ("version", "schema", "good", "bad"),
    [
        ("3.0.3", {"type": "string", "nullable": True}, None, 1),
        ("3.0.3", {"type": "integer", "minimum": 3, "exclusiveMinimum": True}, 4, 3),
        ("3.0.3", {"type": "integer", "maximum": 3, "exclusiveMaximum": False}, 3, 4),
        ("3.0.3", {"$ref": "#/components/schemas/Node", "required": ["other"]}, {"v": 1}, {}),
        (
            "3.1.0",
            {"$ref": "#/components/schemas/Node", "required": ["other"]},
            {"v": 1, "other": 2},
            {"v": 1},
        ),
        (
            "3.1.0",
            {"$ref": "#/components/schemas/Node", "unevaluatedProperties": False},
            {"v": 1},
            {"v": 1, "w": 1},
        ),
        ("3.1.0", {"type": ["string", "null"], "format": "uuid"}, None, "x"),
        ("3.1.0", {"exclusiveMinimum": 3}, 4, 3),
        (
            "3.1.0",
            {"$ref": "#/components/schemas/Node"},
            {"v": 1, "next": {"v": 2}},
            {"v": 1, "next": {"v": "2"}},
        ),
        (
            "3.1.0",
            {"properties": {"enum": {"$ref": "#/components/schemas/Node"}}},
            {"enum": {"v": 1}},
            {"enum": {}},
        ),
        ("3.1.0", {"properties": {"$ref": {"type": "integer"}}}, {"$ref": 1}, {"$ref": "a"}),
        ("3.1.0", {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1, "b": 1}, {"a": 1}),
        ("3.1.0", {"not": {"type": "string"}}, 1, "a"),
        ("3.1.0", {"prefixItems": [{"type": "integer"}], "items": False}, [1], [1, 2]),
        ("3.1.0", {"patternProperties": {"^x": {"type": "integer"}}}, {"x": 1, "y": "a"}, {"x": "a"}),
        ("3.1.0", {"const": {"$ref": "#/nowhere"}}, {"$ref": "#/nowhere"}, {"$ref": "#"}),
    ],
)
def test_the_same_values_are_valid(tmp_path, version, schema, good, bad):
    assert accepts(tmp_path, version, schema, good)
    assert not accepts(tmp_path, version, schema, bad)


def test_what_does_not_travel_in_a_direction_is_not_required_in_it(tmp_path):
    schema = {
        "type": "object",
        "required": ["id", "secret"],
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "secret": {"$ref": "#/components/schemas/Secret"},
        },
    }
    schemas = {"Secret": {"type": "string", "writeOnly": True}}

    def check(value, direction):
        return accepts(tmp_path, "3.1.0", schema, value, direction, schemas)

    assert check({"secret": "s"}, "in")
    assert not check({"id": 1}, "in")
    assert check({"id": 1}, "out")
    assert not check({"secret": "s"}, "out")


def test_swagger_reads_the_same(tmp_path):
    contract = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "consumes": ["application/json"],
        "paths": {
            "/a": {
                "post": {
                    "parameters": [{"name": "b", "in": "body", "schema": {"$ref": "#/definitions/B"}}],
                    "responses": {"200": {"description": "ok"}},
                }
            }
        },
        "definitions": {
            "B": {
                "type": "object",
                "properties": {
                    "n": {"type": "number", "maximum": 2, "exclusiveMaximum": True, "x-nullable": True}
                },
            }
        },
    }
    assert judged(tmp_path, contract, "in", {"n": None})
    assert judged(tmp_path, contract, "in", {"n": 1.5})
    assert not judged(tmp_path, contract, "in", {"n": 2})
