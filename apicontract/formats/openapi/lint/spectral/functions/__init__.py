"""The functions that rules may name: Spectral's core functions, and those of its `spectral:oas` rules."""

from __future__ import annotations

from apicontract.formats.openapi.lint.spectral.functions.core import CORE
from apicontract.formats.openapi.lint.spectral.functions.openapi import OPENAPI
from apicontract.formats.openapi.lint.spectral.functions.operations import OPERATIONS

# What a team's ruleset may name; `typedEnum` is documented as one of the core.
FUNCTIONS = {one.name: one for one in CORE}
INTERNAL = {one.name: one for one in (*OPENAPI, *OPERATIONS)}
FUNCTIONS["typedEnum"] = INTERNAL["typedEnum"]

__all__ = ["FUNCTIONS", "INTERNAL"]
