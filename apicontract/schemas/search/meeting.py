"""What two sets have in common, and the alternatives of a node within one JSON type.

Merges atoms, lists a node's clauses (its normal form, one type at a time, with everything that would
multiply left pending), and tells cheaply that two atoms have nothing in common. Searches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apicontract.schemas.sets import numbers
from apicontract.schemas.sets.nodes import Arrays, Atom, Clause, Kind, Members, Node, Objects, Pool, Type
from apicontract.schemas.sets.numbers import Numbers
from apicontract.schemas.sets.strings import Strings
from apicontract.schemas.sets.values import leads_to_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.sets.strings import Alphabet
    from apicontract.schemas.sets.values import Evaluation


class Nought:
    """The type of `EMPTY`."""


EMPTY: Final = Nought()
_SCALARS = (Type.NULL, Type.BOOLEAN, Type.NUMBER, Type.STRING)
_MAX_COMPLEMENT = 32


class Meeting:
    """Merges atoms and lists alternatives; remembers both."""

    def __init__(self, pool: Pool, alphabet: Alphabet, evaluation: Evaluation) -> None:
        self.pool = pool
        self.alphabet = alphabet
        self.evaluation = evaluation
        self._barren: dict[Node, bool] = {}
        self._disjoint: dict[tuple[int, int], bool] = {}
        # Counts meetings with references whose target is still being read: nothing seen then is kept.
        self._unready = 0

    def types(self, node: Node) -> int:
        """A bit per JSON type the node may hold values of; a clear bit is certain."""
        if node.mask >= 0:
            return node.mask
        mask = 63
        if node.kind is Kind.AND:
            for part in node.parts:
                mask &= self.types(part)
        elif node.kind is Kind.OR or node.kind is Kind.ONE:
            mask = 0
            for part in node.parts:
                mask |= self.types(part)
        elif node.kind is Kind.NOT and node.parts[0].kind is Kind.BASE:
            for kind in Type:
                if node.parts[0].atoms[kind] == self.pool.whole_atoms[kind]:
                    mask &= ~(1 << kind)
        node.mask = mask
        return mask

    def alternatives(self, node: Node, kind: Type) -> tuple[Clause, ...]:
        """Clauses whose union is the node's values of this type; none if it has none."""
        if not self.types(node) >> kind & 1:
            return ()
        known = node.alternatives
        if known is None:
            known = node.alternatives = [None] * 6
        found = known[kind]
        if found is None:
            before = self._unready
            found = self._list(node, kind)
            if self._unready == before:
                known[kind] = found
        return found

    def _list(self, node: Node, kind: Type) -> tuple[Clause, ...]:  # noqa: PLR0911 - one per kind of node
        whole = self.pool.whole[kind]
        if node.kind is Kind.BASE:
            return tuple(Clause(atom) for atom in node.atoms[kind])
        if node.kind is Kind.CELL:
            if node.target is None or leads_to_itself(node) is None:
                self._unready += 1
            if node.target is None or self.evaluation.endless(node):
                return self._bare(kind, self.pool.opaque("a reference that leads only to itself", node.id))
            return self.alternatives(node.target, kind)
        if node.kind is Kind.AND:
            return self._conjunction(node, kind)
        if node.kind is Kind.NOT:
            return self._complement(node, kind)
        if node.kind is Kind.OPAQUE:
            return self._bare(kind, node)
        live = [part for part in node.parts if self.alternatives(part, kind)]
        if node.kind is Kind.ONE and len(live) > 1 and kind is not Type.NULL:
            return self._bare(kind, self.pool.one_of(live))
        if node.kind is Kind.ONE and len(live) > 1:
            return self._one_null(live)
        found = dict.fromkeys(clause for part in live for clause in self.alternatives(part, kind))
        bare = Clause(whole)
        return (bare,) if bare in found and kind is not Type.BOOLEAN else tuple(found)

    def _bare(self, kind: Type, condition: Node) -> tuple[Clause, ...]:
        """All values of the type that meet one condition."""
        return tuple(Clause(atom, (condition,)) for atom in self.pool.whole_atoms[kind])

    def _one_null(self, live: list[Node]) -> tuple[Clause, ...]:
        """Null is a single value: two branches that surely hold it refuse it together."""
        sure = [part for part in live if Clause(None) in self.alternatives(part, Type.NULL)]
        if len(sure) > 1:
            return ()
        if sure:
            return (Clause(None, tuple(self.pool.negation(part) for part in live if part is not sure[0])),)
        return (Clause(None, (self.pool.one_of(live),)),)

    def _conjunction(self, node: Node, kind: Type) -> tuple[Clause, ...]:
        whole = self.pool.whole[kind]
        if kind is Type.BOOLEAN:
            return self._boolean_conjunction(node)
        atom: Atom = whole
        pending: list[Node] = []
        several: list[Node] = []
        for part in node.parts:
            listed = self.alternatives(part, kind)
            if not listed:
                return ()
            if len(listed) > 1:
                several.append(part)
                continue
            shared = self.meet(atom, listed[0].atom)
            if isinstance(shared, Nought):
                return ()
            atom = shared
            pending += listed[0].pending
        clauses = [Clause(atom, tuple(dict.fromkeys(pending)))]
        for part in several:
            listed = self.alternatives(part, kind)
            if kind in _SCALARS and len(listed) * len(clauses) <= _MAX_COMPLEMENT:
                clauses = [
                    Clause(met, tuple(dict.fromkeys((*clause.pending, *other.pending))))
                    for clause in clauses
                    for other in listed
                    if not isinstance(met := self.meet(clause.atom, other.atom), Nought)
                ]
            else:
                clauses = [Clause(c.atom, tuple(dict.fromkeys((*c.pending, part)))) for c in clauses]
        return tuple(clauses)

    def _boolean_conjunction(self, node: Node) -> tuple[Clause, ...]:
        found = []
        for value in (False, True):
            pending: list[Node] = []
            for part in node.parts:
                listed = [c for c in self.alternatives(part, Type.BOOLEAN) if c.atom is value or c.pending]
                if not listed:
                    break
                if not any(c.atom is value and not c.pending for c in listed):
                    pending.append(part)
            else:
                found.append(Clause(value, tuple(pending)))
        return tuple(found)

    def _complement(self, node: Node, kind: Type) -> tuple[Clause, ...]:
        """The negation within one type; computed for scalars, left pending for arrays and objects."""
        whole = self.pool.whole[kind]
        listed = self.alternatives(node.parts[0], kind)
        if kind is Type.BOOLEAN:
            sure = [clause.atom for clause in listed if not clause.pending]
            left = [value for value in (False, True) if value not in sure]
            pending = (node,) if any(clause.pending for clause in listed) else ()
            return tuple(Clause(value, pending) for value in left)
        if not listed:
            return (Clause(whole),)
        if any(clause.atom == whole and not clause.pending for clause in listed):
            return ()
        if kind not in (Type.NUMBER, Type.STRING) or any(clause.pending for clause in listed):
            return (Clause(whole, (node,)),)
        left_over: list[Atom] = [whole]
        for clause in listed:
            left_over = [piece for atom in left_over for piece in self.scalar_pieces(atom, clause.atom)]
            if len(left_over) > _MAX_COMPLEMENT:
                return (Clause(whole, (node,)),)
        return tuple(Clause(atom) for atom in dict.fromkeys(left_over))

    def scalar_pieces(self, sender: Atom, receiver: Atom) -> Iterator[Atom]:
        """Atoms that together are the sender's values outside the receiver, for the four simple types."""
        if isinstance(sender, Numbers) and isinstance(receiver, Numbers):
            yield from numbers.pieces(sender, receiver)
        elif isinstance(sender, Strings) and isinstance(receiver, Strings):
            yield from self.alphabet.pieces(sender, receiver)
        elif sender is not receiver:
            yield sender

    def meet(self, a: Atom, b: Atom) -> Atom | Nought:
        """The values two atoms of one type share, EMPTY if that is seen to be nothing."""
        if a is b:
            return a
        found: Atom
        if isinstance(a, Numbers) and isinstance(b, Numbers):
            found = numbers.meet(a, b)
        elif isinstance(a, Strings) and isinstance(b, Strings):
            found = self.alphabet.meet(a, b)
        elif isinstance(a, Arrays) and isinstance(b, Arrays):
            found = self._meet_arrays(a, b)
        elif isinstance(a, Objects) and isinstance(b, Objects):
            found = self._meet_objects(a, b)
        else:
            return a if a == b else EMPTY
        return EMPTY if found is None else found

    def _meet_arrays(self, a: Arrays, b: Arrays) -> Arrays | None:
        if a.unique is not None and b.unique is not None and a.unique is not b.unique:
            return None
        width = max(len(a.prefix), len(b.prefix))
        both = self.pool.all_of
        return self.settle_array(
            Arrays(
                tuple(both((item(a, i), item(b, i))) for i in range(width)),
                both((a.rest, b.rest)),
                max(a.least, b.least),
                lower(a.most, b.most),
                a.counted | b.counted,
                b.unique if a.unique is None else a.unique,
            ),
        )

    def settle_array(self, array: Arrays) -> Arrays | None:
        """The atom in its one form, or None if it is seen to be empty."""
        prefix, rest, least, most, counted, unique = array
        for index, node in enumerate(prefix):
            if self.barren(node):
                prefix, rest = prefix[:index], self.pool.nothing
                break
        if self.barren(rest):
            rest, most = self.pool.nothing, lower(most, len(prefix))
        if most is not None and most <= len(prefix):
            prefix, rest = prefix[:most], self.pool.nothing
        if most is not None and least > most:
            return None
        while prefix and prefix[-1] is rest:
            prefix = prefix[:-1]
        if unique is False:
            least = max(least, 2)
            if most is not None and most < least:
                return None
        if unique and most is not None and most <= 1:
            unique = None
        return Arrays(prefix, rest, least, most, counted, unique)

    def _meet_objects(self, a: Objects, b: Objects) -> Objects | None:
        named = {
            name: self.pool.all_of((node, self.member(b, name))) for name, node in a.named.by_name.items()
        }
        for name, node in b.named.by_name.items():
            if name not in named:
                named[name] = self.pool.all_of((node, self.member(a, name)))
        if len(a.others) == 1 and len(b.others) == 1:
            others: tuple[tuple[Node, Node], ...] = (
                (self.pool.everything, self.pool.all_of((a.others[0][1], b.others[0][1]))),
            )
        else:
            others = tuple(
                (names, self.pool.all_of((values, other_values)))
                for own_names, values in a.others
                for other_names, other_values in b.others
                if self.alternatives(names := self.pool.all_of((own_names, other_names)), Type.STRING)
            )
        return self.settle_object(
            Objects(
                Members(named),
                others,
                a.required | b.required,
                max(a.least, b.least),
                lower(a.most, b.most),
                a.declared | b.declared,
            ),
        )

    def settle_object(self, value: Objects) -> Objects | None:
        """The atom itself, or None if a required member or its size is seen to be impossible."""
        if value.most is not None and max(value.least, len(value.required)) > value.most:
            return None
        for name in value.required:
            if self.barren(self.member(value, name)):
                return None
        return value

    def member(self, value: Objects, name: str) -> Node:
        """The whole schema of the member `name`."""
        node = value.named.by_name.get(name)
        if node is not None:
            return node
        if len(value.others) == 1:
            return value.others[0][1]
        for names, values in value.others:
            within = self.evaluation.holds(names, name)
            if within:
                return values
            if within is None:
                return self.pool.opaque(
                    "a property name and a pattern that is not regular", (name, value.others)
                )
        return self.pool.everything

    def barren(self, node: Node) -> bool:
        """Whether the node is seen to hold no value without looking inside arrays and objects."""
        found = self._barren.get(node)
        if found is None:
            before = self._unready
            mask = self.types(node)
            found = not mask >> Type.ARRAY and not any(
                self.alternatives(node, kind) for kind in _SCALARS if mask >> kind & 1
            )
            if self._unready == before:
                self._barren[node] = found
        return found

    def apart(self, a: Atom, b: Atom) -> bool:
        """Whether two atoms of one type are seen to have no value in common."""
        if isinstance(a, Objects) and isinstance(b, Objects):
            if (a.most is not None and b.least > a.most) or (b.most is not None and a.least > b.most):
                return True
            return any(self._member_apart(a, b, name) for name in a.required | b.required)
        if isinstance(a, Arrays) and isinstance(b, Arrays):
            if (a.most is not None and b.least > a.most) or (b.most is not None and a.least > b.most):
                return True
            shared = min(max(a.least, b.least), max(len(a.prefix), len(b.prefix)) + 1)
            return any(self.disjoint(item(a, i), item(b, i)) for i in range(shared))
        return isinstance(self.meet(a, b), Nought)

    def _member_apart(self, a: Objects, b: Objects, name: str) -> bool:
        own = a.named.by_name.get(name)
        if own is None:
            own = self.member(a, name)
        theirs = b.named.by_name.get(name)
        if theirs is None:
            theirs = self.member(b, name)
        return self.disjoint(own, theirs)

    def disjoint(self, a: Node, b: Node) -> bool:
        """Whether two nodes are seen to share no value without looking inside arrays and objects."""
        if a is b or a is self.pool.everything or b is self.pool.everything:
            return a is b and self.barren(a)
        key = (a.id, b.id)
        found = self._disjoint.get(key)
        if found is None:
            before = self._unready
            shared = self.types(a) & self.types(b)
            found = shared == 0 or (not shared >> Type.ARRAY and self.barren(self.pool.all_of((a, b))))
            if self._unready == before:
                self._disjoint[key] = found
        return found


def item(array: Arrays, index: int) -> Node:
    """The schema of the item at `index`."""
    return array.prefix[index] if index < len(array.prefix) else array.rest


def lower(a: int | None, b: int | None) -> int | None:
    """The lower of two upper bounds, None being no bound."""
    if a is None:
        return b
    return a if b is None else min(a, b)
