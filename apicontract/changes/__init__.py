"""What every format's comparison yields: changes, levels, surfaces, witnesses, and their rules."""

from __future__ import annotations

from apicontract.changes.catalogue import Catalogue, Example, Rule
from apicontract.changes.model import (
    Certainty,
    Change,
    Comparison,
    Diff,
    Direction,
    Level,
    Side,
    Surface,
    Witness,
    highest,
)
from apicontract.changes.semver import Version, next_version

__all__ = [
    "Catalogue",
    "Certainty",
    "Change",
    "Comparison",
    "Diff",
    "Direction",
    "Example",
    "Level",
    "Rule",
    "Side",
    "Surface",
    "Version",
    "Witness",
    "highest",
    "next_version",
]
