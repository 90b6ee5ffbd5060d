"""Schemas that would be looked at very often for one value: where parts are parts of parts, many times over.

A validator without a memory follows every way through a schema. Twenty levels of `allOf` with the same
two parts each are a million ways, in two kilobytes. This counts ways without following them; what has
too many is for `fitting`, which remembers. Counts are upper bounds: branches that cannot both apply count.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.walk import Node

LIMIT = 2000  # ways; the largest schemas of GitHub's API have some hundred
_BESIDE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
_ITEMS = frozenset({"items", "prefixItems", "contains", "unevaluatedItems"})


class _Ways(NamedTuple):
    """How often a schema and its parts look at the value, at one of its members, at one of its items."""

    here: int = 1
    members: int = 0
    items: int = 0

    @property
    def most(self) -> int:
        return max(self)


_ONE = _Ways()


def crowded(schemas: list[Node]) -> set[int]:
    """The identities of schemas with more ways than `LIMIT` to some value."""
    ways: dict[int, _Ways] = {}
    referring: dict[int, list[Node]] = {}
    for node in schemas:
        if node.target is not None:
            referring.setdefault(id(node.target), []).append(node)
    # Schemas come before what stands in them, so that backwards most are counted once.
    waiting = deque(node for node in reversed(schemas) if node.target is not None or node.children)
    queued = {id(node) for node in waiting}
    while waiting:
        node = waiting.popleft()
        queued.discard(id(node))
        found = _ways(node, ways)
        if found == ways.get(id(node), _ONE):
            continue
        ways[id(node)] = found
        for other in _depending(node, referring):
            if id(other) not in queued:
                queued.add(id(other))
                waiting.append(other)
    return {key for key, found in ways.items() if found.most >= LIMIT}


def _depending(node: Node, referring: dict[int, list[Node]]) -> Iterator[Node]:
    yield from referring.get(id(node), ())
    if node.parent is not None and node.parent.kind == "schema":
        yield node.parent


def _ways(node: Node, ways: dict[int, _Ways]) -> _Ways:
    here = members = items = 0
    below = [("allOf", node.target)] if node.target is not None else []
    for head, child in (*below, *((child.tokens[0], child) for child in node.children)):
        known = ways.get(id(child), _ONE)
        if head in _BESIDE:
            here, members, items = here + known.here, members + known.members, items + known.items
        elif head in _ITEMS:
            items = max(items, known.most)
        else:
            members = max(members, known.most)
    return _Ways(min(max(here, 1), LIMIT), min(members, LIMIT), min(items, LIMIT))
