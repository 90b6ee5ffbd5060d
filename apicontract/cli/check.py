"""`apicontract check`: the one command for continuous integration."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (
    FormatOption,
    OutputOption,
    QuietOption,
    RemoteOption,
    RootOption,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UsageProblem, ends_well
from apicontract.cli.output import Format, emit, style_for

if TYPE_CHECKING:
    from apicontract import Check


@ends_well
def check(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CONTRACT...",
            help="Files, directories or globs. [default: the configuration's, or all in the repository]",
        ),
    ] = None,
    *,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="REF|PATH",
            help="What to compare with: a git ref, a file or directory, or `releases`. [default: the pull"
            " request's base, the upstream of the default branch, the last version tag]",
        ),
    ] = "",
    staged: Annotated[
        bool, typer.Option("--staged", help="Check what is staged instead of the working tree.")
    ] = False,
    head: Annotated[
        str, typer.Option("--head", metavar="REF", help="Check a commit instead of the working tree.")
    ] = "",
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch the base if it is not here, and nothing else.")
    ] = False,
    fmt: FormatOption = Format.TEXT,
    output: OutputOption = "",
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
    allow_remote: RemoteOption = False,
    root: RootOption = "",
) -> int:
    """Check what a branch does to the contracts of a repository, and whether its versions say so.

    Two questions are answered: what did this branch change (merge base to head), and what will merging
    do (tip of the base to the merge result). The second decides. Only contracts that differ are read.

    \b
    Examples:
      apicontract check
      apicontract check apis/orders.yaml --against origin/main
      apicontract check --staged
      apicontract check --against releases --format json --output check.json
      apicontract check new/ --against ../released/
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    if staged and head:
        raise UsageProblem("--staged and --head name two different heads: use one of them")
    result = apicontract.check(
        *(contracts or ()),
        against=against,
        staged=staged,
        head=head,
        fetch=fetch,
        config=config,
        read_options=reading(allow_remote=allow_remote, root=root),
    )
    _write(result, fmt, output, quiet=quiet, verbose=verbose > 0)
    return 0 if result.passed else GATE


def _write(result: Check, fmt: Format, output: str, *, quiet: bool, verbose: bool) -> None:
    from apicontract.reports.check_text import check_lines, verdict_lines

    style = style_for(output)
    if fmt is Format.JSON:
        from apicontract.reports.check_json import check_json

        emit(check_json(result), output)
    else:
        emit(verdict_lines(result, style) if quiet else check_lines(result, style, verbose=verbose), output)
    if output and not quiet:
        sys.stderr.writelines(f"{line}\n" for line in verdict_lines(result, style_for("", sys.stderr)))
