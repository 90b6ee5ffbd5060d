"""`apicontract check`: the one command for continuous integration."""

from __future__ import annotations

import functools
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

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
from apicontract.cli.outcomes import GATE, UsageProblem, ends_well
from apicontract.cli.output import replace
from apicontract.cli.processors import processors
from apicontract.cli.reports import Writers, wanted, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apicontract import Check
    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


class FailOn(StrEnum):
    """When changes fail the gate."""

    VERSION = "version"
    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    NEVER = "never"


class Detail(NamedTuple):
    """How much a report tells."""

    quiet: bool
    verbose: bool
    explain: bool


_USUAL = Detail(quiet=False, verbose=False, explain=False)


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
    branch: Annotated[
        bool,
        typer.Option("--branch", help="Judge what the branch changed since it left its base, not the merge."),
    ] = False,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch the base if it is not here, and nothing else.")
    ] = False,
    fmt: ReportFormatOption = None,
    report: ReportsOption = None,
    output: OutputOption = "",
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
    profile: Annotated[
        str, typer.Option("--profile", metavar="NAME", help="Judge by this profile, whatever is configured.")
    ] = "",
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="When changes fail, whatever is configured. [default: version]"),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain-verdict", help="Show which policy decided, and fingerprints.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Validate contracts that did not change as well.")
    ] = False,
    write_baseline: Annotated[
        bool,
        typer.Option(
            "--write-baseline", help="Accept all that fails now as debt, or drop debt that is gone."
        ),
    ] = False,
    allow_remote: RemoteOption = False,
    root: RootOption = "",
    include: IncludeOption = None,
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
      apicontract check --report sarif=check.sarif --report markdown
      apicontract check new/ --against ../released/
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    if staged and head:
        raise UsageProblem("--staged and --head name two different heads: use one of them")
    wanted(report or (), fmt, output)  # what cannot be written is said before all the work
    settings = {key: str(value) for key, value in (("profile", profile), ("fail-on", fail_on)) if value}
    result = apicontract.check(
        *(contracts or ()),
        against=against,
        staged=staged,
        head=head,
        fetch=fetch,
        everything=everything or write_baseline,
        branch=branch,
        config=config,
        settings=settings,
        read_options=reading(allow_remote=allow_remote, root=root, includes=include),
        processes=processors(),
    )
    if write_baseline:
        return _keep(result, contracts or ())
    asked = wanted(report or (), fmt, output, result.reports)
    write(asked, writers(result, Detail(quiet=quiet, verbose=verbose > 0, explain=explain)), quiet=quiet)
    return 0 if result.passed else GATE


def _keep(result: Check, contracts: Sequence[str]) -> int:
    """Write the file of accepted debt."""
    if contracts:
        raise UsageProblem("--write-baseline accepts the debt of all contracts: name none")
    debt = result.debt
    assert debt is not None  # noqa: S101  # every run has one
    replace(debt.path, debt.text.encode())
    count = debt.text.count("fingerprint")
    what = "accepted" if debt.new else "left"
    sys.stderr.write(f"{debt.path}: {count} {'debt' if count == 1 else 'debts'} {what}\n")
    return 0


def writers(result: Check, detail: Detail = _USUAL) -> Writers:
    """How the reports of a check are made."""
    from apicontract.reports.check_json import check_json
    from apicontract.reports.check_text import check_lines, verdict_lines

    def text(style: Style) -> Iterable[str]:
        if detail.quiet:
            return verdict_lines(result, style)
        return check_lines(result, style, verbose=detail.verbose, explain=detail.explain)

    @functools.cache
    def model() -> Report:
        from apicontract.reports.made import of_check

        return of_check(result)

    return Writers(text, lambda style: verdict_lines(result, style), lambda: check_json(result), model)
