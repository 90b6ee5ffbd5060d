"""Diff never raises anything but a ContractError, whatever two documents hold; and equal documents are equal."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
import yaml

import apicontract
from apicontract import ContractError
from apicontract.formats.openapi.diff.rules import CATALOGUE
from apicontract.sources import read
from tests.formats.openapi.validate.mutations import mutate

if TYPE_CHECKING:
    from apicontract.changes import Rule
    from apicontract.sources import Json

DOCUMENTS = sorted((Path(__file__).parents[1] / "validate" / "documents").glob("*.yaml"))
KNOWN = {rule.id for rule in CATALOGUE}
RUNS = 100


def diff(folder: Path, old: Json, new: Json) -> list[apicontract.Change] | None:
    """The changes; None if one of the two cannot be read as a contract."""
    paths = [folder / "old.json", folder / "new.json"]
    for path, value in zip(paths, (old, new), strict=True):
        path.write_text(json.dumps(value), encoding="utf-8")
    try:
        return list(apicontract.diff(*map(str, paths)).changes)
    except ContractError:
        return None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_mistakes_never_raise(path: Path, tmp_path: Path) -> None:
    document = read(str(path)).root.value
    assert isinstance(document, dict)
    compared = 0
    for seed in range(RUNS):
        random = Random(seed)  # noqa: S311  # mistakes, not secrets
        changed = mutate(document, random)
        for old, new in ((document, changed), (changed, document), (changed, mutate(changed, random))):
            found = diff(tmp_path, old, new)
            compared += found is not None
            for change in found or ():
                assert change.rule in KNOWN
                assert change.message
                assert change.old.document is not None or change.new.document is not None
        assert not diff(tmp_path, changed, changed), seed
    assert compared > RUNS


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_mistakes_in_what_a_rule_is_about_never_raise(rule: Rule, tmp_path: Path) -> None:
    for seed in range(3):
        random = Random(seed)  # noqa: S311  # mistakes, not secrets
        old, new = (
            mutate(json.loads(json.dumps(yaml.safe_load(text), default=str)), random)
            for text in (rule.example.old, rule.example.new)
        )
        diff(tmp_path, old, new)
        diff(tmp_path, new, old)
        assert not diff(tmp_path, new, new), seed


@pytest.mark.parametrize("odd", [None, True, 0, -1.5, "x", [], {}, [[]], {"a": {}}, {"$ref": "#"}], ids=repr)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_field_may_hold_anything(path: Path, odd: Json, tmp_path: Path) -> None:
    document = read(str(path)).root.value
    assert isinstance(document, dict)
    for field in document:
        if field not in {"openapi", "swagger"}:
            diff(tmp_path, document, {**document, field: odd})
            diff(tmp_path, {**document, field: odd}, document)
