"""Why a schema is not contained: the smallest edits that fail by themselves, in order, each with a value."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import schemas

from apicontract.schemas import Contained, NotContained, contains, explain

S = {"type": "string"}
I = {"type": "integer"}  # noqa: E741
N = {"type": "number"}


def an_object(properties, **more):
    return {"type": "object", "properties": properties, **more}


def said(sub, sup, **options):
    return [
        (cause.kind, cause.name, cause.path, cause.sup, cause.verdict.witness.value)
        for cause in explain(sub, sup, **options)
    ]


def test_each_edit_has_its_own_value_in_the_order_of_the_document():
    line = {"p": N, "q": S}
    old = an_object(
        {"b": {"enum": ["x", "y"]}, "a": {"type": "array", "items": an_object(line, required=["p"])}}
    )
    new = an_object(
        {
            "a": {
                "type": "array",
                "maxItems": 3,
                "items": an_object({"p": I, "q": S | {"maxLength": 2}}, required=["p", "q"]),
            },
            "b": {"enum": ["x"]},
        }
    )
    items = "/properties/a/items"
    assert said(old, new) == [
        ("max-items-added", "", "a", "/properties/a/maxItems", {"a": [{"p": 0}] * 4}),
        ("type-narrowed", "", "a[].p", f"{items}/properties/p/type", {"a": [{"p": 0.5}]}),
        ("property-became-required", "q", "a[]", f"{items}/properties/q", {"a": [{"p": 0}]}),
        ("max-length-added", "", "a[].q", f"{items}/properties/q/maxLength", {"a": [{"p": 0, "q": "aaa"}]}),
        ("enum-value-removed", "y", "b", "/properties/b/enum", {"b": "y"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sub, sup, kinds",
    [
        (I, N, []),
        (N, I, ["type-narrowed"]),
        (S | {"minLength": 2, "maxLength": 9}, S | {"minLength": 3, "maxLength": 8},
         ["min-length-increased", "max-length-decreased"]),
        ({"oneOf": [S, I]}, {"oneOf": [S, {"type": "boolean"}]}, ["alternative-removed"]),
        (N, N | {"not": {"const": 3}}, ["not-added"]),
        (an_object({"a": S}), an_object({"a": S}, additionalProperties=False), ["additional-properties-closed"]),
        ({"$ref": "#/$defs/a", "$defs": {"a": S}}, S | {"maxLength": 1}, ["max-length-added"]),
    ],
)  # fmt: skip
def test_kinds(sub, sup, kinds):
    found = explain(sub, sup)
    assert [cause.kind for cause in found] == kinds


def test_what_moved_without_meaning_is_not_blamed():
    old = an_object({"a": S, "b": I})
    new = {
        "allOf": [an_object({"a": S}), an_object({"b": {"type": "integer", "minimum": 0}}, required=["a"])]
    }
    assert [(cause.kind, cause.name or cause.path) for cause in explain(old, new)] == [
        ("property-became-required", "a"),
        ("minimum-added", "b"),
    ]


def test_recursive_schemas_end():
    def chain(value):
        return an_object({"value": value, "next": {"$ref": "#"}})

    assert [(cause.kind, cause.path) for cause in explain(chain(N), chain(I))] == [("type-narrowed", "value")]


def test_a_failure_of_the_combination_is_one_cause():
    old = {"type": "integer", "minimum": 0, "maximum": 3}
    new = {"anyOf": [{"const": 0}, {"const": 1}, {"const": 3}]}
    [cause] = explain(old, new)
    assert cause.verdict.witness.value == 2


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(schemas, schemas)
def test_there_is_a_cause_exactly_if_it_is_not_contained_and_its_value_shows_it(sub, sup):
    found = explain(sub, sup, reading="literal")
    assert bool(found) == (contains(sub, sup, reading="literal") != Contained())
    for cause in found:
        if cause.lifted and isinstance(cause.verdict, NotContained):
            value = cause.verdict.witness.value
            assert jsonschema_rs.Draft202012Validator(sub).is_valid(value)
            assert not jsonschema_rs.Draft202012Validator(sup).is_valid(value)
