"""The contract reading: a property that only the receiver declares is not sent.

A sender whose object declares properties of its own does not send what it never heard of. This room
computes, for a pair of nodes, the restriction of the sender that says so, at every depth: an object
without the receiver's own names. Declarations are those of all applicators of an object together. Where
a sender means exactly one branch (`oneOf`), a value of a branch that declares properties carries none
that only its siblings declare. Everything else stays as JSON Schema has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from apicontract.schemas.search.meeting import item
from apicontract.schemas.sets.nodes import Arrays, Kind, Members, Node, Objects, Type
from apicontract.schemas.sets.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas.budget import Meter
    from apicontract.schemas.sets.nodes import Pool

View = frozenset[Node]
Pair = tuple[View, View]
_REST = None
_MOST_BRANCHES = 8  # of a union whose branches are told apart; larger ones are read as JSON Schema has it
_Key = TypeVar("_Key")


class Step(NamedTuple):
    """One level of a pair: the names not sent, and the pairs below by member name or item index.

    choices: the sender's unions of which a value means one branch: each branch with the names that it
    does not carry.
    """

    unsent: frozenset[str]
    choices: tuple[tuple[tuple[Node, frozenset[str]], ...], ...]
    members: tuple[tuple[str | None, Pair], ...]
    items: tuple[tuple[int | None, Pair], ...]


class Reading:
    """Restrictions by pair of nodes; remembers them."""

    def __init__(self, pool: Pool, meter: Meter) -> None:
        self._pool = pool
        self._meter = meter
        self._steps: dict[Pair, Step] = {}
        self._plain: set[Pair] = set()
        self._built: dict[Pair, Node] = {}
        self._views: dict[Node, View] = {}

    def restricted(self, sender: Node, receiver: Node) -> Node:
        """The sender without what only the receiver declares; the sender itself if that is nothing."""
        if sender is receiver:
            return sender
        pair = (self._view((sender,)), self._view((receiver,)))
        if self._is_plain(pair):
            return sender
        return self._pool.all_of((sender, self._restriction(pair)))

    def _view(self, nodes: Iterable[Node]) -> View:
        """The BASE nodes that the applicators of these nodes combine, and the ONE nodes among those."""
        listed = tuple(nodes)
        if len(listed) == 1:
            known = self._views.get(listed[0])
            if known is not None:
                return known
        found: set[Node] = set()
        seen: set[Node] = set(listed)
        waiting = list(listed)
        while waiting:
            node = waiting.pop()
            if node.kind is Kind.BASE:
                if node.atoms[Type.ARRAY] != self._pool.whole_atoms[Type.ARRAY] or (
                    node.atoms[Type.OBJECT] != self._pool.whole_atoms[Type.OBJECT]
                ):
                    found.add(node)
            elif node.kind is not Kind.NOT:
                if node.kind is Kind.ONE and len(node.parts) <= _MOST_BRANCHES:
                    found.add(node)
                for part in (*node.parts, *((node.target,) if node.target is not None else ())):
                    if part not in seen:
                        seen.add(part)
                        waiting.append(part)
        view = frozenset(found)
        if len(listed) == 1:
            self._views[listed[0]] = view
        return view

    def _is_plain(self, pair: Pair) -> bool:
        """Whether nothing is unsent at any depth; decides every pair below at once."""
        if pair in self._plain or pair[0] == pair[1]:
            return True
        if pair in self._built:
            return False
        above: dict[Pair, list[Pair]] = {pair: []}
        marked: list[Pair] = []
        waiting = [pair]
        while waiting:
            here = waiting.pop()
            step = self._step(here)
            if step.unsent or step.choices or here in self._built:
                marked.append(here)
            for _, below in (*step.members, *step.items):
                if below not in self._plain:
                    if below not in above:
                        above[below] = []
                        waiting.append(below)
                    above[below].append(here)
        restricted: set[Pair] = set()
        while marked:
            here = marked.pop()
            if here not in restricted:
                restricted.add(here)
                marked += above[here]
        self._plain.update(found for found in above if found not in restricted)
        return pair not in restricted

    def _step(self, pair: Pair) -> Step:
        known = self._steps.get(pair)
        if known is None:
            self._meter.step()
            known = self._steps[pair] = self._look(*pair)
        return known

    def _look(self, sender: View, receiver: View) -> Step:
        own, theirs = _objects(sender), _objects(receiver)
        declared = frozenset[str]().union(*(atom.declared for atom in own))
        wanted = frozenset[str]().union(*(atom.declared for atom in theirs))
        required = frozenset[str]().union(*(atom.required for atom in own))
        plain = declared and not any(self._names_are_data(atom) for atom in own)
        unsent = wanted - declared - required if plain else frozenset()
        members: list[tuple[str | None, Pair]] = []
        if own and theirs:
            names: set[str] = set(wanted - unsent)
            for atom in own:
                names |= atom.named.by_name.keys()
            for name in (*sorted(names), _REST):
                self._add(members, name, _member_nodes(own, name), _member_nodes(theirs, name))
        items: list[tuple[int | None, Pair]] = []
        lists, others = _arrays(sender), _arrays(receiver)
        if lists and others:
            width = max(len(atom.prefix) for atom in (*lists, *others))
            for index in range(width):
                self._add(items, index, (item(a, index) for a in lists), (item(a, index) for a in others))
            self._add(items, None, (a.rest for a in lists), (a.rest for a in others))
        choices = (self._choice(node, sender) for node in sorted(sender) if node.kind is Kind.ONE)
        return Step(unsent, tuple(filter(None, choices)), tuple(members), tuple(items))

    def _choice(self, union: Node, sender: View) -> tuple[tuple[Node, frozenset[str]], ...]:
        """Each branch with the names that only its siblings declare; empty if there are none of those.

        Where a tag tells the branches apart, no value is of two, and names need not tell.
        """
        views = [self._view((part,)) for part in union.parts]
        if _tagged(views):
            return ()
        within = frozenset[Node]().union(*views)
        declared = [_declared(view) for view in views]
        beside = _declared(sender - within)
        every = frozenset[str]().union(*declared) - beside
        branches = tuple(
            (
                part,
                frozenset() if not names or any(map(self._names_are_data, _objects(view))) else every - names,
            )
            for part, view, names in zip(union.parts, views, declared, strict=True)
        )
        return branches if any(names for _, names in branches) else ()

    def _names_are_data(self, atom: Objects) -> bool:
        """Whether the object says something of names it does not declare: then any name may be meant."""
        silent = (self._pool.everything, self._pool.nothing)
        return any(values not in silent for _, values in atom.others)

    def _add(
        self, found: list[tuple[_Key, Pair]], key: _Key, own: Iterable[Node], theirs: Iterable[Node]
    ) -> None:
        pair = (self._view(dict.fromkeys(own)), self._view(dict.fromkeys(theirs)))
        if pair[0] and pair[1] and pair[0] != pair[1]:
            found.append((key, pair))

    def _restriction(self, pair: Pair) -> Node:
        """The node of the values without what is unsent; a cell while it is being made."""
        known = self._built.get(pair)
        if known is not None:
            return known
        cell = self._built[pair] = self._pool.cell()
        step = self._step(pair)
        everything = self._pool.everything
        named = dict.fromkeys(sorted(step.unsent), self._pool.nothing)
        rest = everything
        for name, below in step.members:
            if not self._is_plain(below):
                if name is _REST:
                    rest = self._restriction(below)
                else:
                    named[name] = self._restriction(below)
        for name, _ in step.members:
            if name is not _REST:
                named.setdefault(name, everything)
        rows = list(self._pool.whole_atoms)
        rows[Type.OBJECT] = (Objects(Members(named), ((everything, rest),)),)
        made = {index: self._restriction(below) for index, below in step.items if not self._is_plain(below)}
        if made:
            width = max((index + 1 for index in made if index is not None), default=0)
            prefix = tuple(made.get(index, everything) for index in range(width))
            rows[Type.ARRAY] = (Arrays(prefix, made.get(None, everything)),)
        chosen = [
            self._pool.any_of([self._pool.all_of((part, self._without(names))) for part, names in branches])
            for branches in step.choices
        ]
        cell.target = self._built[pair] = self._pool.all_of((self._pool.base(tuple(rows)), *chosen))
        return self._built[pair]

    def _without(self, names: frozenset[str]) -> Node:
        """Values that have no member of these names."""
        everything = self._pool.everything
        rows = list(self._pool.whole_atoms)
        absent = Members(dict.fromkeys(sorted(names), self._pool.nothing))
        rows[Type.OBJECT] = (Objects(absent, ((everything, everything),)),)
        return self._pool.base(tuple(rows))


def _objects(view: View) -> list[Objects]:
    return [a for n in view if n.kind is Kind.BASE for a in n.atoms[Type.OBJECT] if isinstance(a, Objects)]


def _arrays(view: View) -> list[Arrays]:
    return [a for n in view if n.kind is Kind.BASE for a in n.atoms[Type.ARRAY] if isinstance(a, Arrays)]


def _declared(view: View) -> frozenset[str]:
    return frozenset[str]().union(*(atom.declared for atom in _objects(view)))


def _tagged(views: list[View]) -> bool:
    """Whether some member has a closed list of texts in each view, and no text is in two of the lists."""
    tags = [_tags(view) for view in views]
    for name in frozenset(tags[0]).intersection(*tags[1:]):
        lists = [found[name] for found in tags]
        if len(frozenset[str]().union(*lists)) == sum(map(len, lists)):
            return True
    return False


def _tags(view: View) -> dict[str, frozenset[str]]:
    """Members that may only be one of some texts, with those texts."""
    found: dict[str, frozenset[str]] = {}
    for atom in _objects(view):
        for name, node in atom.named.by_name.items():
            texts = node.atoms[Type.STRING] if node.kind is Kind.BASE else ()
            for text in texts if len(texts) == 1 else ():
                if isinstance(text, Strings) and text.listed is not None:
                    found[name] = found.get(name, text.listed) & text.listed
    return found


def _member_nodes(atoms: list[Objects], name: str | None) -> Iterable[Node]:
    for atom in atoms:
        node = atom.named.by_name.get(name) if name is not None else None
        if node is not None:
            yield node
        else:
            for _, values in atom.others:
                yield values
