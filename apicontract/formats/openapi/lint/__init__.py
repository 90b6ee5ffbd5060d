"""Lint an OpenAPI contract: one pass over its objects for all the rules that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import DEFAULT_SETTINGS, Finding, Remedy
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.facts import Facts
from apicontract.formats.openapi.order import in_document_order

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from apicontract.findings import LintSettings
    from apicontract.formats.openapi.lint.lint_rule import LintRule
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.walk import Node


def lint(
    contract: OpenApi, wanted: Collection[str], settings: LintSettings = DEFAULT_SETTINGS
) -> list[Finding]:
    """What the rules with the ids `wanted` find in the contract, in document order. Never raises."""
    facts = Facts(contract, settings)
    chosen = [rule for rule in LINT_RULES if rule.rule.id in wanted]
    return in_document_order(findings_of(facts, chosen), contract.library)


def findings_of(facts: Facts, chosen: Sequence[LintRule]) -> list[Finding]:
    """What the rules find: each object of a kind is handed once to each rule that asked for it."""
    found: list[Finding] = []
    for kind in dict.fromkeys(kind for rule in chosen for kind in rule.kinds):
        asking = [rule for rule in chosen if kind in rule.kinds]
        fields = {field for rule in asking for field in rule.having}
        by_fields: dict[frozenset[str], list[LintRule]] = {}  # the fields that an object has of those
        for node in facts.nodes(kind):
            if not isinstance(node.value, dict):
                continue
            there = frozenset(fields.intersection(node.value))
            rules = by_fields.get(there)
            if rules is None:
                rules = [rule for rule in asking if not rule.having or not there.isdisjoint(rule.having)]
                by_fields[there] = rules
            _ask(rules, node, facts, found)
    return found


def _ask(rules: Sequence[LintRule], node: Node, facts: Facts, found: list[Finding]) -> None:
    for rule in rules:
        for problem in rule.check(node, facts):
            known = rule.rule
            advice = problem.advice or known.advice
            remedy = Remedy(problem.fix or known.fix, problem.remedy) if problem.remedy else None
            found.append(Finding(known.id, known.severity, problem.place, problem.message, advice, remedy))


__all__ = ["findings_of", "lint"]
