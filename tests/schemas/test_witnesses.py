"""Witnesses are small, readable, and taken from the contract where it shows a value."""

from __future__ import annotations

import pytest

from apicontract.schemas import NotContained, contains

S = {"type": "string"}
I = {"type": "integer"}  # noqa: E741

ROWS = [
    ({"enum": ["a", "b"]}, {"enum": ["a"]}, "b"),
    (I, I | {"minimum": 1}, 0),
    (I, I | {"maximum": 10}, 11),
    (I | {"minimum": 5}, I | {"maximum": 10}, 11),
    ({"type": "number"}, I, 0.5),
    (S, S | {"minLength": 1}, ""),
    (S, S | {"maxLength": 3}, "aaaa"),
    (S, {"enum": ["a"]}, ""),
    ({"type": "array", "items": S}, {"type": "array", "items": S, "minItems": 1}, []),
    ({"type": "array", "items": S}, {"type": "array", "items": {"enum": [""]}}, ["a"]),
    ({"type": ["string", "null"]}, S, None),
    (
        {"type": "object", "properties": {"a": S, "b": I}, "required": ["a"]},
        {"type": "object", "properties": {"a": S, "b": {"type": "integer", "maximum": 3}}, "required": ["a"]},
        {"a": "", "b": 4},
    ),
    ({"uniqueItems": False, "type": "array"}, {"uniqueItems": True}, [None, None]),
    (S | {"pattern": "^[a-z]+$"}, S | {"pattern": "^[a-y]+$"}, "z"),
    (
        {"type": "number", "exclusiveMaximum": 10**20},
        {"type": "number", "exclusiveMaximum": 10**20, "multipleOf": 1.5},
        1,
    ),
    ({"type": "number", "format": "double"}, {"type": "number", "format": "float"}, 10**39),
]


@pytest.mark.parametrize("sender, receiver, value", ROWS)
def test_the_value_is_the_simplest(sender, receiver, value):
    found = contains(sender, receiver, reading="literal")
    assert isinstance(found, NotContained)
    assert found.witness.value == value
    assert type(found.witness.value) is type(value)


@pytest.mark.parametrize("keyword", ["example", "default"])
def test_values_that_the_contract_shows_come_first(keyword):
    sender = {"type": "object", "properties": {"name": S | {keyword: "Ada"}}, "required": ["name"]}
    receiver = {"type": "object", "properties": {"name": I}}
    assert contains(sender, receiver).witness.value == {"name": "Ada"}


def test_an_example_that_both_accept_is_no_witness():
    sender = S | {"examples": ["abc", "abcdef"]}
    assert contains(sender, S | {"maxLength": 3}).witness.value == "abcdef"


def test_the_note_says_when_only_a_format_refuses():
    assert (
        contains(S, S | {"format": "date"}).witness.note == "only a validator that asserts formats refuses it"
    )
    assert contains(S, I).witness.note == ""


def test_familiar_values_stand_where_nothing_differs():
    sender = {
        "type": "object",
        "properties": {"id": S | {"example": "u-1"}, "age": I},
        "required": ["id", "age"],
    }
    receiver = {"type": "object", "properties": {"id": S, "age": {"type": "string"}}}
    assert contains(sender, receiver).witness.value == {"id": "u-1", "age": 0}


def test_an_example_stands_only_for_its_own_property():
    sender = {
        "type": "object",
        "properties": {"login": S | {"example": "octocat"}, "colour": S, "size": I},
        "required": ["login", "colour"],
    }
    receiver = {"type": "object", "properties": {"login": S, "colour": S, "size": I}, "required": ["size"]}
    assert contains(sender, receiver).witness.value == {"login": "octocat", "colour": ""}
