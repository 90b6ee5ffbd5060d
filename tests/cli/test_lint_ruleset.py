"""`lint --ruleset` and `extends` in the configuration: severities, waivers, choice and exit codes as for our own rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from apicontract.cli.app import app

CONTRACT = """\
openapi: 3.0.3
info: {title: Orders, version: '1'}
paths:
  /orders:
    get:
      %s
      responses: {'200': {description: ok}}
"""
RULESET = """\
extends: spectral:oas
functions: [mine]
rules:
  has-summary: {given: '$.paths[*][get]', severity: error, then: {field: summary, function: truthy}}
  theirs: {given: $, then: {function: mine}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "api.yaml").write_text(CONTRACT % "tags: [a]", encoding="utf-8")
    (tmp_path / ".spectral.yaml").write_text(RULESET, encoding="utf-8")
    return tmp_path


def _call(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def _run(*arguments: str) -> tuple[int, dict]:
    result = _call("lint", "api.yaml", "--format", "json", *arguments)
    return result.exit_code, json.loads(result.stdout)


def _rules(report: dict) -> dict[str, str]:
    return {one["id"]: one["severity"] for one in report["contracts"][0]["findings"] if not one.get("waiver")}


def test_the_ruleset_alone(folder):
    code, report = _run("--ruleset", ".spectral.yaml")
    found = _rules(report)
    assert code == 1
    assert report["set"] is None
    assert found["spectral:has-summary"] == "error"
    assert found["spectral:operation-operationId"] == "warning"
    assert all(rule.startswith("spectral:") for rule in found)
    assert [one["id"] for one in report["findings"]] == ["spectral:unsupported-function"]


def test_what_cannot_be_run_is_counted_as_of_rulesets(folder):
    (folder / "apicontract.toml").write_text(
        "[[suppressions]]\nrule = 'ignore-malformed'\ncontract = 'api.yaml'\nreason = 'old'\nuntil = 2020-01-01\n",
        encoding="utf-8",
    )
    said = _call("lint", "api.yaml", "--ruleset", ".spectral.yaml").stdout.splitlines()
    assert "rulesets: 1 warning" in said
    assert [line for line in said if line.startswith("suppressions: ")] == ["suppressions: 1 error"]


def test_besides_a_set_and_without_some(folder):
    _, report = _run("--ruleset", ".spectral.yaml", "--rules", "recommended", "--ignore", "spectral:info-*")
    found = _rules(report)
    assert "spectral:info-contact" not in found
    assert "spectral:operation-operationId" in found
    assert any(not rule.startswith("spectral:") for rule in found)


def test_the_configuration_extends_waives_and_sets_severities(folder):
    (folder / "apicontract.toml").write_text(
        "[lint]\nextends = ['.spectral.yaml']\n"
        "[rules]\n'spectral:has-summary' = 'info'\n'spectral:unsupported-*' = 'off'\n"
        "[[suppressions]]\nrule = 'spectral:operation-operationId'\nreason = 'agreed'\n",
        encoding="utf-8",
    )
    code, report = _run()
    found = _rules(report)
    assert code == 0
    assert found["spectral:has-summary"] == "info"
    assert "spectral:operation-operationId" not in found
    assert report["findings"] == []
    assert report["summary"]["waived"] == 1


def test_a_waiver_beside_the_thing(folder):
    waiver = "x-apicontract-ignore: {rule: 'spectral:has-summary', reason: agreed}"
    (folder / "api.yaml").write_text(CONTRACT % waiver, encoding="utf-8")
    code, report = _run("--ruleset", ".spectral.yaml")
    assert code == 0
    assert "spectral:has-summary" not in _rules(report)
    checked = _call("check", "--against", "api.yaml", "api.yaml", "--format", "json")
    assert "ignore-malformed" not in checked.output


def test_a_misspelt_rule_in_the_configuration(folder):
    (folder / "apicontract.toml").write_text(
        "[lint]\nextends = ['.spectral.yaml']\n[rules]\n'spectral:operation-tag' = 'off'\n", encoding="utf-8"
    )
    result = _call("lint", "api.yaml")
    assert result.exit_code == 2
    assert "operation-tags" in result.output


def test_select_alone_asks_nothing_else_of_the_ruleset(folder):
    (folder / "apicontract.toml").write_text("[lint]\nextends = ['.spectral.yaml']\n", encoding="utf-8")
    _, report = _run("--select", "spectral:has-summary")
    assert report["rules"] == ["spectral:has-summary"]


@pytest.mark.parametrize("fmt", ["sarif", "github", "junit", "html", "markdown", "concise", "gitlab"])
def test_every_report_knows_rules_of_rulesets(folder, fmt):
    result = _call("lint", "api.yaml", "--ruleset", ".spectral.yaml", "--format", fmt)
    assert result.exit_code == 1
    assert "has-summary" in result.stdout


def test_a_bad_ruleset_is_no_traceback(folder):
    (folder / ".spectral.yaml").write_text("extends: https://x.example/a.yaml\n", encoding="utf-8")
    result = _call("lint", "api.yaml", "--ruleset", ".spectral.yaml")
    assert result.exit_code == 2
    assert ".spectral.yaml:1:10" in result.output
    assert _call("lint", "api.yaml", "--ruleset", "gone.yaml").exit_code == 2
