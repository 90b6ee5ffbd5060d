"""What of two contracts must be compiled to compare them: what differs, and what has to do with it.

A file that is the same on both sides and leads to nothing that differs has nothing to tell. One that
leads to something that differs is compiled too: it may hold the RPC that a changed message travels by.
Files are the same if their bytes are; nothing is parsed to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.model import Proto

if TYPE_CHECKING:
    from apicontract.formats.proto.model import Unit


def narrowed(old: Proto, new: Proto) -> tuple[Proto, Proto]:
    """Both contracts with only those own files that matter, at work being compiled at the same time."""
    before, after = old.unit, new.unit
    differing = _differing(before, after)
    touched = _users(before, differing) | _users(after, differing)
    sides = tuple(
        Proto(
            unit
            if touched.issuperset(unit.own)
            else unit.chosen(name for name in unit.own if name in touched)
        )
        for unit in (before, after)
    )
    for side in sides:
        side.unit.start()
    return sides[0], sides[1]


def _differing(old: Unit, new: Unit) -> set[str]:
    """Import paths of the files that only one side has, or that differ, imports from elsewhere included."""
    before, after = old.contents(), new.contents()
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _users(unit: Unit, differing: set[str]) -> set[str]:
    """`differing` and every file of the unit that imports one of them, directly or not."""
    importers: dict[str, list[str]] = {}
    for name in unit.contents():
        for imported in unit.imports(name):
            importers.setdefault(imported, []).append(name)
    found = set(differing)
    waiting = list(differing)
    while waiting:
        for importer in importers.get(waiting.pop(), ()):
            if importer not in found:
                found.add(importer)
                waiting.append(importer)
    return found
