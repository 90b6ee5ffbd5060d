"""Contracts from text, for the tests of lint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apicontract.findings import DEFAULT_SETTINGS
from apicontract.formats.openapi.lint import lint
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.load import load
from apicontract.formats.openapi.validate import validate
from apicontract.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from apicontract.findings import Finding, LintSettings
    from apicontract.formats.openapi.load import OpenApi

ALL_IDS = frozenset(rule.rule.id for rule in LINT_RULES)


@pytest.fixture
def contract(tmp_path: Path) -> Callable[[str], OpenApi]:
    """The contract of a text in YAML."""

    def run(text: str) -> OpenApi:
        path = tmp_path / "contract.yaml"
        path.write_text(text, encoding="utf-8")
        return load(read(str(path)))

    return run


@pytest.fixture
def linted(contract: Callable[[str], OpenApi]) -> Callable[..., list[Finding]]:
    """What rules of lint (all, unless ids are given) find in a document given as text."""

    def run(
        text: str, wanted: Collection[str] = ALL_IDS, settings: LintSettings = DEFAULT_SETTINGS
    ) -> list[Finding]:
        return lint(contract(text), wanted, settings)

    return run


@pytest.fixture
def validated(contract: Callable[[str], OpenApi]) -> Callable[[str], list[Finding]]:
    """What validate finds in a document given as text."""

    def run(text: str) -> list[Finding]:
        return validate(contract(text))

    return run
