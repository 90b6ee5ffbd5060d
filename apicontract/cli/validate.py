"""`apicontract validate`: every problem of some contracts."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (
    FormatOption,
    IncludeOption,
    OutputOption,
    QuietOption,
    RemoteOption,
    RootOption,
    Threshold,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UNUSABLE, ends_well, report_unreadable
from apicontract.cli.output import Format, emit, style_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract import Validation


@ends_well
def validate(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str],
        typer.Argument(metavar="CONTRACT...", help="Files, directories, globs, git:REF:path or `-`."),
    ],
    *,
    fmt: FormatOption = Format.TEXT,
    fail_on: Annotated[
        Threshold, typer.Option("--fail-on", help="Exit 1 on a finding that severe or more.")
    ] = Threshold.ERROR,
    output: OutputOption = "",
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

    read = reading(allow_remote=allow_remote, root=root, includes=include)
    unreadable: list[Exception] = []
    results: dict[str, Validation] = {}
    for specs in _together(contracts):
        for contract in apicontract.find(*specs, options=read, on_error=unreadable.append).values():
            if (identity := os.path.realpath(contract.source)) not in results:
                results[identity] = apicontract.validate(contract)
    for error in unreadable:
        report_unreadable(error)
    if results or not unreadable:
        _write(list(results.values()), fmt, output, quiet=quiet)
    return UNUSABLE if unreadable else _gate(results.values(), fail_on)


def _together(specs: list[str]) -> list[list[str]]:
    """What makes up one contract each: proto files that are named side by side, else every source alone."""
    alone = [[spec] for spec in specs if not _is_proto(spec)]
    protos = [spec for spec in specs if _is_proto(spec)]
    return [*alone, *([protos] if protos else [])]


def _is_proto(spec: str) -> bool:
    return spec.endswith(".proto") and "://" not in spec and not spec.startswith("git:")


def _write(results: list[Validation], fmt: Format, output: str, *, quiet: bool) -> None:
    from apicontract.reports.findings import validation_lines, verdicts

    style = style_for(output)
    if fmt is Format.JSON:
        from apicontract.reports.json import validation_json

        emit(validation_json(results), output)
    else:
        emit(verdicts(results, style) if quiet else validation_lines(results, style), output)
    if output and not quiet:
        sys.stderr.writelines(f"{line}\n" for line in verdicts(results, style_for("", sys.stderr)))


def _gate(results: Iterable[Validation], fail_on: Threshold) -> int:
    failing = fail_on.severities
    found = any(finding.severity.value in failing for result in results for finding in result.findings)
    return GATE if found else 0
