"""Lint an OpenAPI contract: one pass over its objects for all the rules that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Finding
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.facts import Facts
from apicontract.formats.openapi.order import in_document_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from apicontract.formats.openapi.lint.lint_rule import LintRule
    from apicontract.formats.openapi.load import OpenApi


def lint(contract: OpenApi, wanted: Collection[str]) -> list[Finding]:
    """What the rules with the ids `wanted` find in the contract, in document order. Never raises."""
    facts = Facts(contract)
    chosen = [rule for rule in LINT_RULES if rule.rule.id in wanted]
    return in_document_order(_findings(facts, chosen), contract.library)


def _findings(facts: Facts, chosen: list[LintRule]) -> Iterator[Finding]:
    subscribers: dict[str, list[LintRule]] = {}
    for rule in chosen:
        for kind in rule.kinds:
            subscribers.setdefault(kind, []).append(rule)
    for kind, rules in subscribers.items():
        for node in facts.nodes(kind):
            if not isinstance(node.value, dict):
                continue
            for rule in rules:
                for problem in rule.check(node, facts):
                    yield Finding(
                        rule.rule.id,
                        rule.rule.severity,
                        problem.place,
                        problem.message,
                        problem.advice or rule.rule.advice,
                    )


__all__ = ["lint"]
