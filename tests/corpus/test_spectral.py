"""Rulesets of Spectral beside Spectral itself, installed from npm, on GitHub's contract and files of our own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import corpora
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "formats/openapi/lint/spectral"))
from spectral_answers import CASES, DIFFERENCES, VERSION, compare, ours

pytestmark = pytest.mark.corpus
SEVERITIES = ("error", "warning", "info", "info")
# Behind a reference Spectral loses its way at a name with a sign that URIs escape, and stops before it.
_PROBLEM = "/components/responses/Problem/content"
LOST = {
    ("deep-below", f"{_PROBLEM}/application~1problem+json/schema/type", "ours"),
    ("deep-below", _PROBLEM, "theirs"),
    ("deep-names", _PROBLEM, "theirs"),
}
EXAMPLES = Path(__file__).parents[2] / "examples"


@cache
def _spectral() -> Path:
    """Spectral's command, installed into the cache once."""
    try:
        return corpora.npm_tool("@stoplight/spectral-cli", VERSION, "spectral")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _theirs(ruleset: Path, contract: Path) -> Counter:
    command = [str(_spectral()), "lint", "-q", "-r", str(ruleset), "-f", "json", str(contract)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3000, cwd=CASES)
    assert run.returncode in (0, 1), run.stderr
    return Counter(
        (
            one["code"],
            "".join(f"/{_escaped(key)}" for key in one["path"]),
            SEVERITIES[one["severity"]],
            one["message"],
            one["range"]["start"]["line"] + 1,
        )
        for one in json.loads(run.stdout or "[]")
    )


@pytest.mark.parametrize("contract", ["orders-3.0", "orders-2.0", "orders-3.1"])
@pytest.mark.parametrize("ruleset", ["functions", "paths", "house", "all"])
def test_the_recorded_answers_are_spectrals(ruleset: str, contract: str):
    recorded = json.loads((CASES / f"spectral-{VERSION}.json").read_text(encoding="utf-8"))
    listed = recorded[f"{ruleset}.yaml {contract}.yaml"]
    theirs = _theirs(CASES / f"{ruleset}.yaml", CASES / f"{contract}.yaml")
    assert theirs == Counter(
        (rule, at, severity, message, line) for rule, at, severity, message, line in listed
    )


@pytest.mark.parametrize("contract", ["orders-v1.yaml", "orders-v2.yaml"])
@pytest.mark.parametrize("ruleset", ["functions", "paths", "house", "all"])
def test_our_examples(ruleset: str, contract: str, monkeypatch):
    monkeypatch.chdir(CASES)
    found = ours(CASES / f"{ruleset}.yaml", EXAMPLES / contract)
    assert (
        compare(_theirs(CASES / f"{ruleset}.yaml", EXAMPLES / contract), found) - DIFFERENCES.keys() - LOST
        == set()
    )


def test_github_with_every_recommended_rule(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(CASES)
    ruleset = tmp_path / "recommended.yaml"
    ruleset.write_text("extends: [[spectral:oas, recommended]]\n", encoding="utf-8")
    try:
        contract = corpora.github("23.0.2", "ghes-3.18")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    theirs = _theirs(ruleset, contract)
    assert sum(theirs.values()) > 700
    assert compare(theirs, ours(ruleset, contract)) == set()
