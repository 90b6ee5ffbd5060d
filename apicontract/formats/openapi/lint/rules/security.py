"""Security as far as a contract shows it: who may call, what travels in the open, what has no bound.

References: the OWASP API Security Top 10 (2023) by its numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_SECURED = """
paths:
  /orders:
    get:
      security: [{key: []}]
      responses: {"200": {description: Orders}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""


def _unsecured(node: Node, facts: Facts) -> Iterator[Problem]:
    """An operation that nothing says anything about; `security: []` says that anyone may call it."""
    endpoint = facts.by_operation.get(id(node))
    said = "security" in node.fields or "security" in facts.root.fields
    if endpoint is not None and not said:
        yield Problem(node.place(), f"nothing says who may call {endpoint.title}")


RULES = (
    LintRule(
        FindingRule(
            "operation-without-security",
            "Nothing says who may call an operation.",
            Severity.WARNING,
            "Whoever implements it leaves it open, and whoever calls it sends no credentials.",
            "Give the operation or the whole contract `security`; `security: []` where anyone may call.",
            operated('responses: {"200": {description: Orders}}', method="get"),
            described(_SECURED),
            category="security",
            references=("owasp:API2:2023", "spectral:operation-security-defined"),
        ),
        ("operation",),
        _unsecured,
    ),
)
