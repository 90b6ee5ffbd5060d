"""What is decided without following, compiling or visiting: the same as where that is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import apicontract
from apicontract.formats.openapi.lint import spectral
from apicontract.formats.openapi.lint.spectral.resolving import Documents
from apicontract.sources import ReadOptions

if TYPE_CHECKING:
    from pathlib import Path

USED = '"$ref": "#/components/schemas/A"'
HEAD = '"openapi": "3.0.3", "info": {"title": "T", "version": "1"}'


def _contract(folder: Path, used: str, more: str = "") -> Path:
    schema = f'{{"content": {{"application/json": {{"schema": {{{used}}}}}}}, "description": "d"}}'
    paths = f'"paths": {{"/a": {{"get": {{"responses": {{"200": {schema}}}}}}}}}'
    schemas = '{"A": {"type": "string"}, "B": {"type": "string"}}'
    file = folder / "api.json"
    file.write_text(f'{{{HEAD}, {paths}, "components": {{"schemas": {schemas}{more}}}}}', encoding="utf-8")
    return file


def _found(file: Path, rule: str) -> list[tuple[str, str]]:
    ruleset_file = file.parent / "ruleset.yaml"
    ruleset_file.write_text(f"extends: [[spectral:oas, off]]\nrules:\n  {rule}: true\n", encoding="utf-8")
    ruleset = spectral.load(str(ruleset_file), ReadOptions())
    wanted = frozenset({f"spectral:{rule}", "spectral:invalid-ref"})
    found = spectral.lint(apicontract.load(file), [ruleset], wanted)  # type: ignore[arg-type]  # it is OpenAPI
    return [(one.place.pointer, one.message) for one in found]


@pytest.mark.parametrize(
    "used",
    [
        USED,
        r'"$ref" : "#\/components\/schemas\/A"',
        r'"\u0024ref": "#/components/schemas/A"',
        r'"$r\u0065f": "#/components/schemas/A"',
        '"$ref":\n"#/components/schemas/A"',
        f'{USED}, "x-said": "\\"$ref\\": \\"#/components/schemas/B\\""',
        f'{USED}, "x-named": ["$ref", "#/components/schemas/B"]',
        f'{USED}, "x-odd": {{"$ref": ["#/components/schemas/B"]}}',
    ],
)
def test_references_are_found_however_json_writes_them(used: str, tmp_path: Path) -> None:
    file = _contract(tmp_path, used)
    assert [at for at, _ in _found(file, "oas3-unused-component")] == ["/components/schemas/B"]
    documents = Documents(apicontract.load(file))  # type: ignore[arg-type]  # it is OpenAPI
    walked = {(str(one["$ref"])) for _, _, one in documents.references()}
    assert {ref for _, ref in documents.texts()} == walked == {"#/components/schemas/A"}


def test_a_reference_that_leads_nowhere_is_told_with_its_place(tmp_path: Path) -> None:
    file = _contract(tmp_path, USED, ', "x-more": {"$ref": "#/components/schemas/Gone"}')
    assert _found(file, "oas3-unused-component")[-1] == (
        "/components/x-more/$ref",
        "'#/components/schemas/Gone' does not exist",
    )


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        ({"type": "string", "example": "a"}, True),
        ({"type": "string", "example": 1}, False),
        ({"type": "string", "example": None}, False),
        ({"type": "string", "nullable": True, "example": None}, True),
        ({"type": "string", "maxLength": 1, "example": "ab"}, False),
        ({"type": "string", "format": "uuid", "example": "ab"}, False),
        ({"type": "string", "enum": ["a"], "example": "b"}, False),
        ({"type": "integer", "example": True}, False),
        ({"type": "integer", "example": 1.5}, False),
        ({"type": "number", "example": 1}, True),
        ({"type": "boolean", "example": True}, True),
        ({"type": "boolean", "example": 1}, False),
        ({"type": "array", "items": {"type": "string"}, "example": [1]}, False),
        ({"type": "object", "required": ["a"], "example": {}}, False),
        ({"type": "object", "example": {"$ref": "#/info/title"}}, False),
        ({"type": "object", "example": {"a": 1}, "x-a": 1, "description": "d"}, True),
    ],
)
def test_examples_of_a_plain_type(schema: dict[str, object], fits: bool, tmp_path: Path) -> None:
    file = tmp_path / "api.json"
    contract = f'{{{HEAD}, "paths": {{}}, "components": {{"schemas": {{"A": {json.dumps(schema)}}}}}}}'
    file.write_text(contract, encoding="utf-8")
    assert (not _found(file, "oas3-valid-schema-example")) is fits


@pytest.mark.parametrize(
    ("used", "more", "place"),
    [
        (USED, "", None),
        (USED, ', "wrong": {}', "/components/wrong"),
        ('"$ref": "#/components/x-own/S"', ', "x-own": {"S": {"type": 5}}', "/components/x-own/S/type"),
        ('"$ref": "#/definitions/S"}, "x": {"type": "string"', "", "/paths/~1a/get/responses/200"),
    ],
)
def test_the_structure_is_looked_at_wherever_references_lead(
    used: str, more: str, place: str | None, tmp_path: Path
) -> None:
    found = _found(_contract(tmp_path, used, more), "oas3-schema")
    assert (found == []) if place is None else any(at.startswith(place) for at, _ in found)


@pytest.mark.parametrize(
    ("given", "places"),
    [
        ("$[*][*]", ["/info/title", "/info/version", "/tags/0", "/tags/1", "/x-list/type", "/x-list/in"]),
        ("$.tags[0].name", ["/tags/0/name"]),
        ("$.tags[1]", ["/tags/1"]),
        ("$..[?(@.type=='array')]", ["/x-list"]),
        ("$..[?(@.type==='array')]", []),
        ("$..[?(@.in=='query' && @.type=='array')]", ["/x-list"]),
        ("$..[?(@.type=='array' && @.in=='path')]", []),
        ("$..[?(@.in=='path' || @.type=='array')]", ["/x-list"]),
        ("$..[?(!(@.in=='path') && @.type)]", ["/x-list"]),
        ("$.info[?(@property==='title')]", ["/info/title"]),
    ],
)
def test_paths_reach_leaves_and_odd_types(given: str, places: list[str], tmp_path: Path) -> None:
    file = tmp_path / "api.json"
    listed = '"tags": [{"name": "a"}, {"name": "b"}], "x-list": {"type": ["array"], "in": "query"}'
    file.write_text(f"{{{HEAD}, {listed}}}", encoding="utf-8")
    ruleset_file = tmp_path / "ruleset.yaml"
    rule = {"given": given, "severity": "error", "then": {"function": "falsy"}}
    ruleset_file.write_text(json.dumps({"rules": {"met": rule}}), encoding="utf-8")
    ruleset = spectral.load(str(ruleset_file), ReadOptions())
    found = spectral.lint(apicontract.load(file), [ruleset], frozenset({"spectral:met"}))  # type: ignore[arg-type]
    assert [one.place.pointer for one in found if not one.place.pointer.startswith("/openapi")] == places
