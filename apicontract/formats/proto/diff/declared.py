"""Messages, enums and extensions as they are declared: what came, went, was renamed or moved.

A name is seen by code, and by JSON where a message travels in an Any or is an extension; bytes never carry
it. What follows from a renamed package or message around it is told there, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed
from apicontract.formats.proto.diff.enums import compare_enums
from apicontract.formats.proto.diff.fields import compare_fields
from apicontract.formats.proto.diff.messages import compare_messages
from apicontract.formats.proto.witness import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.diff.pairing import Pairs
    from apicontract.formats.proto.elements import Enum, Extension, Message
    from apicontract.formats.proto.model import Proto

T = TypeVar("T", "Message", "Enum")
_MINOR, _MAJOR = Level.MINOR, Level.MAJOR
_SAME, _LOST = Effect.SAME, Effect.LOST


def compare_declared(context: Context) -> None:
    """Every message, enum and extension that one of the contracts declares."""
    _compare_pairs(context, "message", context.pairing.messages, compare_messages)
    _compare_pairs(context, "enum", context.pairing.enums, compare_enums)
    _extensions(context)


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
        context.recorder.add(found.met(context, context.flow(*names), context.reaches(*names), old))


def _name(context: Context, kind: str, old: Message | Enum, new: Message | Enum) -> None:
    if old.full_name == new.full_name:
        if context.pairing.files.get(old.file.name) != new.file.name:
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


def _extensions(context: Context) -> None:
    """Extensions are known by what they extend and their number; JSON calls them by their full name."""
    before, after = _extensions_of(context.old), _extensions_of(context.new)
    for key, old in before.items():
        extendee = context.pairing.messages.forth.get(key[0], key[0])
        new = after.pop((extendee, key[1]), None)
        owners = context.old.messages.get(old.extendee), context.new.messages.get(extendee)
        if owners[0] is None or owners[1] is None:
            continue
        if new is None:
            report(context, [_extension_gone(old, owners[0], owners[1])], *owners)
            continue
        found = list(compare_fields(context, old, new, (owners[0], owners[1])))
        if old.full_name != new.full_name:
            found.insert(0, _extension_renamed(old, new, (owners[0], owners[1])))
        report(context, found, *owners)
    for new in after.values():
        owner = context.new.messages.get(new.extendee)
        text = f"extension `{new.full_name}` of `{new.extendee}` was added"
        back = _LOST if context.options.strict_json else Effect.PART
        verdict = Verdict((_SAME, Effect.PART), (_SAME, back), _MINOR)
        report(context, [Difference("extension-added", text, verdict, None, new.place)], None, owner)


def _extensions_of(contract: Proto) -> dict[tuple[str, int], Extension]:
    return {(one.extendee, one.number): one for file in contract.own_files for one in file.all_extensions}


def _extension_gone(old: Extension, before: Message, after: Message) -> Difference:
    reserved = after.reserves(old.number)
    return Difference(
        "extension-removed",
        f"extension `{old.full_name}` of `{old.extendee}` is gone; readers keep its bytes as unknown",
        fixed(_MINOR if reserved else _MAJOR, _MAJOR, _MAJOR),
        old.place,
        after.place,
        old.full_name,
        proof=Proof(before, after, ((old, None),), (), definite=True),
    )


def _extension_renamed(old: Extension, new: Extension, owners: tuple[Message, Message]) -> Difference:
    return Difference(
        "extension-renamed",
        f"extension `{old.full_name}` is called `{new.full_name}`, and so is its key in JSON",
        Verdict(json=(_LOST, _LOST), source=_MAJOR),
        old.at("name"),
        new.at("name"),
        old.full_name,
        new.full_name,
        Proof(*owners, ((old, None),), ((new, None),)),
    )
