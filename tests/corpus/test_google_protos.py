"""Google's published protos, 5,449 files: they compile, and what is found in them was read by hand.

The figures are what was read; a rule that changes them is to be looked at, not adapted to.
"""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import corpora
import pytest

import apicontract

if TYPE_CHECKING:
    from pathlib import Path

    from apicontract import Validation

pytestmark = pytest.mark.corpus

FOUND = {
    "enum-alias": 16,
    "enum-zero-value-has-meaning": 70,
    "field-behavior-contradictory": 19,
    "http-body-missing": 109,
    "http-path-wildcard-not-last": 10,
    "http-route-taken": 5,
    "http-routes-overlap": 2,
    "import-unused": 341,
    "package-directory-mismatch": 30,
    "package-import-circular": 1,
    "package-unversioned": 40,
    "rpc-type-shared": 90,
}
# Several calls of BigQuery Storage have one route, such as `ReadRows` and `SplitReadStream`.
TAKEN = {f"google/cloud/bigquery/storage/{version}/storage.proto" for version in ("v1", "v1beta1", "v1beta2")}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Validation:
    """The package without what is built from it and the well-known types, which are the compiler's own."""
    try:
        package = corpora.npm("google-proto-files", "5.0.0")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    folder: Path = tmp_path_factory.mktemp("google")
    for name in ("google", "grafeas"):
        shutil.copytree(package / name, folder / name)
    shutil.rmtree(folder / "google" / "protobuf")
    return apicontract.validate(folder)


def test_the_errors_are_routes_that_two_calls_have(result):
    errors = [finding for finding in result.findings if finding.severity == "error"]
    assert {finding.rule for finding in errors} == {"http-route-taken"}
    assert {finding.place.document.uri for finding in errors} == TAKEN


def test_the_warnings_are_those_that_were_read(result):
    warnings = Counter(finding.rule for finding in result.findings if finding.severity == "warning")
    assert warnings == FOUND


def test_every_finding_has_its_line(result):
    for finding in result.findings:
        lines = finding.place.document.text.split(b"\n")
        if finding.place.document.text:  # what the compiler says has its own position
            assert 0 < finding.place.line <= len(lines)
            assert 0 < finding.place.column <= len(lines[finding.place.line - 1].decode()) + 1
