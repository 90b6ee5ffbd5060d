"""The rules for people: one explained in full, or all of them a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.changes import Rule
    from apicontract.reports.style import Style


FIX_OPTIONS = {Fix.SAFE: "fix", Fix.UNSAFE: "fix --unsafe-fixes"}


def rule_lines(rule: Rule | FindingRule, style: Style) -> Iterator[str]:
    """What the rule is about: what happened, why it matters, what to do, an example."""
    yield style.paint(rule.id, "bold")
    yield from style.wrap(f"{rule.title} {_standing(rule)}", "  ")
    for head, text in (("Why it matters", rule.why), ("What to do", rule.advice)):
        yield ""
        yield style.paint(head, "bold")
        yield from style.wrap(text, "  ")
    if isinstance(rule, FindingRule):
        if rule.mends:
            yield ""
            yield style.paint(f"What --{FIX_OPTIONS[rule.fix]} does", "bold")
            yield from style.wrap(rule.mends, "  ")
        if rule.references:
            yield ""
            yield style.paint("See", "bold")
            yield from style.wrap(", ".join(rule.references), "  ")
        examples = [("Wrong", rule.bad), ("Right", rule.good)]
    else:
        example = rule.example
        examples = [("Example: from", example.old), ("to", example.new), ("Instead", example.safe)]
    for head, text in examples:
        if text:
            yield ""
            yield style.paint(head, "bold")
            yield from (f"  {line}" for line in text.strip().splitlines())


def rules_lines(rules: Sequence[Rule | FindingRule], style: Style) -> Iterator[str]:
    """Every rule: what it usually counts as, its id, whether it can be fixed, what it is about."""
    for rule in rules:
        standing = rule.severity.value if isinstance(rule, FindingRule) else str(rule.level)
        fix = rule.fix if isinstance(rule, FindingRule) else Fix.NONE
        known = f" [fixable{', unsafe' if fix is Fix.UNSAFE else ''}]" if fix is not Fix.NONE else ""
        yield f"{standing:<8} {style.paint(rule.id, 'cyan')}"
        yield from style.wrap(f"{rule.title}{known}", " " * 9)


def _standing(rule: Rule | FindingRule) -> str:
    if isinstance(rule, FindingRule):
        known = f"; {rule.category}, set {rule.tier}" if rule.command == "lint" else ""
        return f"({rule.severity.value}, reported by {rule.command}{known})"
    surfaces = f"; breaks {' and '.join(rule.surfaces)}" if rule.surfaces else ""
    return f"(usually {rule.level}{surfaces})"
