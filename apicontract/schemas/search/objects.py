"""Objects: what is left of one set outside another, and a small object of a set.

Every piece names the member that makes the difference: a declared one, or a fresh name chosen among the
names that no schema in play mentions, which stands for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.sets.nodes import Clause, Kind, Members, Node, Objects, Type
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome, composed, weight
from apicontract.schemas.sets.strings import EVERY_STRING, Strings
from apicontract.schemas.verdicts import Nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.schemas.handles import Json
    from apicontract.schemas.search.engine import Engine

WISHES = ("extra", "other", "more", "further")
_MAX_PATTERNS = 8
_CHEAP = 5  # comparing 32 members costs a step
_MAX_FILLED = 2000


def pieces(
    engine: Engine, sender: Objects, receiver: Objects, live: list[Clause]
) -> Iterator[Objects | Doubt]:
    """Sets that together are the sender's objects outside the receiver.

    `live` are all clauses that the search is about: the names they mention are never used as fresh names.
    """
    engine.meter.step((len(sender.named.by_name) + len(receiver.named.by_name) + len(live)) >> _CHEAP)
    yield from _by_size(engine, sender, receiver)
    for name in ordered(sender, receiver):
        piece = _by_member(engine, sender, receiver, name)
        if piece is not None:
            yield piece
    known = mentioned(engine, sender, live)
    split = _by_region(engine, sender, live)
    if isinstance(split, Doubt):
        yield split
        return
    yield from _by_fresh_name(engine, split, receiver, known)
    if len(live) > 1 or split is not sender:
        for name in sorted(known - sender.named.by_name.keys() - receiver.named.by_name.keys()):
            piece = _by_member(engine, sender, receiver, name)
            if piece is not None:
                yield piece


def ordered(sender: Objects, receiver: Objects) -> Iterable[str]:
    """Names of both, those required by the receiver first: they tell alternatives apart."""
    names = dict.fromkeys(name for name in receiver.named.by_name if name in receiver.required)
    names.update(dict.fromkeys(receiver.named.by_name))
    names.update(dict.fromkeys(sender.named.by_name))
    names.update(dict.fromkeys(sorted(sender.required)))
    return names


def _by_size(engine: Engine, sender: Objects, receiver: Objects) -> Iterator[Objects]:
    for name in sorted(receiver.required - sender.required):
        yield with_member(sender, name, engine.pool.nothing, required=False)
    least = max(sender.least, len(sender.required))
    if receiver.least > least and (sender.most is None or sender.most >= least):
        most = receiver.least - 1 if sender.most is None else min(sender.most, receiver.least - 1)
        yield sender._replace(most=most)
    if receiver.most is not None and (sender.most is None or sender.most > receiver.most):
        yield sender._replace(least=max(sender.least, receiver.most + 1))


def _by_member(engine: Engine, sender: Objects, receiver: Objects, name: str) -> Objects | None:
    own = engine.meeting.member(sender, name)
    theirs = engine.meeting.member(receiver, name)
    if own is theirs or engine.outside(own, theirs) is None:
        return None
    node = engine.pool.all_of((own, engine.pool.negation(theirs)))
    return with_member(sender, name, node, required=True)


def with_member(value: Objects, name: str, node: Node, *, required: bool) -> Objects:
    """The same objects with the schema of one member replaced."""
    named = dict(value.named.by_name)
    named[name] = node
    return value._replace(
        named=Members(named), required=value.required | {name} if required else value.required
    )


def mentioned(engine: Engine, sender: Objects, live: list[Clause]) -> frozenset[str]:
    """Every member name that the sender or a clause mentions, conditions included."""
    names = set(sender.named.by_name) | sender.required
    for clause in live:
        if isinstance(clause.atom, Objects):
            names |= clause.atom.named.by_name.keys() | clause.atom.required
        for part in clause.pending:
            names |= _names_in(engine, part)
    return frozenset(names)


def _names_in(engine: Engine, node: Node) -> set[str]:
    names: set[str] = set()
    for found in reached(node):
        for atom in found.atoms[Type.OBJECT] if found.kind is Kind.BASE else ():
            if isinstance(atom, Objects):
                names |= atom.named.by_name.keys() | atom.required
    engine.meter.step()
    return names


def reached(node: Node) -> Iterator[Node]:
    """The node and what it combines, members and items apart."""
    waiting = [node]
    seen = {node}
    while waiting:
        found = waiting.pop()
        yield found
        for part in (*found.parts, *((found.target,) if found.target is not None else ())):
            if part not in seen:
                seen.add(part)
                waiting.append(part)


def _by_region(engine: Engine, sender: Objects, live: list[Clause]) -> Objects | Doubt:
    """The sender with its further names divided so that each part is treated alike by every clause."""
    dividing: dict[Node, None] = {}
    for clause in live:
        for atom in _atoms_of(clause):
            if len(atom.others) > 1:
                dividing.update(dict.fromkeys(part for names, _ in atom.others for part in _elements(names)))
    own = {part for names, _ in sender.others for part in _elements(names)}
    left = [names for names in dividing if names not in own]
    if not left:
        return sender
    if len(left) > _MAX_PATTERNS:
        return Doubt(f"more than {_MAX_PATTERNS} name patterns in one object")
    cells = list(sender.others)
    strings = engine.pool.types((Type.STRING,))
    for names in left:
        divided = []
        for own_names, values in cells:
            engine.meter.step()
            for part in (names, engine.pool.negation(names)):
                both = engine.pool.all_of((own_names, part, strings))
                if engine.simplest(both) is not None:
                    divided.append((both, values))
        cells = divided
    return sender._replace(others=tuple(cells))


def _elements(names: Node) -> Iterator[Node]:
    """The sets of names that a combined set is made of."""
    if names.kind in (Kind.AND, Kind.OR, Kind.ONE, Kind.NOT):
        for part in names.parts:
            yield from _elements(part)
    elif names.kind is not Kind.BASE or names.atoms[Type.STRING] != (EVERY_STRING,):
        yield names


def _atoms_of(clause: Clause) -> Iterator[Objects]:
    if isinstance(clause.atom, Objects):
        yield clause.atom
    for part in clause.pending:
        for found in reached(part):
            for atom in found.atoms[Type.OBJECT] if found.kind is Kind.BASE else ():
                if isinstance(atom, Objects):
                    yield atom


def _by_fresh_name(
    engine: Engine, sender: Objects, receiver: Objects, known: frozenset[str]
) -> Iterator[Objects | Doubt]:
    for own_names, own in sender.others:
        for their_names, theirs in receiver.others:
            if own is theirs or engine.outside(own, theirs) is None:
                continue
            names = engine.pool.all_of((own_names, their_names))
            name = fresh(engine, names, known)
            if isinstance(name, Doubt):
                yield name
            elif name is not None:
                node = engine.pool.all_of((own, engine.pool.negation(theirs)))
                yield with_member(sender, str(name.value), node, required=True)


def fresh(engine: Engine, names: Node, known: frozenset[str] | set[str]) -> Outcome:
    """A name of the set that is not among `known`, readable if possible; None if all are known."""
    for wish in WISHES:
        if wish not in known and engine.evaluation.holds(names, wish):
            return Found(wish)
    strings = engine.pool.single(Type.STRING, Strings())
    taken = (
        engine.pool.single(Type.STRING, Strings(listed=frozenset(known))) if known else engine.pool.nothing
    )
    return engine.outside(engine.pool.all_of((names, strings)), taken)


def smallest(engine: Engine, value: Objects) -> Outcome:
    """An object with the required members, as many more as its size demands, and nothing else."""
    if value.most is not None and max(value.least, len(value.required)) > value.most:
        return None
    chosen: dict[str, Found | Doubt] = {}
    in_order = [name for name in value.named.by_name if name in value.required]
    for name in (*in_order, *sorted(value.required - value.named.by_name.keys())):
        outcome = engine.member(name, engine.meeting.member(value, name))
        if outcome is None:
            return None
        chosen[name] = outcome
    doubt = next((outcome for outcome in reversed(chosen.values()) if isinstance(outcome, Doubt)), None)
    if len(chosen) < value.least:
        missing = _fill(engine, value, chosen)
        if missing is None:
            return doubt
        doubt = doubt or missing if isinstance(missing, Doubt) else doubt
    made = {name: _value(outcome) for name, outcome in chosen.items()}
    return composed(made, 1 + sum(map(weight, chosen.values())), doubt)


def _value(outcome: Found | Doubt) -> Json:
    if isinstance(outcome, Found):
        return outcome.value
    return None if isinstance(outcome.guess, Nothing) else outcome.guess


def _fill(engine: Engine, value: Objects, chosen: dict[str, Found | Doubt]) -> Doubt | bool | None:
    """Adds optional members until the object is large enough; None if there are not enough of them."""
    if value.least - len(chosen) > _MAX_FILLED:
        return Doubt(f"objects of at least {value.least} members")
    doubt: Doubt | None = None
    for name, node in value.named.by_name.items():
        if len(chosen) >= value.least:
            return True
        if name not in chosen:
            outcome = engine.simplest(node)
            if isinstance(outcome, Found):
                chosen[name] = outcome
            elif isinstance(outcome, Doubt):
                doubt = outcome
    known = set(value.named.by_name) | set(chosen)
    for names, node in value.others:
        outcome = engine.simplest(node) if len(chosen) < value.least else None
        if isinstance(outcome, Doubt):
            doubt = outcome
        while isinstance(outcome, Found) and len(chosen) < value.least:
            engine.meter.step()
            name_found = fresh(engine, names, known)
            if not isinstance(name_found, Found):
                doubt = name_found or doubt
                break
            chosen[str(name_found.value)] = outcome
            known.add(str(name_found.value))
    return True if len(chosen) >= value.least else doubt
