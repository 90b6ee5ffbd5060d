"""What lint found, for programs; `schemas/lint-1.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Severity
from apicontract.reports import json as shapes
from apicontract.reports.check_json import judged_finding

if TYPE_CHECKING:
    from apicontract.gate.linting import LintRun


def lint_json(result: LintRun) -> str:
    """One run of lint."""
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
                    "findings": [judged_finding(one) for one in verdict.findings],
                }
                for verdict in result.verdicts
            ],
            "findings": [judged_finding(one) for one in result.findings],
            "excluded": list(result.excluded),
            "summary": {
                **{severity.value: result.count(severity) for severity in Severity},
                "waived": result.waived,
            },
        }
    )
