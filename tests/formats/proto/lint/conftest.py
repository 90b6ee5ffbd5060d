"""Linting texts of examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import apicontract
from apicontract.findings import DEFAULT_SETTINGS
from apicontract.formats.proto import FORMAT
from apicontract.formats.proto.validate.rules.texts import split

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from apicontract.findings import Finding, LintSettings

EVERY = frozenset(rule.id for rule in FORMAT.lint_rules())


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], apicontract.Contract]:
    """Loads the files of a text, below a folder of their own."""
    made = iter(range(1000))

    def loaded(text: str) -> apicontract.Contract:
        folder = tmp_path / f"protos{next(made)}"
        for name, body in split(text).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        return apicontract.load(folder)

    return loaded


@pytest.fixture
def linted(load: Callable[[str], apicontract.Contract]) -> Callable[..., list[Finding]]:
    """What the wanted rules, or all, find in a text."""

    def found(
        text: str, wanted: Collection[str] = EVERY, settings: LintSettings = DEFAULT_SETTINGS
    ) -> list[Finding]:
        return list(FORMAT.lint(load(text), wanted, settings))

    return found
