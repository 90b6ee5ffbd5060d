"""OpenAPI's `discriminator`: the value of one property selects the branch of a oneOf or anyOf.

A branch goes by the tags that the mapping gives it, or by the name of its component where it gives none;
any other value selects nothing, so no branch accepts it (OpenAPI 3.0.3 and 3.1.0, "Discriminator
Object"). A branch that itself fixes the property to other values is left alone: there the author's schema
says more than the names do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.handles import unescape
from apicontract.schemas.sets.nodes import Members, Node, Objects, Type
from apicontract.schemas.sets.strings import Strings

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json
    from apicontract.schemas.translation.translate import Place, Translator


def tagged(
    translator: Translator, nodes: list[Node], listed: list[Json], discriminator: Json, place: Place
) -> list[Node]:
    """The branches, each restricted to the tags that select it; unchanged if one is no reference."""
    tags = branch_tags(listed, discriminator, place)
    if tags is None:
        return nodes
    name, per_branch = tags
    return [_restricted(translator, node, name, words) for node, words in zip(nodes, per_branch, strict=True)]


def branch_tags(
    listed: list[Json], discriminator: Json, place: Place
) -> tuple[str, list[frozenset[str]]] | None:
    """The property and, per branch, the values that select it; None if the discriminator says nothing."""
    if not isinstance(discriminator, dict) or not isinstance(discriminator.get("propertyName"), str):
        return None
    targets = []
    for branch in listed:
        ref = branch.get("$ref") if isinstance(branch, dict) else None
        if not isinstance(ref, str):
            return None
        targets.append(_place_of(ref, place))
    names = [unescape(target[1].rpartition("/")[2]) for target in targets]
    words: list[set[str]] = [set() for _ in targets]
    mapping = discriminator.get("mapping")
    for word, goal in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(goal, str):
            found = _mapped(goal, place)
            for target, implied, own in zip(targets, names, words, strict=True):
                if found == target or goal == implied:
                    own.add(word)
    tags = [frozenset(own or {implied}) for implied, own in zip(names, words, strict=True)]
    return str(discriminator["propertyName"]), tags


def _place_of(ref: str, place: Place) -> tuple[int, str]:
    try:
        scope, pointer, _ = place.scope.resolve(ref, place.pointer)
    except LookupError:
        return 0, ref
    return id(scope), pointer


def _mapped(goal: str, place: Place) -> tuple[int, str]:
    return _place_of(goal, place) if "/" in goal or "#" in goal or "." in goal else (0, goal)


def _restricted(translator: Translator, node: Node, name: str, words: frozenset[str]) -> Node:
    pool, meeting = translator.pool, translator.engine.meeting
    tag = pool.single(Type.STRING, Strings(listed=words))
    any_member = ((pool.everything, pool.everything),)
    for clause in meeting.alternatives(node, Type.OBJECT):
        if isinstance(clause.atom, Objects):
            own = meeting.member(clause.atom, name)
            if meeting.barren(pool.all_of((own, tag))):
                return node
    condition = pool.narrowed(Type.OBJECT, Objects(Members({name: tag}), any_member))
    return pool.all_of((node, condition))
