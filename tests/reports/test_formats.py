"""Every format of a report: letter for letter, by its own schema or reader, and with hostile texts in it."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import junitparser
import pytest
from markdown_it import MarkdownIt
from sample_report import NASTY, hostile, large, sample

from apicontract import __version__
from apicontract.reports.formats import MODELLED, written
from apicontract.reports.github import CAP
from apicontract.reports.markdown import LIMIT, markdown
from apicontract.reports.model import Report

_HERE = Path(__file__).parent
_ENDINGS = {
    "concise": "txt",
    "jsonl": "jsonl",
    "markdown": "md",
    "html": "html",
    "sarif": "sarif.json",
    "junit": "xml",
    "github": "github.txt",
    "gitlab": "gitlab.json",
}


@pytest.mark.parametrize("name", MODELLED)
def test_every_format_letter_for_letter(name):
    golden = _HERE / "golden" / f"report.{_ENDINGS[name]}"
    text = written(sample(), name).replace(__version__, "VERSION")
    if os.environ.get("WRITE_GOLDEN"):  # after a change that is meant; read what it wrote
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODELLED)
@pytest.mark.parametrize("report", [sample(), hostile(), large(50), Report("check", True, "passed")])
def test_every_format_is_text_that_can_be_written(name, report):
    text = written(report, name)
    text.encode("utf-8")
    assert text.endswith("\n")
    if name != "jsonl":  # whose values are exact; JSON escapes what a terminal would obey
        assert not re.search("[\x7f\u202a-\u202e]", text)
    assert not re.search("[\x00-\x08\x0b-\x1f]", text)


@pytest.mark.parametrize("report", [sample(), hostile(), large(50), Report("check", True, "passed")])
def test_sarif_is_valid_by_the_schema_of_the_standard(report):
    schema = json.loads((_HERE / "sarif" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    for name in ("run", "toolComponent"):  # what it has there is no regular expression: `{2}]?$`
        del schema["definitions"][name]["properties"]["language"]["pattern"]
    log = json.loads(written(report, "sarif"))
    found = jsonschema_rs.Draft4Validator(schema, validate_formats=True).iter_errors(log)
    assert [f"{error.instance_path}: {error.message}" for error in found] == []
    [run] = log["runs"]
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        if "ruleIndex" in result:
            assert names[result["ruleIndex"]] == result["ruleId"]


def test_sarif_has_help_fingerprints_and_suppressions():
    [run] = json.loads(written(sample(), "sarif"))["runs"]
    assert all(
        rule["help"]["markdown"] and rule["helpUri"].startswith("https://")
        for rule in run["tool"]["driver"]["rules"]
    )
    first, broken, gone, waived, _ = run["results"]
    assert first["partialFingerprints"] == {"apicontract/v1": "apis/orders.yaml:aaaaaaaaaaaaaaaa"}
    assert [one["level"] for one in (first, broken, gone, waived)] == ["error", "error", "note", "note"]
    assert waived["suppressions"][0]["kind"] == "external"
    assert broken["locations"][0]["physicalLocation"]["region"] == {"startLine": 11, "startColumn": 81}
    uris = [
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in json.loads(written(_odd(), "sarif"))["runs"][0]["results"]
    ]
    assert uris == ["apis/a%20b%20%C3%A9%23.yaml"]


def _odd():
    from dataclasses import replace

    report = sample()
    item = replace(
        report.contracts[0].items[0], spot=replace(report.contracts[0].items[0].spot, file="apis/a b é#.yaml")
    )
    return replace(report, contracts=(replace(report.contracts[0], items=(item,)),), items=())


@pytest.mark.parametrize("report", [sample(), hostile(), large(50), Report("check", True, "passed")])
def test_each_json_line_is_valid(report):
    shape = json.loads(
        (files("apicontract.reports") / "schemas" / "lines-1.json").read_text(encoding="utf-8")
    )
    jsonschema_rs.meta.validate(shape)
    for part in shape["$defs"].values():
        part["additionalProperties"] = False
    validator = jsonschema_rs.validator_for(shape)
    lines = [json.loads(line) for line in written(report, "jsonl").splitlines()]
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []
    assert [line["type"] for line in lines][-1] == "verdict"


@pytest.mark.parametrize("report", [sample(), hostile(), large(50), Report("check", True, "passed")])
def test_junit_is_read_by_a_reader(report, tmp_path):
    file = tmp_path / "junit.xml"
    file.write_text(written(report, "junit"), encoding="utf-8")
    suites = list(junitparser.JUnitXml.fromfile(str(file)))
    assert len(suites) == len(report.contracts) + bool(report.items)
    for suite in suites:
        cases = list(suite)
        assert suite.tests == len(cases) > 0
        failed = [case for case in cases for one in case.result if isinstance(one, junitparser.Failure)]
        skipped = [case for case in cases for one in case.result if isinstance(one, junitparser.Skipped)]
        assert (suite.failures, suite.skipped) == (len(failed), len(skipped))


def test_junit_counts_failures_and_skips_what_is_waived():
    root = ET.fromstring(written(sample(), "junit"))  # noqa: S314  # our own
    assert (root.get("tests"), root.get("failures")) == ("6", "2")
    assert [one.get("message") for one in root.iter("skipped")] == [
        "waived: nobody used it, until 2027-01-01 (apicontract.toml:7:1)"
    ]


def test_gitlab_has_what_gitlab_asks_for():
    shape = {  # https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "pattern": "^(?!\\./)"},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
    for report in (sample(), hostile(), large(50)):
        value = json.loads(written(report, "gitlab"))
        jsonschema_rs.validator_for(shape).validate(value)
        prints = [one["fingerprint"] for one in value]
        assert len(set(prints)) == len(prints)
        waived = sum(item.waiver is not None for item in report.every())
        assert len(value) == len(list(report.every())) - waived


def test_github_annotations_are_capped_worst_first():
    lines = written(large(50), "github").splitlines()
    commands = [line for line in lines if line.startswith("::error")]
    assert len(commands) == CAP
    assert commands[0] == "::error title=API contracts::failed: 1 contract"
    assert "41 more than GitHub shows as annotations; the list below has all of them" in lines
    assert sum("GET /things/" in line for line in lines if not line.startswith("::")) == 50


def test_github_lines_are_only_the_commands_that_are_meant():
    for line in written(hostile(), "github").splitlines():
        assert "##[" not in line.partition("::")[0] if line.startswith("::") else "##[" not in line
        command = re.match(r"\s*::(\S*)", line)
        assert command is None or re.fullmatch(r"(error|warning|notice|group|endgroup)(::.*)?", command[1]), (
            line
        )
    [annotation] = [line for line in written(hostile(), "github").splitlines() if "title=major" in line]
    properties = annotation.removeprefix("::error ").partition("::")[0]
    assert {part.partition("=")[0] for part in properties.split(",")} == {"file", "line", "col", "title"}


def test_markdown_of_hostile_texts_shows_text_and_nothing_else():
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(written(hostile(), "markdown"))
    tags = set(re.findall(r"<(?!!--)/?([a-zA-Z][\w-]*)", html))
    assert tags <= {
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "strong",
        "em",
        "code",
        "a",
        "br",
        "details",
        "summary",
        "sub",
        "blockquote",
    }
    assert all(
        link.startswith("https://github.com/apicontract/") for link in re.findall(r'href="([^"]*)"', html)
    )
    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert "@everyone" not in outside
    assert "https://evil" not in outside
    assert not re.search(r"(?<!&)#12", outside)


def test_markdown_keeps_within_its_limit_and_says_so():
    text = markdown(large())
    assert len(text) <= LIMIT
    assert "left out: this is as long as it may be" in text
    assert len(markdown(hostile(), limit=6000)) <= 6000


class _Page(HTMLParser):
    """Which elements a page has, and the text of them."""

    def __init__(self):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.texts = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def test_html_of_hostile_texts_shows_text_and_nothing_else():
    page = _Page()
    page.feed(written(hostile(), "html"))
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("href", "src", "action")]
    assert all(link.startswith(("#report", "https://github.com/apicontract/")) for link in links)
    assert "7*7" in "".join(page.texts)
    assert "alert(1)" in "".join(page.texts)


def test_html_loads_nothing_and_allows_only_its_own_script():
    text = written(sample(), "html")
    assert "default-src 'none'; style-src 'sha256-" in text.replace("&#39;", "'")
    assert not re.search(r"(src|@import|url\()\s*=?\s*[\"']?(https?:)?//", text)


def test_the_sample_and_the_hostile_text_are_what_they_claim():
    assert "\x1b" in NASTY
    assert "\n::error" in NASTY
    assert sample().breaking == 1
