"""What of two contracts must be compiled to compare them: what differs, and what has to do with it.

A file that is the same on both sides and uses nothing that differs has nothing to tell. One that uses
a type of a file that differs is compiled too: it may hold the RPC that a changed message travels by.
Files are the same if they differ in comments and blanks only; nothing is compiled to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.model import Proto

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.formats.proto.model import Content, Unit


def narrowed(old: Proto, new: Proto) -> tuple[Proto, Proto]:
    """Both contracts with only those own files that matter, at work being compiled at the same time.

    Imports that differ come along with who uses them; what of them is carried is compared as well.

    A package that keeps a file which does not matter is represented by one such file, so that it is not
    taken for gone or new. The other files that were only worded anew are `reworded` of both.
    """
    units = old.unit, new.unit
    differing = _differing(*units)
    touched = _users(old.unit, differing) | _users(new.unit, differing)
    touched |= _lacking(old.unit) | _lacking(new.unit)
    touched |= _representatives(*units, touched)
    kept = (name for name in old.unit.own if name not in touched and name in new.unit.contents())
    reworded = tuple(name for name in kept if _text(old.unit, name) != _text(new.unit, name))
    before, after = (
        Proto(
            unit
            if touched.issuperset(unit.own)
            else unit.chosen(name for name in unit.own if name in touched),
            reworded=reworded,
        )
        for unit in units
    )
    before.unit.start()
    after.unit.start()
    return before, after


def _lacking(unit: Unit) -> set[str]:
    """The one file that the user named, if an import is not there: nobody knows whether that differs."""
    contents = unit.contents()
    missing = {imported for content in contents.values() for imported in content.imports} - contents.keys()
    return set(unit.own) if missing and unit.source.endswith(".proto") else set()


def _text(unit: Unit, name: str) -> bytes:
    return unit.document(name).text


def _representatives(old: Unit, new: Unit, touched: set[str]) -> set[str]:
    """A file that both sides have of each package of which only one side is compiled."""
    sides = [{unit.contents()[name].package for name in unit.own if name in touched} for unit in (old, new)]
    found: dict[str, str] = {}
    for name in old.own:
        package = old.contents()[name].package
        if name not in touched and package in sides[0] ^ sides[1] and name in new.contents():
            found.setdefault(package, name)
    return set(found.values())


def _differing(old: Unit, new: Unit) -> set[str]:
    """Import paths of the files that only one side has, or that differ, imports from elsewhere included."""
    before, after = old.contents(), new.contents()
    both = before.keys() & after.keys()
    return (before.keys() ^ after.keys()) | {
        name for name in both if not before[name].says_the_same(after[name])
    }


def _users(unit: Unit, differing: set[str]) -> set[str]:
    """`differing` and every file of the unit that uses a type of one of them, directly or not."""
    contents = unit.contents()
    importers: dict[str, list[str]] = {}
    for name, content in contents.items():
        for imported in content.imports:
            importers.setdefault(imported, []).append(name)
    offered: dict[str, frozenset[bytes]] = {}
    found = set(differing)
    waiting = [name for name in differing if name in contents]
    while waiting:
        used = waiting.pop()
        names = _offered(used, contents, offered)
        for importer in importers.get(used, ()):
            content = contents[importer]
            if importer not in found and (used in content.public_imports or content.mentions(names)):
                found.add(importer)
                waiting.append(importer)
    return found


def _offered(
    name: str, contents: Mapping[str, Content], known: dict[str, frozenset[bytes]]
) -> frozenset[bytes]:
    """The short names of the types that whoever imports a file can use: its own, and its public imports'."""
    if name not in known:
        content = contents.get(name)
        known[name] = content.declared if content is not None else frozenset()
        for imported in content.public_imports if content is not None else ():
            known[name] |= _offered(imported, contents, known)
    return known[name]
