"""What a team's policy changes in the comparison itself: verdicts with and without it, in both directions."""

from __future__ import annotations

import json

import pytest

import apicontract
from apicontract import DiffOptions, Surface

LIST = {"type": "string", "enum": ["a", "b"]}
LONGER = {"type": "string", "enum": ["a", "b", "c"]}


def contract(request, response, **operation):
    body = {"content": {"application/json": {"schema": request}}}
    answer = {"description": "Done", "content": {"application/json": {"schema": response}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {"/a": {"post": {"requestBody": body, "responses": {"200": answer}, **operation}}},
    }


@pytest.fixture
def compare(tmp_path):
    def run(old, new, **options):
        for name, value in (("old", old), ("new", new)):
            (tmp_path / name).write_text(json.dumps(value))
        return apicontract.diff(tmp_path / "old", tmp_path / "new", options=DiffOptions(**options))

    return run


@pytest.fixture
def levels(compare):
    """{rule: level} of a schema that changed in the response, or in the request."""

    def run(old, new, side, **options):
        pair = [contract(*((True, one) if side == "response" else (one, True))) for one in (old, new)]
        return {change.rule: str(change.counted_level) for change in compare(*pair, **options).changes}

    return run


def of(**properties):
    return {"type": "object", "properties": properties}


def closed(**properties):
    return of(**properties) | {"additionalProperties": False}


MARKED = [one | {"x-extensible-enum": True} for one in (LIST, LONGER)]
EXTENSIBLE = [{"type": "string", "x-extensible-enum": one["enum"]} for one in (LIST, LONGER)]


@pytest.mark.parametrize(
    "pair,side,policy,rule,level",
    [
        # a list grows in a response
        ((LIST, LONGER), "response", "none", "response-enum-value-added", "major"),
        ((LIST, LONGER), "response", "marked", "response-enum-value-added", "major"),
        ((LIST, LONGER), "response", "all", "response-enum-value-added", "minor"),
        (MARKED, "response", "none", "response-enum-value-added", "major"),
        (MARKED, "response", "marked", "response-enum-value-added", "minor"),
        (MARKED, "response", "all", "response-enum-value-added", "minor"),
        # a list shrinks in a request: no policy opens what the server accepts
        ((LONGER, LIST), "request", "all", "request-enum-value-removed", "major"),
        (MARKED[::-1], "request", "marked", "request-enum-value-removed", "major"),
        ((LIST, LONGER), "request", "all", "request-enum-value-added", "minor"),
        ((LONGER, LIST), "response", "all", "response-enum-value-removed", "minor"),
        # a list that is only said to be extensible
        (EXTENSIBLE, "response", "marked", "response-extensible-enum-value-added", "minor"),
        (EXTENSIBLE, "response", "none", "response-extensible-enum-value-added", "major"),
        (EXTENSIBLE[::-1], "request", "none", "request-extensible-enum-value-removed", "major"),
        (EXTENSIBLE[::-1], "request", "marked", "request-extensible-enum-value-removed", "major"),
        (EXTENSIBLE, "request", "none", "request-extensible-enum-value-added", "minor"),
        (EXTENSIBLE[::-1], "response", "none", "response-extensible-enum-value-removed", "minor"),
    ],
)  # fmt: skip
def test_open_lists(levels, pair, side, policy, rule, level):
    assert levels(of(s=pair[0]), of(s=pair[1]), side, open_enums=policy) == {rule: level}


def test_a_list_closed_by_policy_breaks_on_the_wire(compare):
    old, new = (contract(one, True) for one in EXTENSIBLE[::-1])
    [marked] = compare(old, new, surfaces={Surface.WIRE}).changes
    [closed_] = compare(old, new, surfaces={Surface.WIRE}, open_enums="none").changes
    assert (str(marked.level), str(closed_.level)) == ("minor", "major")


def test_a_value_that_no_request_may_have_is_none(levels):
    """A list that is cut by a bound says nothing new when it grows beyond it; no policy makes it more."""
    old, new = LIST | {"maxLength": 1}, {"type": "string", "enum": ["a", "b", "long"], "maxLength": 1}
    assert levels(of(s=old), of(s=new), "request", open_enums="all") == {"request-enum-value-added": "patch"}


def test_an_open_list_still_has_its_type(levels):
    new = {"enum": ["a", "b", 1]}
    found = levels(of(s={"enum": ["a", "b"]}), of(s=new), "response", open_enums="all")
    assert found == {"response-enum-value-added": "major"}


def test_an_open_list_in_a_branch(levels):
    """The list decides whether a branch takes the value; a rule alone could not see that."""

    def either(one):
        return of(s={"oneOf": [one, {"type": "integer"}]})

    assert "major" in levels(either(LIST), either(LONGER), "response").values()
    assert "major" not in levels(either(LIST), either(LONGER), "response", open_enums="all").values()


def test_what_stands_beside_an_open_list_still_counts(levels):
    old = MARKED[0] | {"maxLength": 1}
    new = MARKED[1] | {"maxLength": 2, "enum": ["a", "b", "cc"]}
    found = levels(of(s=old), of(s=new), "response")
    assert found["response-max-length-increased"] == "major"
    assert found["response-enum-value-added"] == "minor"


@pytest.mark.parametrize(
    "old,new,side,policy,rule,level",
    [
        (closed(a=LIST), closed(a=LIST, b=LIST), "response", "as-declared", "response-property-added", "major"),
        (closed(a=LIST), closed(a=LIST, b=LIST), "response", "tolerated", "response-property-added", "minor"),
        (of(a=LIST), of(a=LIST, b=LIST), "response", "as-declared", "response-property-added", "minor"),
        (of(a=LIST), of(a=LIST, b=LIST), "response", "refused", "response-property-added", "major"),
        (of(a=LIST), of(a=LIST, b=LIST), "request", "refused", "request-property-added", "minor"),
        (closed(a=LIST, b=LIST), closed(a=LIST), "request", "tolerated", "request-property-removed", "major"),
    ],
)  # fmt: skip
def test_unknown_properties(levels, old, new, side, policy, rule, level):
    assert levels(old, new, side, unknown_properties=policy) == {rule: level}


def test_tolerance_is_of_names_and_not_of_values(levels):
    """Where names are data, what stands under them still counts."""
    found = levels(
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"type": "object", "additionalProperties": {"type": "string"}},
        "response",
        unknown_properties="tolerated",
    )
    assert "major" in found.values()


