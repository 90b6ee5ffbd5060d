"""Arrays with `contains` counts: position by position, by how many items have matched so far.

Every item matches some subset of the counted schemas. Two beginnings of the same length with the same
counts go on alike, so one of them stands for both - unless items must differ or repeat: then all of them
are kept, up to a limit beyond which "not found" is a doubt. An item that no count and no length needs can
be left out, which bounds the length of a smallest array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.search.meeting import item
from apicontract.schemas.search.rows import distinct_row, plain_row, repeating_row
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome

if TYPE_CHECKING:
    from apicontract.schemas.search.engine import Engine
    from apicontract.schemas.sets.nodes import Arrays, Counted, Node

_MAX_LENGTH = 64
_MAX_COUNTED = 4
_MAX_ROWS = 48

Counts = tuple[int, ...]
Rows = dict[Counts, list[tuple["Node", ...]]]


def counted_array(engine: Engine, array: Arrays) -> Outcome:
    """The shortest array found whose numbers of matching items lie in their bounds."""
    rules = sorted(array.counted, key=lambda c: (c.node.id, c.least))
    longest = max(array.least, len(array.prefix)) + sum(rule.least for rule in rules)
    longest += 2 if array.unique is False else 0
    if len(rules) > _MAX_COUNTED or longest > _MAX_LENGTH:
        return Doubt("contains with many counts")
    caps = [max(rule.least, 0 if rule.most is None else rule.most + 1) for rule in rules]
    if sum(caps) > _MAX_LENGTH * 4:
        return Doubt("contains with large counts")
    rows: Rows = {(0,) * len(rules): [()]}
    width = 1 if array.unique is None else _MAX_ROWS
    doubt: Doubt | None = None
    for length in range(longest + 1):
        if length >= array.least:
            for counts in sorted(rows):
                if _fits(counts, rules):
                    outcome = _first_row(engine, array, rows[counts], width)
                    if isinstance(outcome, Found):
                        return outcome
                    doubt = outcome or doubt
        if length == longest or (array.most is not None and length >= array.most):
            break
        rows = _extended(engine, item(array, length), rules, caps, rows, width)
    return doubt


def _fits(counts: Counts, rules: list[Counted]) -> bool:
    return all(
        n >= rule.least and (rule.most is None or n <= rule.most)
        for n, rule in zip(counts, rules, strict=True)
    )


def _first_row(engine: Engine, array: Arrays, rows: list[tuple[Node, ...]], width: int) -> Outcome:
    """A value of the first row that has one."""
    doubt = Doubt("contains beside uniqueItems") if 1 < width <= len(rows) else None
    for row in rows:
        engine.meter.step()
        nodes = list(row)
        if array.unique is None:
            outcome = plain_row(engine, nodes)
        elif array.unique:
            outcome = distinct_row(engine, nodes)
        else:
            outcome = repeating_row(engine, nodes, len(nodes))
        if isinstance(outcome, Found):
            return outcome
        doubt = outcome or doubt
    return doubt


def _extended(
    engine: Engine, own: Node, rules: list[Counted], caps: list[int], rows: Rows, width: int
) -> Rows:
    """The rows one item further: the item matches each subset of the rules that it can match."""
    options = []
    for bits in range(1 << len(rules)):
        parts = [
            rule.node if bits >> i & 1 else engine.pool.negation(rule.node) for i, rule in enumerate(rules)
        ]
        node = engine.pool.all_of((own, *parts))
        if engine.simplest(node) is not None:
            options.append((bits, node))
    found: Rows = {}
    for counts, listed in rows.items():
        for bits, node in options:
            engine.meter.step()
            key = tuple(min(n + (bits >> i & 1), caps[i]) for i, n in enumerate(counts))
            kept = found.setdefault(key, [])
            kept.extend((*row, node) for row in listed[: width - len(kept)])
    return found
