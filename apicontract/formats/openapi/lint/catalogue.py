"""Every rule of lint for OpenAPI, category by category."""

from __future__ import annotations

from dataclasses import replace

from apicontract.formats.openapi.lint.rules import (
    design,
    documentation,
    examples,
    maturity,
    naming,
    resilience,
    security,
    versioning,
)

_RULES = (
    *design.RULES,
    *naming.RULES,
    *documentation.RULES,
    *security.RULES,
    *resilience.RULES,
    *versioning.RULES,
    *examples.RULES,
    *maturity.RULES,
)

# Which command reports a rule is said once, here, and not in every rule.
LINT_RULES = tuple(replace(rule, rule=replace(rule.rule, command="lint")) for rule in _RULES)
