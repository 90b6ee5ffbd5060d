"""Components that are used from other documents, and from parts of those that nothing uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import apicontract
from apicontract.formats.openapi.lint.facts import Facts
from apicontract.formats.openapi.lint.usage import unused

if TYPE_CHECKING:
    from pathlib import Path


def _schema(ref: str) -> dict[str, object]:
    return {"type": "object", "properties": {"a": {"$ref": ref}}}


def test_only_what_is_reached_in_another_document_uses_components(tmp_path: Path) -> None:
    """The part `X` of the other document is used, its neighbour `Y` by an unused component alone."""
    root = "api.json#/components/schemas/"
    other = {"defs": {"X": {**_schema(f"{root}B"), "allOf": [_schema("#/defs/Z")]}}}
    other["defs"] |= {"Y": _schema(f"{root}C"), "Z": _schema(f"{root}D")}  # type: ignore[operator]
    content = {"application/json": {"schema": {"$ref": "other.json#/defs/X"}}}
    answer = {"200": {"description": "d", "content": content}}
    contract = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": answer}}},
        "components": {
            "schemas": {
                "A": _schema("other.json#/defs/Y"),
                "B": _schema("#/components/schemas/E"),
                **{name: {"type": "string"} for name in "CDEF"},
            }
        },
    }
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    (tmp_path / "api.json").write_text(json.dumps(contract), encoding="utf-8")
    found = unused(Facts(apicontract.load(tmp_path / "api.json")))  # type: ignore[arg-type]  # it is OpenAPI
    assert [(field, node.key) for field, node in found] == [("schemas", name) for name in "ACF"]


def test_a_part_that_is_used_does_not_use_what_its_neighbours_lead_to(tmp_path: Path) -> None:
    root = "api.json#/components/schemas/"
    other = {"T": {"properties": {"used": _schema(f"{root}B"), "unused": _schema(f"{root}C")}}}
    content = {"application/json": {"schema": {"$ref": "other.json#/T/properties/used"}}}
    contract = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "components": {"schemas": {"A": _schema("other.json#/T"), "B": {}, "C": {}}},  # read before the path
        "paths": {"/a": {"get": {"responses": {"200": {"description": "d", "content": content}}}}},
    }
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    (tmp_path / "api.json").write_text(json.dumps(contract), encoding="utf-8")
    found = unused(Facts(apicontract.load(tmp_path / "api.json")))  # type: ignore[arg-type]  # it is OpenAPI
    assert [node.key for _, node in found] == ["A", "C"]
