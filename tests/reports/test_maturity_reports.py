"""Ratings as JSON, Markdown and text."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest
from markdown_it import MarkdownIt
from test_json_schemas import _closed

import apicontract
from apicontract.reports.maturity import maturity_lines, maturity_verdicts
from apicontract.reports.maturity_json import maturity_json
from apicontract.reports.maturity_markdown import maturity_markdown
from apicontract.reports.style import Style

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def ratings():
    return apicontract.maturity(
        str(EXAMPLES / "clinic"), str(EXAMPLES / "maturity"), str(EXAMPLES / "protos-v1")
    )


def test_json_has_the_shape_of_its_schema(ratings):
    text = (files("apicontract.reports") / "schemas" / "maturity-1.json").read_text(encoding="utf-8")
    shape = json.loads(text)
    jsonschema_rs.meta.validate(shape)
    value = json.loads(maturity_json(ratings))
    errors = [error.message for error in jsonschema_rs.validator_for(_closed(shape)).iter_errors(value)]
    assert errors == []
    first = value["contracts"][0]
    assert {"source", "level", "strict_level", "histogram", "operations", "next"} <= first.keys()
    assert first["histogram"] == {"0": 1, "1": 0, "2": 0, "3": 0}
    assert first["next"]["changes"][0]["operations"] == ["POST /appointmentService"]
    [tunnel] = [one for one in first["operations"][0]["evidence"] if one["id"] == "request-is-tunnel"]
    assert (tunnel["criterion"], tunnel["blocks"], tunnel["line"], tunnel["column"]) == ("R3", 1, 23, 19)
    assert [one["level"] for one in value["contracts"]] == [0, 1, 2, 3, 2, 3, 3, 0, 2]
    assert [one["navigation_only"] for one in value["contracts"]].count(True) == 1


def test_json_of_what_has_no_level(tmp_path):
    file = tmp_path / "api.yaml"
    file.write_text("openapi: 3.1.1\ninfo: {title: T, version: '1'}\npaths: {}\n", encoding="utf-8")
    [one] = json.loads(maturity_json(apicontract.maturity(str(file))))["contracts"]
    assert (one["level"], one["reason"], one["strict_level"], one["next"]) == (
        None, "there is no operation to rate", None, None,
    )  # fmt: skip


def test_text_begins_with_the_estate(ratings):
    lines = list(maturity_lines(ratings, Style()))
    assert re.fullmatch(r"contract +level +strict +at 0 +at 1 +at 2 +at 3 +not rated", lines[0])
    rows = {line.split()[0].rpartition("/")[2]: line.split()[1:] for line in lines[1:10]}
    assert rows["level-3.yaml"] == ["3", "3", "0", "0", "1", "6", "1"]
    assert rows["json-api.yaml"][0] == "3*"
    assert "* navigation only: the links lead to no action" in lines
    alone = list(maturity_lines(ratings[:1], Style(), verbose=True))
    assert alone[0].endswith("level 0 (one endpoint, actions in the message)")
    assert any(line.startswith("     - R3 the property `action` picks") for line in alone)
    assert next(iter(maturity_verdicts(ratings[2:3], Style()))).endswith(": level 2 (verbs and status codes)")


def test_markdown_is_read_as_tables(ratings, tmp_path):
    file = tmp_path / "a|b.yaml"
    file.write_text((EXAMPLES / "clinic/level-1.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    text = maturity_markdown([*ratings, *apicontract.maturity(str(file))])
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    heads, *rows = re.findall(r"<tr>(.*?)</tr>", html.partition("</table>")[0], re.DOTALL)
    assert heads.count("<th") == 8
    assert [row.count("<td") for row in rows] == [8] * 10
    assert "a|b.yaml</code>" in html
    assert html.count("<details>") == 10
