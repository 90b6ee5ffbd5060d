"""The catalogue of validation: every rule with its reason, its advice, and an example that is executed."""

from __future__ import annotations

from apicontract.formats.openapi.validate.rules import (
    operations,
    parameters,
    paths,
    references,
    schemas,
    security,
    structure,
    swagger,
    values,
)

RULES = (
    *structure.RULES,
    *references.RULES,
    *paths.RULES,
    *parameters.RULES,
    *operations.RULES,
    *security.RULES,
    *schemas.RULES,
    *values.RULES,
    *swagger.RULES,
)

__all__ = ["RULES"]
