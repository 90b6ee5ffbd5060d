"""Documentation: what a reader learns about the API (`whole`), its operations (`operations`), its parts (`parts`)."""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules.documentation import operations, parts, whole

RULES = (*whole.RULES, *operations.RULES, *parts.RULES)
