"""Rulesets of Spectral, run on OpenAPI contracts as Spectral would run them.

`load` reads a ruleset, `lint` gives what its rules find, `rules_of` what is to be said of the rules. A rule
is called `spectral:NAME` here, so that it is none of ours. What it takes to run one: paths (`paths.py`,
`scripts.py`) are taken all at once (`walk.py`), functions (`functions/`) look at what they lead to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.findings import Finding, FindingRule, Severity, Tier
from apicontract.formats.openapi.lint.spectral.merging import Ruleset, load
from apicontract.formats.openapi.lint.spectral.running import findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.openapi.lint.spectral.model import Rule
    from apicontract.formats.openapi.load import OpenApi

PREFIX = "spectral:"
UNSUPPORTED = f"{PREFIX}unsupported-function"
UNRESOLVED = f"{PREFIX}invalid-ref"
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.INFO)
_OWN = (
    (
        UNSUPPORTED,
        "A rule of the ruleset needs a function in JavaScript, which is not run.",
        Severity.WARNING,
        "What the rule would find is not found; silence would pass for consent.",
        "Write the rule with the core functions, or run Spectral for it as well.",
    ),
    (
        UNRESOLVED,
        "A reference leads nowhere.",
        Severity.ERROR,
        "Whoever reads the contract finds nothing there.",
        "Mend the reference, or add what it names.",
    ),
)


def lint(contract: OpenApi, rulesets: Iterable[Ruleset], wanted: frozenset[str]) -> list[Finding]:
    """What the rules of rulesets with the ids `wanted` find in a contract, in document order."""
    from apicontract.formats.openapi.order import in_document_order

    rules: dict[str, Rule] = {}
    formats: frozenset[str] = frozenset()
    for ruleset in rulesets:
        formats |= ruleset.formats
        rules |= {name: rule for name, rule in ruleset.rules_for(contract.source).items() if rule.enabled}
    asked = [rule for name, rule in rules.items() if f"{PREFIX}{name}" in wanted]
    found = [
        Finding(f"{PREFIX}{one.rule}", _SEVERITIES[one.severity], replace(one.place, key=True), one.message)
        for one in findings(contract, asked, formats, references=UNRESOLVED in wanted)
    ]
    return in_document_order(found, contract.library)


def unsupported(rulesets: Iterable[Ruleset], wanted: frozenset[str]) -> Iterator[Finding]:
    """A finding about each rule that cannot be run, in the ruleset's file."""
    _, _, severity, _, advice = _OWN[0]
    for rule in (rule for ruleset in rulesets for rule in ruleset.rules.values()):
        if rule.unsupported and rule.enabled and rule.place is not None and UNSUPPORTED in wanted:
            needs = f"needs the function `{rule.unsupported}`, which is JavaScript and is not run"
            text = f"the rule `{rule.name}` {needs}"
            yield Finding(UNSUPPORTED, severity, rule.place, text, advice)


def rules_of(rulesets: Iterable[Ruleset]) -> tuple[FindingRule, ...]:
    """The rules that are enabled in some ruleset, and our own about rulesets, as the catalogue has rules."""
    found = {row[0]: _entry(*row) for row in _OWN}
    for ruleset in rulesets:
        for rule in ruleset.rules.values():
            if rule.enabled or isinstance(ruleset.top.value.get("overrides"), list):
                title = rule.description or rule.message or rule.name
                why = f"{ruleset.file} asks for it." + (f" {rule.url}" if rule.url else "")
                found[f"{PREFIX}{rule.name}"] = _entry(
                    f"{PREFIX}{rule.name}", title, _SEVERITIES[rule.severity], why, ""
                )
    return tuple(found.values())


def _entry(name: str, title: str, severity: Severity, why: str, advice: str) -> FindingRule:
    return FindingRule(
        name,
        title,
        severity,
        why,
        advice,
        "",
        "",
        command="lint",
        category="spectral",
        tier=Tier.ALL,
        references=(name,),
    )


__all__ = ["PREFIX", "UNSUPPORTED", "Ruleset", "lint", "load", "rules_of", "unsupported"]
