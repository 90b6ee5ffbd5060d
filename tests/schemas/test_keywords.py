"""Each keyword, in both directions, by small pairs."""

from __future__ import annotations

import keyword_pairs
import pytest

from apicontract.schemas import Contained, NotContained, contains
from apicontract.schemas.translation import dialects
from apicontract.schemas.translation.translate import Translator

_ROWS = [
    pytest.param(narrow, wide, id=f"{name}-{i}")
    for i, (name, narrow, wide) in enumerate(keyword_pairs.NARROWER)
]
_OLDER = [
    pytest.param(dialect, narrow, wide, id=f"{dialect}-{name}-{i}")
    for i, (dialect, name, narrow, wide) in enumerate(keyword_pairs.OLDER)
]


@pytest.mark.parametrize("narrow, wide", _ROWS)
def test_the_narrower_is_contained(narrow, wide):
    assert contains(narrow, wide, reading="literal") == Contained()


@pytest.mark.parametrize("narrow, wide", _ROWS)
def test_the_wider_is_not(narrow, wide):
    assert isinstance(contains(wide, narrow, reading="literal"), NotContained)


@pytest.mark.parametrize("dialect, narrow, wide", _OLDER)
def test_other_dialects(dialect, narrow, wide):
    assert contains(narrow, wide, dialect=dialect, reading="literal") == Contained()
    assert isinstance(contains(wide, narrow, dialect=dialect, reading="literal"), NotContained)


def _verdicts(name):
    rows = [row[1:] for row in keyword_pairs.NARROWER if row[0] == name]
    return [
        type(contains(a, b, reading="literal"))
        for narrow, wide in rows
        for a, b in ((narrow, wide), (wide, narrow))
    ]


@pytest.mark.parametrize("name", sorted({row[0] for row in keyword_pairs.NARROWER}))
def test_a_keyword_that_is_not_read_changes_a_verdict(name, monkeypatch):
    """Breaking any one keyword's row of the dialect table is noticed by the pairs above."""
    table = dialects.TABLE["2020-12"]
    before = _verdicts(name)
    deaf = dialects.Dialect(
        table.keywords - {name}, table.lone_ref, table.flags, table.tuples, table.seen_by_contains
    )
    if name == "$ref":
        monkeypatch.setattr(Translator, "reference", lambda self, *_, **__: self.pool.everything)
    else:
        monkeypatch.setitem(dialects.TABLE, "2020-12", deaf)
    assert _verdicts(name) != before


def test_every_keyword_of_2020_12_has_a_pair():
    covered = {row[0] for row in keyword_pairs.NARROWER} | {"then", "else", "$dynamicRef"}
    assert dialects.TABLE["2020-12"].keywords <= covered


EQUAL = [
    ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 0}),
    ({"enum": ["a"]}, {"const": "a"}),
    ({"type": ["string", "null"]}, {"anyOf": [{"type": "null"}, {"type": "string"}]}),
    ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"type": ["integer", "string"]}),
    (
        {"allOf": [{"properties": {"a": {"type": "string"}}}, {"required": ["a"]}]},
        {"properties": {"a": {"type": "string"}}, "required": ["a"]},
    ),
    ({"not": {"not": {"minLength": 3}}}, {"minLength": 3}),
    ({"pattern": "^[0-9]+$"}, {"pattern": "^\\d+$"}),
    ({"pattern": "^.{0,5}$"}, {"pattern": "^(.{0,2}|.{2,5})$"}),
    ({"patternProperties": {"": {"type": "string"}}}, {"additionalProperties": {"type": "string"}}),
    (
        {"dependentRequired": {"a": ["b"]}},
        {"if": {"type": "object", "required": ["a"]}, "then": {"required": ["b"]}},
    ),
    ({"items": {"type": "string"}}, {"prefixItems": [{"type": "string"}], "items": {"type": "string"}}),
    ({"contains": {"type": "string"}}, {"not": {"type": "array", "items": {"not": {"type": "string"}}}}),
    ({"propertyNames": {"const": "a"}}, {"additionalProperties": False, "properties": {"a": {}}}),
    ({"minProperties": 1, "maxProperties": 0, "type": "object"}, False),
    ({}, {"anyOf": [{"type": "string"}, {"not": {"type": "string"}}]}),
    ({"if": {"type": "string"}, "then": False}, {"not": {"type": "string"}}),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}, {"type": "string"}),
    ({"multipleOf": 1, "type": "number"}, {"type": "integer"}),
    ({"enum": [1, 1.0, 2]}, {"enum": [2, 1]}),
    ({"type": "object", "properties": {"a": False}}, {"type": "object", "not": {"required": ["a"]}}),
    ({"type": "boolean"}, {"enum": [True, False]}),
    ({"uniqueItems": True, "maxItems": 1}, {"maxItems": 1}),
]


