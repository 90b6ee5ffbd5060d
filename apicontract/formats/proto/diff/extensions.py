"""Two versions of the extensions of messages: by number for bytes, by full name for JSON and code.

An extension that became an ordinary field, or was one, is compared by `messages.py` with the other fields.
Source: Protocol Buffers language guide, "Extensions" and "Updating A Message Type".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed
from apicontract.formats.proto.diff.fields import but_for_wire, compare_fields
from apicontract.formats.proto.witness import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.elements import Extension, Message
    from apicontract.formats.proto.model import Proto

_MINOR, _MAJOR = Level.MINOR, Level.MAJOR
_SAME, _PART, _LOST = Effect.SAME, Effect.PART, Effect.LOST


def compare_extensions(context: Context) -> Iterator[tuple[Message | None, Message | None, Difference]]:
    """Every difference of extensions, each with the old and the new message that is extended."""
    gone, come = _by_key(context.old), _by_key(context.new)
    for old, new in _pairs(context, gone, come):
        owners = context.old.messages.get(old.extendee), context.new.messages.get(new.extendee)
        if owners[0] is None or owners[1] is None:
            continue
        for found in _compare(context, old, new, (owners[0], owners[1])):
            yield *owners, found
    for old in gone.values():
        owner = context.old.messages.get(old.extendee)
        other = context.new.messages.get(_extendee(context, old))
        if owner is not None and other is not None and not _is_field_instead(old, owner, other):
            yield owner, other, _removed(old, owner, other)
    extended = {context.pairing.messages.forth.get(name, ""): name for name in context.old.messages}
    for new in come.values():
        before = context.old.messages.get(extended.get(new.extendee, ""))
        after = context.new.messages.get(new.extendee)
        if before is None or after is None or not _is_field_instead(new, after, before):
            yield None, after, _added(context, new)


def _by_key(contract: Proto) -> dict[tuple[str, int], Extension]:
    return {
        (name, number): one for name, ones in contract.extensions_of.items() for number, one in ones.items()
    }


def _extendee(context: Context, old: Extension) -> str:
    return context.pairing.messages.forth.get(old.extendee, old.extendee)


def _pairs(
    context: Context,
    gone: dict[tuple[str, int], Extension],
    come: dict[tuple[str, int], Extension],
) -> Iterator[tuple[Extension, Extension]]:
    """Which is which: by full name, by that in the renamed package, by number; takes them out of both."""
    for known_by in (_full_name, _name_in_package, _number):
        there = {(new.extendee, known_by(context, new, is_new=True)): key for key, new in come.items()}
        for key, old in list(gone.items()):
            twin = there.get((_extendee(context, old), known_by(context, old, is_new=False)))
            if twin is not None:
                yield gone.pop(key), come.pop(twin)


def _full_name(_: Context, one: Extension, *, is_new: bool) -> object:  # noqa: ARG001  # one of three like it
    return one.full_name


def _name_in_package(context: Context, one: Extension, *, is_new: bool) -> object:
    package = one.file.package
    inside = one.full_name.removeprefix(f"{package}." if package else "")
    return inside, package if is_new else context.pairing.packages.get(package, package)


def _number(_: Context, one: Extension, *, is_new: bool) -> object:  # noqa: ARG001  # one of three like it
    return one.number


def _is_field_instead(one: Extension, owner: Message, other: Message) -> bool:
    """Whether the other side has a field of the message with the number of an extension."""
    return any(one.number == field.number and field.name not in owner.by_name for field in other.fields)


def _compare(
    context: Context, old: Extension, new: Extension, owners: tuple[Message, Message]
) -> Iterator[Difference]:
    if old.full_name != new.full_name:
        yield _renamed(old, new, owners)
    renumbered = old.number != new.number
    if renumbered:
        yield _renumbered(context, old, new, owners)
    for found in compare_fields(context, old, new, owners):
        yield but_for_wire(found) if renumbered else found


def _removed(old: Extension, before: Message, after: Message) -> Difference:
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


def _added(context: Context, new: Extension) -> Difference:
    back = _LOST if context.options.strict_json else _PART
    return Difference(
        "extension-added",
        f"extension `{new.full_name}` of `{new.extendee}` was added",
        Verdict((_SAME, _PART), (_SAME, back), _MINOR),
        None,
        new.place,
    )


def _renamed(old: Extension, new: Extension, owners: tuple[Message, Message]) -> Difference:
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


def _renumbered(
    context: Context, old: Extension, new: Extension, owners: tuple[Message, Message]
) -> Difference:
    other = context.new.extensions_of[new.extendee].get(old.number)
    taken = f"; `{other.full_name}` has its old one" if other is not None else ""
    return Difference(
        "extension-renumbered",
        f"extension `{new.full_name}` of `{new.extendee}` has another number{taken}",
        fixed(_MAJOR),
        old.at("number"),
        new.at("number"),
        str(old.number),
        str(new.number),
        Proof(*owners, ((old, None),), ((new, None),), by_name=True, definite=True),
    )
