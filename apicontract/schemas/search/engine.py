"""The search for a value of one set outside another: containment, emptiness and witnesses in one.

`Engine.outside(sub, sup)` looks for the smallest kind of proof or value: None proves `sub` contained in
`sup`, `Found` is a value of `sub` outside `sup`. The search is guided by `sup`: its alternatives are
subtracted from an alternative of `sub` piece by piece; conditions of `sub` that would multiply
alternatives are looked at only if a value found without them violates them. A negation is moved to the
other side and never expanded.

Recursion: a pair met again while it is under question contributes no value of its own, which is the
least fixpoint (a smallest value outside does not contain another such value). A proof that rests on such
an assumption is kept only when the pair it rests on is proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.budget import Exhausted
from apicontract.schemas.search import arrays, objects
from apicontract.schemas.search.meeting import Meeting, Nought
from apicontract.schemas.sets.nodes import Arrays, Atom, Clause, Kind, Node, Objects, Pool, Type
from apicontract.schemas.sets.numbers import Numbers, Unmeasurable, simplest, written
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome, parts_of
from apicontract.schemas.sets.strings import Alphabet, Strings
from apicontract.schemas.sets.values import Evaluation
from apicontract.schemas.verdicts import Nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.schemas.budget import Meter
    from apicontract.schemas.handles import Json


_NEVER = 1 << 30
# From this many alternatives on, equal ones are looked up; looking at 8 of them costs a step.
_MANY = 12
_MAX_KNOWN = 500_000
_CHEAP = 3
_PAIRED = 3  # telling 8 pairs of branches apart costs a step
_HELD = 4  # and asking 16 branches about a value


class Piece(NamedTuple):
    """Part of an atom, with further conditions on it."""

    atom: Atom
    pending: tuple[Node, ...] = ()


class Engine:
    """Decides pairs of nodes; remembers every pair it has decided."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.pool = Pool()
        self.alphabet = Alphabet(meter)
        self.evaluation = Evaluation(self.alphabet)
        self.meeting = Meeting(self.pool, self.alphabet, self.evaluation)
        self.familiar: dict[tuple[str, Node], list[Json]] = {}
        self._known: dict[tuple[int, int], Outcome] = {}
        self._assumed: dict[tuple[int, int], tuple[Outcome, int]] = {}
        self._stack: dict[tuple[int, int], int] = {}
        self._lowest = _NEVER
        self._many: tuple[tuple[Clause, ...], frozenset[Atom]] | None = None

    def restart(self) -> None:
        """Forget what an interrupted question left behind, and everything when it has become too much."""
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        self._stack.clear()
        self._assumed.clear()
        self._lowest = _NEVER
        self.meter.restart()

    def outside(self, sub: Node, sup: Node) -> Outcome:
        """A value of `sub` that is not in `sup`; None if there is none. Raises Exhausted."""
        sub, sup = self._arranged(sub, sup)
        if self._evident(sub, sup):
            return None
        key = (sub.id, sup.id)
        if key in self._known:
            return self._known[key]
        if key in self._stack:
            self._lowest = min(self._lowest, self._stack[key])
            return None
        if key in self._assumed:
            outcome, level = self._assumed[key]
            self._lowest = min(self._lowest, level)
            return outcome
        return self._decide(key, sub, sup)

    def member(self, name: str, node: Node) -> Outcome:
        """A value for the member `name`: one that the contract shows for it, else a small one."""
        for part in (node, *node.parts):
            told = part.parts[0] if part.kind is Kind.NOT else part
            for value in self.familiar.get((name, told), ()):
                if self.evaluation.holds(node, value):
                    return Found(value, parts_of(value))
        return self.simplest(node)

    def simplest(self, node: Node) -> Outcome:
        """A small value of the node; None if it has none."""
        return self.outside(node, self.pool.nothing)

    def _arranged(self, sub: Node, sup: Node) -> tuple[Node, Node]:
        """The same question with references followed and negations of `sub` moved to `sup`."""
        while sub.target is not None and not self.evaluation.endless(sub):
            sub = sub.target
        while sup.target is not None and not self.evaluation.endless(sup):
            sup = sup.target
        if sup.kind is Kind.NOT:
            sub, sup = self.pool.all_of((sub, sup.parts[0])), self.pool.nothing
        if sub.kind is Kind.NOT:
            sub, sup = self.pool.everything, self.pool.any_of((sup, sub.parts[0]))
        elif sub.kind is Kind.AND and any(part.kind is Kind.NOT for part in sub.parts):
            negated = [part.parts[0] for part in sub.parts if part.kind is Kind.NOT]
            sub = self.pool.all_of(part for part in sub.parts if part.kind is not Kind.NOT)
            sup = self.pool.any_of((sup, *negated))
        return sub, sup

    def _evident(self, sub: Node, sup: Node) -> bool:
        """Whether containment shows in how the nodes are put together."""
        if sub is sup or sup is self.pool.everything or not self.meeting.types(sub):
            return True
        given = sub.parts if sub.kind is Kind.AND else (sub,)
        return sup in given or (sup.kind is Kind.OR and any(part in sup.parts for part in given))

    def _decide(self, key: tuple[int, int], sub: Node, sup: Node) -> Outcome:
        self.meter.step()
        depth = len(self._stack)
        if depth >= self.meter.budget.depth:
            msg = f"schemas nested deeper than {depth} levels"
            raise Exhausted(msg)
        above = self._lowest
        self._lowest = _NEVER
        self._stack[key] = depth
        outcome = self._compare(sub, sup)
        del self._stack[key]
        own = self._lowest
        if isinstance(outcome, Found) or own >= depth:
            own = _NEVER
            self._known[key] = outcome
        else:
            self._assumed[key] = (outcome, own)
        if self._assumed:
            self._settle(depth, outcome, own)
        self._lowest = min(above, own)
        return outcome

    def _settle(self, depth: int, outcome: Outcome, own: int) -> None:
        """The pair at `depth` has an outcome: what was concluded on its account is kept or forgotten."""
        for key, (concluded, level) in list(self._assumed.items()):
            if level < depth:
                continue
            del self._assumed[key]
            if outcome is None and own == _NEVER:
                self._known[key] = concluded
            elif outcome is None:
                self._assumed[key] = (concluded, own)

    def _compare(self, sub: Node, sup: Node) -> Outcome:
        if sup.kind is Kind.AND:
            return self._first(self.outside(sub, part) for part in sup.parts)
        if sub.kind is Kind.OR:
            return self._first(self.outside(part, sup) for part in sub.parts)
        return self._first(self._by_type(sub, sup))

    def _by_type(self, sub: Node, sup: Node) -> Iterator[Outcome]:
        for kind in Type:
            clauses = self.meeting.alternatives(sub, kind)
            if clauses:
                covering = self.meeting.alternatives(sup, kind)
                for atom, pending in clauses:
                    yield self._search(kind, atom, pending, covering, ())

    def _first(self, outcomes: Iterable[Outcome]) -> Outcome:
        """The first value found; else a doubt if there was one; else the proof that there is none."""
        doubt: Doubt | None = None
        for outcome in outcomes:
            if isinstance(outcome, Found):
                return outcome
            if isinstance(outcome, Doubt) and (doubt is None or isinstance(doubt.guess, Nothing)):
                doubt = outcome
        return doubt

    def _search(
        self,
        kind: Type,
        atom: Atom,
        pending: tuple[Node, ...],
        covering: tuple[Clause, ...],
        facts: tuple[Node, ...],
    ) -> Outcome:
        """A value of the atom that meets all of `pending` and is in none of `covering`."""
        self.meter.step()
        outcome: Found | Doubt = Doubt("")
        answers: list[bool | None] = [None] * len(pending)
        if not pending or atom != self.pool.whole[kind] or pending[0].kind is not Kind.ONE:
            found = self._uncovered(kind, atom, covering, facts + pending)
            if found is None or not pending:
                return found
            outcome = found
            if isinstance(outcome, Found):
                before = self.evaluation.work
                answers = [self.evaluation.holds(part, outcome.value) for part in pending]
                looked = self.evaluation.work - before + sum(len(part.parts) for part in pending)
                self.meter.step(looked >> _HELD)
                if all(answers):
                    return outcome
        order = sorted(
            range(len(pending)),
            key=lambda i: (_is_opaque(pending[i]), answers[i] is not False, answers[i] is True),
        )
        chosen = pending[order[0]]
        if _is_opaque(chosen):
            return Doubt(_reason(chosen), _value(outcome))
        rest = pending[: order[0]] + pending[order[0] + 1 :]
        return self._first(self._expanded(kind, atom, chosen, rest, covering, facts))

    def _expanded(
        self,
        kind: Type,
        atom: Atom,
        chosen: Node,
        rest: tuple[Node, ...],
        covering: tuple[Clause, ...],
        facts: tuple[Node, ...],
    ) -> Iterator[Outcome]:
        """The search with one pending condition replaced by its alternatives."""
        if chosen.kind is Kind.NOT and chosen.parts[0].kind is Kind.ONE:
            yield from self._none_or_two(kind, atom, chosen.parts[0].parts, rest, covering, facts)
        elif chosen.kind is Kind.NOT:
            denied = [chosen.parts[0]]
            kept = []
            for part in rest:
                if part.kind is Kind.NOT and part.parts[0].kind not in (Kind.ONE, Kind.OPAQUE):
                    denied.append(part.parts[0])
                else:
                    kept.append(part)
            more = tuple(clause for node in denied for clause in self.meeting.alternatives(node, kind))
            yield self._search(kind, atom, tuple(kept), covering + more, facts)
        elif chosen.kind is Kind.ONE:
            for part in chosen.parts:
                others = tuple(self.pool.negation(other) for other in chosen.parts if other is not part)
                yield from self._narrowed(kind, atom, part, rest + others, covering, facts)
        else:
            yield from self._narrowed(kind, atom, chosen, rest, covering, facts)

    def _none_or_two(
        self,
        kind: Type,
        atom: Atom,
        parts: tuple[Node, ...],
        rest: tuple[Node, ...],
        covering: tuple[Clause, ...],
        facts: tuple[Node, ...],
    ) -> Iterator[Outcome]:
        """Values for which not exactly one part holds; a part known to hold leaves only the others to try."""
        for sure in parts:
            for clause in self.meeting.alternatives(sure, kind):
                if not clause.pending and self._within(atom, clause, facts):
                    self.meter.step(len(parts) >> _PAIRED)
                    for other in parts:
                        if other is not sure:
                            yield from self._narrowed(kind, atom, other, rest, covering, facts)
                    return
        every = tuple(clause for part in parts for clause in self.meeting.alternatives(part, kind))
        yield self._search(kind, atom, rest, covering + every, facts)
        for i, first in enumerate(parts):
            for clause in self.meeting.alternatives(first, kind):
                met = self.meeting.meet(atom, clause.atom)
                if isinstance(met, Nought):
                    continue
                self.meter.step(len(parts) >> _PAIRED)
                for second in parts[i + 1 :]:
                    yield from self._narrowed(kind, met, second, rest + clause.pending, covering, facts)

    def _within(self, atom: Atom, clause: Clause, facts: tuple[Node, ...]) -> bool:
        """Whether nothing of the atom is outside the clause."""
        if self.meeting.apart(atom, clause.atom):
            return False
        return next(self._pieces(atom, clause, [clause], facts), None) is None

    def _narrowed(
        self,
        kind: Type,
        atom: Atom,
        node: Node,
        rest: tuple[Node, ...],
        covering: tuple[Clause, ...],
        facts: tuple[Node, ...],
    ) -> Iterator[Outcome]:
        clauses = self.meeting.alternatives(node, kind)
        self.meter.step(len(clauses) >> _CHEAP)
        for clause in clauses:
            if kind is Type.OBJECT and self.meeting.apart(atom, clause.atom):
                continue
            self.meter.step()
            met = self.meeting.meet(atom, clause.atom)
            if not isinstance(met, Nought):
                yield self._search(kind, met, tuple(dict.fromkeys(rest + clause.pending)), covering, facts)

    def _uncovered(
        self, kind: Type, atom: Atom, covering: tuple[Clause, ...], facts: tuple[Node, ...]
    ) -> Outcome:
        """A value of the atom in none of `covering`; `facts` are conditions known to hold."""
        if self._listed(atom, covering):
            return None
        self.meter.step(len(covering) >> _CHEAP)
        live = [clause for clause in covering if not self.meeting.apart(atom, clause.atom)]
        for clause in live:
            if clause.atom == atom and all(part in facts for part in clause.pending):
                return None
        if not live:
            return self._smallest(atom)
        if len(live) == 1:
            return self._first(self._pursue(kind, self._pieces(atom, live[0], live, facts), (), facts))
        for clause in live:
            if next(self._pieces(atom, clause, live, facts), None) is None:
                return None
        chosen, found = self._easiest(atom, live, facts)
        rest = tuple(clause for clause in live if clause is not chosen)
        return self._first(self._pursue(kind, found, rest, facts))

    def _listed(self, atom: Atom, covering: tuple[Clause, ...]) -> bool:
        """Whether the atom itself is among many alternatives: a long list is looked up, not searched."""
        if len(covering) < _MANY:
            return False
        if self._many is None or self._many[0] is not covering:
            self._many = (covering, frozenset(clause.atom for clause in covering if not clause.pending))
        return atom in self._many[1]

    def _easiest(
        self, atom: Atom, live: list[Clause], facts: tuple[Node, ...]
    ) -> tuple[Clause, list[Piece | Doubt]]:
        """The clause to subtract first: one that only adds conditions, else one that leaves few pieces."""
        best: tuple[Clause, list[Piece | Doubt]] | None = None
        for clause in live:
            found = []
            for piece in self._pieces(atom, clause, live, facts):
                found.append(piece)
                if best is not None and len(found) >= len(best[1]):
                    break
            else:
                best = clause, found
                if all(isinstance(piece, Piece) and piece.atom is atom for piece in found):
                    break
        assert best is not None  # noqa: S101 - live is not empty, and the first clause is not cut short
        return best

    def _pursue(
        self, kind: Type, found: Iterable[Piece | Doubt], rest: tuple[Clause, ...], facts: tuple[Node, ...]
    ) -> Iterator[Outcome]:
        for piece in found:
            self.meter.step()
            if isinstance(piece, Doubt):
                yield piece
            else:
                yield self._search(kind, piece.atom, piece.pending, rest, facts)

    def _pieces(
        self, atom: Atom, clause: Clause, live: list[Clause], facts: tuple[Node, ...]
    ) -> Iterator[Piece | Doubt]:
        """What remains of the atom outside one clause."""
        if isinstance(atom, Objects) and isinstance(clause.atom, Objects):
            for part in objects.pieces(self, atom, clause.atom, live):
                yield part if isinstance(part, Doubt) else Piece(part)
        elif isinstance(atom, Arrays) and isinstance(clause.atom, Arrays):
            for array in arrays.pieces(self, atom, clause.atom, live):
                yield Piece(array)
        else:
            for scalar in self.meeting.scalar_pieces(atom, clause.atom):
                yield Piece(scalar)
        for condition in clause.pending:
            if condition not in facts:
                yield Piece(atom, (self.pool.negation(condition),))

    def _smallest(self, atom: Atom) -> Outcome:
        """A small value of one atom."""
        if isinstance(atom, Objects):
            return objects.smallest(self, atom)
        if isinstance(atom, Arrays):
            return arrays.smallest(self, atom)
        if isinstance(atom, Numbers):
            try:
                number = simplest(atom)
            except Unmeasurable as problem:
                return Doubt(str(problem))
            return None if number is None else Found(written(number))
        if isinstance(atom, Strings):
            return self.alphabet.simplest(atom)
        return Found(atom)


def _value(outcome: Found | Doubt) -> Json | Nothing:
    return outcome.value if isinstance(outcome, Found) else outcome.guess


def _is_opaque(node: Node) -> bool:
    return node.kind is Kind.OPAQUE or (node.kind is Kind.NOT and node.parts[0].kind is Kind.OPAQUE)


def _reason(node: Node) -> str:
    return node.reason if node.kind is Kind.OPAQUE else node.parts[0].reason
