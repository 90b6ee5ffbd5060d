"""What every report of `check`, `diff`, `validate` and `lint` is made of: contracts and what is said of them.

Pure data, ready to print: positions are computed, paths are as people and services know them. How it
comes out of a result of the gate, a comparison or a validation is the business of `reports.made`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apicontract.changes.semver import announces
from apicontract.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.findings import Remedy
    from apicontract.policy.verdict import Waiver


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in a file: line and column from 1, or 0 where only the file is known.

    shown: how text reports name the file (`git:main:api.yaml`); file: its path in the checkout.
    """

    file: str
    line: int = 0
    column: int = 0
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to say: a change, or a finding of validation or of the gate.

    severity: error where it is (part of) why the gate says no; a break that is paid for by a new major
    is a warning; what is waived, and what the merge does not do, is info.
    level: of a change (`major`), empty for a finding. message: a sentence, code in backticks.
    sides: `was 100, now 50`, or empty. witness: a sentence with the value that proves the break, or empty.
    spot: where it stands in the new state; for what is gone, the contract, and `before` tells where it was.
    policy: the setting that makes it a break, where the comparison alone does not; or empty.
    question: `branch` or `merge` where it is an answer to only one of both, otherwise empty.
    remedy: what mends a finding of lint; its edits are worked out when a report asks.
    """

    rule: str
    severity: Severity
    message: str
    spot: Spot
    contract: str
    fingerprint: str
    level: str = ""
    pointer: str = ""
    operation: str = ""
    sides: str = ""
    witness: str = ""
    before: Spot | None = None
    reaches: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    certainty: str = ""
    allowed: str = ""
    advice: str = ""
    question: str = ""
    waiver: Waiver | None = None
    remedy: Remedy | None = None
    policy: str = ""

    @property
    def headline(self) -> str:
        """The operation, if the message does not begin with it, and the message."""
        if self.operation and not self.message.startswith(self.operation):
            return f"{self.operation}: {self.message}"
        return self.message

    @property
    def told(self) -> str:
        """All of it in one paragraph."""
        parts = [self.headline + (f" ({self.sides})" if self.sides else "")]
        parts += [part for part in (self.witness, self.by_policy, self.allowance, self.waived) if part]
        return ". ".join(parts)

    @property
    def by_policy(self) -> str:
        """What of the policy makes it a break, in words; or empty."""
        return f"a break by policy: {self.policy}" if self.policy else ""

    @property
    def allowance(self) -> str:
        """Why policy lets this break pass, in words; or empty."""
        return f"a break that is allowed: {self.allowed}" if self.allowed else ""

    @property
    def fixable(self) -> str:
        """That lint knows a remedy, and whether it is safe, to be put behind something; or empty."""
        return f" [{self.remedy.told}]" if self.remedy is not None and self.waiver is None else ""

    @property
    def waived(self) -> str:
        """Why it does not count, in words; or empty."""
        if self.waiver is None:
            return ""
        until = f", until {self.waiver.until}" if self.waiver.until else ""
        return f"waived: {self.waiver.reason}{until} ({self.waiver.origin})"


@dataclass(frozen=True, slots=True)
class ContractReport:
    """One contract: where it is, what became of it, what it declares and needs, and what there is to say.

    standing: `1.4.0 → 1.5.0`, `new, 0.1.0`, `removed, it was 2.0.0`. requires: in words, or empty.
    steps: what to do next, a line each.
    """

    name: str
    title: str
    format: str
    passed: bool
    standing: str
    level: str = ""
    required: str = ""
    declared: str = ""
    steps: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def requires(self) -> str:
        """What the changes need and what was declared, in words; or empty."""
        if self.level in ("", "none") or not self.declared:
            return ""
        least = f": at least {self.required}" if self.required else ""
        early = ", which announces it" if announces(self.declared, self.required) else ""
        return f"requires {self.level}{least}; declared {self.declared}{early}"


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the catalogue says of a rule. page: where it is documented, of ours; mends: what a fix does."""

    id: str
    title: str
    why: str
    advice: str
    severity: Severity
    page: str
    mends: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one command.

    items: what is said about no contract in particular. compared: which states were, a line each.
    conclusion: the last line of the text report. rules: of all items. breaking: how many breaks count.
    """

    command: str
    passed: bool
    conclusion: str
    contracts: tuple[ContractReport, ...] = ()
    items: tuple[Item, ...] = ()
    level: str = ""
    profile: str = ""
    compared: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    rules: Mapping[str, RuleText] = field(default_factory=dict)

    def every(self) -> Iterator[Item]:
        """Every item, contract by contract, in each the worst first."""
        for contract in self.contracts:
            yield from contract.items
        yield from self.items

    @property
    def breaking(self) -> int:
        """How many breaks count: waived ones, allowed ones and those of the branch alone do not."""
        return sum(
            item.level == "major" and not item.waiver and item.question != "branch" for item in self.every()
        )


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_LEVELS = {"major": 0, "minor": 1, "patch": 2, "none": 3, "": -1}


def rank(item: Item) -> tuple[int, int]:
    """The worse, the lower: by severity, then by level, findings before changes."""
    return _ORDER[item.severity], _LEVELS[item.level]
