"""Pairs (keyword, narrow, wide): every value of the first is one of the second, and not the other way."""

from __future__ import annotations

S = {"type": "string"}
I = {"type": "integer"}  # noqa: E741
N = {"type": "number"}

NARROWER = [
    # types
    ("type", {"type": "integer"}, {"type": "number"}),
    ("type", {"type": "string"}, {"type": ["string", "null"]}),
    ("type", {"type": ["array", "null"]}, {}),
    ("enum", {"enum": ["a"]}, {"enum": ["a", "b"]}),
    ("enum", {"enum": [1, None, True]}, {"type": ["integer", "null", "boolean"]}),
    ("enum", {"enum": [{"a": [1]}]}, {"enum": [{"a": [1]}, {"a": [2]}]}),
    ("enum", {"enum": [[1, 2]]}, {"type": "array", "items": I}),
    ("const", {"const": 1.0}, I),
    ("const", {"const": {"a": None}}, {"type": "object"}),
    # numbers
    ("minimum", N | {"minimum": 2}, N | {"minimum": 1.5}),
    ("maximum", N | {"maximum": 2}, N | {"maximum": 2.5}),
    ("exclusiveMinimum", N | {"exclusiveMinimum": 1}, N | {"minimum": 1}),
    ("exclusiveMaximum", N | {"exclusiveMaximum": 1}, N | {"maximum": 1}),
    ("multipleOf", N | {"multipleOf": 6}, N | {"multipleOf": 1.5}),
    ("multipleOf", {"allOf": [N | {"multipleOf": 4}, {"multipleOf": 6}]}, N | {"multipleOf": 6}),
    ("multipleOf", N | {"multipleOf": 0.1}, N | {"multipleOf": 0.01}),
    ("multipleOf", N | {"multipleOf": 2, "minimum": 1, "maximum": 3}, {"enum": [2, 3]}),
    ("minimum", {"type": "integer", "minimum": 10**30}, {"type": "integer", "minimum": 10**30 - 1}),
    # strings
    ("minLength", S | {"minLength": 2}, S | {"minLength": 1}),
    ("maxLength", S | {"maxLength": 1}, S | {"maxLength": 2}),
    ("pattern", S | {"pattern": "^[a-z]{1,20}$"}, S | {"pattern": "^[a-z0-9]{1,30}$"}),
    ("pattern", S | {"pattern": "^abc"}, S | {"pattern": "b"}),
    ("pattern", S | {"pattern": "^.{3}$"}, S | {"minLength": 3}),
    ("format", S | {"format": "uuid"}, S | {"minLength": 36, "maxLength": 36}),
    ("format", S | {"format": "date"}, S),
    ("format", S | {"format": "date"}, S | {"pattern": "^\\d{4}-"}),
    ("format", I | {"format": "int32"}, I | {"format": "int64"}),
    ("format", N | {"format": "float"}, N | {"format": "double"}),
    ("format", {"enum": ["2024-02-29"]}, S | {"format": "date"}),
    ("format", S | {"format": "uri"}, S | {"format": "uri-reference"}),
    # arrays
    ("items", {"type": "array", "items": I}, {"type": "array", "items": N}),
    ("items", {"type": "array", "items": False}, {"maxItems": 1, "type": "array"}),
    ("prefixItems", {"prefixItems": [I, S]}, {"prefixItems": [N]}),
    ("prefixItems", {"prefixItems": [I], "items": S}, {"items": {"type": ["integer", "string"]}}),
    ("minItems", {"minItems": 2}, {"minItems": 1}),
    ("maxItems", {"maxItems": 1}, {"maxItems": 2}),
    ("uniqueItems", {"uniqueItems": True}, {}),
    (
        "uniqueItems",
        {"uniqueItems": True, "items": {"type": "boolean"}},
        {"maxItems": 2, "items": {"type": "boolean"}},
    ),
    ("contains", {"contains": {"const": 1}}, {"contains": I}),
    ("contains", {"contains": {"const": 1}}, {"minItems": 1}),
    ("minContains", {"contains": I, "minContains": 2}, {"contains": I}),
    ("minContains", {"contains": I, "minContains": 3}, {"minItems": 3}),
    ("maxContains", {"contains": I, "maxContains": 1}, {"contains": I, "maxContains": 2}),
    ("unevaluatedItems", {"prefixItems": [I], "unevaluatedItems": False}, {"maxItems": 1}),
    ("unevaluatedItems", {"contains": I, "unevaluatedItems": False}, {"items": I}),
    # objects
    ("properties", {"properties": {"a": I}}, {"properties": {"a": N}}),
    ("required", {"required": ["a", "b"]}, {"required": ["a"]}),
    ("required", {"required": ["a", "b"]}, {"minProperties": 2}),
    ("additionalProperties", {"additionalProperties": I}, {"additionalProperties": N}),
    (
        "additionalProperties",
        {"properties": {"a": I}, "additionalProperties": False},
        {"additionalProperties": I},
    ),
    ("patternProperties", {"patternProperties": {"^a": I}}, {"patternProperties": {"^ab": N}}),
    ("patternProperties", {"patternProperties": {"^a": I}}, {"properties": {"abc": N}}),
    ("propertyNames", {"propertyNames": {"maxLength": 1}}, {"propertyNames": {"maxLength": 2}}),
    ("propertyNames", {"propertyNames": {"enum": ["a", "b"]}}, {"maxProperties": 2}),
    (
        "propertyNames",
        {"properties": {"a": {}}, "propertyNames": False},
        {"properties": {"a": {}}, "additionalProperties": False},
    ),
    ("patternProperties", {"properties": {"a": {}}, "patternProperties": {"": I}}, {"properties": {"a": N}}),
    ("minProperties", {"minProperties": 2}, {"minProperties": 1}),
    ("maxProperties", {"maxProperties": 1}, {"maxProperties": 2}),
    (
        "maxProperties",
        {"required": ["a"], "maxProperties": 1},
        {"additionalProperties": False, "properties": {"a": {}}},
    ),
    ("dependentRequired", {"dependentRequired": {"a": ["b"]}, "required": ["a"]}, {"required": ["b"]}),
    ("dependencies", {"dependencies": {"a": ["b"]}}, {"dependencies": {"a": {"minProperties": 2}}}),
    (
        "dependentSchemas",
        {"dependentSchemas": {"a": {"required": ["b"]}}},
        {"dependentSchemas": {"a": {"minProperties": 2}}},
    ),
    ("unevaluatedProperties", {"properties": {"a": I}, "unevaluatedProperties": False}, {"maxProperties": 1}),
    (
        "unevaluatedProperties",
        {"allOf": [{"properties": {"a": I}}], "unevaluatedProperties": False},
        {"additionalProperties": I},
    ),
    (
        "unevaluatedProperties",
        {
            "anyOf": [{"properties": {"a": I}, "required": ["a"]}, {"properties": {"b": I}}],
            "unevaluatedProperties": False,
        },
        {"propertyNames": {"enum": ["a", "b"]}, "additionalProperties": {}},
    ),
    # combinations
    ("allOf", {"allOf": [I, {"minimum": 1}]}, {"type": "integer", "minimum": 0}),
    ("anyOf", {"anyOf": [S, I]}, {"anyOf": [I, S, {"type": "null"}]}),
    ("oneOf", {"oneOf": [N, I]}, N),
    ("oneOf", {"oneOf": [{"minimum": 2}, {"maximum": 3}], "type": "number"}, {"not": {"const": 2.5}}),
    ("not", {"not": {"type": ["string", "null"]}}, {"not": S}),
    ("not", S | {"not": {"enum": ["a"]}}, S | {"not": {"enum": []}}),
    ("if", {"if": S, "then": {"minLength": 1}, "else": {"type": "null"}}, {"type": ["string", "null"]}),
    ("$ref", {"$ref": "#/$defs/a", "$defs": {"a": I}}, N),
]

OLDER = [
    ("draft4", "exclusiveMinimum", N | {"minimum": 1, "exclusiveMinimum": True}, N | {"minimum": 1}),
    ("draft4", "dependencies", {"dependencies": {"a": ["b"]}, "required": ["a"]}, {"required": ["b"]}),
    ("draft7", "additionalItems", {"items": [I], "additionalItems": False}, {"maxItems": 1}),
    ("draft7", "items", {"items": [I, S]}, {"items": [N]}),
    ("draft7", "$ref", {"$ref": "#/definitions/a", "maximum": 3, "definitions": {"a": I}}, N),
    ("openapi-3.0", "nullable", S, S | {"nullable": True}),
    ("openapi-3.0", "nullable", S | {"enum": ["a"]}, S | {"enum": ["a"], "nullable": True}),
    ("openapi-3.0", "exclusiveMaximum", N | {"maximum": 1, "exclusiveMaximum": True}, N | {"maximum": 1}),
    ("openapi-2.0", "type", S | {"maxLength": 3}, {"type": "file"}),
    ("openapi-3.1", "const", {"const": "a"}, S),
]
