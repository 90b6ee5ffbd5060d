"""Arrays of a given length: a value per position, all of them different, or two of them equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.sets.literals import literals
from apicontract.schemas.sets.outcomes import MAX_PARTS, Doubt, Found, Outcome, composed, weight
from apicontract.schemas.sets.values import identity
from apicontract.schemas.verdicts import Nothing

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json
    from apicontract.schemas.search.engine import Engine
    from apicontract.schemas.sets.nodes import Node

_MAX_ITEMS = 64


def plain_row(engine: Engine, nodes: list[Node]) -> Outcome:
    """A small value at every position."""
    values: list[Json] = []
    doubt: Doubt | None = None
    parts = 1
    for node in nodes:
        outcome = engine.simplest(node)
        if outcome is None:
            return None
        parts += weight(outcome)
        if isinstance(outcome, Doubt):
            doubt = outcome
            values.append(None if isinstance(outcome.guess, Nothing) else outcome.guess)
        else:
            values.append(outcome.value)
    return composed(values, parts, doubt)


def distinct_row(engine: Engine, nodes: list[Node]) -> Outcome:
    """Pairwise different values."""
    if len(nodes) > _MAX_ITEMS:
        return Doubt(f"{len(nodes)} items that all differ")
    values: list[Json] = []
    parts = 1
    for node in nodes:
        outcome = engine.outside(node, literals(engine.pool, values))
        if outcome is None:
            if engine.simplest(node) is None or len(set(nodes)) == 1:
                return None
            return _matched(engine, nodes)
        if isinstance(outcome, Doubt):
            return Doubt(outcome.reason)
        values.append(outcome.value)
        parts += weight(outcome)
        if parts > MAX_PARTS:
            break
    return composed(values, parts, None)


def _matched(engine: Engine, nodes: list[Node]) -> Outcome:
    """Different values by bipartite matching over as many values per node as there are positions."""
    choices: list[list[Json]] = []
    parts = 1
    for node in nodes:
        own: list[Json] = []
        while len(own) < len(nodes):
            outcome = engine.outside(node, literals(engine.pool, own))
            if isinstance(outcome, Doubt):
                return Doubt(outcome.reason)
            if outcome is None:
                break
            own.append(outcome.value)
            parts += weight(outcome)
            if parts > MAX_PARTS:
                return composed(None, parts, None)
        choices.append(own)
    owner: dict[object, int] = {}
    held: dict[int, Json] = {}

    def place(index: int, seen: set[object]) -> bool:
        for value in choices[index]:
            key = identity(value)
            if key not in seen:
                seen.add(key)
                if key not in owner or place(owner[key], seen):
                    owner[key] = index
                    held[index] = value
                    return True
        return False

    if all(place(index, set()) for index in range(len(nodes))):
        return Found([held[index] for index in range(len(nodes))], parts)
    return None


def repeating_row(engine: Engine, nodes: list[Node], among: int) -> Outcome:
    """Values of which two are equal, at two of the first `among` positions."""
    outcome = plain_row(engine, nodes)
    if not isinstance(outcome, Found) or not isinstance(outcome.value, list):
        return outcome
    doubt: Doubt | None = None
    for second in range(1, min(among, len(nodes))):
        for first in range(second):
            shared = engine.simplest(engine.pool.all_of((nodes[first], nodes[second])))
            if isinstance(shared, Found):
                values = list(outcome.value)
                values[first] = values[second] = shared.value
                return composed(values, outcome.parts + 2 * weight(shared), None)
            doubt = shared or doubt
    return doubt
