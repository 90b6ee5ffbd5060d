"""The JSON that programs read has the shape its JSON Schema says, key for key."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

import apicontract
from apicontract.changes import Comparison, Side
from apicontract.reports.json import diff_json, rules_json, validation_json

_EXAMPLES = Path(__file__).parents[2] / "examples"
_OLD, _NEW = str(_EXAMPLES / "orders-v1.yaml"), str(_EXAMPLES / "orders-v2.yaml")

Shape = dict[str, Any]


def _shape(name: str) -> Shape:
    shape: Shape = json.loads((files("apicontract.reports") / "schemas" / name).read_text(encoding="utf-8"))
    return shape


def _closed(shape: Any) -> Any:
    """The schema with every declared object closed: what is written and not described shows."""
    if isinstance(shape, list):
        return [_closed(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    closed = {key: _closed(value) for key, value in shape.items()}
    if "properties" in shape and shape.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


def _check(text: str, name: str) -> Shape:
    value: Shape = json.loads(text)
    errors = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in jsonschema_rs.validator_for(_closed(_shape(name))).iter_errors(value)
    ]
    assert errors == []
    return value


@pytest.mark.parametrize("name", ["diff-1.json", "validation-1.json", "rules-1.json"])
def test_the_schema_is_a_schema(name: str) -> None:
    shape = _shape(name)
    jsonschema_rs.meta.validate(shape)
    assert shape["$id"].endswith(f"/{name}")


def test_diff() -> None:
    value = _check(diff_json(apicontract.diff(_OLD, _NEW)), "diff-1.json")
    assert list(value) == [
        "version",
        "format",
        "level",
        "old",
        "new",
        "required_version",
        "changes",
        "summary",
    ]
    assert value["level"] == "major"
    assert value["old"] == {"source": _OLD, "version": "1.4.0"}
    assert value["required_version"] == "2.0.0"
    removed = next(change for change in value["changes"] if change["id"] == "operation-removed")
    assert removed["old"]["value"]["operationId"] == "cancelOrder"
    assert any(change["witness"] for change in value["changes"])


def test_diff_of_the_same_contract() -> None:
    value = _check(diff_json(apicontract.diff(_OLD, _OLD)), "diff-1.json")
    assert value["level"] == "none"
    assert value["changes"] == []
    assert value["summary"]["levels"] == {"major": 0, "minor": 0, "patch": 0}


def test_the_sides_of_an_addition_and_a_removal(tmp_path: Path) -> None:
    head = "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\npaths:\n"
    done = "{responses: {'204': {description: done}}}"
    for name, paths in (
        ("old", f"  /a: {{get: {done}}}\n"),
        ("new", f"  /a: {{get: {done}}}\n  /b: {{get: {done}}}\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(head + paths, encoding="utf-8")
    there, back = (str(tmp_path / f"{name}.yaml") for name in ("old", "new"))
    added = _check(diff_json(apicontract.diff(there, back)), "diff-1.json")["changes"][0]
    assert added["new"]["pointer"] == "/paths/~1b/get"
    assert (added["new"]["line"], added["new"]["file"]) == (5, back)
    removed = _check(diff_json(apicontract.diff(back, there)), "diff-1.json")["changes"][0]
    assert removed["old"]["pointer"] == "/paths/~1b/get"
    assert removed["level"] == "major"


def test_several_contracts() -> None:
    result = Comparison(
        (apicontract.diff(_OLD, _NEW), apicontract.diff(_OLD, _OLD)),
        removed=(Side("old/gone.yaml", "1.0.0"),),
        added=(Side("new/more.yaml", ""),),
    )
    value = _check(diff_json(result), "diff-1.json")
    assert value["level"] == "major"
    assert [contract["level"] for contract in value["contracts"]] == ["major", "none"]
    assert value["removed"] == [{"source": "old/gone.yaml", "version": "1.0.0"}]
    assert value["summary"]["changes"] == len(value["contracts"][0]["changes"])


def test_validation(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("openapi: 3.1.0\ninfo: {title: Things}\npaths: {}\n", encoding="utf-8")
    results = [apicontract.validate(spec) for spec in (_OLD, str(bad))]
    value = _check(validation_json(results), "validation-1.json")
    assert value["valid"] is False
    assert [contract["valid"] for contract in value["contracts"]] == [True, False]
    finding = value["contracts"][1]["findings"][0]
    assert (finding["file"], finding["line"]) == (str(bad), 2)
    assert value["summary"]["error"] == 1


def test_rules() -> None:
    value = _check(rules_json(apicontract.rules()), "rules-1.json")
    assert len(value["rules"]) == len(apicontract.rules())
    assert {rule["command"] for rule in value["rules"]} == {"diff", "validate", "check", "lint"}


def test_numbers_and_texts_that_json_writers_stumble_over(tmp_path: Path) -> None:
    """Integers beyond 64 bits and decimals keep every digit."""
    text = (
        '{"openapi": "3.1.0", "info": {"title": "T", "version": "1.0.0"}, "paths": {"/a": {"get": {"parameters":'
        ' [{"name": "q", "in": "query", "schema": {"type": "number", "maximum": %s}}],'
        ' "responses": {"204": {"description": "done"}}}}}}'
    )
    large, exact = "123456789012345678901234567890", "0.1234567890123456789012345"
    for name, number in (("old", large), ("new", exact)):
        (tmp_path / f"{name}.json").write_text(text % number, encoding="utf-8")
    written = diff_json(apicontract.diff(str(tmp_path / "old.json"), str(tmp_path / "new.json")))
    _check(written, "diff-1.json")
    assert large in written
    assert exact in written


def test_a_large_value_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    head = "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\npaths:\n"
    done = "{responses: {'204': {description: done}}}"
    long = f"{{description: {'x' * 5000}, responses: {{'204': {{description: done}}}}}}"
    (tmp_path / "old.yaml").write_text(head + f"  /a: {{get: {done}, put: {long}}}\n", encoding="utf-8")
    (tmp_path / "new.yaml").write_text(head + f"  /a: {{get: {done}}}\n", encoding="utf-8")
    written = diff_json(apicontract.diff(str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")))
    old = _check(written, "diff-1.json")["changes"][0]["old"]
    assert old["value"] is None
    assert old["truncated"] is True
    assert old["pointer"] == "/paths/~1a/put"
