"""What a contract promises beside its messages: visible majors, operations, deprecations, waivers."""

from __future__ import annotations

import json

import pytest

import apicontract

BASE = {"openapi": "3.1.0", "info": {"title": "T", "version": "1.0.0"}, "paths": {}}


@pytest.fixture
def load(tmp_path):
    def write(document, **files):
        for name, value in files.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(value))
        file = tmp_path / "api.json"
        file.write_text(json.dumps(document))
        return apicontract.load(file)

    return write


def with_paths(*paths, **root):
    return {**BASE, "paths": {path: {"get": {"responses": {}}} for path in paths}, **root}


@pytest.mark.parametrize(
    "document,expected",
    [
        (with_paths("/a", "/b"), []),
        (with_paths("/v1/a", "/v1/b"), [("path", "v1", 1, "", "/v1")]),
        (with_paths("/v1/a", "/v2/a"), [("path", "v1", 1, "", "/v1"), ("path", "v2", 2, "", "/v2")]),
        (with_paths("/api/v3/a"), [("path", "v3", 3, "", "/api/v3")]),
        (with_paths("/apis/batch/v1beta1/jobs"), [("path", "v1beta1", 1, "beta", "/apis/batch/v1beta1")]),
        (with_paths("/V2alpha/a"), [("path", "V2alpha", 2, "alpha", "/V2alpha")]),
        (with_paths("/v1/a", "/health"), [("path", "v1", 1, "", "/v1")]),
        (with_paths("/a", "/b", "/scim/v2/users"), []),  # of a part, not of the API
        (with_paths("/a/b/c/v1"), []),  # too deep to be the API's
        (with_paths("/{tenant}/v1"), []),  # below a parameter it is somebody's data
        (with_paths("/version1/a", "/v1x/a", "/vendors/a"), []),
        (with_paths("/a", servers=[{"url": "https://x.example/v2/"}]), [("server", "v2", 2, "", "/v2")]),
        (with_paths("/a", servers=[{"url": "https://v2.example/"}]), []),
        (
            with_paths("/a", servers=[{"url": "https://x.example/{base}", "variables": {"base": {"default": "v4"}}}]),
            [("server", "v4", 4, "", "/v4")],
        ),
        (
            {"swagger": "2.0", "info": BASE["info"], "basePath": "/v1", "host": "x.example", "paths": {}},
            [("server", "v1", 1, "", "/v1")],
        ),
    ],
)  # fmt: skip
def test_majors(load, document, expected):
    found = load(document).majors
    assert [(one.kind, one.text, one.major, one.channel, one.prefix) for one in found] == expected


def test_majors_have_places(load):
    [path, server] = load(with_paths("/v1/a", servers=[{"url": "/v1"}])).majors
    assert (path.place.pointer, server.place.pointer) == ("/paths/~1v1~1a", "/servers/0")


@pytest.mark.parametrize(
    "info,pointer",
    [({"title": "T", "version": "1"}, "/info/version"), ({"title": "T"}, "/info"), (None, "")],
)
def test_where_the_version_stands(load, info, pointer):
    document = {**BASE, "info": info}
    if info is None:
        del document["info"]
    assert load(document).version_place.pointer == pointer


def test_operations_are_called_as_a_comparison_calls_them(load):
    item = {"parameters": [], "get": {"responses": {}}, "x-note": {}, "put": {"responses": {}}}
    contract = load({**BASE, "paths": {"/a": item, "/b": {"$ref": "items.json"}, "x-y": {}}}, items=item)
    assert contract.operations == ("GET /a", "PUT /a", "GET /b", "PUT /b")


def deprecated(**fields):
    return {"deprecated": True, **fields}


def test_deprecations(load):
    parameter = {"name": "q", "in": "query", "schema": {"type": "string"}, **deprecated()}
    operation = {"responses": {}, "parameters": [parameter], **deprecated(**{"x-sunset": "2027-01-01"})}
    schemas = {
        "A": {
            "properties": {
                "deprecated": deprecated(),
                "plain": {"example": deprecated(), "default": deprecated()},
            }
        },
        "B": deprecated(**{"x-stability-level": "beta", "x-sunset": 20270101}),
    }
    found = load(
        {**BASE, "paths": {"/a": {"get": operation}}, "components": {"schemas": schemas}}
    ).deprecations
    assert [(one.label, one.sunset, one.stability) for one in found] == [
        ("GET /a", "2027-01-01", "stable"),
        ("query parameter `q` at `/paths/~1a/get/parameters`", "", "stable"),
        ("`/components/schemas/A/properties/deprecated`", "", "stable"),
        ("`/components/schemas/B`", "20270101", "beta"),
    ]
    assert found[1].place.pointer == "/paths/~1a/get/parameters/0"


@pytest.mark.parametrize(
    "path,fields,stability",
    [
        ("/a", {}, "stable"),
        ("/a", {"x-stability-level": "draft"}, "draft"),
        ("/a", {"x-stability-level": "whatever"}, "stable"),
        ("/v1alpha1/a", {}, "alpha"),
        ("/v1beta1/a", {}, "beta"),
        ("/v1beta1/a", {"x-stability-level": "stable"}, "stable"),
    ],
)
def test_stability(load, path, fields, stability):
    [one] = load({**BASE, "paths": {path: {"get": {"responses": {}, **deprecated(), **fields}}}}).deprecations
    assert one.stability == stability


def test_deprecations_in_other_files(load):
    paths = {"/a": {"$ref": "item.json"}}
    contract = load({**BASE, "paths": paths}, item={"get": {"responses": {}, **deprecated()}})
    assert contract.operations == ("GET /a",)
    [one] = contract.deprecations
    assert one.label == "GET /a"
    assert one.place.file.endswith("item.json")


def test_ignores(load):
    note = {"rule": "*", "reason": "x"}
    get = {"responses": {}, "x-apicontract-ignore": note}
    paths = {
        "/a": {"get": get, "put": {"responses": {}}},
        "/b": {"x-apicontract-ignore": note, "get": {"responses": {}}},
    }
    schemas = {"S": {"x-apicontract-ignore": [note]}, "T": {"example": {"x-apicontract-ignore": note}}}
    found = load({**BASE, "paths": paths, "components": {"schemas": schemas}}).ignores
    assert [(one.place.pointer, one.operations) for one in found] == [
        ("/paths/~1a/get", ("GET /a",)),
        ("/paths/~1b", ("GET /b",)),
        ("/components/schemas/S", ()),
    ]
    assert found[0].note.pointer == "/paths/~1a/get/x-apicontract-ignore"
    assert found[2].value == [note]


def test_nothing_is_walked_where_the_words_do_not_occur(load, monkeypatch):
    from apicontract.formats.openapi import promises

    contract = load(with_paths("/a"))
    monkeypatch.setattr(promises, "_objects", None)
    assert (contract.deprecations, contract.ignores) == ((), ())


def test_broken_contracts_promise_what_they_can(load):
    for paths in (None, [], {"/a": None}, {"/a": {"get": 1}}, {"/a": {"$ref": "#/nowhere"}}):
        contract = load(
            {
                **BASE,
                "paths": paths,
                "servers": {"url": "/v1"},
                "x": deprecated(),
                "y": {"x-apicontract-ignore": 1},
            }
        )
        assert contract.operations == ()
        assert len(contract.deprecations) == 1
        assert len(contract.ignores) == 1
        assert contract.majors == ()
