"""A lenient receiver of responses: the containment and the independent check read schemas alike."""

from __future__ import annotations

import pytest

from apicontract.schemas import Contained, Leniency, NotContained, PlainScope, Schema, Session

ENUM = {"type": "string", "enum": ["a"]}
CLOSED = {"type": "object", "properties": {"a": ENUM}, "additionalProperties": False}


def schema(value):
    return Schema(value, PlainScope(value))


@pytest.mark.parametrize(
    "leniency,received,value,accepted",
    [
        (Leniency(), ENUM, "z", False),
        (Leniency("all"), ENUM, "z", True),
        (Leniency("all"), ENUM, 1, False),
        (Leniency("all"), {"enum": ["a", 1.5]}, 7, True),
        (Leniency("all"), {"enum": ["a", 1.5]}, None, False),
        (Leniency("marked"), ENUM, "z", False),
        (Leniency("marked"), ENUM | {"x-extensible-enum": True}, "z", True),
        (Leniency("marked"), ENUM | {"x-extensible-enum": False}, "z", False),
        (Leniency("none"), ENUM | {"x-extensible-enum": True}, "z", False),
        (Leniency(tolerant=True), CLOSED, {"a": "a", "b": 1}, True),
        (Leniency(tolerant=True), CLOSED, {"a": "z"}, False),
        (Leniency("all", tolerant=True), CLOSED, {"a": "z", "b": 1}, True),
        (Leniency("all"), CLOSED, {"b": 1}, False),
        (Leniency(tolerant=True), CLOSED | {"additionalProperties": {"type": "string"}}, {"b": 1}, False),
        (Leniency(tolerant=True), {"unevaluatedProperties": False}, {"b": 1}, True),
        (Leniency("all"), {"items": {"allOf": [{"$ref": "#/$defs/e"}]}, "$defs": {"e": ENUM}}, ["z"], True),
    ],
)
def test_one_reading(leniency, received, value, accepted):
    session = Session(leniency=leniency)
    sent = schema({"const": value})
    verdict = session.contains(sent, schema(received), flow="response")
    assert isinstance(verdict, Contained if accepted else NotContained)
    node = session._translator.node(schema(received), "response", sent=False)
    assert session._verifier.valid((schema(received), node[1]), value) is accepted


@pytest.mark.parametrize("flow", ["request", None])
def test_only_what_is_received_in_a_response_is_read_so(flow):
    session = Session(leniency=Leniency("all", tolerant=True))
    assert isinstance(session.contains(schema({"const": "z"}), schema(ENUM), flow=flow), NotContained)
    assert isinstance(session.contains(schema(ENUM), schema({"const": "a"}), flow="response"), Contained)
