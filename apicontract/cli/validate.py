"""`apicontract validate`: every problem of some contracts."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (
    IncludeOption,
    OutputOption,
    QuietOption,
    RemoteOption,
    ReportFormatOption,
    ReportsOption,
    RootOption,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UNUSABLE, ends_well, report_unreadable
from apicontract.cli.reports import Writers, wanted, write
from apicontract.cli.severities import Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract import Validation
    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


@ends_well
def validate(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str],
        typer.Argument(metavar="CONTRACT...", help="Files, directories, globs, git:REF:path or `-`."),
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
    include: IncludeOption = None,
) -> int:
    """Check contracts: their structure, and what their parts say about each other.

    \b
    Examples:
      apicontract validate api.yaml
      apicontract validate apis/ --fail-on warning
      apicontract validate 'apis/*.json' --format json --output findings.json
      apicontract validate proto/ -I third_party
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    asked = wanted(report or (), fmt, output)
    read = reading(allow_remote=allow_remote, root=root, includes=include)
    unreadable: list[Exception] = []
    found: dict[str, Validation] = {}
    for specs in _together(list(apicontract.affected(*contracts)) if affected else contracts):
        for contract in apicontract.find(*specs, options=read, on_error=unreadable.append).values():
            if (identity := os.path.realpath(contract.source)) not in found:
                found[identity] = apicontract.validate(contract)
    for error in unreadable:
        report_unreadable(error)
    results = list(found.values())
    code = _gate(results, fail_on)
    if results or not unreadable:
        write(asked, _writers(results, quiet=quiet, passed=not code), quiet=quiet)
    return UNUSABLE if unreadable else code


def _together(specs: list[str]) -> list[list[str]]:
    """What makes up one contract each: proto files that are named side by side, else every source alone."""
    alone = [[spec] for spec in specs if not _is_proto(spec)]
    protos = [spec for spec in specs if _is_proto(spec)]
    return [*alone, *([protos] if protos else [])]


def _is_proto(spec: str) -> bool:
    return spec.endswith(".proto") and "://" not in spec and not spec.startswith("git:")


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


def _gate(results: Iterable[Validation], fail_on: Threshold) -> int:
    failing = fail_on.severities
    found = any(finding.severity.value in failing for result in results for finding in result.findings)
    return GATE if found else 0
