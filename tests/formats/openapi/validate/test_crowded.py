"""Schemas that are parts of each other many times over: small documents that must not take for ever."""

from __future__ import annotations

import sys

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apicontract.formats.openapi.validate.fitting import Fitting

LEVELS = 60  # 2**60 ways: whoever follows them never comes back
HEAD = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def described(schemas):
    return {**HEAD, "components": {"schemas": schemas}}


def diamond(keyword, last, **top):
    schemas = {f"S{n}": {keyword: [ref(f"A{n}"), ref(f"B{n}")]} for n in range(LEVELS)}
    for n in range(LEVELS):
        schemas |= {
            f"A{n}": {"allOf": [ref(f"S{n + 1}")]},
            f"B{n}": {"allOf": [ref(f"S{n + 1}")], "title": "B"},
        }
    return described({**schemas, f"S{LEVELS}": last, "T": {"allOf": [ref("S0")], **top}})


@pytest.mark.parametrize("keyword", ["allOf", "anyOf"])
def test_parts_of_parts_are_looked_at_once(keyword, findings_of):
    fits = findings_of(diamond(keyword, {"type": "string"}, default="x", examples=["y"]))
    assert [finding.rule for finding in fits] == []
    (finding,) = findings_of(diamond(keyword, {"type": "string"}, default=5))
    assert (finding.rule, finding.place.pointer) == ("default-mismatch", "/components/schemas/T/default")
    assert "must be a string, but is 5" in finding.message


def test_alternatives_of_alternatives_are_looked_at_once(findings_of):
    found = findings_of(diamond("oneOf", {"type": "string"}, default="x"))
    mismatch = [finding for finding in found if finding.rule == "default-mismatch"]
    assert "fits 2 of the alternatives at once" in mismatch[0].message


def test_parts_that_meet_in_members(findings_of):
    value = 5
    for _ in range(LEVELS):
        value = {"p": value}
    tree = {"A": {"properties": {"p": ref("T")}}, "B": {"properties": {"p": ref("T")}}}
    top = {"type": "object", "allOf": [ref("A"), ref("B")], "default": value}
    (finding,) = findings_of(described({**tree, "T": top}))
    assert finding.place.pointer == "/components/schemas/T/default" + "/p" * LEVELS
    assert "must be an object, but is 5" in finding.message


def test_every_schema_a_part_of_every_other(findings_of):
    names = [f"S{n}" for n in range(40)]
    every = {name: {"allOf": [ref(other) for other in names if other != name]} for name in names}
    assert {finding.rule for finding in findings_of(described(every))} == {"schema-recursion-endless"}


def test_a_base_that_lists_its_heirs(findings_of):
    names = [f"S{n}" for n in range(1500)]
    base = {
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "required": ["kind"],
        "oneOf": [ref(name) for name in names],
        "discriminator": {"propertyName": "kind", "mapping": {name: name for name in names}},
    }
    heirs = {name: {"allOf": [ref("Base"), {"properties": {name: {"type": "string"}}}]} for name in names}
    (finding,) = findings_of(described({"Base": base, **heirs}))
    assert (finding.rule, finding.place.pointer) == ("schema-recursion-endless", "/components/schemas/Base")


def test_a_long_chain_below_many_ways(findings_of):
    length = 4 * sys.getrecursionlimit()
    chain = {f"C{n}": {"allOf": [ref(f"C{n + 1}")]} for n in range(length)}
    document = diamond("allOf", ref("C0"), default=5)
    document["components"]["schemas"] |= {**chain, f"C{length}": {"type": "string"}}
    (finding,) = findings_of(document)
    assert finding.rule == "default-mismatch"


LEAVES = st.one_of(
    st.booleans(),
    st.sampled_from(
        [
            {"type": "string"},
            {"type": "integer"},
            {"type": "object"},
            {"type": ["array", "null"]},
            {"minimum": 2},
            {"minItems": 2},
            {"required": ["a"]},
            {"enum": [1, "x", {"a": 1}, [1, 2]]},
            {"maxProperties": 1},
            {"$ref": "#/$defs/d"},
            {"$ref": "#/$defs/e"},
        ]
    ),
)


def together(parts):
    lists = st.lists(parts, min_size=1, max_size=2)
    keywords = {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), lists),
        **dict.fromkeys(("not", "if", "then", "else", "items", "contains", "additionalProperties"), parts),
        **dict.fromkeys(("propertyNames", "unevaluatedProperties", "unevaluatedItems"), parts),
        "properties": st.dictionaries(st.sampled_from("ab"), parts),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), parts),
        "dependentSchemas": st.dictionaries(st.sampled_from("ab"), parts),
        "minContains": st.integers(0, 2),
        "maxContains": st.integers(0, 2),
        "required": st.just(["b"]),
    }
    return st.fixed_dictionaries({}, optional=keywords)


SCHEMAS = st.recursive(LEAVES, together, max_leaves=8)
VALUES = st.recursive(
    st.sampled_from([None, 1, 2, 3.5, "x", "a"]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ab"]), parts),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(SCHEMAS, VALUES)
@example({"propertyNames": True, "unevaluatedProperties": False}, {"a": None})
def test_the_verdict_is_that_of_jsonschema_rs(schema, value):
    definitions = {
        "d": {"anyOf": [{"type": "string"}, {"items": {"$ref": "#/$defs/d"}}]},
        "e": {"minLength": 2},
    }
    document = {"allOf": [schema], "$defs": definitions}
    expected = jsonschema_rs.Draft202012Validator(document).is_valid(value)
    problems = Fitting(definitions, {}).problems(schema, value)
    assert (problems == []) is expected
    assert all(problem.message for problem in problems)
