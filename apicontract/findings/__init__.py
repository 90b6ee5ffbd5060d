"""What validation and lint report: findings, their severity, and the shape of their rules.

Knows what every format shares and nothing of any one format.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from apicontract.findings.settings import CASES, DEFAULT_SETTINGS, LintSettings
from apicontract.findings.tiers import Tier
from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.sources import Document, Place, Position
    from apicontract.sources.alterations import Alteration


_LARGE = 2_000_000  # bytes of a text that takes seconds to read


class Severity(StrEnum):
    """How bad a finding is; an error makes the contract invalid."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Fix(StrEnum):
    """Whether what a rule finds can be mended mechanically."""

    NONE = "none"
    SAFE = "safe"  # nothing that clients or servers do can tell
    UNSAFE = "unsafe"  # probably right, but someone should look


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends a finding: alterations, all of one document, to be made together; `fix` is never NONE."""

    fix: Fix
    alterations: tuple[Alteration, ...]

    @property
    def document(self) -> Document:
        """The document that is altered."""
        return self.alterations[0].place.document

    @property
    def told(self) -> str:
        """What is said of the finding."""
        return "fixable" if self.fix is Fix.SAFE else "fixable, unsafe"

    def edits(self) -> list[tuple[Position, Position, str]]:
        """What it replaces in the text: from where to where (not included), and by what; none if it cannot.

        A text in YAML is altered and read to know that nothing else changes; of large ones nothing is said.
        """
        from apicontract.sources.documents import position_of
        from apicontract.sources.rewriting import edits_of, rewritten

        text = self.document.text
        if self.document.syntax != "json" and (
            len(text) > _LARGE or rewritten(self.document, self.alterations) is None
        ):
            return []
        return [
            (position_of(text, edit.start), position_of(text, edit.end), edit.text.decode("utf-8"))
            for edit in edits_of(self.document, self.alterations) or ()
        ]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a contract.

    rule: id in the catalogue (`path-parameter-undeclared`).
    place: where; its line and column are computed when a report asks.
    message: what is wrong, in one or two sentences, with the names involved.
    advice: what to do about it. remedy: what mends it, where that is mechanical.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    advice: str = ""
    remedy: Remedy | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FindingRule:
    """A named, documented kind of finding; `bad` fires it, `good` does not (both are documents).

    command: which command reports it. since: the first `schema` of configurations in which it counts.
    category: what it is about, of a rule of lint. tier: the rule set it belongs to. references: what it
    follows, as `zalando:132`, `aip:131`, `owasp:API2:2023`, `rfc:9110#15.3.2`, `spectral:operation-tags`.
    fix: how safe its remedies are at worst; mends: what they do, in a sentence or two.
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
    category: str = "validity"
    tier: Tier = Tier.RECOMMENDED
    fix: Fix = Fix.NONE
    mends: str = ""
    references: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Linting:
    """The result of linting one contract: its format and version, and all findings, in document order."""

    format: str
    source: str
    version: str
    findings: tuple[Finding, ...]


__all__ = [
    "CASES",
    "DEFAULT_SETTINGS",
    "Finding",
    "FindingRule",
    "Fix",
    "LintSettings",
    "Linting",
    "Remedy",
    "Severity",
    "Tier",
    "Validation",
]
