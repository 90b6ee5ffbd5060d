"""`apicontract ci`: the gate as a step of a service, with what that service wants to be told."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.check import FailOn
from apicontract.cli.outcomes import GATE, UsageProblem, ends_well
from apicontract.cli.output import emit, replace_all
from apicontract.cli.reports import SUMMARY, ReportFormat, Wanted, made_by, parsed, summary

if TYPE_CHECKING:
    from apicontract import Check
    from apicontract.ci.github import Run
    from apicontract.reports.model import Report

ci = typer.Typer(help="The gate as a step of a CI service.", no_args_is_help=True)


class Comment(StrEnum):
    """When a pull request gets a comment."""

    NEVER = "never"
    FAILURE = "failure"
    ALWAYS = "always"


@ci.callback()
def _group() -> None:
    """The gate as a step of a CI service."""


@ci.command()
@ends_well
def github(  # one parameter per input of the Action
    *,
    paths: Annotated[
        str, typer.Option(metavar="LINES", help="Contracts, one a line. [default: as check has it]")
    ] = "",
    against: Annotated[
        str,
        typer.Option(
            metavar="REF|PATH", help="The base. [default: as check has it; the commit before a push]"
        ),
    ] = "",
    fail_on: Annotated[str, typer.Option(metavar="LEVEL", help="As check has it.")] = "",
    config: Annotated[str, typer.Option(metavar="FILE", help="As check has it.")] = "",
    reports: Annotated[
        str, typer.Option(metavar="LINES", help="Reports to write, FORMAT=FILE, one a line.")
    ] = "",
    comment: Annotated[Comment, typer.Option(help="When the pull request gets a comment.")] = Comment.NEVER,
) -> int:
    """Check a checkout of GitHub Actions: annotations, job summary, outputs, and one comment if asked for.

    What it needs to know it reads from the environment of the job. A comment that cannot be written is
    told and does not fail the step.

    \b
    Example:
      apicontract ci github --reports sarif=apicontract.sarif --comment failure
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract
    from apicontract.ci.github import run_of
    from apicontract.reports.escaping import command_data
    from apicontract.reports.made import of_check

    try:
        files = _files(reports)
        settings = {"fail-on": _threshold(fail_on)} if fail_on else {}
        run = run_of(os.environ)
        result = apicontract.check(
            *_lines(paths), against=against or run.before, fetch=True, config=config, settings=settings
        )
    except (apicontract.ContractError, UsageProblem) as error:
        hint = getattr(error, "hint", "")
        told = f"{error} ({hint})" if hint else str(error)
        sys.stdout.write(f"::error title=API contracts::{command_data(told)}\n")
        raise
    report = of_check(result)
    _write(result, report, files)
    if comment is not Comment.NEVER:
        said = _comment(run, report, comment, f"{paths}\n{config}")
        emit(f"::notice title=API contracts::{command_data(said)}\n", "")
    return 0 if result.passed else GATE


