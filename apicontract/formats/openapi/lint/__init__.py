"""Lint an OpenAPI contract: one pass over its objects for all the rules that are wanted."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from apicontract.findings import DEFAULT_SETTINGS, Finding, Remedy
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.facts import Facts
from apicontract.formats.openapi.order import in_document_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from apicontract.findings import LintSettings
    from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.walk import Node


def lint(
    contract: OpenApi, wanted: Collection[str], settings: LintSettings = DEFAULT_SETTINGS
) -> list[Finding]:
    """What the rules with the ids `wanted` find in the contract, in document order. Never raises."""
    chosen = [rule for rule in LINT_RULES if rule.rule.id in wanted]
    if not chosen:
        return []
    facts = Facts(contract, settings)
    return in_document_order(findings_of(facts, chosen), contract.library)


def findings_of(facts: Facts, chosen: Sequence[LintRule]) -> list[Finding]:
    """What the rules find: each object of a kind is handed once to each rule that asked for it.

    Kind by kind, object by object, rule by rule; asked rule by rule, since most are about few objects.
    """
    found: list[Finding] = []
    for kind in dict.fromkeys(kind for rule in chosen for kind in rule.kinds):
        asking = [rule for rule in chosen if kind in rule.kinds]
        nodes = [node for node in facts.nodes(kind) if isinstance(node.value, dict)]
        having = _having(nodes, asking)
        here: list[tuple[int, int, Finding]] = []
        for number, rule in enumerate(asking):
            check = rule.check
            for at in _handed(rule, having, len(nodes)):
                for problem in check(nodes[at], facts):
                    here.append((at, number, _finding(rule, problem)))  # noqa: PERF401  # called far less often
        here.sort(key=itemgetter(0, 1))
        found += [one for _, _, one in here]
    return found


def _having(nodes: Sequence[Node], asking: Iterable[LintRule]) -> dict[str, list[int]]:
    """The numbers of the objects that have a field, for each field that some rule asks for."""
    having: dict[str, list[int]] = {field: [] for rule in asking for field in rule.having}
    if having:
        for at, node in enumerate(nodes):
            for name in node.fields:
                if name in having:
                    having[name].append(at)
    return having


def _handed(rule: LintRule, having: dict[str, list[int]], count: int) -> Iterable[int]:
    """The numbers of the objects that a rule wants to see, in order."""
    if not rule.having:
        return range(count)
    if len(rule.having) == 1:
        return having[rule.having[0]]
    return sorted({at for field in rule.having for at in having[field]})


def _finding(rule: LintRule, problem: Problem) -> Finding:
    known = rule.rule
    remedy = Remedy(problem.fix or known.fix, problem.remedy) if problem.remedy else None
    advice = problem.advice or known.advice
    return Finding(known.id, known.severity, problem.place, problem.message, advice, remedy)


__all__ = ["findings_of", "lint"]
