"""Arrays: what is left of one set outside another, and a small array of a set.

Positions up to the longest list of positional schemas in play are told apart; beyond it all positions
are alike, so one of them stands for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.search.counting import counted_array
from apicontract.schemas.search.meeting import item, lower
from apicontract.schemas.search.objects import reached
from apicontract.schemas.search.rows import distinct_row, plain_row, repeating_row
from apicontract.schemas.sets.nodes import Arrays, Clause, Counted, Kind, Type
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.search.engine import Engine

MAX_PLAIN_ITEMS = 10_000


def pieces(engine: Engine, sender: Arrays, receiver: Arrays, live: list[Clause]) -> Iterator[Arrays]:
    """Sets that together are the sender's arrays outside the receiver."""
    for part in _parts(engine, sender, receiver, live):
        settled = engine.meeting.settle_array(part)
        if settled is not None:
            yield settled


def _parts(engine: Engine, sender: Arrays, receiver: Arrays, live: list[Clause]) -> Iterator[Arrays]:
    pool = engine.pool
    if receiver.least > sender.least:
        yield sender._replace(most=lower(sender.most, receiver.least - 1))
    if receiver.most is not None and (sender.most is None or sender.most > receiver.most):
        yield sender._replace(least=max(sender.least, receiver.most + 1))
    width = max(len(sender.prefix), len(receiver.prefix), *(_width(clause) for clause in live))
    for index in range(width + 1):
        if sender.most is not None and index >= sender.most:
            break
        own, theirs = item(sender, index), item(receiver, index)
        if own is not theirs and engine.outside(own, theirs) is not None:
            prefix = tuple(item(sender, i) for i in range(max(index, len(sender.prefix))))
            node = pool.all_of((own, pool.negation(theirs)))
            yield sender._replace(
                prefix=(*prefix[:index], node, *prefix[index + 1 :]), least=max(sender.least, index + 1)
            )
    for counted in sorted(receiver.counted - sender.counted, key=lambda c: (c.node.id, c.least)):
        if counted.least > 0:
            yield _counting(sender, Counted(counted.node, 0, counted.least - 1))
        if counted.most is not None:
            yield _counting(sender, Counted(counted.node, counted.most + 1, None))
    if receiver.unique is not None and sender.unique is not receiver.unique:
        yield sender._replace(unique=not receiver.unique)


def _counting(sender: Arrays, counted: Counted) -> Arrays:
    return sender._replace(counted=sender.counted | {counted})


def _width(clause: Clause) -> int:
    width = len(clause.atom.prefix) if isinstance(clause.atom, Arrays) else 0
    for part in clause.pending:
        for found in reached(part):
            for atom in found.atoms[Type.ARRAY] if found.kind is Kind.BASE else ():
                if isinstance(atom, Arrays):
                    width = max(width, len(atom.prefix))
    return width


def smallest(engine: Engine, array: Arrays) -> Outcome:
    """The shortest array of the set that is found, of small items."""
    if array.most is not None and array.least > array.most:
        return None
    if array.counted:
        return counted_array(engine, array)
    if array.unique is False:
        return _repeating(engine, array)
    if array.least > MAX_PLAIN_ITEMS:
        return Doubt(f"arrays of at least {array.least} items")
    row = [item(array, i) for i in range(array.least)]
    return distinct_row(engine, row) if array.unique else plain_row(engine, row)


def _repeating(engine: Engine, array: Arrays) -> Outcome:
    """An array two of whose items are equal."""
    if array.least > MAX_PLAIN_ITEMS:
        return Doubt(f"arrays of at least {array.least} items")
    doubt: Doubt | None = None
    longest = max(array.least, len(array.prefix) + 2)
    for length in range(array.least, (longest if array.most is None else min(longest, array.most)) + 1):
        outcome = repeating_row(engine, [item(array, i) for i in range(length)], len(array.prefix) + 2)
        if isinstance(outcome, Found):
            return outcome
        doubt = outcome or doubt
    return doubt
