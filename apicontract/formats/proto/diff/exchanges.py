"""Types that exchanged their names: what refers to one refers to the other, under which it now stands.

Names are compared, and shapes as `pairing.py` knows them; a type that nothing refers to is what it is
called, and so is one with types nested in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from google.protobuf import descriptor_pb2

    from apicontract.formats.proto.elements import Enum, Message
    from apicontract.formats.proto.model import Proto

    Shape: TypeAlias = Callable[[Message | Enum], Hashable]
    Reference: TypeAlias = tuple[str, object]  # (message, number of a field) or (RPC, way)


def exchanged(
    old: Proto,
    new: Proto,
    types: tuple[Mapping[str, Message | Enum], Mapping[str, Message | Enum]],
    forth: Mapping[str, str],
    shape: Shape,
) -> dict[str, str]:
    """Old name to new name of types that exchanged names.

    types: the changed messages, or enums, of both sides by full name. forth: how messages are paired.
    """
    moved = _circles(*types, shape)
    if not moved:
        return {}
    after = dict(_references(new))
    agree: set[str] = set()
    differ: set[str] = set()
    for (holder, part), used in _references(old):
        target = moved.get(used)
        now = after.get((moved.get(holder) or forth.get(holder, holder), part))
        if target is not None and now is not None:
            (agree if now == target else differ).add(used)
    return {one: moved[one] for one in moved if _circle(moved, one) <= agree - differ}


def _circles(
    before: Mapping[str, Message | Enum], after: Mapping[str, Message | Enum], shape: Shape
) -> dict[str, str]:
    """Names on both sides whose shapes went round: each is found once, under another name."""
    names = [
        name
        for name in before.keys() & after.keys()
        if not (_has_nested(before[name]) or _has_nested(after[name]))
    ]
    was, now = ({name: shape(side[name]) for name in names} for side in (before, after))
    changed = sorted(name for name in names if was[name] != now[name])
    found: dict[Hashable, list[str]] = {}
    for name in changed:
        found.setdefault(now[name], []).append(name)
    moved = {name: found[was[name]][0] for name in changed if len(found.get(was[name], ())) == 1}
    return {name: other for name, other in moved.items() if name in _circle(moved, name)}


def _circle(moved: Mapping[str, str], start: str) -> set[str]:
    """What follows from one name, by going where it went, until nothing is new."""
    seen: set[str] = set()
    name = moved.get(start)
    while name is not None and name not in seen:
        seen.add(name)
        name = moved.get(name)
    return seen


def _has_nested(one: Message | Enum) -> bool:
    return bool(getattr(one.proto, "nested_type", ()) or getattr(one.proto, "enum_type", ()))


def _references(contract: Proto) -> Iterator[tuple[Reference, str]]:
    for file in contract.own_files:
        scope = f"{file.package}." if file.package else ""
        for message in file.proto.message_type:
            yield from _of_message(scope, message)
        yield from ((_extended(one), one.type_name[1:]) for one in file.proto.extension)
        for service in file.proto.service:
            for method in service.method:
                path = f"/{scope}{service.name}/{method.name}"
                yield (path, "request"), method.input_type[1:]
                yield (path, "response"), method.output_type[1:]


def _of_message(scope: str, message: descriptor_pb2.DescriptorProto) -> Iterator[tuple[Reference, str]]:
    name = f"{scope}{message.name}"
    yield from (((name, one.number), one.type_name[1:]) for one in message.field)
    yield from ((_extended(one), one.type_name[1:]) for one in message.extension)
    for nested in message.nested_type:
        yield from _of_message(f"{name}.", nested)


def _extended(one: descriptor_pb2.FieldDescriptorProto) -> Reference:
    return one.extendee[1:], one.number
