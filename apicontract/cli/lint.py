"""`apicontract lint`: what the rules of a team's choice find in some contracts."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (
    OutputOption,
    QuietOption,
    RemoteOption,
    ReportFormatOption,
    ReportsOption,
    RootOption,
    Threshold,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UNUSABLE, UsageProblem, ends_well, report_unreadable
from apicontract.cli.reports import Writers, wanted, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract import Fixing, LintRun
    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


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
    import apicontract

    if unsafe_fixes and not (fix or diff):
        raise UsageProblem("--unsafe-fixes goes with --fix, which writes, or --diff, which shows")
    if diff and (fmt is not None or report):
        raise UsageProblem("--diff prints a patch: leave --format and --report out")
    asked = wanted(report or (), fmt, output) if not diff else []
    if affected:
        contracts = list(apicontract.affected(*contracts))
    unreadable: list[Exception] = []
    fixing: Fixing | None = None
    how = {
        "rules": rules or "",
        "select": _split(select),
        "ignore": _split(ignore),
        "extends": tuple(ruleset or ()),
        "config": config,
        "options": reading(allow_remote=allow_remote, root=root, includes=None),
        "on_error": unreadable.append,
    }
    try:
        if fix or diff:
            fixing = apicontract.fix_all(*contracts, unsafe=unsafe_fixes, **how)  # type: ignore[arg-type]  # by name
        result = fixing.run if fixing else apicontract.lint_all(*contracts, **how)  # type: ignore[arg-type]
    except apicontract.UnknownRuleError as error:
        meant = f"did you mean {' or '.join(error.near)}?" if error.near else "`apicontract rules` lists them"
        raise UsageProblem(f"{error}; {meant}") from None
    for problem in unreadable:
        report_unreadable(problem)
    _keep_inputs([output, *(one.file for one in asked)], [*contracts, *(ruleset or ()), config], result)
    if diff and fixing is not None:
        return _show(fixing, output, quiet=quiet) if not unreadable else UNUSABLE
    contents = _fixed(fixing) if fixing is not None else {}
    code = _gate(result, fail_on)
    if result.verdicts or result.excluded or not unreadable:
        writers = _writers(result, fixing, quiet=quiet, verbose=verbose > 0, passed=not code)
        write(asked, writers, quiet=quiet, besides=contents)
    return UNUSABLE if unreadable else code


def _show(fixing: Fixing, output: str, *, quiet: bool) -> int:
    """The patch; 1 if there is one."""
    from apicontract.cli.output import emit, style_for
    from apicontract.reports.fixing import fixed_lines, patch

    emit(patch(fixing), output)
    if not quiet:
        for line in fixed_lines(fixing, style_for("", sys.stderr), would=True):
            typer.echo(line, err=True)
    return GATE if fixing.files else 0


def _keep_inputs(outputs: Iterable[str], inputs: Iterable[str], result: LintRun) -> None:
    """UsageProblem if a report would take the place of a file that was read."""
    from pathlib import Path

    read = {Path(one).resolve() for one in inputs if one and one != "-"}
    read |= {Path(uri).resolve() for uris in result.documents.values() for uri in uris}
    for one in outputs:
        if one and Path(one).resolve() in read:
            raise UsageProblem(f"{one} is linted itself, and a report would replace it: name another file")


def _fixed(fixing: Fixing) -> dict[str, bytes]:
    """What the files are to hold, by path; UsageProblem if one of them has changed since it was read."""
    from pathlib import Path

    for file in fixing.files:
        try:
            same = Path(file.path).read_bytes() == file.old
        except OSError:
            same = False
        if not same:
            raise UsageProblem(f"{file.name} has changed while it was read; nothing is written: run it again")
    return {file.path: file.new for file in fixing.files}


def _split(given: list[str] | None) -> tuple[str, ...]:
    """The words of an option that may be given again, and may hold several with commas between."""
    return tuple(word for one in given or () for part in one.split(",") if (word := part.strip()))


def _writers(result: LintRun, fixing: Fixing | None, *, quiet: bool, verbose: bool, passed: bool) -> Writers:
    from apicontract.reports.findings import lint_lines, lint_verdicts
    from apicontract.reports.fixing import fixed_lines
    from apicontract.reports.lint_json import lint_json

    def text(style: Style) -> Iterable[str]:
        yield from lint_verdicts(result, style) if quiet else lint_lines(result, style, verbose=verbose)
        if fixing is not None:
            yield from fixed_lines(fixing, style)

    def model() -> Report:
        from apicontract.reports.made import of_lint

        return of_lint(result, passed=passed)

    return Writers(text, lambda style: lint_verdicts(result, style), lambda: lint_json(result, fixing), model)


def _gate(result: LintRun, fail_on: Threshold) -> int:
    from apicontract import Severity

    return GATE if any(result.count(Severity(one)) for one in fail_on.severities) else 0
