"""Every rule of lint for OpenAPI, category by category."""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules import design, security

LINT_RULES = (
    *design.RULES,
    *security.RULES,
)
