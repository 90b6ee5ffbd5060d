"""`apicontract validate`: read the contracts, check them, report, and say yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import apicontract
from apicontract.cli.writing import wants_colour, width, write
from apicontract.findings import Severity
from apicontract.sources import ReadOptions, expand

if TYPE_CHECKING:
    from pathlib import Path

    from apicontract.findings import Validation


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, as options name it."""

    format: str
    fail_on: str
    output: Path | None
    root: Path | None
    quiet: bool
    allow_remote: bool


def run(contracts: list[str], request: Request) -> int:
    """Validate, report, and give the exit code."""
    read = ReadOptions(allow_remote=request.allow_remote, root=str(request.root) if request.root else None)
    results = [apicontract.validate(spec, options=read) for given in contracts for spec in expand(given)]
    if not request.quiet:
        write(_report(results, request), request.output)
    fatal = {"error": {Severity.ERROR}, "warning": {Severity.ERROR, Severity.WARNING}, "never": set()}[request.fail_on]
    return int(any(finding.severity in fatal for result in results for finding in result.findings))


def _report(results: list[Validation], request: Request) -> str:
    if request.format == "json":
        from apicontract.reports import json

        return json.pretty(json.validation_value(results))
    from apicontract.reports import text

    lines = text.validation_lines(results, width=width(request.output), colour=wants_colour(request.output))
    return "\n".join(lines) + "\n"
