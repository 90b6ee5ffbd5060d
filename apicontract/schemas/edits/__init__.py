"""The edits between two schemas, each with what it does to the set of values and a value that shows it."""

from __future__ import annotations

from apicontract.schemas.edits.compare import Comparer, Comparison, Step
from apicontract.schemas.edits.edit import Edit, Spot
from apicontract.schemas.edits.kinds import MISSING, Missing
from apicontract.schemas.verdicts import Contained

__all__ = ["MISSING", "Comparer", "Comparison", "Contained", "Edit", "Missing", "Spot", "Step"]
