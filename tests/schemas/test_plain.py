"""The functions about plain values: every option reaches the engine, and every result is one of its values."""

from __future__ import annotations

import inspect

import pytest

import apicontract.schemas as room
from apicontract.schemas import (
    NOTHING,
    Budget,
    Contained,
    NotContained,
    Unknown,
    contains,
    equivalent,
    explain,
    intersect,
    is_empty,
    sample,
)

S = {"type": "string"}
I = {"type": "integer"}  # noqa: E741


def an_object(properties, **more):
    return {"type": "object", "properties": properties, **more}


@pytest.mark.parametrize("name", room.__all__)
def test_every_exported_name_exists_and_says_what_it_is(name):
    assert name in {"Json", "Flow"} or inspect.getdoc(getattr(room, name))


def test_dialects_of_both_sides():
    old = {"type": "number", "minimum": 1, "exclusiveMinimum": True}
    new = {"type": "number", "exclusiveMinimum": 1}
    assert contains(old, new, dialect="draft4", sup_dialect="2020-12") == Contained()
    assert equivalent(old, new, dialect="draft4", other_dialect="2020-12") == Contained()
    assert sample(intersect(old, I, dialect="draft4", other_dialect="draft7")) == 2


@pytest.mark.parametrize("function", [contains, equivalent, explain, intersect])
def test_an_unknown_dialect_is_refused_by_all(function):
    with pytest.raises(ValueError, match="unknown dialect"):
        function({}, {}, dialect="draft99")


def test_readings():
    old, new = an_object({"a": S}), an_object({"a": S, "b": I})
    assert contains(old, new) == Contained()
    assert isinstance(contains(old, new, reading="literal"), NotContained)
    assert isinstance(equivalent(old, new), NotContained)
    assert equivalent(old, new, reading="contract") == Contained()
    assert explain(old, new) == ()
    assert [cause.kind for cause in explain(old, new, reading="literal")] == ["property-added"]


def test_formats():
    date = S | {"format": "date"}
    assert isinstance(contains(S, date), NotContained)
    assert equivalent(S, date, formats="annotate") == Contained()
    assert is_empty({"allOf": [date, S | {"maxLength": 2}]}) is True
    assert is_empty({"allOf": [date, S | {"maxLength": 2}]}, formats="annotate") is False
    assert sample(date) == "2024-01-31"
    assert [cause.kind for cause in explain(S, date)] == ["format-added"]
    assert explain(S, date, formats="annotate") == ()


def test_directions():
    old, new = an_object({"id": S | {"readOnly": True}}), an_object({"id": I})
    assert contains(old, new, flow="request") == Contained()
    assert isinstance(contains(old, new, flow="response"), NotContained)
    assert sample(old | {"required": ["id"]}, flow="request") == {}
    assert sample(old | {"required": ["id"]}, flow="response") == {"id": ""}
    assert explain(old, new, flow="request") == ()


def test_the_budget_is_the_callers():
    hard = {"allOf": [{"anyOf": [{"required": [f"a{i}"]}, {"required": [f"b{i}"]}]} for i in range(30)]}
    few = Budget(steps=50)
    assert contains(hard, {"minProperties": 30}, reading="literal", budget=few) == Unknown(
        "more than 50 steps"
    )
    assert isinstance(equivalent(hard, {"minProperties": 30}, budget=few), Unknown)
    narrow = {"allOf": [hard, {"type": "object", "maxProperties": 29}]}
    assert is_empty(narrow, budget=few) is None
    assert sample(narrow, budget=few) == Unknown("more than 50 steps")
    found = explain(hard, {"minProperties": 30}, reading="literal", budget=few)
    assert [type(cause.verdict) for cause in found] == [Unknown]


def test_emptiness_and_samples():
    assert is_empty(False) is True
    assert is_empty({}) is False
    assert is_empty({"$ref": "#/nowhere"}) is None
    assert sample(False) is NOTHING
    assert sample({"type": "string", "default": "Ada"}) == "Ada"
