"""Several reports of one run: which are asked for, and that all of them are written or none is."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.cli.outcomes import UsageProblem
from apicontract.cli.output import emit, replace_all, style_for
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


class ReportFormat(StrEnum):
    """How a result is written."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"


SUMMARY = "GITHUB_STEP_SUMMARY"
_SUMMARY_LIMIT = 900_000  # GitHub takes 1 MiB for a step; a character has up to four bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that is asked for; an empty `file` is standard output."""

    format: ReportFormat
    file: str = ""


@dataclass(frozen=True, slots=True)
class Writers:
    """How a command makes its reports: its own texts, and the model for all other formats.

    text: the text report; verdict: its last lines, for standard error; model: made once, when asked.
    """

    text: Callable[[Style], Iterable[str]]
    verdict: Callable[[Style], Iterable[str]]
    json: Callable[[], str]
    model: Callable[[], Report]


def wanted(
    reports: Sequence[str], fmt: ReportFormat | None, output: str, configured: Sequence[str] = ()
) -> tuple[Wanted, ...]:
    """What the options ask for, or without any the configuration, or else text.

    UsageProblem for a format that does not exist, for two reports that go to one place, and for one that
    would take the place of a contract.
    """
    asked = [parsed(one, "--report") for one in reports]
    if fmt is not None or output:
        asked.append(Wanted(fmt or ReportFormat.TEXT, output))
    elif not asked:
        asked = [parsed(one, "reports") for one in configured]
    if not any(not one.file for one in asked) and not (output and not reports):
        asked.append(Wanted(ReportFormat.TEXT))
    places: dict[str, Wanted] = {}
    for one in asked:
        place = str(Path(one.file).resolve()) if one.file else ""
        if place in places:
            where = one.file or "standard output"
            raise UsageProblem(
                f"{places[place].format} and {one.format} both go to {where}; name a file: {one.format}=FILE"
            )
        places[place] = one
        _refuse_if_taken(one.file)
    return tuple(asked)


def _refuse_if_taken(file: str) -> None:
    if not file:
        return
    from apicontract.gate.outputs import is_taken

    if is_taken(os.path.realpath(file)):
        raise UsageProblem(f"{file} is a contract or a configuration: name another file for the report")


def parsed(text: str, option: str) -> Wanted:
    """`FORMAT` or `FORMAT=FILE`; UsageProblem, which names the option, for anything else."""
    name, equals, file = text.partition("=")
    try:
        found = ReportFormat(name.strip().lower())
    except ValueError:
        from difflib import get_close_matches

        near = get_close_matches(name, list(ReportFormat), n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(ReportFormat)}"
        raise UsageProblem(f"{option}: {name!r} is no format{hint}") from None
    if equals and not file:
        raise UsageProblem(f"{option}: {text!r} names no file; use {name}=FILE, or {name} alone")
    return Wanted(found, file)


def write(
    asked: Sequence[Wanted], writers: Writers, *, quiet: bool, besides: Mapping[str, bytes] | None = None
) -> None:
    """Make all reports, then write all of them; with none on standard output, the verdict goes to stderr.

    besides: what other files are to hold. UsageProblem where a file cannot be written; then none is.
    """
    texts = {one: made_by(writers, one) for one in asked}
    replace_all({**(besides or {}), **{one.file: _bytes(text) for one, text in texts.items() if one.file}})
    _summarise(asked, writers, os.environ)
    for one, text in texts.items():
        if not one.file:
            emit(_harmless(text, one.format), "")
    if all(one.file for one in asked) and not quiet:
        sys.stderr.writelines(f"{line}\n" for line in writers.verdict(style_for("", sys.stderr)))


def made_by(writers: Writers, one: Wanted) -> str:
    """The text of a report."""
    if one.format is ReportFormat.JSON:
        return writers.json()
    if one.format is ReportFormat.TEXT:
        return "".join(f"{line}\n" for line in writers.text(style_for(one.file)))
    from apicontract.reports.formats import written

    return written(writers.model(), one.format.value)


def _harmless(text: str, fmt: ReportFormat) -> str:
    """The text as it may stand in the log of GitHub Actions, where a line can be a command to the runner."""
    if fmt not in (ReportFormat.TEXT, ReportFormat.CONCISE) or not os.environ.get("GITHUB_ACTIONS"):
        return text
    from apicontract.reports.github import inert

    return "".join(f"{inert(line)}\n" for line in text.splitlines())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _summarise(asked: Sequence[Wanted], writers: Writers, environment: Mapping[str, str]) -> None:
    """The job summary that belongs to annotations, where GitHub says which file it is."""
    file = environment.get(SUMMARY, "")
    if file and any(one.format is ReportFormat.GITHUB for one in asked):
        summary(writers.model(), file)


def summary(report: Report, file: str) -> None:
    """Add the report to a job summary; UsageProblem where that is not possible."""
    from apicontract.reports.markdown import markdown

    try:
        with Path(file).open("ab") as stream:
            stream.write(_bytes(markdown(report, limit=_SUMMARY_LIMIT // 4)) + b"\n")
    except OSError as error:
        raise UsageProblem(f"cannot write {file}: {error.strerror}") from None
