"""Two versions of one field: what it holds, how often, what its absence means, how JSON calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff import kinds
from apicontract.formats.proto.diff.cardinality import occurrence, turn
from apicontract.formats.proto.diff.cardinality import verdict as turned
from apicontract.formats.proto.diff.difference import Difference, deprecation, named
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed
from apicontract.formats.proto.diff.field_options import compare_field_options
from apicontract.formats.proto.diff.sorts import is_null, is_plain, json_sort_of, sort_of
from apicontract.formats.proto.elements import Cardinality, Kind
from apicontract.formats.proto.witness import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.elements import Field, Message

_MAJOR = Level.MAJOR
_SAME, _LOST = Effect.SAME, Effect.LOST
_NESTED = (Kind.MESSAGE, Kind.GROUP)
_TEXT_OF = {("quoted", "string"), ("string", "quoted"), ("name", "string"), ("string", "name")}


def compare_fields(
    context: Context, old: Field, new: Field, owners: tuple[Message, Message]
) -> Iterator[Difference]:
    """Every difference between two versions of a field but its name, its number and its oneof.

    owners: the messages that hold it, of an extension those that it extends.
    """
    label = f"field `{named(new)}`"
    yield from _kind(context, old, new, owners, label)
    yield from _occurrence(old, new, owners, label)
    yield from _default(old, new, owners, label)
    yield from deprecation("field", label, old, new)
    yield from compare_field_options(old, new, label)


def but_for_wire(found: Difference) -> Difference:
    """A difference of a field with another number: on the wire it is not compared with itself."""
    verdict = Verdict(json=found.verdict.json, source=found.verdict.source)
    return Difference(
        found.rule, found.message, verdict, found.old, found.new, found.was, found.now, found.proof
    )


def verdict_on_values(context: Context, old: Field, new: Field) -> Verdict:
    """What becomes of one value of a field whose kind or type changed; how often it occurs is not asked."""
    if old.entry is not None and new.entry is not None:
        return _of_entries(context, old.entry, new.entry)
    if old.kind in _NESTED and new.kind in _NESTED:
        return _of_messages(context, old, new)
    if old.kind is Kind.ENUM is new.kind:
        return _of_enums(context, old, new)
    was, now = sort_of(old), sort_of(new)
    json = json_sort_of(old), json_sort_of(new)
    verdict = kinds.cell(was, now)
    forms = kinds.to_new_reader(*json), kinds.in_json(*reversed(json))[0]
    implicit = old.cardinality is new.cardinality is Cardinality.IMPLICIT
    if implicit and (json[0].form, json[1].form) in _TEXT_OF:
        forms = (_LOST, _LOST)  # a zero is left out, and read as an empty text
    return Verdict(verdict.wire, forms, verdict.source)


def _of_entries(context: Context, old: Message, new: Message) -> Verdict:
    keys, values = ((entry.by_number[1], entry.by_number[2]) for entry in (old, new))
    (old_key, old_value), (new_key, new_value) = keys, values
    was, now = sort_of(old_key), sort_of(new_key)
    of_keys = kinds.cell(was, now)
    in_json = kinds.as_key(was, now)[0], kinds.as_key(now, was)[0]
    return Verdict(of_keys.wire, in_json, of_keys.source) | verdict_on_values(context, old_value, new_value)


def _of_messages(context: Context, old: Field, new: Field) -> Verdict:
    verdict = Verdict()
    if old.kind is not new.kind:
        verdict |= Verdict(wire=(_LOST, _LOST))
    if context.pairing.same_type(old.type_name, new.type_name):
        return verdict
    inner = context.structure.of_messages(context, old.type_message, new.type_message)
    if not (is_plain(old) and is_plain(new)):
        forms = json_sort_of(old), json_sort_of(new)
        inner = Verdict(
            inner.wire, (kinds.in_json(*forms)[0], kinds.in_json(*reversed(forms))[0]), inner.source
        )
    return verdict | inner | Verdict(source=_MAJOR)


def _of_enums(context: Context, old: Field, new: Field) -> Verdict:
    if context.pairing.same_type(old.type_name, new.type_name):
        return Verdict()
    inner = context.structure.of_enums(context, old.type_enum, new.type_enum)
    if is_null(old) != is_null(new):
        inner |= Verdict(json=(_LOST, _LOST))  # one side writes and reads `null`, the other a name
    return inner | Verdict(source=_MAJOR)


def _kind(
    context: Context, old: Field, new: Field, owners: tuple[Message, Message], label: str
) -> Iterator[Difference]:
    verdict = verdict_on_values(context, old, new)
    was, now = shown_type(old), shown_type(new)
    if verdict == Verdict() and (was == now or context.pairing.same_type(old.type_name, new.type_name)):
        return
    if (old.entry is None) != (new.entry is None) and verdict == Verdict(source=_MAJOR):
        return  # a map is a list of its entries: `cardinality.py` tells that
    rule, text = _rule_of_kind(old, new, verdict)
    if was == now:
        was, now = _form(old), _form(new)
    hints = kinds.on_wire(sort_of(old), sort_of(new))[1], kinds.on_wire(sort_of(new), sort_of(old))[1]
    yield Difference(
        rule,
        f"{label}: {text}",
        verdict,
        old.at("type_name" if old.type_name else "type"),
        new.at("type_name" if new.type_name else "type"),
        was,
        now,
        Proof(*owners, ((old, hints[0]),), ((new, hints[1]),)),
    )


def _form(field: Field) -> str:
    """What tells fields of one type apart: the features that decide how it is written or read."""
    if field.kind is Kind.STRING:
        return f"{shown_type(field)}, utf8_validation = {'VERIFY' if field.checks_utf8 else 'NONE'}"
    if field.kind in _NESTED and field.entry is None:
        coded = "DELIMITED" if field.kind is Kind.GROUP else "LENGTH_PREFIXED"
        return f"{shown_type(field)}, message_encoding = {coded}"
    return shown_type(field)


def _rule_of_kind(old: Field, new: Field, verdict: Verdict) -> tuple[str, str]:
    if old.entry is not None and new.entry is not None:
        return "map-type-changed", "the type of its keys or values changed"
    kinds_now = {old.kind, new.kind}
    if kinds_now == set(_NESTED):
        return "field-encoding-changed", "its messages are written in another way"
    if kinds_now == {Kind.STRING}:
        added = new.checks_utf8
        return (
            f"field-utf8-check-{'added' if added else 'removed'}",
            f"readers {'refuse' if added else 'take'} bytes that are not UTF-8"
            + ("" if added else ", and old ones refuse them still"),
        )
    if len(kinds_now) == 1 and old.type_name:
        what = "enum" if old.kind is Kind.ENUM else "message"
        return f"field-{what}-type-changed", f"it holds another {what} type"
    if verdict.wire[0] <= Effect.ODD and verdict.wire[1] <= Effect.PART:
        return "field-type-widened", "its new type has all the values of the old one"
    return "field-type-changed", "its type changed"


def _occurrence(old: Field, new: Field, owners: tuple[Message, Message], label: str) -> Iterator[Difference]:
    found = turn(old, new)
    if found is None or _follows_from_kind(found.rule, old, new):
        return
    several = found.rule in (
        "field-became-singular",
        "field-became-repeated",
        "repeated-became-map",
        "map-became-repeated",
    )
    yield Difference(
        found.rule,
        f"{label}: {_TURNED[found.rule]}",
        turned(found),
        old.place,
        new.place,
        occurrence(old),
        occurrence(new),
        Proof(
            *owners,
            ((old, None),),
            ((new, None),),
            times=2 if several else 1,
            empty=Cardinality.REQUIRED in (old.cardinality, new.cardinality),
        ),
    )


def _follows_from_kind(rule: str, old: Field, new: Field) -> bool:
    """Whether presence only changed since one side is a message, whose absence always shows.

    A wrapper is a value that may be absent, so there it counts.
    """
    if not rule.startswith("field-presence") or (old.kind in _NESTED) == (new.kind in _NESTED):
        return False
    return any(is_plain(field) for field in (old, new) if field.kind in _NESTED)


_TURNED = {
    "field-presence-added": "readers can tell its absence from zero",
    "field-presence-removed": "readers cannot tell its absence from zero any more",
    "field-became-required": "it is required",
    "field-became-not-required": "it is not required any more",
    "field-became-repeated": "it may occur several times",
    "field-became-singular": "it occurs at most once",
    "field-packing-changed": "it is packed in another way, and read in both",
    "map-became-repeated": "the map became a list of its entries",
    "repeated-became-map": "the list became a map",
}


def _default(old: Field, new: Field, owners: tuple[Message, Message], label: str) -> Iterator[Difference]:
    """What is read where the field is absent; of an enum without a stated default its first value tells."""
    many = (Cardinality.REPEATED, Cardinality.MAP)
    if old.cardinality in many or new.cardinality in many or {old.kind, new.kind} & set(_NESTED):
        return
    stated = old.has_stated_default or new.has_stated_default
    if not stated and (old.kind is new.kind or Kind.ENUM not in (old.kind, new.kind)):
        return
    was, now = default_of(old), default_of(new)
    if was == now or not (was or now):
        return
    yield Difference(
        "field-default-changed",
        f"{label}: another value is read where it is absent",
        fixed(_MAJOR, _MAJOR),
        old.at("default_value"),
        new.at("default_value"),
        str(old.default),
        str(new.default),
        Proof(*owners, ((old, None),), ((new, None),), empty=True),
    )


def default_of(field: Field) -> int | float | str | bytes | bool | None:
    """What is read where it is absent; of an enum the number."""
    if field.kind is Kind.ENUM and field.type_enum is not None and field.default is not None:
        return field.type_enum.by_name[str(field.default)].number
    return field.default


def shown_type(field: Field) -> str:
    """Its type as a file would write it."""
    if field.entry is not None:
        key, value = field.entry.by_number[1], field.entry.by_number[2]
        return f"map<{shown_type(key)}, {shown_type(value)}>"
    return field.type_name or str(field.kind)
