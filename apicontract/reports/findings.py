"""Validation and lint for people: every finding with its place and what to do, then the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Fix, Severity
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from apicontract.findings import Finding, Validation
    from apicontract.gate.linting import LintRun
    from apicontract.policy.verdict import JudgedFinding
    from apicontract.reports.style import Style

_LOOKS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def validation_lines(results: Sequence[Validation], style: Style) -> Iterator[str]:
    """Each contract's findings in document order, then one verdict per contract."""
    for result in results:
        for finding in result.findings:
            yield from _finding(finding, finding.severity, style)
            yield ""
    yield from verdicts(results, style)


def verdicts(results: Sequence[Validation], style: Style) -> Iterator[str]:
    """One line per contract: valid or not, and how much there is to do."""
    for result in results:
        counts = _counts(finding.severity for finding in result.findings)
        word = style.paint("valid", "green") if result.valid else style.paint("not valid", "red")
        yield f"{plain(result.source)}: {word}{': ' if counts else ''}{', '.join(counts)}"


def lint_lines(result: LintRun, style: Style, *, verbose: bool = False) -> Iterator[str]:
    """Each contract's findings in document order, then the verdicts; `verbose` shows what is waived too."""
    for findings in (*(verdict.findings for verdict in result.verdicts), result.findings):
        for one in findings:
            if one.waiver is not None and not verbose:
                continue
            yield from _finding(one.finding, one.severity, style, fixable=one.waiver is None)
            if one.waiver is not None:
                until = f", until {one.waiver.until}" if one.waiver.until else ""
                yield from style.wrap(f"waived: {one.waiver.reason}{until} ({one.waiver.origin})", "  ")
            yield ""
    yield from lint_verdicts(result, style)


def lint_verdicts(result: LintRun, style: Style) -> Iterator[str]:
    """One line per contract: how much was found, and how much of it is waived; then what was asked."""
    for verdict in result.verdicts:
        yield f"{plain(verdict.source)}: {_found(verdict.findings, style)}"
    for what, of_rulesets in (("suppressions", False), ("rulesets", True)):
        listed = [one for one in result.findings if one.finding.rule.startswith("spectral:") is of_rulesets]
        if listed:
            yield f"{what}: {_found(listed, style)}"
    for source in result.excluded:
        yield f"{plain(source)}: {style.paint('excluded', 'dim')}"
    asked = f"{len(result.rules)} rule{'' if len(result.rules) == 1 else 's'}"
    yield style.paint(f"{asked}{f', set {result.ruleset}' if result.ruleset else ''}", "dim")
    safe, unsafe = result.fixable(Fix.SAFE), result.fixable(Fix.UNSAFE)
    if safe or unsafe:
        more = f"{unsafe} more with --fix --unsafe-fixes, which may break clients" if unsafe else ""
        told = ", ".join(part for part in (f"{safe} fixable with --fix" if safe else "", more) if part)
        yield style.paint(told if safe else told.replace(" more", " fixable", 1), "dim")


def _finding(finding: Finding, severity: Severity, style: Style, *, fixable: bool = False) -> Iterator[str]:
    place = finding.place
    where = style.paint(f"{plain(place.file)}:{place.line}:{place.column}", "bold")
    fix = f" [{finding.remedy.told}]" if fixable and finding.remedy is not None else ""
    yield f"{where}: {style.paint(severity.value, _LOOKS[severity])} {finding.rule}{style.paint(fix, 'dim')}"
    yield from style.wrap(finding.message, "  ")
    if finding.advice:
        yield from style.wrap(f"→ {finding.advice}", "  ")


def _found(findings: Sequence[JudgedFinding], style: Style) -> str:
    counts = _counts(one.severity for one in findings if one.waiver is None)
    waived = sum(one.waiver is not None for one in findings)
    told = ", ".join(counts) if counts else style.paint("nothing found", "green")
    return f"{told}; {waived} waived" if waived else told


def _counts(severities: Iterable[Severity]) -> list[str]:
    """`2 errors`, `1 warning`: how many of each there are, the worst first."""
    listed = list(severities)
    return [
        f"{count} {severity.value}{'s' if count > 1 else ''}"
        for severity in Severity
        if (count := listed.count(severity))
    ]
