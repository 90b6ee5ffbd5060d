"""Workflow commands of GitHub Actions: an annotation at each place, as many as are shown, and the verdict.

GitHub shows ten annotations of a kind for a step; what is beyond is told as plain lines of the log. By
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from apicontract.findings import Severity
from apicontract.reports.concise import concise_lines
from apicontract.reports.escaping import command_data, command_property
from apicontract.reports.model import rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.reports.model import Item, Report

CAP = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_lines(report: Report) -> Iterator[str]:
    """The verdict and the annotations, worst first, then everything as a group of the log.

    What is waived, and changes of wording and form, are in the log only.
    """
    told = Counter[Severity]()
    if not report.passed:
        told[Severity.ERROR] += 1
        yield f"::error title=API contracts::{command_data(report.conclusion)}"
    for item in sorted(report.every(), key=rank):
        if not item.waiver and item.level not in ("patch", "none"):
            told[item.severity] += 1
            if told[item.severity] <= CAP:
                yield _annotation(item)
    left = sum(max(0, count - CAP) for count in told.values())
    if left:
        yield f"{left} more than GitHub shows as annotations; the list below has all of them"
    yield "::group::API contracts, line by line"
    yield from (_inert(line) for line in concise_lines(report))
    yield "::endgroup::"


def _inert(line: str) -> str:
    """A line of the log that no runner takes for a command: `::` at its start, `##[` anywhere in it."""
    line = line.replace("##[", "## [")
    return f"- {line}" if line.lstrip().startswith("::") else line


def _annotation(item: Item) -> str:
    spot = item.spot
    told = [("file", spot.file)] if spot.file else []
    if spot.line:
        told += [("line", str(spot.line)), ("col", str(spot.column))]
    told.append(("title", f"{item.level or item.severity.value}: {item.rule}"))
    properties = ",".join(f"{name}={command_property(value)}" for name, value in told)
    return f"::{_COMMANDS[item.severity]} {properties}::{command_data(item.told)}"
