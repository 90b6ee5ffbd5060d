"""What a list of changes comes to: the counts that every reporter shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Level
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.changes import Change


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over changes.

    levels: by the level that counts, so a break that policy allows is among the minor ones.
    operations: how many different operations are reached; allowed: breaks that policy lets pass.
    """

    changes: int
    levels: dict[Level, int]
    certainty: dict[Certainty, int]
    operations: int
    allowed: int


def summarise(changes: Sequence[Change]) -> Summary:
    """Count them."""
    levels = Counter(change.counted_level for change in changes)
    certainty = Counter(change.certainty for change in changes)
    operations = {operation for change in changes for operation in change.reaches}
    return Summary(
        changes=len(changes),
        levels={level: levels[level] for level in (Level.MAJOR, Level.MINOR, Level.PATCH)},
        certainty={one: certainty[one] for one in Certainty},
        operations=len(operations),
        allowed=sum(bool(change.allowed) for change in changes),
    )
