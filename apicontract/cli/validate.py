"""`apicontract validate`: read the contracts, check them, report, and say yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import apicontract
from apicontract.cli.main import EXIT_INPUT, say_error
from apicontract.cli.writing import style_for, write, write_lines
from apicontract.findings import Severity
from apicontract.sources import ContractError, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apicontract.findings import Validation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for, as the options name it."""

    format: str
    fail_on: str
    output: Path | None
    quiet: bool
    allow_remote: bool
    root: Path | None


_FATAL = {
    "error": frozenset({Severity.ERROR}),
    "warning": frozenset({Severity.ERROR, Severity.WARNING}),
    "never": frozenset[Severity](),
}


def run(specs: Sequence[str], request: Request) -> int:
    """Validate, report, and give the exit code.

    What cannot be read is said on standard error and does not keep the rest from being checked.
    """
    reading = ReadOptions(
        allow_remote=request.allow_remote, root=None if request.root is None else str(request.root)
    )
    results: list[Validation] = []
    unreadable = False
    for spec in specs:
        try:
            for contract in apicontract.find(spec, options=reading).values():
                results.append(apicontract.validate(contract))
        except ContractError as error:
            say_error(error)
            unreadable = True
    if results:
        _report(results, request)
    if unreadable:
        return EXIT_INPUT
    fatal = _FATAL[request.fail_on]
    return int(any(finding.severity in fatal for result in results for finding in result.findings))


def _report(results: Sequence[Validation], request: Request) -> None:
    if request.quiet and request.output is None:
        return
    if request.format == "json":
        from apicontract.reports.json import validation_json

        write(validation_json(results), request.output)
        return
    from apicontract.reports.findings import validation_lines

    write_lines(validation_lines(results, style_for(request.output)), request.output)
