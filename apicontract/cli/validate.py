"""`apicontract validate`: every problem of some contracts."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (
    OutputOption,
    QuietOption,
    RemoteOption,
    RootOption,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UNUSABLE, ends_well, report_unreadable
from apicontract.cli.reports import ReportFormatOption, ReportsOption, Writers, wanted, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract import Validation
    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


class Threshold(StrEnum):
    """The least severe finding that fails."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


@ends_well
def validate(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str], typer.Argument(metavar="CONTRACT...", help="Files, directories, globs or `-`.")
    ],
    *,
    fmt: ReportFormatOption = None,
    report: ReportsOption = None,
    fail_on: Annotated[
        Threshold, typer.Option("--fail-on", help="Exit 1 on a finding that severe or more.")
    ] = Threshold.ERROR,
    output: OutputOption = "",
    affected: Annotated[
        bool,
        typer.Option("--affected", help="The files are hints: validate the contracts that they belong to."),
    ] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,  # noqa: ARG001  # read where internal errors are reported
    allow_remote: RemoteOption = False,
    root: RootOption = "",
) -> int:
    """Check contracts: their structure, and what their parts say about each other.

    \b
    Examples:
      apicontract validate api.yaml
      apicontract validate apis/ --fail-on warning
      apicontract validate 'apis/*.json' --format json --output findings.json
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    asked = wanted(report or (), fmt, output)
    read = reading(allow_remote=allow_remote, root=root)
    results: list[Validation] = []
    unreadable = False
    for spec in apicontract.affected(*contracts) if affected else contracts:
        try:
            results += [
                apicontract.validate(contract) for contract in apicontract.find(spec, options=read).values()
            ]
        except apicontract.ContractError as error:
            report_unreadable(error)
            unreadable = True
    code = _gate(results, fail_on)
    if results or not unreadable:
        write(asked, _writers(results, quiet=quiet, passed=not code), quiet=quiet)
    return UNUSABLE if unreadable else code


def _writers(results: list[Validation], *, quiet: bool, passed: bool) -> Writers:
    from apicontract.reports.findings import validation_lines, verdicts
    from apicontract.reports.json import validation_json

    def text(style: Style) -> Iterable[str]:
        return verdicts(results, style) if quiet else validation_lines(results, style)

    @functools.cache
    def model() -> Report:
        from apicontract.reports.made import of_validation

        return of_validation(results, passed=passed)

    return Writers(text, lambda style: verdicts(results, style), lambda: validation_json(results), model)


def _gate(results: list[Validation], fail_on: Threshold) -> int:
    from apicontract import Severity

    failing = {
        Threshold.ERROR: {Severity.ERROR},
        Threshold.WARNING: {Severity.ERROR, Severity.WARNING},
        Threshold.NEVER: set[Severity](),
    }
    found = any(finding.severity in failing[fail_on] for result in results for finding in result.findings)
    return GATE if found else 0
