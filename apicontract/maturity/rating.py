"""From evidence to levels: of one operation, of an API, and what the next one takes.

Knows no format: operations come with their evidence, whatever they were read from.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from apicontract.maturity.model import (
    HYPERMEDIA,
    LEVELS,
    RPC,
    VERBS,
    Answers,
    Maturity,
    Next,
    Operation,
    Step,
    Weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apicontract.maturity.model import Evidence

_LINKED = frozenset({Answers.ACTIONS, Answers.NAVIGATION})
_SHOWN = _LINKED | {Answers.NONE}
_FULL = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """The contract that is rated, and why nothing in it may be (`RPC by design`)."""

    source: str
    format: str
    title: str
    version: str
    unrated: str = ""


def level_of(evidence: Iterable[Evidence], answers: Answers) -> int:
    """The highest level of which nothing keeps an operation; 3 needs links that are shown."""
    blocked = [one.blocks for one in evidence if one.weight is Weight.AGAINST and one.blocks is not None]
    below = min(blocked, default=HYPERMEDIA + 1) - 1
    return below if below < HYPERMEDIA or answers in _LINKED else VERBS


def rate(subject: Subject, operations: Sequence[Operation], share: int) -> Maturity:
    """The rating of an API. share: how many of a hundred operations must reach its level."""
    rated = [one for one in operations if one.level is not None]
    counts = Counter(one.level for one in rated)
    histogram = (counts[0], counts[1], counts[2], counts[3])
    level, reason = _level(subject, rated, share)
    carrying = [one for one in rated if one.answers in _SHOWN]
    linked = [one for one in rated if one.level == HYPERMEDIA]
    return Maturity(
        subject.source,
        subject.format,
        subject.title,
        subject.version,
        level,
        _strict(rated, carrying) if level is not None else None,
        reason,
        navigation_only=level == HYPERMEDIA and all(one.navigation_only for one in linked),
        share=share,
        histogram=histogram,
        operations=tuple(operations),
        next=_next(rated, level, share) if level is not None and level < HYPERMEDIA else None,
    )


def _level(subject: Subject, rated: Sequence[Operation], share: int) -> tuple[int | None, str]:
    if not rated:
        return None, subject.unrated or "there is no operation to rate"
    if len(rated) == 1 and rated[0].level != RPC:
        return None, "one operation does not tell how an API is made"
    level = max(one for one in LEVELS if _reached(rated, one, share))
    return level, ""


def _reached(rated: Sequence[Operation], level: int, share: int) -> bool:
    """Whether so many operations reach it, and none that is left is a tunnel.

    Level 3 is asked only of operations whose answers can carry links and are described; these must be
    most of those that can.
    """
    if level == RPC:
        return True
    if any(one.is_tunnel for one in rated):
        return False
    if level < HYPERMEDIA:
        return _enough(sum((one.level or 0) >= level for one in rated), len(rated), share)
    shown = [one for one in rated if one.answers in _SHOWN]
    unknown = sum(one.answers is Answers.UNKNOWN for one in rated)
    if not shown or len(shown) < unknown or not _reached(rated, VERBS, share):
        return False
    return _enough(sum(one.level == HYPERMEDIA for one in shown), len(shown), share)


def _enough(reached: int, every: int, share: int) -> bool:
    return reached * _FULL >= every * share


def _strict(rated: Sequence[Operation], carrying: Sequence[Operation]) -> int:
    """The least level; what has no place for links counts to level 3 with the others."""
    least = min(one.level or 0 for one in rated)
    if least == VERBS and carrying and all(one.level == HYPERMEDIA for one in carrying):
        others = [one for one in rated if one.answers not in _SHOWN]
        if all(one.answers is Answers.EMPTY for one in others):
            return HYPERMEDIA
    return least


def _next(rated: Sequence[Operation], level: int, share: int) -> Next | None:
    """The fewest kinds of change that lead to the next level, and the fewest operations that must change."""
    goal = level + 1
    asked = [one for one in rated if goal < HYPERMEDIA or one.answers in _SHOWN]
    short = [one for one in asked if (one.level or 0) < goal]
    tunnels = [one for one in short if one.is_tunnel]
    missing = max(-(-len(asked) * share // _FULL) - (len(asked) - len(short)), len(tunnels))
    if missing <= 0:
        return None
    kinds = Counter(one.keeping_from(goal) for one in short)
    needed = frozenset[str]().union(*(one.keeping_from(goal) for one in tunnels))
    chosen = _fewest(kinds, needed, missing)
    criteria = {
        one.rule: one for operation in short for one in operation.evidence if one.weight is Weight.AGAINST
    }
    steps = []
    for rule in chosen:
        touched = tuple(
            one.title for one in short if rule in one.keeping_from(goal) and one.keeping_from(goal) <= chosen
        )
        steps.append(Step(rule, criteria[rule].criterion, criteria[rule].advice, touched))
    return Next(goal, missing, tuple(sorted(steps, key=lambda step: (-len(step.operations), step.rule))))


def _fewest(kinds: Counter[frozenset[str]], needed: frozenset[str], missing: int) -> frozenset[str]:
    """The fewest rules whose satisfaction lifts enough operations; of equally many those lifting most."""
    rules = sorted(frozenset[str]().union(*kinds) - needed)
    for size in range(len(rules) + 1):
        best: tuple[int, frozenset[str]] = (0, needed)
        for more in combinations(rules, size):
            chosen = needed.union(more)
            lifted = sum(count for kind, count in kinds.items() if kind <= chosen)
            best = max(best, (lifted, chosen), key=lambda pair: pair[0])
        if best[0] >= missing:
            return best[1]
    return frozenset(rules) | needed
