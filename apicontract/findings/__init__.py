"""What validation reports: findings, their severity, and the catalogue of their rules.

Knows what every format shares and nothing of any one format.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.sources import Place


class Severity(StrEnum):
    """How bad a finding is; an error makes the contract invalid."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a contract.

    rule: id in the catalogue (`path-parameter-undeclared`).
    place: where; its line and column are computed when a report asks.
    message: what is wrong, in one or two sentences, with the names involved.
    advice: what to do about it.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class FindingRule:
    """A named, documented kind of finding; `bad` fires it, `good` does not (both are documents).

    command: which command reports it. since: the first `schema` of configurations in which it counts.
    """

    id: str
    title: str
    severity: Severity
    why: str
    advice: str
    bad: str
    good: str
    command: str = "validate"
    since: int = 1


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of validating one contract: its format and version, and all findings, in document order."""

    format: str
    source: str
    version: str
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """True if no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


__all__ = ["Finding", "FindingRule", "Severity", "Validation"]
