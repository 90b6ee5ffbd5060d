"""Contracts from text or values, for the tests of validate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from apicontract.formats.openapi.load import load
from apicontract.formats.openapi.validate import validate
from apicontract.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apicontract.findings import Finding
    from apicontract.sources import Json


@pytest.fixture
def findings(tmp_path: Path) -> Callable[[str], list[Finding]]:
    """What validate finds in a document given as text, YAML or JSON."""

    def run(text: str) -> list[Finding]:
        path = tmp_path / "contract.yaml"
        path.write_text(text, encoding="utf-8")
        return validate(load(read(str(path))))

    return run


@pytest.fixture
def findings_of(tmp_path: Path) -> Callable[[Json], list[Finding]]:
    """What validate finds in a document given as a value."""

    def run(value: Json) -> list[Finding]:
        path = tmp_path / "contract.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        return validate(load(read(str(path))))

    return run
