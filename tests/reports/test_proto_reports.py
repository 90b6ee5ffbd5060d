"""What reports say of formats that judge each surface apart: effects, and a proof for each surface."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema_rs
import pytest

import apicontract
from apicontract.reports.json import diff_json
from apicontract.reports.style import Style
from apicontract.reports.text import diff_lines

_PROTO = 'syntax = "proto3";\npackage t.v1;\nmessage M {{\n  {} a = 1;\n}}\n'


@pytest.fixture
def result(tmp_path):
    paths = []
    for name, kind in (("old.proto", "int64"), ("new.proto", "uint64")):
        path = tmp_path / name
        path.write_text(_PROTO.format(kind), encoding="utf-8")
        paths.append(str(path))
    return apicontract.diff(*paths)


def test_json_has_effects_and_a_witness_for_each_surface(result):
    value = json.loads(diff_json(result))
    shape = json.loads((files("apicontract.reports") / "schemas/diff-1.json").read_text(encoding="utf-8"))
    assert not list(jsonschema_rs.validator_for(shape).iter_errors(value))
    (change,) = value["changes"]
    assert change["effects"] == {"wire": "major", "json": "major", "source": "major"}
    assert [witness["kind"] for witness in change["witnesses"]] == ["bytes", "json-text"]
    assert change["witness"] == change["witnesses"][0]
    assert change["witness"]["value"] == "08ffffffffffffffffff01"
    assert change["witnesses"][1]["value"] == {"a": "-1"}


def test_text_tells_the_whole_story(result):
    lines = "\n".join(diff_lines(result, Style(width=200)))
    assert "wire: 08 ff ff ff ff ff ff ff ff ff 01 = field 1, varint 18446744073709551615" in lines
    assert "an old writer means `a: -1`; a new reader gets `a: 18446744073709551615`" in lines
    assert 'json: {"a": "-1"}' in lines
    assert "Required bump: major, from v1 to at least v2" in lines


def test_text_tells_the_surfaces_only_where_they_differ(tmp_path):
    for name, field in (("old.proto", "a"), ("new.proto", "b")):
        (tmp_path / name).write_text(_PROTO.format("int32").replace(" a =", f" {field} ="), encoding="utf-8")
    result = apicontract.diff(tmp_path / "old.proto", tmp_path / "new.proto")
    assert "wire none, json major, source major" in "\n".join(diff_lines(result, Style(width=200)))


@pytest.mark.parametrize(
    ("version", "level", "next_version"),
    [("v1", "major", "v2"), ("v1", "minor", "v1"), ("v9", "major", "v10"), ("v1beta1", "major", None)],
)
def test_the_next_version_of_a_package(version, level, next_version):
    from apicontract.changes import Level
    from apicontract.changes import next_version as after

    assert after(version, Level.parse(level)) == next_version
