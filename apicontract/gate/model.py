"""What a run of the gate gives: which states were compared, and the verdict on each contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.policy.verdict import Question

if TYPE_CHECKING:
    from apicontract.changes import Level
    from apicontract.policy.verdict import JudgedFinding, Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """Two states of the contracts that were compared, and which question that answers.

    old, new: what to call them: `origin/main`, `the working tree`. old_commit, new_commit: their
    commits, empty for what is no commit. why: how this base was chosen.
    """

    question: Question
    old: str
    new: str
    old_commit: str = ""
    new_commit: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one contract, with the states that it is about.

    The pair may be that of the branch while the verdict answers both questions: then the contract and
    all that it refers to is the same in the other pair. title: what the contract calls itself. path: where
    it is (or was) below the top of its state, as the disk has it: of bytes that are no UTF-8, too.
    """

    pair: Pair
    verdict: Verdict
    title: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Debt:
    """What the file of accepted debt would be after a run: its path, its text, whether it is a first one."""

    path: str
    text: str
    new: bool


@dataclass(frozen=True, slots=True)
class Check:
    """The result of `check`.

    judged: every contract that differs, new or removed, by name; one contract has two verdicts where
    both questions have different answers. counted: how many contracts are meant, changed or not.
    conflicts: contracts that cannot be merged without somebody deciding. notes: what to know about
    how the answer came about. configuration: the file it was read from, or empty. debt: what to write
    down if all that counts now is to be accepted. reports: those that the configuration asks for, as
    `FORMAT` or `FORMAT=FILE`.
    """

    pairs: tuple[Pair, ...]
    judged: tuple[Judged, ...]
    judgement: Judgement
    counted: int
    unchanged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    configuration: str = ""
    profile: str = "default"
    debt: Debt | None = None
    reports: tuple[str, ...] = ()

    @property
    def deciding(self) -> tuple[Judged, ...]:
        """The verdicts by which the gate decides: what merging does."""
        return tuple(one for one in self.judged if one.verdict.question is not Question.BRANCH)

    @property
    def findings(self) -> tuple[JudgedFinding, ...]:
        """What was found about the policy's own files: suppressions that expired or are not needed."""
        return self.judgement.findings

    @property
    def passed(self) -> bool:
        """Whether the gate says yes."""
        return (
            not self.conflicts
            and all(one.verdict.passed for one in self.deciding)
            and not any(finding.fails for finding in self.judgement.findings)
        )

    @property
    def level(self) -> Level:
        """The highest level that counts."""
        from apicontract.changes import Level

        return max((one.verdict.level for one in self.deciding), default=Level.NONE)
