"""Lint never raises, whatever stands in a document; and says each thing once, in document order."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from apicontract.formats.openapi.lint import lint
from apicontract.formats.openapi.load import load
from apicontract.formats.openapi.order import in_document_order
from apicontract.sources import read
from openapi.validate.mutations import mutate

from .conftest import ALL_IDS

DOCUMENTS = sorted((Path(__file__).parents[1] / "validate" / "documents").glob("*.yaml"))
RUNS = 150


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_mistakes_never_raise(path: Path, tmp_path: Path) -> None:
    document = read(str(path)).root.value
    assert isinstance(document, dict)
    written = tmp_path / "contract.json"
    for seed in range(RUNS):
        written.write_text(json.dumps(mutate(document, Random(seed))), encoding="utf-8")  # noqa: S311  # mistakes, not secrets
        contract = load(read(str(written)))
        found = lint(contract, ALL_IDS)
        assert all(finding.rule in ALL_IDS and finding.place.line >= 1 for finding in found)
        assert found == in_document_order(found, contract.library)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_rule_finds_the_same_alone_and_among_all(path: Path) -> None:
    contract = load(read(str(path)))
    together = lint(contract, ALL_IDS)
    for rule_id in {finding.rule for finding in together}:
        assert lint(contract, {rule_id}) == [finding for finding in together if finding.rule == rule_id]


def test_nothing_wanted_is_nothing_found() -> None:
    assert lint(load(read(str(DOCUMENTS[0]))), ()) == []
