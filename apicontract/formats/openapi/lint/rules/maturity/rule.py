"""What all rules of maturity have in common: they ask operations that are rated, and follow the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule
from apicontract.formats.openapi.lint.rated import why_unrated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.lint.lint_rule import Problem
    from apicontract.formats.openapi.walk import Node

    Criterion = Callable[[Endpoint, Facts], Iterator[Problem]]


def criterion(  # noqa: PLR0913  # the columns of a row
    number: str,
    rule_id: str,
    title: str,
    why: str,
    advice: str,
    check: Criterion,
    *,
    bad: str,
    good: str,
    tier: Tier = Tier.ALL,
    references: tuple[str, ...] = (),
) -> LintRule:
    """A rule that is asked once per rated operation; those that most teams accept are warnings."""
    severity = Severity.INFO if tier is Tier.ALL else Severity.WARNING
    rule = FindingRule(
        rule_id,
        title,
        severity,
        why,
        advice,
        bad,
        good,
        category="maturity",
        tier=tier,
        references=(f"richardson:{number}", *references),
    )
    return LintRule(rule, ("operation",), _asked(check))


def _rated(facts: Facts) -> dict[int, Endpoint]:
    """The operations that are rated, by the id of their node."""
    return {node: one for node, one in facts.by_operation.items() if not why_unrated(one, facts)}


def _asked(check: Criterion) -> Callable[[Node, Facts], Iterable[Problem]]:
    def asked(node: Node, facts: Facts) -> Iterable[Problem]:
        endpoint = facts.once(_rated).get(id(node))
        return check(endpoint, facts) if endpoint is not None else ()

    return asked
