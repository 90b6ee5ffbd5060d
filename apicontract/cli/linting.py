"""What `apicontract lint` does once its arguments are read. Knows no option's name and no parser.

It stands apart from the options so that a call without any need not wait for a parser, as with `diff`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from apicontract.cli.outcomes import GATE, UNUSABLE, UsageProblem, outcome, report_unreadable
from apicontract.cli.reports import Wanted, Writers, wanted, write
from apicontract.cli.severities import Threshold
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apicontract import Fixing, LintRun
    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


@dataclass(frozen=True, slots=True)
class Asked:
    """How the result is told, from which severity on it fails, and what is done about it.

    output: where the result goes, or the patch; empty is standard output. fix: write what mends findings;
    diff: show it instead; unsafe: also what someone should look at.
    """

    reports: tuple[Wanted, ...]
    output: str = ""
    fail_on: Threshold = Threshold.ERROR
    quiet: bool = False
    verbose: bool = False
    fix: bool = False
    unsafe: bool = False
    diff: bool = False


def lint_plainly(contracts: Sequence[str]) -> int:
    """The exit code of `lint CONTRACT...` with every option at its default; what goes wrong is said."""
    return outcome(lambda: lint_and_tell(contracts, {}, Asked(wanted((), None, ""))), 0)


def lint_and_tell(contracts: Sequence[str], choice: Mapping[str, object], asked: Asked) -> int:
    """Lint contracts, write what is asked for, and give the exit code.

    choice: what `apicontract.lint_all` takes by name but for `on_error`: which rules, how to read.
    """
    import apicontract

    unreadable: list[Exception] = []
    fixing: Fixing | None = None
    how = {**choice, "on_error": unreadable.append}
    try:
        if asked.fix or asked.diff:
            fixing = apicontract.fix_all(*contracts, unsafe=asked.unsafe, **how)  # type: ignore[arg-type]  # by name
        result = fixing.run if fixing else apicontract.lint_all(*contracts, **how)  # type: ignore[arg-type]
    except apicontract.UnknownRuleError as error:
        meant = f"did you mean {' or '.join(error.near)}?" if error.near else "`apicontract rules` lists them"
        raise UsageProblem(f"{error}; {meant}") from None
    for problem in unreadable:
        report_unreadable(problem)
    files = [asked.output, *(one.file for one in asked.reports)]
    _keep_inputs(files, [*contracts, *choice.get("extends", ()), choice.get("config", "")], result)  # type: ignore[misc,list-item]
    if asked.diff and fixing is not None:
        return _show(fixing, asked.output, quiet=asked.quiet) if not unreadable else UNUSABLE
    contents = _fixed(fixing) if fixing is not None else {}
    code = _gate(result, asked.fail_on)
    if result.verdicts or result.excluded or not unreadable:
        writers = _writers(result, fixing, quiet=asked.quiet, verbose=asked.verbose, passed=not code)
        write(asked.reports, writers, quiet=asked.quiet, besides=contents)
    return UNUSABLE if unreadable else code


def _show(fixing: Fixing, output: str, *, quiet: bool) -> int:
    """The patch; 1 if there is one."""
    from apicontract.cli.output import emit, style_for
    from apicontract.reports.fixing import fixed_lines, patch

    emit(patch(fixing), output)
    if not quiet:
        sys.stderr.writelines(
            f"{line}\n" for line in fixed_lines(fixing, style_for("", sys.stderr), would=True)
        )
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


def _writers(result: LintRun, fixing: Fixing | None, *, quiet: bool, verbose: bool, passed: bool) -> Writers:
    from apicontract.reports.findings import lint_lines, lint_verdicts

    def text(style: Style) -> Iterable[str]:
        yield from lint_verdicts(result, style) if quiet else lint_lines(result, style, verbose=verbose)
        if fixing is not None:
            from apicontract.reports.fixing import fixed_lines

            yield from fixed_lines(fixing, style)

    def json() -> str:
        from apicontract.reports.lint_json import lint_json

        return lint_json(result, fixing)

    def model() -> Report:
        from apicontract.reports.made import of_lint

        return of_lint(result, passed=passed)

    return Writers(text, lambda style: lint_verdicts(result, style), json, model)


def _gate(result: LintRun, fail_on: Threshold) -> int:
    from apicontract import Severity

    return GATE if any(result.count(Severity(one)) for one in fail_on.severities) else 0
