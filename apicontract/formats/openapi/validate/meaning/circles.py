"""Circles among schemas: groups whose members all lead to each other, found in one pass.

Which steps count is the caller's: what must be fitted as well, what is declared together. Source: Tarjan,
Depth-first search and linear graph algorithms (1972).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_APPLIED = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})


def groups(starts: Iterable[Node], below: Callable[[Node], Sequence[Node]]) -> Iterator[list[Node]]:
    """What can be reached, in groups that lead to each other; a group comes after what it leads to."""
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    held: list[Node] = []
    inside: set[int] = set()
    for start in starts:
        if id(start) in number:
            continue
        way: list[tuple[Node, Iterator[Node]]] = []
        entered: Node | None = start
        while entered is not None or way:
            if entered is not None:
                number[id(entered)] = lowest[id(entered)] = len(number)
                held.append(entered)
                inside.add(id(entered))
                way.append((entered, iter(below(entered))))
                entered = None
            node, waiting = way[-1]
            for other in waiting:
                if id(other) not in number:
                    entered = other
                    break
                if id(other) in inside:
                    lowest[id(node)] = min(lowest[id(node)], number[id(other)])
            if entered is not None:
                continue
            way.pop()
            if way:
                above = id(way[-1][0])
                lowest[above] = min(lowest[above], lowest[id(node)])
            if lowest[id(node)] == number[id(node)]:
                group: list[Node] = []
                while not group or group[-1] is not node:
                    group.append(held.pop())
                    inside.discard(id(group[-1]))
                yield group[::-1]


def circles(starts: Iterable[Node], below: Callable[[Node], Sequence[Node]]) -> Iterator[list[Node]]:
    """The groups in which every node leads back to itself."""
    for group in groups(starts, below):
        if len(group) > 1 or any(other is group[0] for other in below(group[0])):
            yield group


def applied(node: Node) -> list[Node]:
    """The schemas that a schema applies to the same value: its target, its branches."""
    below = [child for child in node.children if child.tokens[0] in _APPLIED]
    return [*below, node.target] if node.target is not None else below


def endless(_: Node, view: View) -> Iterator[Finding]:
    """Schemas that apply themselves to the same value (2020-12 core, section 9.4.1; wright-00, section 7).

    Circles of references alone are errors, which `references` reports.
    """
    order = None
    for group in circles(view.walk.referring("schema"), applied):
        if all(node.target is not None and len(node.fields) == 1 for node in group):
            continue
        order = order or {id(node): at for at, node in enumerate(view.nodes("schema"))}
        start = min(group, key=lambda node: (node.target is not None, order.get(id(node), 0)))
        way = _way_back(start, {id(node) for node in group})
        names = [f"`{node.key}`" for node in way if node.parent is None or node.parent.kind != "schema"]
        yield view.finding(
            "schema-recursion-endless",
            start,
            message=f"{' → '.join([*names, names[0]])} is applied to the same value again and again"
            if names
            else "it is applied to the same value again and again",
        )


def _way_back(start: Node, within: set[int]) -> list[Node]:
    """A shortest way from a member of a group to itself, without its end."""
    before: dict[int, Node | None] = {id(start): None}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for other in applied(node):
            if other is start:
                way: list[Node] = []
                back: Node | None = node
                while back is not None:
                    way.append(back)
                    back = before[id(back)]
                return way[::-1]
            if id(other) in within and id(other) not in before:
                before[id(other)] = node
                waiting.append(other)
    return [start]