@pytest.mark.parametrize("side", ["request", "response"])
def test_formats(levels, side):
    narrow, wide = {"type": "string", "format": "date"}, {"type": "string"}
    old, new = (wide, narrow) if side == "request" else (narrow, wide)
    assert "major" in levels(of(d=old), of(d=new), side).values()
    found = levels(of(d=old), of(d=new), side, formats="annotate")
    assert found
    assert "major" not in found.values()


@pytest.mark.parametrize(
    "pair,policy",
    [((LIST, LONGER), {}), ((LIST, LONGER), {"open_enums": "none"}), (MARKED, {"open_enums": "none"})],
)
def test_breaks_under_a_policy_have_a_witness(compare, pair, policy):
    [change] = compare(contract(True, pair[0]), contract(True, pair[1]), **policy).changes
    assert change.witness is not None
    assert change.witness.value == "c"


def test_recursive_schemas_are_read_leniently_throughout(compare):
    def tree(*values):
        node = closed(kind={"enum": values}, below={"$ref": "#/components/schemas/T"})
        return contract(True, {"$ref": "#/components/schemas/T"}) | {"components": {"schemas": {"T": node}}}

    assert str(compare(tree("a"), tree("a", "b")).level) == "major"
    assert str(compare(tree("a"), tree("a", "b"), open_enums="all").level) == "minor"


@pytest.mark.parametrize(
    "fields,policy,level",
    [
        ({}, ("draft", "alpha"), "major"),
        ({"x-stability-level": "alpha"}, ("draft", "alpha"), "minor"),
        ({"x-stability-level": "alpha"}, (), "major"),
        ({"x-stability-level": "beta"}, ("draft", "alpha"), "major"),
        ({"x-stability-level": "beta"}, ("alpha", "beta"), "minor"),
    ],
)
@pytest.mark.parametrize("removed", [False, True])
def test_unstable_operations(compare, fields, policy, level, removed):
    old = contract(of(s=LONGER), True, **fields)
    new = contract(of(s=LIST), True, **fields)
    if removed:
        new["paths"] = {}
    diff = compare(old, new, may_break=policy)
    assert str(diff.level) == level
    assert bool(diff.changes[0].allowed) == (level == "minor")


def test_a_break_that_reaches_something_stable_is_one(compare):
    documents = []
    for values in (LONGER, LIST):
        one = contract({"$ref": "#/components/schemas/S"}, True, **{"x-stability-level": "alpha"})
        other = contract({"$ref": "#/components/schemas/S"}, True)
        one["paths"]["/stable"] = other["paths"]["/a"]
        documents.append(one | {"components": {"schemas": {"S": values}}})
    assert str(compare(*documents).level) == "major"
    for one in documents:
        one["paths"]["/stable"]["post"]["x-stability-level"] = "draft"
    assert str(compare(*documents).level) == "minor"


@pytest.mark.parametrize(
    "path,level", [("/v1/a", "major"), ("/v1alpha1/a", "minor"), ("/apis/x/v2beta1/a", "major")]
)
def test_the_channel_in_a_path_is_a_stability_level(compare, path, level):
    documents = []
    for values in (LONGER, LIST):
        one = contract(of(s=values), True)
        one["paths"] = {path: one["paths"]["/a"]}
        documents.append(one)
    assert str(compare(*documents).level) == level
    assert str(compare(*documents, may_break=("alpha", "beta")).level) == (
        "major" if path == "/v1/a" else "minor"
    )


def test_the_promise_that_was_made_counts(compare):
    """An operation cannot be made unstable and broken in one step."""
    old, new = contract(of(s=LONGER), True), contract(of(s=LIST), True, **{"x-stability-level": "alpha"})
    assert str(compare(old, new).level) == "major"
