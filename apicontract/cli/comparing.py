"""What `apicontract diff` does once its arguments are read. Knows no option's name and no parser.

It stands apart from the options so that a call without any, two contracts and nothing else, need not
wait for a parser: loading one takes as long as a small comparison.
"""

from __future__ import annotations

import functools
import sys
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from apicontract.cli.outcomes import GATE, outcome
from apicontract.cli.processors import processors
from apicontract.cli.reports import Wanted, Writers, wanted, write
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract import Comparison, Diff, DiffOptions, ReadOptions
    from apicontract.reports.model import Report
    from apicontract.reports.style import Style


class Threshold(StrEnum):
    """The lowest required bump that fails."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Asked:
    """How the result is told, and from which bump on it fails."""

    reports: tuple[Wanted, ...]
    fail_on: Threshold = Threshold.MAJOR
    quiet: bool = False
    verbose: bool = False


def compare_plainly(old: str, new: str) -> int:
    """The exit code of `diff OLD NEW` with every option at its default; what goes wrong is said."""
    return outcome(lambda: compare(old, new, Asked(wanted((), None, ""))), 0)


def compare(
    old: str, new: str, asked: Asked, *, options: DiffOptions | None = None, read: ReadOptions | None = None
) -> int:
    """Compare two contracts, or two sets of them, write what is asked for, and give the exit code."""
    import apicontract

    shared = replace(options or apicontract.DiffOptions(), processes=processors())
    result = apicontract.compare(old, new, options=shared, read_options=read)
    passed = asked.fail_on is Threshold.NEVER or result.level < apicontract.Level.parse(asked.fail_on)
    write(asked.reports, _writers(result, asked, passed=passed), quiet=asked.quiet)
    if passed:
        return 0
    if not asked.quiet:
        sys.stderr.write(f"apicontract: this needs a {result.level} version (--fail-on {asked.fail_on})\n")
    return GATE


def _writers(result: Diff | Comparison, asked: Asked, *, passed: bool) -> Writers:
    def text(style: Style) -> Iterable[str]:
        from apicontract.reports.text import conclusion, diff_lines

        if asked.quiet:
            return conclusion(result, style)
        return diff_lines(result, style, verbose=asked.verbose)

    def verdict(style: Style) -> Iterable[str]:
        from apicontract.reports.text import conclusion

        return conclusion(result, style)

    def json() -> str:
        from apicontract.reports.json import diff_json

        return diff_json(result)

    @functools.cache
    def model() -> Report:
        from apicontract.reports.made import of_diff

        return of_diff(result, passed=passed)

    return Writers(text, verdict, json, model)
