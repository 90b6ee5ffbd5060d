"""Messages, enums and extensions as they are declared: what came, went, was renamed or moved.

A name is seen by code, and by JSON where a message travels in an Any or is an extension; bytes never carry
it. What follows from a renamed package or message around it is told there, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import fixed
from apicontract.formats.proto.diff.enums import compare_enums
from apicontract.formats.proto.diff.extensions import compare_extensions
from apicontract.formats.proto.diff.messages import compare_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.diff.pairing import Pairs
    from apicontract.formats.proto.elements import Enum, Message

T = TypeVar("T", "Message", "Enum")
_MINOR, _MAJOR = Level.MINOR, Level.MAJOR


def compare_declared(context: Context) -> None:
    """Every message, enum and extension that one of the contracts declares."""
    _compare_pairs(context, "message", context.pairing.messages, compare_messages)
    _compare_pairs(context, "enum", context.pairing.enums, compare_enums)
    for old, new, found in compare_extensions(context):
        report(context, [found], old, new)


def _compare_pairs(
    context: Context,
    kind: str,
    pairs: Pairs[T],
    compare: Callable[[Context, T, T], Iterable[Difference]],
) -> None:
    for name, other in pairs.forth.items():
        old, new = pairs.old[name], pairs.new[other]
        _name(context, kind, old, new)
        report(context, compare(context, old, new), old, new)
    _came_and_went(context, kind, pairs)


def report(
    context: Context,
    differences: Iterable[Difference],
    old: Message | Enum | None,
    new: Message | Enum | None,
) -> None:
    """Note differences of a message or enum, with the RPCs that carry it."""
    names = old.full_name if old is not None else "", new.full_name if new is not None else ""
    for found in differences:
        context.recorder.add(found.met(context, context.flow_of(found, *names), context.reaches(*names), old))


def _name(context: Context, kind: str, old: Message | Enum, new: Message | Enum) -> None:
    if old.full_name == new.full_name:
        if old.file.is_own and context.pairing.files.get(old.file.name) != new.file.name:
            _moved(context, kind, old, new)
        return
    if _follows(context, old, new):
        return
    text = f"{kind} `{old.full_name}` is called `{new.full_name}`"
    found = Difference(
        f"{kind}-renamed", text, fixed(source=_MAJOR), old.place, new.place, old.full_name, new.full_name
    )
    report(context, [found], old, new)


def _follows(context: Context, old: Message | Enum, new: Message | Enum) -> bool:
    """Whether the new name follows from that of the package or of the message around it."""
    if old.name != new.name:
        return False
    if old.parent is not None and new.parent is not None:
        return context.pairing.messages.forth.get(old.parent.full_name) == new.parent.full_name
    both_top = old.parent is None and new.parent is None
    return both_top and context.pairing.packages.get(old.file.package) == new.file.package


def _moved(context: Context, kind: str, old: Message | Enum, new: Message | Enum) -> None:
    """Another file of one package: seen by those who import files (C++, Python, protos)."""
    if old.parent is not None:
        return
    level = _MAJOR if context.options.per_file else Level.NONE
    text = f"{kind} `{old.name}` moved to another file"
    found = Difference(
        f"{kind}-moved", text, fixed(source=level), old.place, new.place, old.file.name, new.file.name
    )
    report(context, [found], old, new)


def _came_and_went(context: Context, kind: str, pairs: Pairs[T]) -> None:
    gone = {one.full_name for one in pairs.gone}
    for one in pairs.gone:
        if one.file.package in context.pairing.packages_gone:
            continue  # `files.py` tells of the package
        if one.parent is None or one.parent.full_name not in gone:
            text = f"{kind} `{one.full_name}` is gone"
            found = Difference(f"{kind}-removed", text, fixed(source=_MAJOR), one.place)
            report(context, [found], one, None)
    come = {one.full_name for one in pairs.come}
    for one in pairs.come:
        if one.file.package in context.pairing.packages_come:
            continue
        if one.parent is None or one.parent.full_name not in come:
            text = f"{kind} `{one.full_name}` was added"
            found = Difference(f"{kind}-added", text, fixed(source=_MINOR), None, one.place)
            report(context, [found], None, one)
