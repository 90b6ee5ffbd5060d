"""No schema, however hostile, hangs, overflows or exhausts memory: an answer, or unknown with a reason."""

from __future__ import annotations

import time

import pytest

from apicontract.schemas import (
    Budget,
    Contained,
    NotContained,
    PlainScope,
    Schema,
    Session,
    Unknown,
    contains,
)


def nested(depth, wrap):
    schema = {}
    for _ in range(depth):
        schema = wrap(schema)
    return schema


WRAPS = {
    "allOf": lambda s: {"allOf": [s]},
    "oneOf": lambda s: {"oneOf": [s, {"type": "null"}]},
    "anyOf": lambda s: {"anyOf": [s, {"maxLength": 2}]},
    "not": lambda s: {"not": s},
    "items": lambda s: {"items": s},
    "properties": lambda s: {"properties": {"a": s}},
    "if": lambda s: {"if": s, "then": s, "else": {"type": "null"}},
    "additionalProperties": lambda s: {"additionalProperties": s, "required": ["a"]},
}


def choices(count, key="required"):
    return {"allOf": [{"anyOf": [{key: [f"a{i}"]}, {key: [f"b{i}"]}]} for i in range(count)]}


HOSTILE = [
    *(
        pytest.param(nested(depth, wrap), {"type": "string"}, id=f"{name}-{depth}")
        for name, wrap in WRAPS.items()
        for depth in ((10, 100, 3000) if name != "if" else (5, 9))
    ),
    pytest.param(choices(40), {"minProperties": 40}, id="2^40 products"),
    pytest.param(choices(40), choices(41), id="2^40 products on both sides"),
    pytest.param({"not": choices(40)}, choices(40), id="negated products"),
    pytest.param(
        {"enum": [{"a": i} for i in range(2000)]}, {"enum": [{"a": i} for i in range(1999)]}, id="objects"
    ),
    pytest.param({"enum": list(range(50_000))}, {"enum": list(range(49_999))}, id="huge enum"),
    pytest.param({"pattern": "^(a+)+$"}, {"pattern": "^(a|a)*b$"}, id="catastrophic regex"),
    pytest.param({"pattern": "^(a|b)*a(a|b){18}$"}, {"pattern": "^[ab]{3}"}, id="exponential automaton"),
    pytest.param({"minItems": 10**12}, {"minItems": 10**13}, id="huge arrays"),
    pytest.param({"minLength": 10**12}, {"minLength": 10**13}, id="huge strings"),
    pytest.param({"minProperties": 10**12, "type": "object"}, {"maxProperties": 10**11}, id="huge objects"),
    pytest.param({"multipleOf": 1e-300}, {"multipleOf": 1e300}, id="extreme steps"),
    pytest.param({"maximum": 10**2000}, {"maximum": 10**1999}, id="numbers of 2000 digits"),
    pytest.param(
        {"uniqueItems": True, "minItems": 60, "items": {"maximum": 70, "minimum": 1, "multipleOf": 1}},
        {"maxItems": 59},
        id="pigeonholes",
    ),
    pytest.param(
        {"allOf": [{"contains": {"const": i}} for i in range(12)]}, {"minItems": 12}, id="many contains"
    ),
    pytest.param(
        {"patternProperties": {f"^{c}": {"const": c} for c in "abcdefghijk"}},
        {"maxProperties": 1},
        id="many patterns",
    ),
    pytest.param(
        {"dependentRequired": {f"a{i}": [f"a{i + 1}"] for i in range(60)}, "required": ["a0"]},
        {"required": ["a61"]},
        id="long dependence",
    ),
]


@pytest.mark.parametrize("sub, sup", HOSTILE)
@pytest.mark.parametrize("reading", ["literal", "contract"])
def test_hostile_schemas_end_soon(sub, sup, reading):
    begun = time.perf_counter()
    verdicts = [contains(a, b, reading=reading) for a, b in ((sub, sup), (sup, sub), (sub, {"not": sup}))]
    assert time.perf_counter() - begun < 20
    assert all(isinstance(verdict, Contained | NotContained | Unknown) for verdict in verdicts)
    assert all(verdict.reason for verdict in verdicts if isinstance(verdict, Unknown))


def test_the_budget_is_counted_in_steps():
    sub, sup = choices(30), {"minProperties": 30}
    verdict = contains(sub, sup, reading="literal", budget=Budget(steps=500))
    assert verdict == Unknown("more than 500 steps")


def test_a_question_that_ran_out_leaves_the_session_usable():
    session = Session(budget=Budget(steps=500))
    hard = choices(30)
    scope = PlainScope(hard)
    easy = {"type": "integer"}
    assert isinstance(session.contains(Schema(hard, scope), Schema({"minProperties": 30}, scope)), Unknown)
    assert session.contains(Schema(easy, scope), Schema({"type": "number"}, scope)) == Contained()
    assert session.statistics.questions == 2
    assert session.statistics.unknown == {"more than 500 steps": 1}


def test_a_back_reference_is_unknown_not_wrong():
    assert isinstance(contains({"pattern": "^(a|b)\\1"}, {"pattern": "^c"}), Unknown)
    assert contains({"pattern": "^(a|b)\\1"}, {"pattern": "^(a|b)\\1"}) == Contained()


def test_look_around_is_decided():
    assert contains({"pattern": "^(?=a)[ab]"}, {"pattern": "^a"}) == Contained()
    assert contains({"pattern": "^(?!a)", "type": "string"}, {"pattern": "^[^b]"}).witness.value == ""
    assert contains({"pattern": "^(?!a)", "type": "string"}, {"maxLength": 2}).witness.value
