"""Arrays: what is left of one set outside another, and a small array of a set.

Positions up to the longest list of positional schemas in play are told apart; beyond it all positions
are alike, so one of them stands for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.search.meeting import item, lower
from apicontract.schemas.search.objects import reached
from apicontract.schemas.sets.nodes import Arrays, Clause, Counted, Kind, Node, Type
from apicontract.schemas.sets.literals import literals
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome
from apicontract.schemas.sets.values import identity
from apicontract.schemas.verdicts import Nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.handles import Json
    from apicontract.schemas.search.engine import Engine

_MAX_ITEMS = 64
_MAX_PLAIN_ITEMS = 1000
_MAX_COUNTED = 4


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
        return _counted(engine, array)
    if array.unique is False:
        return _repeating(engine, array)
    if array.least > _MAX_PLAIN_ITEMS:
        return Doubt(f"arrays of at least {array.least} items")
    nodes = [item(array, i) for i in range(array.least)]
    return _distinct(engine, nodes) if array.unique else _plain(engine, nodes)


def _plain(engine: Engine, nodes: list[Node]) -> Outcome:
    values: list[Json] = []
    doubt: Doubt | None = None
    for node in nodes:
        outcome = engine.simplest(node)
        if outcome is None:
            return None
        if isinstance(outcome, Doubt):
            doubt = outcome
            values.append(None if isinstance(outcome.guess, Nothing) else outcome.guess)
        else:
            values.append(outcome.value)
    return Found(values) if doubt is None else Doubt(doubt.reason, values)


def _distinct(engine: Engine, nodes: list[Node]) -> Outcome:
    """Pairwise different values; the positions with the fewest choices are not known, so greed may doubt."""
    if len(nodes) > _MAX_ITEMS:
        return Doubt(f"{len(nodes)} items that all differ")
    values: list[Json] = []
    for node in nodes:
        outcome = engine.outside(node, literals(engine.pool, values))
        if outcome is None:
            if engine.simplest(node) is None or len(set(nodes)) == 1:
                return None
            return _matched(engine, nodes)
        if isinstance(outcome, Doubt):
            return Doubt(outcome.reason)
        values.append(outcome.value)
    return Found(values)


def _matched(engine: Engine, nodes: list[Node]) -> Outcome:
    """Different values by bipartite matching over as many values per node as there are positions."""
    choices: list[list[Json]] = []
    for node in nodes:
        own: list[Json] = []
        while len(own) < len(nodes):
            outcome = engine.outside(node, literals(engine.pool, own))
            if isinstance(outcome, Doubt):
                return Doubt(outcome.reason)
            if outcome is None:
                break
            own.append(outcome.value)
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
        return Found([held[index] for index in range(len(nodes))])
    return None


def _repeating(engine: Engine, array: Arrays) -> Outcome:
    """An array two of whose items are equal."""
    if array.least > _MAX_PLAIN_ITEMS:
        return Doubt(f"arrays of at least {array.least} items")
    reach = len(array.prefix) + 2
    doubt: Doubt | None = None
    for second in range(1, reach if array.most is None else min(reach, array.most)):
        for first in range(second):
            shared = engine.simplest(engine.pool.all_of((item(array, first), item(array, second))))
            if shared is None:
                continue
            count = max(array.least, second + 1)
            outcome = _plain(engine, [item(array, i) for i in range(count)])
            if isinstance(outcome, Found) and isinstance(shared, Found) and isinstance(outcome.value, list):
                values = list(outcome.value)
                values[first] = values[second] = shared.value
                return Found(values)
            doubt = next((o for o in (outcome, shared) if isinstance(o, Doubt)), doubt)
    return doubt


def _counted(engine: Engine, array: Arrays) -> Outcome:
    """An array whose numbers of matching items lie in their bounds: position by position, by counts."""
    rules = sorted(array.counted, key=lambda c: (c.node.id, c.least))
    longest = (
        max(array.least, len(array.prefix)) + sum(rule.least for rule in rules) + (array.unique is False)
    )
    if len(rules) > _MAX_COUNTED or longest > _MAX_ITEMS:
        return Doubt("contains with many counts")
    caps = [max(rule.least, 0 if rule.most is None else rule.most + 1) for rule in rules]
    if sum(caps) > _MAX_ITEMS * 4:
        return Doubt("contains with large counts")
    states: dict[tuple[int, ...], list[Node]] = {(0,) * len(rules): []}
    doubt: Doubt | None = None
    for length in range(longest + 1):
        if length >= array.least:
            for counts, nodes in sorted(states.items()):
                if all(
                    n >= r.least and (r.most is None or n <= r.most)
                    for n, r in zip(counts, rules, strict=True)
                ):
                    outcome = _settled(engine, array, nodes)
                    if isinstance(outcome, Found):
                        return outcome
                    doubt = outcome if isinstance(outcome, Doubt) else doubt
        if length == longest or (array.most is not None and length >= array.most):
            break
        states = _extended(engine, item(array, length), rules, caps, states)
        if not states:
            break
    return doubt


def _settled(engine: Engine, array: Arrays, nodes: list[Node]) -> Outcome:
    if array.unique is None:
        return _plain(engine, nodes)
    if array.unique:
        outcome = _distinct(engine, nodes)
        return Doubt("contains beside uniqueItems") if outcome is None else outcome
    outcome = _plain(engine, nodes)
    if isinstance(outcome, Found) and isinstance(outcome.value, list):
        keys = {identity(value) for value in outcome.value}
        return outcome if len(keys) < len(outcome.value) else Doubt("contains beside repeated items")
    return outcome


def _extended(
    engine: Engine,
    own: Node,
    rules: list[Counted],
    caps: list[int],
    states: dict[tuple[int, ...], list[Node]],
) -> dict[tuple[int, ...], list[Node]]:
    """The states one item further: the item matches each subset of the rules that it can match."""
    options = []
    for bits in range(1 << len(rules)):
        parts = [
            rule.node if bits >> i & 1 else engine.pool.negation(rule.node) for i, rule in enumerate(rules)
        ]
        node = engine.pool.all_of((own, *parts))
        if engine.simplest(node) is not None:
            options.append((bits, node))
    found: dict[tuple[int, ...], list[Node]] = {}
    for counts, nodes in states.items():
        for bits, node in options:
            engine.meter.step()
            key = tuple(min(n + (bits >> i & 1), caps[i]) for i, n in enumerate(counts))
            found.setdefault(key, [*nodes, node])
    return found
