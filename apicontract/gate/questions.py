"""Which of the two questions each contract answers: what the branch changed, and what merging does.

Where a contract and all that it refers to is the same for both, one comparison answers them at once; where
it cannot be merged, only the first has an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.policy.verdict import Question
from apicontract.sources.expansion import may_be_contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.gate.pairing import Loader, Paired, Pairs
    from apicontract.gate.states import Round
    from apicontract.repository.snapshots import Snapshot


def answered_at_once(every: Sequence[tuple[Round, Pairs]], loader: Loader) -> frozenset[Paired]:
    """The contracts for which the branch and the merge are one and the same comparison."""
    by_question = {one.pair.question: (one, pairs) for one, pairs in every}
    if Question.MERGE not in by_question or Question.BRANCH not in by_question:
        return frozenset()
    (branch, ours), (merge, theirs) = by_question[Question.BRANCH], by_question[Question.MERGE]
    return frozenset(
        one
        for one in set(ours.changed) & set(theirs.changed)
        if _same_in(branch.old, merge.old, one.old, loader)
        and _same_in(branch.new, merge.new, one.new, loader)
    )


def _same_in(one: Snapshot | None, other: Snapshot | None, path: str, loader: Loader) -> bool:
    """Whether a contract and all that it refers to is the same in two states of one repository."""
    if one is None or other is None:
        return one is other
    if not path:
        return True
    files = loader.parts(one, path)
    return (
        files is not None
        and (not loader.is_package(one, path) or files == loader.parts(other, path))
        and all(one.identity(file) == other.identity(file) for file in files)
    )


def stuck(
    every: Sequence[tuple[Round, Pairs]], conflicts: Sequence[str], head: Snapshot, loader: Loader
) -> dict[str, list[str]]:
    """The contracts of this branch that cannot be merged, each with the files in which, but for itself."""
    found: dict[str, list[str]] = {}
    branch = [pairs for one, pairs in every if one.pair.question is Question.BRANCH]
    for paired in branch[0].changed if conflicts and branch else ():
        files = loader.parts(head, paired.new) if paired.new else frozenset[str]()
        doubtful = files is None and any(may_be_contract(file) for file in conflicts)
        if doubtful or not {paired.old, *(files or ())}.isdisjoint(conflicts):
            found[paired.name] = sorted({*(files or ()), paired.old}.intersection(conflicts) - {paired.name})
    return found
