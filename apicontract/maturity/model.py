"""What a rating by Richardson's model consists of: evidence, operations with levels, an API with its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.sources import Place

RPC, RESOURCES, VERBS, HYPERMEDIA = LEVELS = (0, 1, 2, 3)
LEVEL_NAMES = ("one endpoint, actions in the message", "resources", "verbs and status codes", "hypermedia")


class Weight(StrEnum):
    """What a piece of evidence does to the level of its operation."""

    FOR = "for"  # it speaks for the level of its criterion
    AGAINST = "against"  # it keeps the operation below a level
    NOTE = "note"  # worth knowing; the level stays
    WAIVED = "waived"  # it would be against, and the team has decided otherwise


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a contract shows of one criterion.

    criterion: `R1` to `H5`. rule: the rule of lint that found it; empty for what speaks for the API.
    blocks: the level that it keeps the operation from, where its weight is `against`.
    """

    criterion: str
    rule: str
    weight: Weight
    message: str
    place: Place
    blocks: int | None = None
    advice: str = ""


class Answers(StrEnum):
    """What the successful answers of an operation show of links."""

    ACTIONS = "actions"  # links to what is possible next
    NAVIGATION = "navigation"  # links to itself and to other pages, or of unsaid relations
    NONE = "none"  # a representation without links
    EMPTY = "empty"  # no representation that could carry any
    UNKNOWN = "unknown"  # a representation that nobody describes


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with its level, 0 to 3; None where it is not rated, and `reason` says why."""

    title: str
    method: str
    path: str
    place: Place
    level: int | None
    reason: str
    answers: Answers
    evidence: tuple[Evidence, ...]

    @property
    def blocking(self) -> frozenset[str]:
        """The rules that keep it below some level."""
        return frozenset(one.rule for one in self.evidence if one.weight is Weight.AGAINST)

    def keeping_from(self, level: int) -> frozenset[str]:
        """The rules that keep it below that level."""
        return frozenset(
            one.rule
            for one in self.evidence
            if one.weight is Weight.AGAINST and one.blocks is not None and one.blocks <= level
        )

    @property
    def is_tunnel(self) -> bool:
        """Whether a message through it picks what happens."""
        return "request-is-tunnel" in self.blocking

    @property
    def navigation_only(self) -> bool:
        """Whether it is at level 3 by links of navigation alone."""
        return self.level == HYPERMEDIA and self.answers is Answers.NAVIGATION


@dataclass(frozen=True, slots=True)
class Step:
    """A change that leads on: the rule to satisfy, how, and the operations that it touches, by title."""

    rule: str
    criterion: str
    advice: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The shortest way to the next level.

    operations: how many must change at least. steps: kinds of change, the fewest that do.
    """

    level: int
    operations: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Maturity:
    """The rating of one contract.

    level: the highest that the asked share of operations reach; None where it cannot be told, and
    `reason` says why. strict_level: the least of its operations. navigation_only: level 3, but the links
    lead to no action. histogram: rated operations by level, 0 to 3.
    """

    source: str
    format: str
    title: str
    version: str
    level: int | None
    strict_level: int | None
    reason: str
    navigation_only: bool
    share: int
    histogram: tuple[int, int, int, int]
    operations: tuple[Operation, ...]
    next: Next | None

    @property
    def rated(self) -> int:
        """How many operations are rated."""
        return sum(self.histogram)

    @property
    def name(self) -> str:
        """The level in words: `2 (verbs and status codes)`, `3 (navigation only)`, `not rated`."""
        if self.level is None:
            return "undetermined" if self.rated else "not rated"
        return f"{self.level} ({'navigation only' if self.navigation_only else LEVEL_NAMES[self.level]})"
