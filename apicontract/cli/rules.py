"""`apicontract rules` and `apicontract explain`: the catalogue."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Rule
from apicontract.cli.writing import write
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from apicontract.findings import FindingRule
    from apicontract.sources import Json


def _all() -> dict[str, Rule | FindingRule]:
    found = formats.get("openapi")
    return {rule.id: rule for rule in (*found.change_rules(), *found.finding_rules())}


def explain(rule_id: str) -> int:
    """Print all about one rule; ContractError with near names if there is none of that id."""
    rules = _all()
    rule = rules.get(rule_id)
    if rule is None:
        near = get_close_matches(rule_id, rules, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`apicontract rules` lists them"
        raise ContractError(f"there is no rule {rule_id}", hint=hint)
    write("\n".join(_lines(rule)) + "\n", None)
    return 0


def _lines(rule: Rule | FindingRule) -> list[str]:
    if isinstance(rule, Rule):
        surfaces = f" ({', '.join(rule.surfaces)})" if rule.surfaces else ""
        examples = [("From", rule.example.old), ("To", rule.example.new)]
        kind = f"{rule.level}{surfaces}"
    else:
        examples = [("Wrong", rule.bad), ("Right", rule.good)]
        kind = str(rule.severity)
    lines = [f"{rule.id}: {kind}", "", rule.title, "", f"Why it matters: {rule.why}", "", f"What to do: {rule.advice}"]
    for head, text in examples:
        lines += ["", f"{head}:", "", *(f"    {line}" for line in text.strip().splitlines())]
    return lines


def catalogue(format_: str) -> int:
    """Print every rule, a line each, or as JSON."""
    rules = list(_all().values())
    if format_ == "json":
        from apicontract.reports import json

        write(json.pretty({"version": 1, "rules": [_value(rule) for rule in rules]}), None)
        return 0
    wide = max(len(rule.id) for rule in rules)
    write("".join(f"{rule.id:{wide}}  {_weight(rule):7}  {rule.title}\n" for rule in rules), None)
    return 0


def _weight(rule: Rule | FindingRule) -> str:
    return str(rule.level if isinstance(rule, Rule) else rule.severity)


def _value(rule: Rule | FindingRule) -> Json:
    shared: dict[str, Json] = {"id": rule.id, "title": rule.title, "why": rule.why, "advice": rule.advice}
    if isinstance(rule, Rule):
        return {
            **shared,
            "about": "change",
            "level": str(rule.level),
            "surfaces": [str(surface) for surface in rule.surfaces],
            "direction": str(rule.direction),
            "example": {"old": rule.example.old, "new": rule.example.new},
        }
    return {**shared, "about": "validation", "severity": str(rule.severity), "example": {"bad": rule.bad, "good": rule.good}}
