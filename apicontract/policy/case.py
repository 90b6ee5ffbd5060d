"""What is brought before the gate: one contract with its base, compared and validated beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.policy.verdict import Question
from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.changes import Diff
    from apicontract.changes.promises import Promises
    from apicontract.findings import Validation
    from apicontract.policy.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Case:
    """One contract to be judged.

    contract: its path relative to the configuration's folder; moved_from: its old path if it moved.
    old, new: the contract before and after, None where it did not, or does not, exist.
    diff: the comparison of the two; None unless both exist.
    validation: what validation found in the new one. elsewhere: majors of the same API (by title)
    that other contracts of the new side show to clients, so that they are still served.
    base: the configuration as the old side has it; None if it has none, or that is not known.
    """

    contract: str
    old: Promises | None
    new: Promises | None
    diff: Diff | None = None
    validation: Validation | None = None
    question: Question = Question.BOTH
    moved_from: str = ""
    elsewhere: frozenset[int] = frozenset()
    base: Configuration | None = None
