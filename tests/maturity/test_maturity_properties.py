"""Ratings behave as one would expect of a measure, on contracts put together at random."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import apicontract

_ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
_NOUNS = st.sampled_from(["doctors", "slots", "parcels", "invoices", "rooms", "keys"])
_LINKS = {
    "_links": {
        "type": "object",
        "properties": {
            "self": {"type": "object", "properties": {"href": {"type": "string"}}},
            "cancel": {"type": "object", "properties": {"href": {"type": "string"}}},
        },
    }
}


def _answer(*, links):
    schema = {"type": "object", "properties": {"title": {"type": "string"}, **(_LINKS if links else {})}}
    media = "application/hal+json" if links else "application/json"
    return {"description": "It", "content": {media: {"schema": schema}}}


@st.composite
def _operation(draw):
    """A path with one operation: of any level."""
    noun, number = draw(_NOUNS), draw(st.integers(0, 10_000))
    head = f"/{noun}{number}"
    responses = {"200": _answer(links=draw(st.booleans()))}
    if draw(st.booleans()):
        responses["404"] = {"description": "No"}
    if draw(st.booleans()):
        responses["200"]["headers"] = {
            "Link": {"schema": {"type": "string"}, "description": 'rel="next" or rel="pay"'}
        }
    verb = draw(st.sampled_from(["", "getAll", "create", "cancel"]))
    method = draw(st.sampled_from(["get", "post", "put", "patch", "delete"]))
    operation = {"responses": responses}
    if draw(st.booleans()):
        operation["operationId"] = draw(st.sampled_from(["listOnes", "deleteOne", "placeOne"])) + str(number)
    if method != "get" or draw(st.booleans()):
        values = draw(st.sampled_from([["open", "shut"], ["approve", "reject"], ["bookSlot", "listDoctors"]]))
        body = {"type": "object", "properties": {draw(st.sampled_from(["action", "kind"])): {"enum": values}}}
        operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    item = draw(st.booleans())
    path = f"{head}/{{id}}" if item else head
    return (f"{path}/{verb}" if verb else path), ({"parameters": _ID} if item else {}) | {method: operation}


_PATHS = st.lists(_operation(), min_size=2, max_size=8, unique_by=lambda pair: pair[0]).map(dict)


def _rated(paths):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "api.json"
        document = {"openapi": "3.1.1", "info": {"title": "T", "version": "1"}, "paths": paths}
        file.write_text(json.dumps(document), encoding="utf-8")
        [rating] = apicontract.maturity(str(file), folder=folder)
    return rating


_BEST = {
    "/zithers/{id}": {
        "parameters": _ID,
        "get": {"responses": {"200": _answer(links=True), "404": {"description": "No"}}},
    }
}


@settings(max_examples=60, deadline=None)
@given(_PATHS)
def test_an_operation_of_level_3_never_lowers_the_histogram(paths):
    before, after = _rated(paths), _rated(paths | _BEST)
    for level in range(4):  # so many operations reach it
        assert sum(after.histogram[level:]) >= sum(before.histogram[level:])
    assert after.histogram[3] >= before.histogram[3] + 1
    if before.level is not None:
        assert after.level >= before.level


def _without_links(value):
    if isinstance(value, dict):
        return {
            ("application/json" if key == "application/hal+json" else key): _without_links(held)
            for key, held in value.items()
            if key not in {"_links", "Link"}
        }
    return [_without_links(one) for one in value] if isinstance(value, list) else value


@settings(max_examples=60, deadline=None)
@given(_PATHS)
def test_removing_every_link_never_raises_a_level(paths):
    before, after = _rated(paths), _rated(_without_links(copy.deepcopy(paths)))
    assert after.histogram[3] == 0
    for one, other in zip(before.operations, after.operations, strict=True):
        assert other.level <= one.level
    assert (after.level or 0) <= (before.level or 0)


@settings(max_examples=60, deadline=None)
@given(_PATHS, st.sampled_from(["zebra", "quinces", "Vaults", "court-files", "ledger_pages"]))
def test_renaming_a_resource_changes_nothing(paths, name):
    renamed = {}
    for number, (path, item) in enumerate(paths.items()):
        first, slash, rest = path[1:].partition("/")
        renamed[f"/{name}{chr(97 + number)}{slash}{rest}" if first else path] = item
    before, after = _rated(paths), _rated(renamed)
    assert (before.level, before.strict_level, before.histogram) == (
        after.level, after.strict_level, after.histogram,
    )  # fmt: skip
    for one, other in zip(before.operations, after.operations, strict=True):
        assert [(each.rule, each.weight) for each in one.evidence] == [
            (each.rule, each.weight) for each in other.evidence
        ]
