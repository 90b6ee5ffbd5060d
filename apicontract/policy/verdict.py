"""The verdict: what policy made of the changes and findings of each contract. Pure data.

Reports, changelog and bump read the same verdicts; nothing is decided after them.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.findings import Severity
from apicontract.policy.fingerprints import finding_fingerprint
from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.changes import Change, Side
    from apicontract.findings import Finding


class Question(StrEnum):
    """What a pair of contracts was compared for."""

    BOTH = "both"  # base and head are what will be merged: one pair answers everything
    BRANCH = "branch"  # merge base to head: what did this branch change?
    MERGE = "merge"  # tip of the base to merge result: what will merging do? The version counts here


class Outcome(StrEnum):
    """What became of a contract."""

    CHANGED = "changed"
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Decision:
    """One step by which a level or severity came about.

    step: `comparison`, `compare`, `sunset`, `rule`, `profile`, `stability`, `suppression`, `baseline`.
    standing: the level or severity after it; origin: where it is laid down (`default`,
    `profile zalando`, `apicontract.toml:12:1`); text: why, in a few words.
    """

    step: str
    standing: str
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why something does not count: a suppression or the baseline.

    kind: `suppression`, `ignore` (beside the thing in the contract), `baseline`.
    until: ISO date or empty; origin: where it is written.
    """

    kind: str
    reason: str
    until: str
    origin: str


@dataclass(frozen=True, slots=True)
class JudgedChange:
    """A change with what policy makes of it.

    level: what it counts as, waived or not. decisions: the steps to it, first to last.
    """

    change: Change
    level: Level
    fingerprint: str
    decisions: tuple[Decision, ...]
    waiver: Waiver | None = None

    @property
    def by_policy(self) -> str:
        """The setting, with its place, that makes it a break where the comparison does not; or empty."""
        found, standing = "", ""
        for step in self.decisions:
            if step.standing == "major" and (step.step == "compare" or standing not in ("", "major")):
                found = f"{step.text} [{step.origin}]"
            standing = step.standing
        return found if self.level is Level.MAJOR else ""

    @property
    def counted(self) -> Level:
        """The level that counts towards the required version: none if it is waived."""
        return Level.NONE if self.waiver else self.level


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding (of validation, or of the gate itself) with the severity that policy gives it.

    It is never `off`: what policy turns off is left out.
    """

    finding: Finding
    severity: Severity
    decisions: tuple[Decision, ...]
    waiver: Waiver | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the finding, worked out when it is asked for: most reports show none."""
        return finding_fingerprint(self.finding)

    @property
    def fails(self) -> bool:
        """Whether it alone makes the gate say no."""
        return self.severity is Severity.ERROR and self.waiver is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one contract.

    contract: its path as the configuration knows it. profile: the profile it was judged by.
    level: the highest level that counts. required: the lowest version that says so; empty where
    nothing is required or the scheme cannot say. declared: what the new side declares.
    advice: what to do next, a line each; empty if there is nothing to do.
    advisory: nothing fails (`fail-on = "never"`).
    """

    contract: str
    format: str
    profile: str
    question: Question
    outcome: Outcome
    old: Side | None
    new: Side | None
    level: Level
    required: str
    declared: str
    changes: tuple[JudgedChange, ...] = ()
    findings: tuple[JudgedFinding, ...] = ()
    advice: tuple[str, ...] = ()
    advisory: bool = False

    @property
    def passed(self) -> bool:
        """Whether the gate lets it pass."""
        return self.advisory or not any(finding.fails for finding in self.findings)

    @property
    def waived(self) -> int:
        """How many changes and findings are waived."""
        changes = sum(change.waiver is not None for change in self.changes)
        return changes + sum(finding.waiver is not None for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts of one run, with what was found about the policy's own files.

    findings: suppressions that expired or are not needed, entries of the baseline that are stale.
    """

    verdicts: tuple[Verdict, ...]
    findings: tuple[JudgedFinding, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether the gate says yes."""
        return all(verdict.passed for verdict in self.verdicts) and not any(
            finding.fails for finding in self.findings
        )

    @property
    def level(self) -> Level:
        """The highest level that counts in any verdict."""
        return max((verdict.level for verdict in self.verdicts), default=Level.NONE)
