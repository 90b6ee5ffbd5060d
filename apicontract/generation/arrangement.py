"""Which models stand in which module, and in what order: from which of them uses which.

Circles stay together, what one module alone uses stands in it, and what must be there first comes first.
Knows names only, not what they stand for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet


def grouped(uses: Mapping[str, AbstractSet[str]], declared: frozenset[str]) -> dict[str, list[str]]:
    """Names by the one that leads their module: circles are together, and what one module uses alone."""
    component = circles(uses)
    users: dict[str, set[str]] = {head: set() for head in set(component.values())}
    for name, used in uses.items():
        for one in used:
            if component[one] != component[name]:
                users[component[one]].add(component[name])
    own = {component[name] for name in declared & uses.keys()}
    leader: dict[str, str] = {}
    for head in _users_first(users):
        led = {leader[one] for one in users[head]}
        leader[head] = next(iter(led)) if len(led) == 1 and head not in own else head
    groups: dict[str, list[str]] = {}
    for name in uses:
        groups.setdefault(leader[component[name]], []).append(name)
    return groups


def _users_first(users: Mapping[str, AbstractSet[str]]) -> Iterable[str]:
    """Heads of circles, each after all that use it."""
    from graphlib import TopologicalSorter

    return TopologicalSorter({head: sorted(those) for head, those in sorted(users.items())}).static_order()


def circles(uses: Mapping[str, AbstractSet[str]]) -> dict[str, str]:
    """For each name the least of those that it shares a circle with, or itself (Tarjan, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: dict[str, str] = {}
    for root in uses:
        if root in index:
            continue
        work = [(root, iter(sorted(uses[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            name, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    at = stack.index(name)
                    circle, stack[at:] = stack[at:], []
                    found |= dict.fromkeys(circle, min(circle))
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                work.append((following, iter(sorted(uses[following]))))
            elif following not in found:
                low[name] = min(low[name], index[following])
    return found


def ordered(
    members: Iterable[str], uses: Mapping[str, AbstractSet[str]], needs: Mapping[str, AbstractSet[str]]
) -> list[str]:
    """The names of a module: after all that they need, and where that leaves a choice after what they use.

    needs: what must be there when a name is defined, such as bases; it has no circles.
    """
    from heapq import heappop, heappush

    kept = set(members)
    wanted = {name: number for number, name in enumerate(_used_first(kept, uses))}
    missing = {name: len(needs[name] & kept) for name in kept}
    needing: dict[str, list[str]] = {}
    for name in kept:
        for one in needs[name] & kept:
            needing.setdefault(one, []).append(name)
    ready: list[tuple[int, str]] = []
    for name in kept:
        if not missing[name]:
            heappush(ready, (wanted[name], name))
    found = []
    while ready:
        _, name = heappop(ready)
        found.append(name)
        for one in needing.get(name, ()):
            missing[one] -= 1
            if not missing[one]:
                heappush(ready, (wanted[one], one))
    assert len(found) == len(kept)  # noqa: S101  # what is needed has no circles
    return found


def _used_first(kept: set[str], uses: Mapping[str, AbstractSet[str]]) -> Iterable[str]:
    """The names, each after those that it uses, but for circles."""
    seen: set[str] = set()
    for root in sorted(kept):
        if root in seen:
            continue
        seen.add(root)
        work = [(root, iter(sorted(uses[root] & kept)))]
        while work:
            name, rest = work[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                work.pop()
                yield name
            else:
                seen.add(following)
                work.append((following, iter(sorted(uses[following] & kept))))


def late(order: list[str], uses: Mapping[str, AbstractSet[str]]) -> list[str]:
    """The classes that use one which is defined after them."""
    place = {name: number for number, name in enumerate(order)}
    return [name for name in order if any(place.get(one, -1) > place[name] for one in uses[name])]
