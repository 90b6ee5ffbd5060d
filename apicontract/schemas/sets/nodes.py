"""The internal form of a schema: hash-consed nodes, free of any dialect.

A node denotes a set of JSON values. A BASE node lists, per JSON type, atoms whose union is the set;
the other kinds combine nodes. Equal structure is one object, so two unchanged schemas are `is` the same.
Knows structure only: what atoms mean is for the rooms beside it, what follows from them for `engine`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from apicontract.schemas.sets.numbers import EVERY_NUMBER, Numbers
from apicontract.schemas.sets.strings import EVERY_STRING, Strings

if TYPE_CHECKING:
    from collections.abc import Iterable


class Type(IntEnum):
    """The six JSON types, and the places of their atoms in a BASE node."""

    NULL = 0
    BOOLEAN = 1
    NUMBER = 2
    STRING = 3
    ARRAY = 4
    OBJECT = 5


class Kind(IntEnum):
    """What a node is made of."""

    BASE = 0
    AND = 1
    OR = 2
    ONE = 3
    NOT = 4
    CELL = 5
    OPAQUE = 6


class Node:
    """One interned set of values; `id` orders nodes and names them in memo keys."""

    __slots__ = ("alternatives", "atoms", "id", "kind", "mask", "parts", "reason", "target")

    def __init__(self, number: int, kind: Kind, parts: tuple[Node, ...]) -> None:
        self.id = number
        self.kind = kind
        self.parts = parts
        self.atoms: tuple[tuple[Atom, ...], ...] = ()
        self.mask = -1
        self.alternatives: list[tuple[Clause, ...] | None] | None = None
        self.target: Node | None = None
        self.reason = ""

    def __repr__(self) -> str:
        """For people reading a failed test."""
        return f"<{self.kind.name} {self.id}>"

    def __lt__(self, other: Node) -> bool:
        """Order of creation."""
        return self.id < other.id


class Counted(NamedTuple):
    """`contains`: between `least` and `most` items are values of `node`."""

    node: Node
    least: int
    most: int | None


class Arrays(NamedTuple):
    """Arrays by position, length, counted members and distinctness.

    unique: True all items differ, False some two are equal, None either.
    """

    prefix: tuple[Node, ...]
    rest: Node
    least: int = 0
    most: int | None = None
    counted: frozenset[Counted] = frozenset()
    unique: bool | None = None


class Members:
    """The members of an object that have a schema of their own: a hashable, unordered mapping."""

    __slots__ = ("_hash", "by_name")

    def __init__(self, by_name: dict[str, Node]) -> None:
        self.by_name = by_name
        self._hash = hash(frozenset(by_name.items()))

    def __eq__(self, other: object) -> bool:
        """Same names with the same nodes."""
        return self is other or (isinstance(other, Members) and self.by_name == other.by_name)

    def __hash__(self) -> int:
        """Agrees with equality."""
        return self._hash


class Objects(NamedTuple):
    """Objects by member.

    named: name to the whole schema of that member. others: a partition of all further names into
    (set of names, schema of their values); the sets cover every string. declared: names that the
    schema's author listed under `properties`.
    """

    named: Members
    others: tuple[tuple[Node, Node], ...]
    required: frozenset[str] = frozenset()
    least: int = 0
    most: int | None = None
    declared: frozenset[str] = frozenset()


Atom = bool | None | Numbers | Strings | Arrays | Objects


class Clause(NamedTuple):
    """One alternative of a node within one type: an atom, and conditions still to be looked at."""

    atom: Atom
    pending: tuple[Node, ...] = ()


class Pool:
    """Makes and interns nodes; one per session."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Node] = {}
        self._count = 0
        self.nothing = self._new(("base", ((),) * 6), Kind.BASE, ())
        self.nothing.atoms = ((),) * 6
        self.nothing.mask = 0
        self.everything = self._new(("all",), Kind.BASE, ())
        any_array = Arrays((), self.everything)
        any_object = Objects(Members({}), ((self.everything, self.everything),))
        self.whole: tuple[Atom, ...] = (None, None, EVERY_NUMBER, EVERY_STRING, any_array, any_object)
        self.whole_atoms: tuple[tuple[Atom, ...], ...] = (
            (None,),
            (False, True),
            (EVERY_NUMBER,),
            (EVERY_STRING,),
            (any_array,),
            (any_object,),
        )
        self.everything.atoms = self.whole_atoms
        self.everything.mask = 63
        self._known["base", self.whole_atoms] = self.everything

    def _new(self, key: tuple[Any, ...], kind: Kind, parts: tuple[Node, ...]) -> Node:
        node = Node(self._count, kind, parts)
        self._count += 1
        self._known[key] = node
        return node

    def base(self, atoms: tuple[tuple[Atom, ...], ...]) -> Node:
        """The union of these atoms, given per type in the order of `Type`."""
        key = ("base", atoms)
        node = self._known.get(key)
        if node is None:
            node = self._new(key, Kind.BASE, ())
            node.atoms = atoms
            node.mask = sum(1 << index for index, found in enumerate(atoms) if found)
        return node

    def single(self, kind: Type, *atoms: Atom) -> Node:
        """Only values of one type: the union of these atoms."""
        rows: list[tuple[Atom, ...]] = [()] * 6
        rows[kind] = atoms
        return self.base(tuple(rows))

    def narrowed(self, kind: Type, *atoms: Atom) -> Node:
        """Every value of the other types, and of this one the union of these atoms."""
        rows = list(self.whole_atoms)
        rows[kind] = atoms
        return self.base(tuple(rows))

    def types(self, wanted: Iterable[Type]) -> Node:
        """Every value of these types."""
        rows: list[tuple[Atom, ...]] = [()] * 6
        for kind in wanted:
            rows[kind] = self.whole_atoms[kind]
        return self.base(tuple(rows))

    def all_of(self, parts: Iterable[Node]) -> Node:
        """The values in every part."""
        flat: set[Node] = set()
        for part in parts:
            if part.kind is Kind.AND:
                flat.update(part.parts)
            elif part is not self.everything:
                flat.add(part)
        if self.nothing in flat:
            return self.nothing
        for part in flat:
            if part.kind is Kind.NOT and part.parts[0] in flat:
                return self.nothing
        return self._combined(Kind.AND, flat, self.everything)

    def any_of(self, parts: Iterable[Node]) -> Node:
        """The values in some part."""
        flat: set[Node] = set()
        for part in parts:
            if part.kind is Kind.OR:
                flat.update(part.parts)
            elif part is not self.nothing:
                flat.add(part)
        if self.everything in flat:
            return self.everything
        for part in flat:
            if part.kind is Kind.NOT and part.parts[0] in flat:
                return self.everything
        return self._combined(Kind.OR, flat, self.nothing)

    def one_of(self, parts: Iterable[Node]) -> Node:
        """The values in exactly one part; a part given twice accepts nothing."""
        listed = [part for part in parts if part is not self.nothing]
        once = (
            {part for part in listed if listed.count(part) == 1}
            if len(set(listed)) < len(listed)
            else set(listed)
        )
        twice = set(listed) - once
        if twice:
            rest = self._combined(Kind.ONE, once, self.nothing)
            return self.all_of([rest, *(self.negation(part) for part in twice)])
        return self._combined(Kind.ONE, once, self.nothing)

    def _combined(self, kind: Kind, parts: set[Node], none: Node) -> Node:
        if not parts:
            return none
        if len(parts) == 1:
            return next(iter(parts))
        ordered = tuple(sorted(parts))
        key = (kind, ordered)
        node = self._known.get(key)
        return node if node is not None else self._new(key, kind, ordered)

    def negation(self, part: Node) -> Node:
        """The values not in `part`."""
        if part.kind is Kind.NOT:
            return part.parts[0]
        if part is self.everything:
            return self.nothing
        if part is self.nothing:
            return self.everything
        key = (Kind.NOT, part)
        node = self._known.get(key)
        return node if node is not None else self._new(key, Kind.NOT, (part,))

    def cell(self) -> Node:
        """A node whose target is set later: the way a recursive schema refers to itself."""
        return self._new(("cell", self._count), Kind.CELL, ())

    def opaque(self, reason: str, text: object) -> Node:
        """A set nothing is known of, except that it equals itself: same reason and text, same node."""
        key = ("opaque", reason, text)
        node = self._known.get(key)
        if node is None:
            node = self._new(key, Kind.OPAQUE, ())
            node.reason = reason
        return node
