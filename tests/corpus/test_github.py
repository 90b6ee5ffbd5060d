"""GitHub's own contracts, consecutive releases: no error, in budget, every position and witness real."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import corpora
import jsonschema_rs
import pytest

pytestmark = pytest.mark.corpus

SCHEMAS = Path(__file__).resolve().parents[2] / "apicontract/reports/schemas"
PAIRS = [
    (("23.0.2", "ghes-3.17"), ("23.0.2", "ghes-3.18")),
    (("23.0.2", "ghes-3.18"), ("23.0.2", "ghes-3.19")),
    (("22.0.0", "api.github.com"), ("23.0.2", "api.github.com")),
]
SECONDS = 60  # far above what it takes, far below what a quadratic step would


def _contract(version: str, name: str) -> str:
    try:
        return str(corpora.github(version, name))
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))


def _run(*arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "apicontract", *arguments, "--format", "json"],
        capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def _validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("old, new", PAIRS)
def test_releases_are_compared(old, new):
    report = _run("diff", _contract(*old), _contract(*new))
    _validator("diff-1.json").validate(report)
    assert report["changes"]
    assert report["summary"]["certainty"]["assumed"] <= len(report["changes"]) / 50
    for change in report["changes"]:
        assert change["message"]
        assert change["certainty"] != "witnessed" or change["witness"]


@pytest.mark.parametrize("version, name", [("23.0.2", "ghes-3.18"), ("23.0.2", "api.github.com")])
def test_a_release_does_not_differ_from_itself(version, name):
    contract = _contract(version, name)
    assert _run("diff", contract, contract)["changes"] == []


@pytest.mark.parametrize("version, name", [("23.0.2", "ghes-3.18")])
def test_a_release_is_valid(version, name):
    report = _run("validate", _contract(version, name))
    _validator("validation-1.json").validate(report)
    assert report["valid"]
