"""References: recursive schemas, names, and references that lead nowhere or only to themselves."""

from __future__ import annotations

import pytest

from apicontract.schemas import Contained, NotContained, Unknown, contains

I = {"type": "integer"}  # noqa: E741
N = {"type": "number"}


def chain(value, **more):
    return {"type": "object", "properties": {"value": value, "next": {"$ref": "#"}}, **more}


def test_recursive_lists():
    assert contains(chain(I), chain(N)) == Contained()
    assert contains(chain(N), chain(I)).witness.value == {"value": 0.5}


def test_a_difference_one_level_down():
    deeper = {"type": "object", "properties": {"value": N, "next": chain(I)}}
    deeper["properties"]["next"]["properties"]["next"] = {"$ref": "#/properties/next"}
    assert contains(chain(N), deeper).witness.value == {"next": {"value": 0.5}}


def test_mutual_recursion():
    def pair(leaf):
        return {
            "$ref": "#/$defs/a",
            "$defs": {
                "a": {"anyOf": [leaf, {"type": "array", "items": {"$ref": "#/$defs/b"}}]},
                "b": {"type": "object", "additionalProperties": {"$ref": "#/$defs/a"}},
            },
        }

    assert contains(pair(I), pair(N)) == Contained()
    assert contains(pair(N), pair(I)).witness.value == 0.5


def test_a_type_that_needs_itself_is_empty():
    endless = {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}
    assert contains(endless, False) == Contained()


def test_a_type_that_may_end_is_not_empty():
    tree = {
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"left": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
                "required": ["left"],
            }
        },
    }
    assert contains(tree, False).witness.value == {"left": None}


def test_anchors_and_embedded_resources():
    schema = {
        "$id": "https://x.example/a",
        "$ref": "b#n",
        "$defs": {"b": {"$id": "b", "$defs": {"n": {"$anchor": "n", **I}}}},
    }
    assert contains(schema, I) == Contained()
    assert isinstance(contains(N, schema), NotContained)


def test_dynamic_references_lead_to_the_outermost_name():
    lists = {
        "$id": "https://x.example/list",
        "$ref": "generic",
        "$defs": {
            "strings": {"$dynamicAnchor": "item", "type": "string"},
            "generic": {
                "$id": "generic",
                "type": "array",
                "items": {"$dynamicRef": "#item"},
                "$defs": {"any": {"$dynamicAnchor": "item"}},
            },
        },
    }
    assert contains(lists, {"type": "array", "items": {"type": "string"}}) == Contained()
    assert contains({"type": "array", "items": I}, lists).witness.value == [0]


@pytest.mark.parametrize(
    "schema", [{"$ref": "#/nowhere"}, {"$ref": "https://elsewhere.example/"}, {"$ref": 3}]
)
def test_a_reference_that_leads_nowhere_is_unknown_unless_it_does_not_matter(schema):
    assert isinstance(contains(schema, I), Unknown)
    assert contains(schema, schema) == Contained()
    assert contains({"allOf": [schema, I]}, N) == Contained()


@pytest.mark.parametrize(
    "schema",
    [{"$ref": "#"}, {"allOf": [{"$ref": "#"}]}, {"not": {"$ref": "#"}}, {"anyOf": [{"$ref": "#"}, I]}],
)
def test_a_reference_that_leads_only_to_itself_never_hangs(schema):
    assert not isinstance(contains(I, schema), NotContained)
    assert contains(schema, {}) == Contained()
