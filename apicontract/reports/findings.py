"""Validation for people: every finding with its place, what is wrong and what to do, then the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Severity
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.findings import Validation
    from apicontract.reports.style import Style

_LOOKS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def validation_lines(results: Sequence[Validation], style: Style) -> Iterator[str]:
    """Each contract's findings in document order, then one verdict per contract."""
    for result in results:
        for finding in result.findings:
            place = finding.place
            where = style.paint(f"{plain(place.file)}:{place.line}:{place.column}", "bold")
            yield f"{where}: {style.paint(finding.severity.value, _LOOKS[finding.severity])} {finding.rule}"
            yield from style.wrap(finding.message, "  ")
            if finding.advice:
                yield from style.wrap(f"→ {finding.advice}", "  ")
            yield ""
    yield from verdicts(results, style)


def verdicts(results: Sequence[Validation], style: Style) -> Iterator[str]:
    """One line per contract: valid or not, and how much there is to do."""
    for result in results:
        counts = [
            f"{count} {severity.value}{'s' if count > 1 else ''}"
            for severity in Severity
            if (count := sum(finding.severity is severity for finding in result.findings))
        ]
        word = style.paint("valid", "green") if result.valid else style.paint("not valid", "red")
        yield f"{plain(result.source)}: {word}{': ' if counts else ''}{', '.join(counts)}"
