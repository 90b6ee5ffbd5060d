"""The catalogue of validation: every rule with its reason, its advice, and an example that is executed."""

from __future__ import annotations

from apicontract.formats.proto.validate.rules import compiling, packages, services, types

RULES = (*compiling.RULES, *packages.RULES, *types.RULES, *services.RULES)

__all__ = ["RULES"]
