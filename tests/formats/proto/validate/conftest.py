"""Contracts from the texts of examples, for the tests of validate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.validate import validate
from apicontract.formats.proto.validate.rules.texts import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding


@pytest.fixture
def findings() -> Callable[[str], list[Finding]]:
    """What validate finds in the files of a text; see `rules/texts.py`."""

    def run(text: str) -> list[Finding]:
        return validate(from_texts(split(text)))

    return run