@ci.command()
@ends_well
def comment(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What a run of a pull request has left.")],
) -> int:
    """Write the comment that a run of a fork could not write, in a workflow that starts when that one ends.

    Which pull request it is for is told by the service. FILE comes from somebody else's run: it is held
    to its shape, and its texts are only ever shown as texts. Nothing of the pull request is checked out.

    \b
    Example:
      apicontract ci comment apicontract-comment/comment.json
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    from apicontract.ci.api import ApiProblem
    from apicontract.ci.comments import keep
    from apicontract.ci.github import event_of, run_of
    from apicontract.ci.pulls import pull_request_of
    from apicontract.reports.escaping import command_data
    from apicontract.reports.handover import unpacked
    from apicontract.reports.markdown import markdown

    key, report = unpacked(_left(file), file)
    run = run_of(os.environ)
    try:
        number = pull_request_of(run, event_of(os.environ.get("GITHUB_EVENT_PATH", "")))
        body = markdown(report) if report is not None else ""
        said = (
            f"comment: {keep(replace(run, pull_request=number), key, body)}"
            if number
            else ("no comment: the pull request has other commits by now, or is closed")
        )
    except ApiProblem as problem:
        raise UsageProblem(f"no comment: {problem}") from None
    emit(f"::notice title=API contracts::{command_data(said)}\n", "")
    return 0


def _left(file: str) -> bytes:
    """The bytes of a file that is no link, as many as there may be and one more."""
    from apicontract.reports.handover import LARGEST

    path = Path(file)
    if path.is_symlink() or not path.is_file():
        raise UsageProblem(f"cannot read {file}: it is no file")
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _threshold(text: str) -> str:
    try:
        return FailOn(text.strip().lower()).value
    except ValueError:
        raise UsageProblem(f"fail-on: {text!r} is none of {', '.join(FailOn)}") from None


def _files(reports: str) -> list[Wanted]:
    """The reports that go to files; the annotations are all that goes to the log."""
    found = [parsed(line, "reports") for line in _lines(reports)]
    bare = [one for one in found if not one.file]
    if bare:
        raise UsageProblem(f"reports: {bare[0].format} names no file; use {bare[0].format}=FILE")
    return found


def _write(result: Check, report: Report, files: list[Wanted]) -> None:
    from apicontract.cli.check import writers
    from apicontract.reports.formats import written

    making = writers(result)
    folder = os.environ.get("RUNNER_TEMP", "")
    contents = {one.file: made_by(making, one).encode("utf-8", "backslashreplace") for one in files}
    kept = str(Path(folder, "apicontract-report.md")) if folder else ""
    if kept:
        contents[kept] = made_by(making, Wanted(ReportFormat.MARKDOWN, kept)).encode(
            "utf-8", "backslashreplace"
        )
    replace_all(contents)
    if os.environ.get(SUMMARY):
        summary(report, os.environ[SUMMARY])
    _output(_outputs(report, kept))
    emit(written(report, "github"), "")


def _outputs(report: Report, file: str) -> dict[str, str]:
    """What a later step can use; with several contracts, a line each with its required version."""
    from apicontract.reports.style import plain

    needed = [(one.name, one.required) for one in report.contracts if one.required]
    lines = (
        [plain(needed[0][1])]
        if len(needed) == 1
        else [plain(f"{name} {version}") for name, version in needed]
    )
    return {
        "passed": "true" if report.passed else "false",
        "level": report.level,
        "required-version": "\n".join(lines),
        "breaking-count": str(report.breaking),
        "report": file,
    }


def _comment(run: Run, report: Report, when: Comment, scope: str) -> str:
    """Keep the comment and say what became of it; nothing that happens here changes the verdict."""
    from apicontract.ci.api import ApiProblem
    from apicontract.ci.comments import keep
    from apicontract.reports.markdown import markdown

    if not run.pull_request:
        return "no comment: this run belongs to no pull request"
    if not run.token:
        return "no comment: the step has no token"
    key = hashlib.sha256(scope.encode()).hexdigest()[:12]  # steps about other contracts have their own
    body = markdown(report) if when is Comment.ALWAYS or not report.passed else ""
    try:
        return f"comment: {keep(run, key, body)}"
    except ApiProblem as problem:
        if not run.fork:
            return f"no comment: {problem}; the job summary says the same"
        _leave(report, key, wanted=bool(body))
        return (
            f"no comment: {problem} (this is a pull request of a fork); the job summary says the same, and a"
            " second workflow may write it: https://github.com/apicontract/apicontract/blob/main/docs/ci.md#forks"
        )


def _leave(report: Report, key: str, *, wanted: bool) -> None:
    """Put down what the comment says, for a run that may write it."""
    from apicontract.reports.handover import packed

    folder = os.environ.get("RUNNER_TEMP", "")
    if folder:
        left = str(Path(folder, "apicontract-comment", "comment.json"))
        replace_all({left: packed(report, key, wanted=wanted)}, new_folders=True)
        _output({"comment-file": left})


def _output(values: dict[str, str]) -> None:
    from apicontract.ci.github import output_lines

    outputs = os.environ.get("GITHUB_OUTPUT", "")
    if outputs:
        with Path(outputs).open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(output_lines(values))
