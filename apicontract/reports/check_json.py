"""The gate's answer for programs; `schemas/check-1.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.reports import json as shapes

if TYPE_CHECKING:
    from apicontract.gate.model import Check, Judged, Pair
    from apicontract.policy.verdict import Decision, JudgedChange, JudgedFinding, Waiver


def check_json(result: Check) -> str:
    """One run of the gate."""
    return shapes.written(
        {
            "version": shapes.VERSION,
            "passed": result.passed,
            "level": str(result.level),
            "profile": result.profile,
            "configuration": result.configuration or None,
            "pairs": [_pair(pair) for pair in result.pairs],
            "contracts": [_judged(one) for one in result.judged],
            "conflicts": list(result.conflicts),
            "unchanged": list(result.unchanged),
            "findings": [judged_finding(one) for one in result.findings],
            "notes": list(result.notes),
        }
    )


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "question": pair.question.value,
        "old": {"name": pair.old, "commit": pair.old_commit or None} if pair.old else None,
        "new": {"name": pair.new, "commit": pair.new_commit or None},
        "why": pair.why,
    }


def _judged(one: Judged) -> dict[str, object]:
    verdict = one.verdict
    return {
        "contract": verdict.contract,
        "format": verdict.format,
        "profile": verdict.profile,
        "question": verdict.question.value,
        "pair": _pair(one.pair),
        "outcome": verdict.outcome.value,
        "passed": verdict.passed,
        "advisory": verdict.advisory,
        "old": shapes.side(verdict.old) if verdict.old else None,
        "new": shapes.side(verdict.new) if verdict.new else None,
        "level": str(verdict.level),
        "required_version": verdict.required or None,
        "declared_version": verdict.declared or None,
        "changes": [_change(each) for each in verdict.changes],
        "findings": [judged_finding(each) for each in verdict.findings],
        "advice": list(verdict.advice),
    }


def _change(one: JudgedChange) -> dict[str, object]:
    return {
        **shapes.change(one.change),
        "level": str(one.level),
        "fingerprint": one.fingerprint,
        "waiver": _waiver(one.waiver),
        "decisions": [_decision(each) for each in one.decisions],
    }


def judged_finding(one: JudgedFinding) -> dict[str, object]:
    """A finding with what policy made of it."""
    finding = one.finding
    return {
        "id": finding.rule,
        "severity": one.severity.value,
        **shapes.spot(finding.place),
        "message": finding.message,
        "advice": finding.advice,
        "fingerprint": one.fingerprint,
        "waiver": _waiver(one.waiver),
        "decisions": [_decision(each) for each in one.decisions],
    }


def _waiver(waiver: Waiver | None) -> dict[str, object] | None:
    if waiver is None:
        return None
    return {
        "kind": waiver.kind,
        "reason": waiver.reason,
        "until": waiver.until or None,
        "origin": waiver.origin,
    }


def _decision(one: Decision) -> dict[str, object]:
    return {"step": one.step, "standing": one.standing, "origin": one.origin, "text": one.text}
