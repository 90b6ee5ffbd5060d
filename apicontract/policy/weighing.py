"""The severity of a finding by the team's policy: the rule's own, then what the configuration says of it.

Knows rows of `rules` and nothing of waivers: whether a finding counts at all is decided after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.findings import Severity
from apicontract.policy.rules import CATALOGUE
from apicontract.policy.verdict import Decision, JudgedFinding

if TYPE_CHECKING:
    from apicontract.findings import Finding
    from apicontract.policy.configuration import Configuration, Standing

LEVELS = frozenset(str(level) for level in Level)
SEVERITIES = frozenset({*(severity.value for severity in Severity), "off"})


def weighed(found: Finding, configuration: Configuration, *, newer: bool = False) -> JudgedFinding | None:
    """A finding with the severity that policy gives it; None where that is `off`."""
    weight = weight_of(found.rule, found.severity, configuration, newer=newer)
    return JudgedFinding(found, *weight) if weight is not None else None


def weight_of(
    rule: str, severity: Severity, configuration: Configuration, *, newer: bool = False
) -> tuple[Severity, tuple[Decision, ...]] | None:
    """The severity that policy gives a rule's findings, with the steps to it; None where that is `off`."""
    own = CATALOGUE.get(rule)
    text = "the rule's own severity" if own is None or own.severity is severity else "it was so before"
    decisions = [Decision("default", severity.value, "", text)]
    row = configuration.standing(rule, SEVERITIES)
    if row is not None:
        if row.standing == "off":
            return None
        severity = Severity(row.standing)
        decisions.append(by_row(row))
    if newer:
        severity = Severity.INFO
        origin = str(configuration.origin("schema"))
        decisions.append(
            Decision("schema", severity.value, origin, "the rule is newer than the configuration")
        )
    return severity, tuple(decisions)


def by_row(row: Standing) -> Decision:
    """The step by which a row of `rules` decides."""
    step = "profile" if row.origin.layer.startswith("profile") else "rule"
    return Decision(step, row.standing, str(row.origin), f"rules.{row.pattern} = {row.standing}")
