"""The contract reading, rule by rule, beside the literal one."""

from __future__ import annotations

import pytest

from apicontract.schemas import Contained, NotContained, contains

S = {"type": "string"}
I = {"type": "integer"}  # noqa: E741


def an_object(properties, **more):
    return {"type": "object", "properties": properties, **more}


CONTAINED_ONLY_BY_CONTRACT = [
    pytest.param(an_object({"a": S}), an_object({"a": S, "b": I}), id="new optional property"),
    pytest.param(
        an_object({"a": an_object({"b": S})}),
        an_object({"a": an_object({"b": S, "c": I})}),
        id="in a property",
    ),
    pytest.param(
        {"type": "array", "items": an_object({"a": S})},
        {"type": "array", "items": an_object({"a": S, "b": I})},
        id="in items",
    ),
    pytest.param(
        {"additionalProperties": an_object({"a": S})},
        {"additionalProperties": an_object({"a": S, "b": I})},
        id="in the values of a map",
    ),
    pytest.param(
        {"allOf": [an_object({"a": S}), an_object({"b": S})]},
        an_object({"a": S, "b": S, "c": I}),
        id="declared over all of allOf",
    ),
    pytest.param(
        {
            "oneOf": [
                an_object({"k": {"const": 1}}, required=["k"]),
                an_object({"k": {"const": 2}}, required=["k"]),
            ]
        },
        {
            "oneOf": [
                an_object({"k": {"const": 1}, "x": S}, required=["k"]),
                an_object({"k": {"const": 2}, "x": I}, required=["k"]),
            ]
        },
        id="in every branch",
    ),
]


@pytest.mark.parametrize("sender, receiver", CONTAINED_ONLY_BY_CONTRACT)
def test_what_only_the_receiver_declares_is_not_sent(sender, receiver):
    assert contains(sender, receiver) == Contained()
    assert isinstance(contains(sender, receiver, reading="literal"), NotContained)


REFUTED = [
    pytest.param(an_object({"a": S}), an_object({"a": S}, additionalProperties=False), id="closed"),
    pytest.param(an_object({"a": S}), an_object({"a": S}, additionalProperties=S), id="further names typed"),
    pytest.param(
        an_object({"a": S}), an_object({"a": S, "b": I}, required=["b"]), id="new required property"
    ),
    pytest.param(an_object({"a": S, "b": S}), an_object({"a": S, "b": I}), id="declared by both"),
    pytest.param({"type": "object"}, an_object({"b": I}), id="names are data: nothing declared"),
    pytest.param({"additionalProperties": S}, an_object({"b": I}), id="names are data: typed map"),
    pytest.param(
        an_object({"a": S}, required=["b"]), an_object({"a": S, "b": I}), id="required, not declared"
    ),
    pytest.param(
        {"anyOf": [an_object({"a": S}), an_object({"b": S})]},
        an_object({"a": S, "b": I}),
        id="declared in another branch",
    ),
]


@pytest.mark.parametrize("sender, receiver", REFUTED)
def test_everything_else_is_literal(sender, receiver):
    assert isinstance(contains(sender, receiver), NotContained)


def test_a_closed_receiver_is_refuted_with_a_fresh_name():
    verdict = contains(an_object({"a": S}), an_object({"a": S}, additionalProperties=False))
    assert verdict.witness.value == {"extra": None}


def test_a_property_that_the_sender_withdrew_is_not_sent():
    assert contains(an_object({"a": S}), an_object({"a": S, "gone": I})) == Contained()


def test_recursive_objects():
    def tree(properties):
        return an_object({"children": {"type": "array", "items": {"$ref": "#"}}, **properties})

    assert contains(tree({}), tree({"label": S})) == Contained()
    assert isinstance(contains(tree({}), tree({"label": S}), reading="literal"), NotContained)
    assert isinstance(contains(tree({"label": S}), tree({"label": I})), NotContained)
