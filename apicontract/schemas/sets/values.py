"""Whether a JSON value is in a node's set, in three values: yes, no, not known."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from apicontract.schemas.sets.nodes import Arrays, Kind, Node, Objects, Type
from apicontract.schemas.sets.numbers import Numbers, exact
from apicontract.schemas.sets.numbers import holds as number_holds
from apicontract.schemas.sets.strings import Alphabet, Strings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas.handles import Json
    from apicontract.schemas.sets.nodes import Atom


def type_of(value: Json) -> Type:
    """The JSON type of a value."""
    if value is None:
        return Type.NULL
    if isinstance(value, bool):
        return Type.BOOLEAN
    if isinstance(value, int | float | Decimal):
        return Type.NUMBER
    if isinstance(value, str):
        return Type.STRING
    return Type.ARRAY if isinstance(value, list) else Type.OBJECT


def identity(value: Json) -> object:
    """A hashable key, equal for two values if JSON Schema calls them equal: true is not 1, 1.0 is 1."""
    if isinstance(value, dict):
        return "object", frozenset((name, identity(item)) for name, item in value.items())
    if isinstance(value, list):
        return "array", tuple(identity(item) for item in value)
    if isinstance(value, bool) or value is None:
        return "constant", repr(value)
    if isinstance(value, str):
        return value
    return exact(value)


def every(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued "and"; stops at the first no."""
    found: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            found = None
    return found


def some(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued "or"; stops at the first yes."""
    found: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            found = None
    return found


class Evaluation:
    """Evaluates nodes on values; `work` counts the combined nodes it has looked at."""

    def __init__(self, alphabet: Alphabet) -> None:
        self._alphabet = alphabet
        self._endless: dict[Node, bool] = {}
        self.work = 0
        self._answers: dict[tuple[Node, int], bool | None] = {}

    def holds(self, node: Node, value: Json) -> bool | None:
        """Whether `value` is in the set; None if a part that is not understood decides it."""
        try:
            return self._held(node, value)
        finally:
            self._answers.clear()

    def _held(self, node: Node, value: Json) -> bool | None:
        if node.kind is Kind.BASE:
            return some(self.in_atom(atom, value) for atom in node.atoms[type_of(value)])
        key = (node, id(value))
        if key not in self._answers:
            self._answers[key] = self._combined(node, value)
        return self._answers[key]

    def _combined(self, node: Node, value: Json) -> bool | None:
        """The answer of a node that is made of others; within one value each is asked once."""
        self.work += 1
        kind = node.kind
        if kind is Kind.AND:
            return every(self._held(part, value) for part in node.parts)
        if kind is Kind.OR:
            return some(self._held(part, value) for part in node.parts)
        if kind is Kind.NOT:
            answer = self._held(node.parts[0], value)
            return None if answer is None else not answer
        if kind is Kind.ONE:
            return self._exactly_one(node, value)
        if kind is Kind.CELL and node.target is not None:
            return None if self.endless(node) else self._held(node.target, value)
        return None

    def endless(self, cell: Node) -> bool:
        """Whether following a reference comes back to it without passing a member or an item."""
        found = self._endless.get(cell)
        if found is None:
            known = leads_to_itself(cell)
            if known is None:
                return True
            found = self._endless[cell] = known
        return found

    def _exactly_one(self, node: Node, value: Json) -> bool | None:
        yes = unsure = 0
        for part in node.parts:
            answer = self._held(part, value)
            if answer is None:
                unsure += 1
            elif answer:
                yes += 1
                if yes > 1:
                    return False
        if unsure:
            return None
        return yes == 1

    def in_atom(self, atom: Atom, value: Json) -> bool | None:
        """Whether `value`, of the atom's own type, is in the atom."""
        if isinstance(atom, Numbers):
            return number_holds(atom, exact(value))  # type: ignore[arg-type]
        if isinstance(atom, Strings):
            return self._alphabet.holds(atom, value)  # type: ignore[arg-type]
        if isinstance(atom, Objects):
            return self._in_object(atom, value)  # type: ignore[arg-type]
        if isinstance(atom, Arrays):
            return self._in_array(atom, value)  # type: ignore[arg-type]
        return atom is value

    def _in_object(self, atom: Objects, value: dict[str, Json]) -> bool | None:
        if not atom.required <= value.keys() or len(value) < atom.least:
            return False
        if atom.most is not None and len(value) > atom.most:
            return False
        return every(self._member_holds(atom, name, item) for name, item in value.items())

    def _member_holds(self, atom: Objects, name: str, item: Json) -> bool | None:
        node = atom.named.by_name.get(name)
        if node is not None:
            return self._held(node, item)
        if len(atom.others) == 1:
            return self._held(atom.others[0][1], item)
        unsure = False
        for names, values in atom.others:
            within = self._held(names, name)
            if within:
                return self._held(values, item)
            unsure = unsure or within is None
        return None if unsure else False

    def _in_array(self, atom: Arrays, value: list[Json]) -> bool | None:
        if len(value) < atom.least or (atom.most is not None and len(value) > atom.most):
            return False
        if atom.unique is not None:
            differ = len({identity(item) for item in value}) == len(value)
            if differ is not atom.unique:
                return False
        width = len(atom.prefix)
        answer = every(
            self._held(atom.prefix[i] if i < width else atom.rest, item) for i, item in enumerate(value)
        )
        if answer is False:
            return False
        for node, least, most in atom.counted:
            found = [self._held(node, item) for item in value]
            yes, unsure = found.count(True), found.count(None)
            if yes + unsure < least or (most is not None and yes > most):
                return False
            if yes < least or (most is not None and yes + unsure > most):
                answer = None
        return answer


def leads_to_itself(node: Node) -> bool | None:
    """Whether following applicators (not members or items) from this cell comes back to it.

    None while a cell on the way has no target yet.
    """
    waiting = [node.target]
    seen: set[Node] = set()
    while waiting:
        found = waiting.pop()
        if found is node:
            return True
        if found is None:
            return None
        if found not in seen:
            seen.add(found)
            waiting.extend(found.parts)
            if found.kind is Kind.CELL:
                waiting.append(found.target)
    return False
