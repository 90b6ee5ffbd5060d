"""`apicontract diff`: compare two contracts, or two directories of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.comparing import Asked, Threshold, compare
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
from apicontract.cli.outcomes import UsageProblem, ends_well
from apicontract.cli.reports import wanted

if TYPE_CHECKING:
    from apicontract import Surface


@ends_well
def diff(  # noqa: PLR0913  # one parameter per option
    old: Annotated[str, typer.Argument(metavar="OLD", help="The contract as it was.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The contract as it is to be.")],
    *,
    fmt: ReportFormatOption = None,
    report: ReportsOption = None,
    fail_on: Annotated[
        Threshold, typer.Option("--fail-on", help="Exit 1 if the required bump is that or more.")
    ] = Threshold.MAJOR,
    output: OutputOption = "",
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    surfaces: Annotated[
        str,
        typer.Option(
            "--surfaces",
            "--surface",
            metavar="LIST",
            help="Where a break counts: wire, json, behaviour, source. "
            "[default: wire,behaviour; all of them for protos]",
        ),
    ] = "",
    path_prefix: Annotated[
        str, typer.Option(metavar="OLD=NEW", help="Treat paths below OLD as those below NEW: /v1=/v2.")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Doubtful changes are breaks: a changed default.")
    ] = False,
    strict_json: Annotated[
        bool,
        typer.Option(
            "--strict-json", help="JSON readers of protos refuse unknown keys and names: additions break."
        ),
    ] = False,
    per_file: Annotated[
        bool, typer.Option("--per-file", help="A proto type that moves to another file breaks code.")
    ] = False,
    allow_unstable: Annotated[
        bool,
        typer.Option("--allow-unstable", help="Breaks in packages like v1alpha or v1beta1 need a minor."),
    ] = False,
    allow_remote: RemoteOption = False,
    root: RootOption = "",
    include: IncludeOption = None,
) -> int:
    """Compare two contracts: every change, its level, what proves it, and the version that is needed.

    OLD and NEW are files, `-`, git:REF:path, or both directories or globs, whose contracts are
    paired by path, then by title and major version. All protos of a directory are one contract.

    \b
    Examples:
      apicontract diff v1.yaml v2.yaml
      apicontract diff git:HEAD~1:api.yaml api.yaml --fail-on minor
      apicontract diff git:main:api.json api.json --format json --output diff.json
      apicontract diff apis/ ../released/apis/ --quiet
      apicontract diff git:main:proto proto --surface wire,json
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    from apicontract import DiffOptions

    if old == new == "-":
        raise UsageProblem("OLD and NEW cannot both be standard input")
    asked = Asked(wanted(report or (), fmt, output), fail_on, quiet, verbose > 0)
    options = DiffOptions(
        surfaces=_surfaces(surfaces),
        path_prefix=_prefixes(path_prefix),
        strict=strict,
        strict_json=strict_json,
        per_file=per_file,
        allow_unstable=allow_unstable,
    )
    read = reading(allow_remote=allow_remote, root=root, includes=include)
    return compare(old, new, asked, options=options, read=read)


def _surfaces(text: str) -> frozenset[Surface] | None:
    from apicontract import Surface

    if not text:
        return None
    try:
        return frozenset(Surface(name.strip().lower()) for name in text.split(","))
    except ValueError as error:
        known = ", ".join(surface for surface in Surface)
        raise UsageProblem(f"--surfaces: {error}; use some of {known}, with commas between") from None


def _prefixes(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    old, found, new = text.partition("=")
    if not found:
        raise UsageProblem(f"--path-prefix: {text!r} is not of the form OLD=NEW, such as /v1=/v2")
    return old, new
