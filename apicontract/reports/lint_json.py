"""What lint found, for programs; `schemas/lint-1.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Fix, Severity
from apicontract.reports import json as shapes
from apicontract.reports.check_json import judged_finding

if TYPE_CHECKING:
    from apicontract.gate.fixing import Fixing
    from apicontract.gate.linting import LintRun
    from apicontract.policy.verdict import JudgedFinding


def lint_json(result: LintRun, fixing: Fixing | None = None) -> str:
    """One run of lint, and what it fixed."""
    return shapes.written(
        {
            "version": shapes.VERSION,
            "set": result.ruleset or None,
            "rules": [rule.id for rule in result.rules],
            "contracts": [
                {
                    "contract": verdict.contract,
                    "source": verdict.source,
                    "format": verdict.format,
                    "version": verdict.version,
                    "findings": [_finding(one) for one in verdict.findings],
                }
                for verdict in result.verdicts
            ],
            "findings": [_finding(one) for one in result.findings],
            "excluded": list(result.excluded),
            "summary": {
                **{severity.value: result.count(severity) for severity in Severity},
                "waived": result.waived,
                "fixable": result.fixable(Fix.SAFE),
                "fixable_unsafe": result.fixable(Fix.UNSAFE),
            },
            "fixed": None if fixing is None else _fixed(fixing),
        }
    )


def _finding(one: JudgedFinding) -> dict[str, object]:
    remedy = one.finding.remedy
    return {**judged_finding(one), "fix": None if remedy is None else remedy.fix.value}


def _fixed(fixing: Fixing) -> dict[str, object]:
    return {
        "findings": fixing.count,
        "rules": dict(sorted(fixing.fixed.items())),
        "files": [file.name for file in fixing.files],
        "levels": {source: str(level) for source, level in fixing.levels.items()},
        "unwritable": fixing.unwritable,
        "refused": dict(sorted(fixing.refused.items())),
    }
