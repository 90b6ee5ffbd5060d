"""A lenient receiver of responses: the containment and the independent check read schemas alike."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import schemas, values

from apicontract.schemas import Contained, Leniency, NotContained, PlainScope, Schema, Session

quick = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
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


TAGGED = {"type": "object", "required": ["t"]}
ONE_OF = {
    "oneOf": [
        TAGGED | {"properties": {"t": {"type": "string", "enum": [tag]}, "v": {"type": kind}}}
        for tag, kind in (("a", "string"), ("b", "integer"))
    ]
}


def test_lists_that_tell_alternatives_apart_may_be_open():
    session = Session(leniency=Leniency("all"))
    assert isinstance(session.contains(schema(ONE_OF), schema(ONE_OF), flow="response"), Contained)
    for sent, accepted in (
        ({"t": "a", "v": "x"}, True),
        ({"t": "a"}, True),
        ({"t": "new"}, True),
        ({"t": "new", "v": 1}, True),
        ({"t": "new", "v": None}, False),
        ({"t": 1}, False),
        ({}, False),
    ):
        verdict = session.contains(schema({"const": sent}), schema(ONE_OF), flow="response")
        assert isinstance(verdict, Contained if accepted else NotContained), sent


@pytest.mark.parametrize(
    "received",
    [
        {"not": ENUM},
        {"if": ENUM, "then": {"maxLength": 0}},
        {"contains": ENUM, "maxContains": 1},
    ],
)
def test_below_a_negation_schemas_are_read_as_written(received):
    session = Session(leniency=Leniency("all", tolerant=True))
    assert isinstance(session.contains(schema(received), schema(received), flow="response"), Contained)
    for value in ("z", ["a", "z", "z"]):
        assert isinstance(
            session.contains(schema({"const": value}), schema(received), flow="response"), Contained
        )


@quick
@given(schemas, schemas)
def test_leniency_only_ever_accepts_more(sub, sup):
    strict = Session().contains(schema(sub), schema(sup), flow="response")
    lenient = Session(leniency=Leniency("all", tolerant=True)).contains(
        schema(sub), schema(sup), flow="response"
    )
    if isinstance(strict, Contained):
        assert not isinstance(lenient, NotContained)


@quick
@given(schemas, values)
def test_one_value_is_accepted_leniently_where_it_is_accepted_at_all(received, value):
    session = Session(leniency=Leniency("all", tolerant=True))
    if isinstance(Session().contains(schema({"const": value}), schema(received), flow="response"), Contained):
        assert not isinstance(
            session.contains(schema({"const": value}), schema(received), flow="response"), NotContained
        )


@quick
@given(schemas, schemas)
def test_every_witness_against_a_lenient_receiver_is_one_against_the_strict(sub, sup):
    verdict = Session(leniency=Leniency("all", tolerant=True)).contains(
        schema(sub), schema(sup), flow="response"
    )
    if isinstance(verdict, NotContained):
        validator = jsonschema_rs.Draft202012Validator
        assert validator(sub).is_valid(verdict.witness.value)
        assert not validator(sup).is_valid(verdict.witness.value)
