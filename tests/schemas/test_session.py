"""What a session offers beside containment."""

from __future__ import annotations

import subprocess
import sys

from apicontract.schemas import NOTHING, Contained, NotContained, PlainScope, Schema, Session


def schema(value, dialect="2020-12"):
    return Schema(value, PlainScope(value, dialect))


def test_samples_are_values_of_the_schema():
    session = Session()
    assert session.sample(
        schema({"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}}})
    ) == {"a": False}
    assert session.sample(schema({"type": "string", "pattern": "^x{3}$"})) == "xxx"
    assert session.sample(schema(False)) is NOTHING
    assert session.sample(schema({"type": "integer", "example": 7})) == 7


def test_emptiness():
    session = Session()
    assert session.is_empty(schema({"allOf": [{"type": "string"}, {"type": "null"}]})) is True
    assert session.is_empty(schema({})) is False
    assert session.is_empty(schema({"$ref": "#/nowhere"})) is None


def test_intersection_keeps_both_dialects():
    session = Session()
    both = session.intersect(
        schema({"type": "number", "minimum": 1, "exclusiveMinimum": True}, "draft4"),
        schema({"type": "number", "exclusiveMaximum": 2}),
    )
    assert session.contains(both, schema({"type": "number", "exclusiveMinimum": 1})) == Contained()
    assert isinstance(session.contains(both, schema({"type": "integer"})), NotContained)
    assert session.sample(both) == 1.5


def test_equivalence():
    session = Session()
    assert session.equivalent(schema({"const": "a"}), schema({"enum": ["a"]})) == Contained()
    assert isinstance(session.equivalent(schema({"enum": ["a"]}), schema({"enum": ["a", "b"]})), NotContained)


def test_statistics_count_every_question():
    session = Session()
    session.contains(schema({"type": "integer"}), schema({"type": "number"}))
    session.contains(schema({"type": "number"}), schema({"type": "integer"}))
    session.contains(schema({"$ref": "#/nowhere"}), schema({"type": "integer"}))
    counts = session.statistics
    assert (counts.questions, counts.contained, counts.refuted, counts.unknown.total()) == (3, 1, 1, 1)
    assert counts.unverified == 0
    assert counts.steps > 0


def test_an_answer_does_not_depend_on_what_was_asked_before():
    asked = Session()
    pairs = [
        ({"properties": {"a": {"type": t}}}, {"properties": {"a": {"type": u}}})
        for t in ("integer", "string")
        for u in ("number", "string")
    ]
    for a, b in (*pairs, *reversed(pairs)):
        assert type(asked.contains(schema(a), schema(b))) is type(Session().contains(schema(a), schema(b)))


def test_only_keeps_the_named_keywords():
    whole = schema({"type": "string", "maxLength": 3, "minLength": 1})
    session = Session()
    assert isinstance(session.contains(whole.only(["type"]), whole), NotContained)
    assert session.contains(whole, whole.only(["type", "maxLength"])) == Contained()


def test_handles_are_equal_by_place():
    value = {"properties": {"a": {"type": "string"}}}
    scope = PlainScope(value)
    assert Schema(value, scope).at("properties", "a") == Schema(
        value["properties"]["a"], scope, "/properties/a"
    )
    assert len({Schema(value, scope), Schema(value, scope)}) == 1
    assert Schema(value, scope) != Schema(value, PlainScope(value))


def test_importing_is_cheap():
    code = "import sys, apicontract.schemas; print('jsonschema_rs' in sys.modules, 'apicontract.schemas.regex' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
