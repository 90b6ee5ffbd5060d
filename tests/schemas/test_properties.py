"""Laws of containment on random schemas, each checked by a validator that is not ours."""

from __future__ import annotations

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import schemas, values

from apicontract.schemas import Contained, NotContained, Unknown, contains

quick = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def ask(sub, sup):
    return contains(sub, sup, reading="literal")


def is_valid(schema, value):
    return jsonschema_rs.Draft202012Validator(schema).is_valid(value)


@quick
@given(schemas, schemas, st.lists(values, min_size=20, max_size=20))
def test_what_is_contained_has_no_counterexample(sub, sup, tried):
    verdict = ask(sub, sup)
    if isinstance(verdict, Contained):
        for value in tried:
            assert is_valid(sup, value) or not is_valid(sub, value)


@quick
@given(schemas, schemas)
def test_every_witness_is_valid_under_one_and_invalid_under_the_other(sub, sup):
    verdict = ask(sub, sup)
    if isinstance(verdict, NotContained):
        assert is_valid(sub, verdict.witness.value)
        assert not is_valid(sup, verdict.witness.value)


@quick
@given(schemas)
def test_every_schema_contains_itself_and_its_rewritings(schema):
    for same in (
        schema,
        {"allOf": [schema]},
        {"anyOf": [schema, False]},
        {"not": {"not": schema}},
        {"oneOf": [schema]},
    ):
        assert not isinstance(ask(schema, same), NotContained)
        assert not isinstance(ask(same, schema), NotContained)
    assert ask(schema, schema) == Contained()


@quick
@given(schemas, schemas)
def test_less_is_contained_in_more(one, other):
    for narrow, wide in (
        ({"allOf": [one, other]}, one),
        (one, {"anyOf": [one, other]}),
        ({"allOf": [one, {"not": other}]}, {"not": {"allOf": [one, other]}}),
        ({"oneOf": [one, other]}, {"anyOf": [one, other]}),
    ):
        assert not isinstance(ask(narrow, wide), NotContained)


@quick
@given(schemas)
def test_a_schema_and_its_negation_share_nothing_and_leave_nothing_out(schema):
    assert not isinstance(ask({"allOf": [schema, {"not": schema}]}, False), NotContained)
    assert not isinstance(ask({}, {"anyOf": [schema, {"not": schema}]}), NotContained)


@quick
@given(values, schemas)
def test_one_value_is_contained_where_it_is_valid(value, schema):
    verdict = ask({"const": value}, schema)
    if not isinstance(verdict, Unknown):
        assert isinstance(verdict, Contained) == is_valid(schema, value)


@quick
@given(schemas, schemas)
def test_no_contradiction_with_an_independent_decider(sub, sup):
    try:
        known = str(jsonschema_rs.canonicalize(sup).covers(jsonschema_rs.canonicalize(sub)))
    except (ValueError, jsonschema_rs.ValidationError):
        return
    verdict = ask(sub, sup)
    assert (known, type(verdict)) not in {("yes", NotContained), ("no", Contained)}