@pytest.mark.parametrize("a, b", EQUAL)
def test_meaning_preserving_rewritings(a, b):
    assert contains(a, b, reading="literal") == Contained()
    assert contains(b, a, reading="literal") == Contained()


DIFFERENT = [
    ({"const": 1}, {"const": True}),
    ({"enum": [0]}, {"enum": [False]}),
    ({"const": ""}, {"const": None}),
    ({"format": "ipv4", "type": "string"}, {"format": "ipv6", "type": "string"}),
    ({"format": "date", "type": "string"}, {"format": "date-time", "type": "string"}),
    ({"type": "object"}, {"type": "object", "additionalProperties": False}),
    ({"maxLength": 3}, {"type": "string"}),
]


@pytest.mark.parametrize("a, b", DIFFERENT)
def test_neither_contains_the_other_or_is_equal(a, b):
    assert isinstance(contains(a, b, reading="literal"), NotContained)


def test_formats_as_annotations_restrict_nothing():
    text, date = {"type": "string"}, {"type": "string", "format": "date"}
    assert isinstance(contains(text, date), NotContained)
    assert contains(text, date, formats="annotate") == Contained()


def test_unknown_formats_restrict_nothing():
    assert contains({"type": "string"}, {"type": "string", "format": "nickname"}) == Contained()


def test_unknown_dialect_is_refused():
    with pytest.raises(ValueError, match="unknown dialect"):
        contains({}, {}, dialect="draft99")


COUNTED = [
    ({"type": "array", "contains": {"const": 1}, "minContains": 2, "uniqueItems": True}, False),
    (
        {"type": "array", "prefixItems": [{"const": 1}, {"const": 1}], "minItems": 2},
        {"not": {"uniqueItems": True}},
    ),
    ({"type": "array", "items": {"type": "boolean"}, "minItems": 3}, {"not": {"uniqueItems": True}}),
    ({"contains": {"minimum": 5}, "items": {"maximum": 4, "type": "number"}, "type": "array"}, False),
    (
        {"items": {"enum": [1, 2]}, "minItems": 3, "type": "array"},
        {"anyOf": [{"contains": {"const": v}, "minContains": 2} for v in (1, 2)]},
    ),
    (
        {"contains": {"type": "string"}, "maxContains": 0, "minContains": 0},
        {"items": {"not": {"type": "string"}}},
    ),
]


@pytest.mark.parametrize("sub, sup", COUNTED)
def test_counting_and_distinctness_together(sub, sup):
    assert contains(sub, sup, reading="literal") == Contained()


def test_patterns_of_names_divide_names():
    sub = {"patternProperties": {"^a": {"type": "integer"}, "b$": {"minimum": 1}}}
    sup = {"patternProperties": {"^a.*b$": {"anyOf": [{"not": {"type": "number"}}, {"minimum": 1}]}}}
    assert contains(sub, sup, reading="literal") == Contained()
    assert contains(sup, sub, reading="literal").witness.value == {"ab": None}


def test_base64_content_of_openapi_3_1_is_a_format():
    text, encoded = {"type": "string"}, {"type": "string", "contentEncoding": "base64"}
    both = {"type": "object", "properties": {"a": text, "b": encoded}, "required": ["a", "b"]}
    swapped = {"type": "object", "properties": {"a": encoded, "b": text}, "required": ["a", "b"]}
    assert contains(both, both, dialect="openapi-3.1") == Contained()
    assert isinstance(contains(both, swapped, dialect="openapi-3.1"), NotContained)
    assert contains(text, encoded, dialect="2020-12") == Contained()
