"""Two versions of a message: which field is which, by number for bytes, by key for JSON, by name for code.

A field keeps its name, or else its number, or else its JSON key; in that order it is recognised. What its
number, key or name is otherwise is told as what happened: renumbered, swapped, renamed, reused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference, deprecation, named
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed, level_of
from apicontract.formats.proto.diff.field_options import required_from_now
from apicontract.formats.proto.diff.fields import but_for_wire, compare_fields, shown_type, verdict_on_values
from apicontract.formats.proto.diff.oneofs import compare_oneofs
from apicontract.formats.proto.diff.options import compare_json_format, compare_options, compare_visibility
from apicontract.formats.proto.diff.reservations import compare_reservations, shown, without
from apicontract.formats.proto.elements import Cardinality
from apicontract.formats.proto.witness import Proof
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.elements import Field, Message

_NONE, _MINOR, _MAJOR = Level.NONE, Level.MINOR, Level.MAJOR
_SAME, _PART, _LOST = Effect.SAME, Effect.PART, Effect.LOST


@dataclass(frozen=True, slots=True)
class _Fields:
    """Which is which.

    pairs: fields that are the same. gone, come: what only one side has. reused: (old, new) of one number.
    extended: pairs of one number of which one is a field, the other an extension.
    """

    pairs: list[tuple[Field, Field]]
    gone: list[Field]
    come: list[Field]
    reused: list[tuple[Field, Field]]
    extended: list[tuple[Field, Field]]


def compare_messages(context: Context, old: Message, new: Message) -> Iterator[Difference]:
    """Every difference between two versions of a message; those nested in it are compared apart."""
    if old.proto == new.proto and old.features == new.features:
        return
    fields = _recognise(context, old, new)
    owners = old, new
    swapped: set[str] = set()
    for before, after in fields.pairs:
        if before.proto == after.proto and before.features == after.features and before.entry is None:
            continue  # a map's types stand in its entry
        yield from _names(before, after, owners, swapped)
        renumbered = before.number != after.number
        for found in compare_fields(context, before, after, owners):
            yield but_for_wire(found) if renumbered else found
    yield from compare_oneofs(fields.pairs, owners)
    for before, after in fields.extended:
        yield _became(before, after, owners)
        yield from compare_fields(context, before, after, owners)
    for before, after in fields.reused:
        yield _reused(before, after, owners)
    for field in fields.gone:
        yield _removed(context, field, owners)
    for field in fields.come:
        yield _added(context, field, owners)
        yield from required_from_now(old, field, f"field `{named(field)}`")
    yield from _of_message(old, new)
    numbers, names = {field.number for field in new.fields}, {field.name for field in new.fields}
    yield from compare_reservations("message", old, new, numbers, names)


def _recognise(context: Context, old: Message, new: Message) -> _Fields:
    pairs = [(field, new.by_name[field.name]) for field in old.fields if field.name in new.by_name]
    gone = [field for field in old.fields if field.name not in new.by_name]
    come = [field for field in new.fields if field.name not in old.by_name]
    before, after = (
        contract.extensions_of.get(message.full_name, {})
        for contract, message in ((context.old, old), (context.new, new))
    )
    extended: list[tuple[Field, Field]] = [
        *((field, after[field.number]) for field in gone if field.number in after),
        *((before[field.number], field) for field in come if field.number in before),
    ]
    gone = [field for field in gone if field.number not in after]
    come = [field for field in come if field.number not in before]
    reused = []
    for key in ("number", "json_name"):
        for field in list(gone):
            twin = next((one for one in come if getattr(one, key) == getattr(field, key)), None)
            if twin is None:
                continue
            gone.remove(field)
            come.remove(twin)
            if key == "json_name" or level_of(*verdict_on_values(context, field, twin).wire) < _MAJOR:
                pairs.append((field, twin))
            else:
                reused.append((field, twin))
    order = {field.name: at for at, field in enumerate(old.fields)}
    pairs.sort(key=lambda pair: order[pair[0].name])
    return _Fields(pairs, gone, come, reused, extended)


def _names(
    old: Field, new: Field, owners: tuple[Message, Message], swapped: set[str]
) -> Iterator[Difference]:
    """What happened to the number, the name and the JSON key of a field."""
    if old.number != new.number and old.name not in swapped:
        yield _renumbered(old, new, owners, swapped)
    values = Proof(*owners, ((old, None),), ((new, None),))
    if old.name != new.name:
        kept = old.json_name == new.json_name
        json = (_SAME, _PART) if kept else (_LOST, _LOST)
        yield Difference(
            "field-renamed-json-kept" if kept else "field-renamed",
            f"field `{named(old)}` is called `{new.name}`" + (", and JSON keeps its key" if kept else ""),
            Verdict(json=json, source=_MAJOR),
            old.at("name"),
            new.at("name"),
            old.name,
            new.name,
            values,
        )
    elif old.json_name != new.json_name:
        yield Difference(
            "field-json-name-changed",
            f"field `{named(new)}` has another key in JSON",
            Verdict(json=(_LOST, _LOST)),
            old.at("json_name"),
            new.at("json_name"),
            old.json_name,
            new.json_name,
            Proof(*owners, ((old, None),), ((new, None),), by_name=True),
        )


def _renumbered(old: Field, new: Field, owners: tuple[Message, Message], swapped: set[str]) -> Difference:
    before, after = owners
    other = before.by_number.get(new.number)
    twin = after.by_name.get(other.name) if other is not None else None
    proof = Proof(*owners, ((old, None),), ((new, None),), by_name=True, definite=True)
    if other is not None and twin is not None and twin.number == old.number:
        swapped |= {old.name, other.name}
        return Difference(
            "fields-swapped",
            f"fields `{named(old)}` and `{other.name}` swapped their numbers",
            fixed(_MAJOR),
            old.at("number"),
            new.at("number"),
            str(old.number),
            str(new.number),
            proof,
        )
    return Difference(
        "field-renumbered",
        f"field `{named(new)}` has another number",
        fixed(_MAJOR),
        old.at("number"),
        new.at("number"),
        str(old.number),
        str(new.number),
        proof,
    )


def _reused(old: Field, new: Field, owners: tuple[Message, Message]) -> Difference:
    return Difference(
        "field-number-reused",
        f"number {new.number} of field `{named(old)}` is used for `{new.name}`, which is something else",
        fixed(_MAJOR, _MAJOR, _MAJOR),
        old.place,
        new.place,
        f"{shown_type(old)} {old.name}",
        f"{shown_type(new)} {new.name}",
        Proof(*owners, ((old, None),), ((new, None),), definite=True),
    )


def _became(old: Field, new: Field, owners: tuple[Message, Message]) -> Difference:
    """An extension is written as any field of its number; JSON and code call it otherwise."""
    to_field = new.message is not None
    field, extension = (new, old) if to_field else (old, new)
    return Difference(
        "extension-became-field" if to_field else "field-became-extension",
        f"extension `{extension.full_name}` became field `{named(field)}`"
        if to_field
        else f"field `{named(field)}` became extension `{extension.full_name}`",
        Verdict(json=(_LOST, _LOST), source=_MAJOR),
        old.place,
        new.place,
        old.json_name,
        new.json_name,
        Proof(*owners, ((old, None),), ((new, None),)),
    )


def _removed(context: Context, old: Field, owners: tuple[Message, Message]) -> Difference:
    new = owners[1]
    by_number, by_name = new.reserves(old.number), old.name in new.reserved_names
    required = old.cardinality is Cardinality.REQUIRED
    wire = _MINOR if by_number and not required else _MAJOR
    json = _MINOR if by_name and not required and not context.options.strict_json else _MAJOR
    if required:
        rule, told = "required-field-removed", "and old readers refuse messages without it"
    elif by_number and by_name:
        rule, told = "field-removed-reserved", "its number and name are reserved"
    elif by_number or by_name:
        rule, told = "field-removed", f"only its {'number' if by_number else 'name'} is reserved"
    else:
        rule, told = "field-removed", "neither its number nor its name is reserved"
    return Difference(
        rule,
        f"field `{named(old)}` is gone; {told}",
        fixed(wire, json, _MAJOR),
        old.place,
        new.place,
        f"{shown_type(old)} {old.name} = {old.number}",
        proof=Proof(*owners, ((old, None),), (), empty=required, definite=True),
    )


def _added(context: Context, new: Field, owners: tuple[Message, Message]) -> Difference:
    old = owners[0]
    strict = _LOST if context.options.strict_json else _PART
    verdict = Verdict((_SAME, _PART), (_SAME, strict), _MINOR)
    proof = Proof(*owners, (), ((new, None),)) if context.options.strict_json else None
    rule, text = "field-added", f"field `{named(new)}` was added"
    before = old.by_number.get(new.number)
    if new.cardinality is Cardinality.REQUIRED:
        rule, text = "required-field-added", f"required field `{named(new)}` was added"
        verdict |= Verdict((_LOST, _SAME), (_LOST, _SAME), _MAJOR)
        proof = Proof(*owners, (), ((new, None),), empty=True)
    elif before is not None:
        rule = "field-number-reused"
        text = f"field `{named(new)}` was added with the number that `{before.name}` had"
        verdict |= fixed(_MAJOR)
        proof = Proof(*owners, ((before, None),), ((new, None),), by_name=True, definite=True)
    elif old.reserves(new.number) or new.name in old.reserved_names:
        rule, text, reserved = _reserved(new, old)
        verdict |= reserved
        proof = None
    elif new.oneof:
        rule, text = "oneof-member-added", f"field `{named(new)}` was added to oneof `{new.oneof}`"
    return Difference(
        rule,
        text,
        verdict,
        old.place,
        new.place,
        now=f"{shown_type(new)} {new.name} = {new.number}",
        proof=proof,
    )


def _reserved(new: Field, old: Message) -> tuple[str, str, Verdict]:
    """A field that takes what was reserved: data of the past is read as what it never was."""
    if old.reserves(new.number):
        text = f"field `{named(new)}` was added with number {new.number}, which was reserved"
        json = _MAJOR if new.name in old.reserved_names else _NONE
        return "reserved-field-number-used", text, fixed(_MAJOR, json)
    text = f"field `{named(new)}` was added under a name that was reserved"
    return "reserved-field-name-used", text, fixed(_NONE, _MAJOR)


def _of_message(old: Message, new: Message) -> Iterator[Difference]:
    label = f"message `{new.name}`"
    yield from deprecation("message", label, old, new)
    if old.is_message_set != new.is_message_set:
        yield Difference(
            "message-set-format-changed",
            f"{label}: its extensions are written in another form",
            fixed(_MAJOR, _NONE, _MAJOR),
            old.at("options", "message_set_wire_format"),
            new.at("options", "message_set_wire_format"),
        )
    if old.options.no_standard_descriptor_accessor != new.options.no_standard_descriptor_accessor:
        gone = new.options.no_standard_descriptor_accessor
        yield Difference(
            "message-descriptor-accessor-changed",
            f"{label}: C++ code {'has no' if gone else 'has a'} `descriptor()` for it",
            fixed(source=_MAJOR if gone else _MINOR),
            old.at("options", "no_standard_descriptor_accessor"),
            new.at("options", "no_standard_descriptor_accessor"),
        )
    yield from _extension_ranges(old, new, label)
    yield from compare_visibility("message", label, old, new)
    yield from compare_json_format("message", label, old, new)
    told = "message_set_wire_format", "no_standard_descriptor_accessor", "map_entry"
    yield from compare_options("message", label, old, new, told)


def _extension_ranges(old: Message, new: Message, label: str) -> Iterator[Difference]:
    for rule, ones, others, word, level in (
        ("extension-range-removed", old, new, "not left to extensions any more", _MAJOR),
        ("extension-range-added", new, old, "left to extensions", _NONE),
    ):
        found = list(without(ones.extension_ranges, others.extension_ranges))
        if found:
            numbers = ", ".join(shown(each) for each in found)
            yield Difference(rule, f"{label}: {numbers} {word}", fixed(source=level), old.place, new.place)
