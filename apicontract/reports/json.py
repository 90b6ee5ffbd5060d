"""Results for programs: JSON of a fixed shape, described by the JSON Schemas in `schemas/`.

The shape has a version number. A key is never renamed or given another meaning under the same
number; new keys may appear. `docs/json-output.md` explains each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from apicontract.changes import Comparison
from apicontract.findings import FindingRule, Fix, Severity
from apicontract.reports.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.changes import Change, Diff, Rule, Side, Witness
    from apicontract.findings import Validation
    from apicontract.sources import Json, Place

VERSION = 1
_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=str)
_LONGEST_VALUE = 4096  # bytes of a value in a report: what is larger is found by its pointer


def diff_json(result: Diff | Comparison) -> str:
    """One comparison, or the merged report of several."""
    if not isinstance(result, Comparison):
        return written({"version": VERSION, **_diff(result)})
    every = [change for diff in result.diffs for change in diff.changes]
    return written(
        {
            "version": VERSION,
            "level": str(result.level),
            "contracts": [_diff(diff) for diff in result.diffs],
            "removed": [side(one) for one in result.removed],
            "added": [side(one) for one in result.added],
            "summary": _summary(every),
        }
    )


def validation_json(results: Sequence[Validation]) -> str:
    """What validation found in each contract."""
    severities = [finding.severity for result in results for finding in result.findings]
    return written(
        {
            "version": VERSION,
            "valid": all(result.valid for result in results),
            "contracts": [
                {
                    "source": result.source,
                    "format": result.format,
                    "version": result.version,
                    "valid": result.valid,
                    "findings": [
                        {
                            "id": finding.rule,
                            "severity": finding.severity.value,
                            **spot(finding.place),
                            "message": finding.message,
                            "advice": finding.advice,
                        }
                        for finding in result.findings
                    ],
                }
                for result in results
            ],
            "summary": {severity.value: severities.count(severity) for severity in Severity},
        }
    )


def rules_json(rules: Sequence[Rule | FindingRule]) -> str:
    """The catalogue, or a part of it."""
    return written({"version": VERSION, "rules": [_rule(rule) for rule in rules]})


def _diff(diff: Diff) -> dict[str, object]:
    return {
        "format": diff.format,
        "level": str(diff.level),
        "old": side(diff.old),
        "new": side(diff.new),
        "required_version": diff.required_version,
        "changes": [change(one) for one in diff.changes],
        "summary": _summary(diff.changes),
    }


def change(change: Change) -> dict[str, object]:
    """One change, as every output shows it."""
    return {
        "id": change.rule,
        "level": str(change.counted_level),
        "surfaces": [surface.value for surface in change.surfaces],
        "effects": {surface.value: str(level) for surface, level in change.effects.items()},
        "certainty": change.certainty.value,
        "direction": change.direction.value,
        "operation": change.operation,
        "pointer": change.pointer,
        "old": _place(change.old),
        "new": _place(change.new),
        "message": _message(change),
        "witness": None if change.witness is None else _witness(change.witness),
        "witnesses": [_witness(one) for one in change.witnesses],
        "reaches": list(change.reaches),
        "allowed": change.allowed or None,
    }


def _witness(witness: Witness) -> dict[str, object]:
    return {"kind": witness.kind, "value": witness.value, "text": witness.text}


def _message(change: Change) -> str:
    sides = ", ".join(f"{word} {text}" for word, text in (("was", change.was), ("now", change.now)) if text)
    return f"{change.message} ({sides})" if sides else change.message


def _place(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    try:
        value = place.value
    except KeyError:
        value = None
    small = _is_short(value)
    return {**spot(place), "value": value} if small else {**spot(place), "value": None, "truncated": True}


def _is_short(value: Json) -> bool:
    """Whether its JSON has at most `_LONGEST_VALUE` bytes; of a whole contract only so much is looked at."""
    waiting: list[Json] = [value]
    least = 0  # every value takes a byte, and every text its length
    while waiting and least <= _LONGEST_VALUE:
        item = waiting.pop()
        least += len(item) if isinstance(item, str | list | dict) else 1
        if isinstance(item, list):
            waiting += item[:_LONGEST_VALUE]
        elif isinstance(item, dict):
            waiting += item.values()
    return not waiting and least <= _LONGEST_VALUE and len(_encoded(value)) <= _LONGEST_VALUE


def spot(place: Place) -> dict[str, object]:
    """Where something stands."""
    return {"file": place.file, "line": place.line, "column": place.column, "pointer": place.pointer}


def side(side: Side) -> dict[str, object]:
    """One of two contracts."""
    return {"source": side.source, "version": side.version}


def _summary(changes: Sequence[Change]) -> dict[str, object]:
    summary = summarise(changes)
    return {
        "changes": summary.changes,
        "levels": {str(level): count for level, count in summary.levels.items()},
        "certainty": {certainty.value: count for certainty, count in summary.certainty.items()},
        "operations": summary.operations,
        "allowed": summary.allowed,
    }


def _rule(rule: Rule | FindingRule) -> dict[str, object]:
    told = {"id": rule.id, "title": rule.title, "why": rule.why, "advice": rule.advice}
    if isinstance(rule, FindingRule):
        example: dict[str, object] = {"wrong": rule.bad, "right": rule.good}
        about: dict[str, object] = {}
        if rule.command == "lint":
            about = {"category": rule.category, "set": str(rule.tier), "references": list(rule.references)}
            about["fix"] = None if rule.fix is Fix.NONE else {"safety": rule.fix.value, "does": rule.mends}
        return {
            **told,
            "command": rule.command,
            "severity": rule.severity.value,
            **about,
            "example": example,
        }
    return {
        **told,
        "command": "diff",
        "level": str(rule.level),
        "surfaces": [surface.value for surface in rule.surfaces],
        "direction": rule.direction.value,
        "example": {"old": rule.example.old, "new": rule.example.new, "safe": rule.example.safe},
    }


def written(value: dict[str, object]) -> str:
    """The text of a report."""
    return msgspec.json.format(_encoded(value), indent=2).decode() + "\n"


def _encoded(value: object) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:  # the name of a file that is no UTF-8, half a surrogate pair in a contract
        return _ENCODER.encode(_as_unicode(value))


def _as_unicode(value: object) -> object:
    """The same with what is no character written as its escape."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_as_unicode(key): _as_unicode(held) for key, held in value.items()}
    return [_as_unicode(held) for held in value] if isinstance(value, list) else value
