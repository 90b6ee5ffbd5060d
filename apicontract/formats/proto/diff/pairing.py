"""Which message, enum or service of the old contract is which of the new one.

The same full name is the same thing. What only one side has may have been renamed: with its package,
to another place under the same short name, or, where fields or methods that are the same refer to both,
under any name if it is alike. Compares names and shapes only to recognise; what differs is judged elsewhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from apicontract.formats.proto.diff.exchanges import exchanged
from apicontract.formats.proto.diff.imports import NOTHING, Imported
from apicontract.formats.proto.packages import major
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from apicontract.formats.proto.elements import Enum, Message, Service
    from apicontract.formats.proto.model import File, Proto

    Named: TypeAlias = Message | Enum | Service

T = TypeVar("T", bound="Named")


@dataclass(slots=True)
class Pairs(Generic[T]):
    """The elements of one sort that are not the same on both sides, by full name; `forth` maps old to new."""

    old: Mapping[str, T]
    new: Mapping[str, T]
    forth: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, old: str, new: str) -> None:
        """Pair them."""
        self.forth[old] = new
        self.taken.add(new)

    def free(self, old: str, new: str) -> bool:
        """Whether both exist, each on its side only, and neither is paired."""
        return (
            old in self.old
            and new in self.new
            and old not in self.forth
            and new not in self.taken
            and old not in self.new
            and new not in self.old
        )

    @property
    def gone(self) -> Iterator[T]:
        """What only the old contract has."""
        return (one for name, one in self.old.items() if name not in self.forth)

    @property
    def come(self) -> Iterator[T]:
        """What only the new contract has."""
        return (one for name, one in self.new.items() if name not in self.taken)


@dataclass(slots=True)
class Pairing:
    """Pairs of every sort; renamed packages, and files by their import paths, both old -> new.

    packages_gone, packages_come: packages that only one side has, and that were not renamed.
    """

    messages: Pairs[Message]
    enums: Pairs[Enum]
    services: Pairs[Service]
    packages: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    packages_gone: set[str] = field(default_factory=set)
    packages_come: set[str] = field(default_factory=set)

    def same_type(self, old: str, new: str) -> bool:
        """Whether two type names stand for one message or enum; imports are known by their name."""
        known = self.messages.forth.get(old) or self.enums.forth.get(old)
        return new == (known or old)


def pair(old: Proto, new: Proto, imports: Imported = NOTHING) -> Pairing:
    """The pairs of two contracts: what belongs to them, and by their names the `imports` that both carry."""
    olds, news = list(old.own_files), list(new.own_files)
    same = _unchanged(olds, news)
    before, after = _contents(olds), _contents(news)
    packages = _renamed_packages(before, after)
    gone = before.keys() - after.keys() - packages.keys()
    come = after.keys() - before.keys() - set(packages.values())
    versions = Counter(_stem(package) for package in before.keys() | after.keys())
    apart = {package for package in gone | come if versions[_stem(package)] > 1}  # a version of its own
    kept, made = ([file for file in files if file.package not in apart] for files in (olds, news))
    pairing = Pairing(
        Pairs(
            {**_named(_messages(kept, same)), **imports.old_messages},
            {**_named(_messages(made, same)), **imports.new_messages},
        ),
        Pairs(
            {**_named(_enums(kept, same)), **imports.old_enums},
            {**_named(_enums(made, same)), **imports.new_enums},
        ),
        Pairs(_named(_services(olds, same)), _named(_services(news, same))),
        packages,
        packages_gone=gone,
        packages_come=come,
    )
    _by_name(pairing.messages, pairing.packages)
    _by_name(pairing.enums, pairing.packages)
    _by_name(pairing.services, pairing.packages)
    _by_use(pairing)
    _by_shape(pairing.messages)
    _by_shape(pairing.enums)
    _by_shape(pairing.services)
    _by_exchange(pairing, old, new)
    _in_order(pairing)
    _pair_files(pairing, olds, news)
    return pairing


def named_apart(old: Proto, new: Proto) -> bool:
    """Whether each side is one file that the user named: then its name says nothing of the contract."""
    return old.source.endswith(".proto") and new.source.endswith(".proto")


def _pair_files(pairing: Pairing, olds: list[File], news: list[File]) -> None:
    """Files of one path, then those of which most went to one file that only the new side has."""
    paths = {file.name for file in news}
    pairing.files |= {file.name: file.name for file in olds if file.name in paths}
    free = {name: file.name for file in news if file.name not in pairing.files for name in _top_names(file)}
    forth = pairing.messages.forth | pairing.enums.forth | pairing.services.forth
    for file in olds:
        if file.name in pairing.files:
            continue
        names = _top_names(file)
        votes = Counter(free.get(forth.get(name, name), "") for name in names)
        del votes[""]
        best = max(votes, key=lambda path: votes[path], default="")
        if best and votes[best] * 2 >= len(names) and best not in pairing.files.values():
            pairing.files[file.name] = best


def _top_names(file: File) -> list[str]:
    """The full names of what stands at the top of a file."""
    scope = f"{file.package}." if file.package else ""
    parts = (file.proto.message_type, file.proto.enum_type, file.proto.service)
    return [f"{scope}{one.name}" for part in parts for one in part]


def _unchanged(olds: list[File], news: list[File]) -> set[str]:
    """Full names of what stands at the top of one file on both sides and is the same, down to its features.

    Thousands of these may stand in files that differ by an option: no view is made of any of them.
    """
    after = {file.name: file for file in news}
    same: set[str] = set()
    for old in olds:
        new = after.get(old.name)
        if new is None or not _read_alike(old, new):
            continue
        scope = f"{old.package}." if old.package else ""
        for part in ("message_type", "enum_type", "service"):
            there = {one.name: one for one in getattr(new.proto, part)}
            same.update(
                f"{scope}{one.name}" for one in getattr(old.proto, part) if one == there.get(one.name)
            )
    return same


def _read_alike(old: File, new: File) -> bool:
    """Whether equal descriptors mean the same in both files."""
    visible = [file.options.features.default_symbol_visibility for file in (old, new)]
    return (
        old.package == new.package
        and old.features == new.features
        and visible[0] == visible[1]
        and (old.syntax == new.syntax or "2024" not in (old.syntax, new.syntax))
    )


def _messages(files: Iterable[File], unchanged: set[str]) -> Iterator[Message]:
    tops = (one for file in files for one in file.messages if one.full_name not in unchanged)
    return (one for one in with_nested(tops) if not one.is_map_entry)


def _enums(files: Iterable[File], unchanged: set[str]) -> Iterator[Enum]:
    for file in files:
        yield from (one for one in file.enums if one.full_name not in unchanged)
        tops = (one for one in file.messages if one.full_name not in unchanged)
        yield from (enum for one in with_nested(tops) for enum in one.enums)


def _services(files: Iterable[File], unchanged: set[str]) -> Iterator[Service]:
    return (one for file in files for one in file.services if one.full_name not in unchanged)


def with_nested(messages: Iterable[Message]) -> Iterator[Message]:
    """Every message, each before those nested in it."""
    for message in messages:
        yield message
        yield from with_nested(message.messages)


def _named(elements: Iterable[T]) -> dict[str, T]:
    return {one.full_name: one for one in elements}


def _in_order(pairing: Pairing) -> None:
    """Pairs in the order of the old contract, so that reports come out alike every time."""
    for pairs in (pairing.messages, pairing.enums, pairing.services):
        pairs.forth = {name: pairs.forth[name] for name in pairs.old if name in pairs.forth}


def _renamed_packages(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, str]:
    """A package that is gone, and the new one that has most of its names and not much else.

    Where several versions of a package live side by side, one that goes and one that comes are two.
    Only another version of it may have grown: of a large package a few common names say nothing.
    """
    renamed: dict[str, str] = {}
    come = [package for package in after if package not in before]
    versions = Counter(_stem(package) for packages in (before, after) for package in packages)
    for package, names in before.items():
        if package in after:
            continue
        shared = {
            other: len(names & after[other])
            for other in come
            if (
                versions[_stem(package)] == 2  # noqa: PLR2004  # one on each side
                if _stem(package) == _stem(other)
                else len(names & after[other]) * 3 >= len(after[other])
            )
        }
        best = max(shared, key=lambda other: shared[other], default="")
        if best and shared[best] * 2 >= len(names):
            renamed[package] = best
            come.remove(best)
    return renamed


def _stem(package: str) -> tuple[str, ...]:
    """The package without its version: what all its versions have in common."""
    version = major(package)
    return tuple("" if part == version else part for part in package.split("."))


def _moved_there(old: Named, new: Named) -> bool:
    """Whether one short name means one thing: alike within a package, the very same in another.

    Two versions of one package hold neither the one nor the other, but two things.
    """
    before, after = old.file.package, new.file.package
    if before == after:
        return alike(old, new)
    return _stem(before) != _stem(after) and set(_parts(old)) == set(_parts(new))


def _contents(files: list[File]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in files:
        names = found.setdefault(file.package, set())
        for part in (file.proto.message_type, file.proto.enum_type, file.proto.service):
            names.update(one.name for one in part)
    return found


def _by_name(pairs: Pairs[T], packages: Mapping[str, str]) -> None:
    for name in pairs.old.keys() & pairs.new.keys():
        pairs.add(name, name)
    _by_package(pairs, packages)
    _by_short_name(pairs)


def _by_package(pairs: Pairs[T], packages: Mapping[str, str]) -> None:
    for one in list(pairs.gone):
        package = one.file.package
        if package in packages:
            rest = one.full_name.removeprefix(package).lstrip(".")
            target = f"{packages[package]}.{rest}" if packages[package] else rest
            if pairs.free(one.full_name, target):
                pairs.add(one.full_name, target)


def _by_short_name(pairs: Pairs[T]) -> None:
    """Moved to another package, into or out of a message; a name that is there twice pairs nothing."""
    gone, come = _singles(pairs.gone), _singles(pairs.come)
    for short, one in gone.items():
        other = come.get(short)
        if other is not None and _moved_there(one, other):
            pairs.add(one.full_name, other.full_name)


def _singles(elements: Iterable[T]) -> dict[str, T]:
    listed = list(elements)
    counts = Counter(one.name for one in listed)
    return {one.name: one for one in listed if counts[one.name] == 1}


def _by_use(pairing: Pairing) -> None:
    """Fields of one number, and methods of one name, that refer to what only their own side has."""
    for before, after in _uses(pairing):
        for pairs in (pairing.messages, pairing.enums):
            if pairs.free(before, after) and alike(pairs.old[before], pairs.new[after]):
                pairs.add(before, after)


def _uses(pairing: Pairing) -> Iterator[tuple[str, str]]:
    gone = {one.full_name for one in (*pairing.messages.gone, *pairing.enums.gone)}
    waiting = [
        (name, other)
        for name, other in pairing.messages.forth.items()
        if gone and _refers(pairing.messages.old[name], gone)
    ]
    for name, other in pairing.services.forth.items():
        old, new = pairing.services.old[name], pairing.services.new[other]
        for method in old.methods:
            twin = new.by_name.get(method.name)
            if twin is not None:
                yield method.request_type, twin.request_type
                yield method.response_type, twin.response_type
    seen = set(waiting)
    while waiting:
        pair = waiting.pop()
        before, after = pairing.messages.old[pair[0]], pairing.messages.new[pair[1]]
        for types in _field_types(before, after):
            yield types
            if pairing.messages.forth.get(types[0]) == types[1] and types not in seen:
                seen.add(types)
                waiting.append(types)


def _refers(message: Message, gone: set[str]) -> bool:
    """Whether a field of it is of a type that is gone; entries of maps are among the nested messages."""
    holders = (message.proto, *(one for one in message.proto.nested_type if one.options.map_entry))
    return any(field.type_name[1:] in gone for one in holders for field in one.field)


def _field_types(old: Message, new: Message) -> Iterator[tuple[str, str]]:
    for each in old.fields:
        twin = new.by_number.get(each.number)
        if twin is None or not each.type_name or not twin.type_name:
            continue
        if each.entry is not None and twin.entry is not None:
            before, after = each.entry.by_number[2].type_name, twin.entry.by_number[2].type_name
            if before and after:
                yield before, after
        else:
            yield each.type_name, twin.type_name


def _by_shape(pairs: Pairs[T]) -> None:
    """What is equal but for its name, in one package, and the only one of that shape on each side."""
    gone, come = _shapes(pairs.gone), _shapes(pairs.come)
    for shape, ones in gone.items():
        others = come.get(shape, [])
        if len(ones) == len(others) == 1 and ones[0].file.package == others[0].file.package:
            pairs.add(ones[0].full_name, others[0].full_name)


def _by_exchange(pairing: Pairing, old: Proto, new: Proto) -> None:
    """What goes by a name that something else had."""
    for pairs in (pairing.messages, pairing.enums):
        sides = pairs.old, pairs.new
        pairs.forth |= exchanged(old, new, sides, pairing.messages.forth, lambda one: frozenset(_parts(one)))


def _shapes(elements: Iterable[T]) -> dict[frozenset[object], list[T]]:
    found: dict[frozenset[object], list[T]] = {}
    for one in elements:
        shape = frozenset(_parts(one))
        if shape:
            found.setdefault(shape, []).append(one)
    return found


def alike(old: Named, new: Named) -> bool:
    """Whether at least half of the parts of the smaller one are in the other, by number or name."""
    before, after = _marks(old), _marks(new)
    smaller = min(len(before), len(after))
    if not smaller:
        return len(before) == len(after)
    return len(before & after) * 2 >= smaller


def _parts(one: Named) -> Iterator[tuple[object, ...]]:
    proto = one.proto
    for each in getattr(proto, "field", ()):
        yield each.number, each.name, each.type, each.label
    for value in getattr(proto, "value", ()):
        yield value.number, value.name
    for method in getattr(proto, "method", ()):
        yield method.name, method.client_streaming, method.server_streaming


def _marks(one: Named) -> set[str]:
    proto = one.proto
    parts = (getattr(proto, part, ()) for part in ("field", "value", "method"))
    return {each.name for group in parts for each in group}
