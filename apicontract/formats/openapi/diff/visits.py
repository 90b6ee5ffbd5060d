"""Pairs of schemas as they are met on the way from one message after another.

The same pair is met through every message that leads to it. After some visits a further one can show
nothing new but that the operation reaches it, and with it all that is below: then only that is noted, and
who reaches what is worked out at the end, at once for all pairs that lead to each other.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    Key = tuple[object, ...]
    # By the number of a pair: the keys of the changes met at it, and the pairs below it.
    Graph = Sequence[tuple[Sequence[Key], Sequence[int]]]


@dataclass(slots=True)
class Met:
    """A pair of schemas as it is read in one direction.

    visits: how often all below it was looked at; changes: keys of those met at it; below: numbers of pairs.
    apart: something at it, or below it, is another change in every message, so that each visit matters.
    """

    number: int
    visits: int = 0
    apart: bool = False
    changes: dict[Key, None] = field(default_factory=dict)
    below: dict[int, None] = field(default_factory=dict)
    above: list[Met] = field(default_factory=list)

    def keep_apart(self) -> None:
        """What was met here is another change in every message."""
        waiting = [self]
        while waiting:
            met = waiting.pop()
            if not met.apart:
                met.apart = True
                waiting += met.above


class Visits:
    """Every pair that was met, by what is read there and how."""

    def __init__(self) -> None:
        self._met: dict[Hashable, Met] = {}

    def at(self, reading: Hashable, above: Met | None) -> Met:
        """What is known of a reading that was come to from `above`; the same object every time."""
        met = self._met.get(reading)
        if met is None:
            met = self._met[reading] = Met(len(self._met))
        if above is not None and met.number not in above.below:
            above.below[met.number] = None
            met.above.append(above)
            if met.apart:
                above.keep_apart()
        return met

    def graph(self) -> Graph:
        """All that was met, by number."""
        return [(tuple(met.changes), tuple(met.below)) for met in self._met.values()]


def spread(graph: Graph, tops: Mapping[int, int]) -> dict[int, int]:
    """The union, for each node that is reached, of the sets of all nodes of `tops` from which it is.

    Sets are bits of integers. The work is linear in the graph: nodes that lead to each other are one.
    """
    above: dict[int, list[int]] = {}
    ended = list(_ended(graph, tops))
    for node in ended:
        for below in graph[node][1]:
            above.setdefault(below, []).append(node)
    found: dict[int, int] = {}
    for node in reversed(ended):  # the first of its circle that comes, since what is above it came before
        if node in found:
            continue
        circle, operations, waiting = {node}, tops.get(node, 0), [node]
        while waiting:
            for other in above.get(waiting.pop(), ()):
                if other in found:
                    operations |= found[other]
                elif other not in circle:
                    circle.add(other)
                    waiting.append(other)
                    operations |= tops.get(other, 0)
        found.update(dict.fromkeys(circle, operations))
    return found


def _ended(graph: Graph, tops: Mapping[int, int]) -> Iterator[int]:
    """The nodes that are reached, each after what a walk from it came to first (Kosaraju's first pass)."""
    seen: set[int] = set()
    for top in tops:
        if top in seen:
            continue
        seen.add(top)
        path = [(top, iter(graph[top][1]))]
        while path:
            node, left = path[-1]
            for below in left:
                if below not in seen:
                    seen.add(below)
                    path.append((below, iter(graph[below][1])))
                    break
            else:
                path.pop()
                yield node
