"""Every rule of lint for OpenAPI, category by category."""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules import (
    design,
    documentation,
    examples,
    naming,
    resilience,
    security,
    versioning,
)

LINT_RULES = (
    *design.RULES,
    *naming.RULES,
    *documentation.RULES,
    *security.RULES,
    *resilience.RULES,
    *versioning.RULES,
    *examples.RULES,
)
