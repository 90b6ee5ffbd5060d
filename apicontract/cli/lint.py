"""`apicontract lint`: what the rules of a team's choice find in some contracts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from apicontract.cli.options import (
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
from apicontract.cli.severities import Threshold


class RuleSetName(StrEnum):
    """The sets of rules, as `findings/choice.py` has them."""

    MINIMAL = "minimal"
    RECOMMENDED = "recommended"
    ALL = "all"
    ZALANDO = "zalando"
    AIP = "aip"
    BUF = "buf"


@ends_well
def lint(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str],
        typer.Argument(metavar="CONTRACT...", help="Files, directories, globs, git:REF:path or `-`."),
    ],
    *,
    rules: Annotated[
        RuleSetName | None,
        typer.Option("--rules", help="The set of rules. [default: the configuration's, else recommended]"),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="RULES",
            help="Ask these: ids, globs or categories, with commas between; with --rules besides the set.",
        ),
    ] = None,
    ruleset: Annotated[
        list[str] | None,
        typer.Option(
            "--ruleset",
            metavar="FILE",
            help="Ask the rules of this Spectral ruleset (YAML or JSON); may be given again.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULES", help="Do not ask these; may be given again."),
    ] = None,
    fail_on: Annotated[
        Threshold, typer.Option("--fail-on", help="Exit 1 on a finding that severe or more.")
    ] = Threshold.ERROR,
    fmt: ReportFormatOption = None,
    report: ReportsOption = None,
    output: OutputOption = "",
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write into the files what mends findings and breaks nobody.")
    ] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option("--unsafe-fixes", help="With --fix or --diff: also what someone should look at."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print as a patch what --fix would write.")
    ] = False,
    affected: Annotated[
        bool, typer.Option("--affected", help="The files are hints: look at the contracts they belong to.")
    ] = False,
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
    allow_remote: RemoteOption = False,
    root: RootOption = "",
) -> int:
    """Look for what makes a contract hard to use, to secure, to run or to change, by a set of rules.

    `apicontract explain RULE` tells about each. Severities and suppressions are the configuration's;
    `x-apicontract-ignore` beside a thing, in protos a comment `apicontract:ignore` above it, waives a rule
    there. What is waived shows with -v.

    \b
    Examples:
      apicontract lint api.yaml
      apicontract lint apis/ --rules all --ignore documentation
      apicontract lint api.yaml --select security,path-trailing-slash --fail-on warning
      apicontract lint api.yaml --rules zalando --format json --output lint.json
      apicontract lint apis/ --diff
      apicontract lint apis/ --fix
      apicontract lint protos/ --rules buf
      apicontract lint api.yaml --ruleset .spectral.yaml
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    from apicontract.cli.linting import Asked, lint_and_tell

    if unsafe_fixes and not (fix or diff):
        raise UsageProblem("--unsafe-fixes goes with --fix, which writes, or --diff, which shows")
    if diff and (fmt is not None or report):
        raise UsageProblem("--diff prints a patch: leave --format and --report out")
    if affected:
        import apicontract

        contracts = list(apicontract.affected(*contracts))
    choice = {
        "rules": rules or "",
        "select": _split(select),
        "ignore": _split(ignore),
        "extends": tuple(ruleset or ()),
        "config": config,
        "options": reading(allow_remote=allow_remote, root=root, includes=None),
    }
    asked = Asked(
        tuple(wanted(report or (), fmt, output)) if not diff else (),
        output,
        fail_on,
        quiet=quiet,
        verbose=verbose > 0,
        fix=fix,
        unsafe=unsafe_fixes,
        diff=diff,
    )
    return lint_and_tell(contracts, choice, asked)


def _split(given: list[str] | None) -> tuple[str, ...]:
    """The words of an option that may be given again, and may hold several with commas between."""
    return tuple(word for one in given or () for part in one.split(",") if (word := part.strip()))
