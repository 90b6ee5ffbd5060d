"""Two versions of an enum: its values by number, for bytes, and by name, for JSON and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference, deprecation
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed
from apicontract.formats.proto.diff.options import compare_json_format, compare_options, compare_visibility
from apicontract.formats.proto.diff.reservations import compare_reservations
from apicontract.formats.proto.witness import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.elements import Enum, EnumValue

_NONE, _MINOR, _MAJOR = Level.NONE, Level.MINOR, Level.MAJOR
_SAME, _PART, _LOST = Effect.SAME, Effect.PART, Effect.LOST


def compare_enums(context: Context, old: Enum, new: Enum) -> Iterator[Difference]:
    """Every difference between two versions of an enum."""
    if old.proto == new.proto and old.features == new.features:
        return
    yield from deprecation("enum", f"enum `{new.name}`", old, new)
    yield from _openness(old, new)
    yield from _default(old, new)
    yield from _renumbered(old, new)
    for number, names in old.names_by_number.items():
        if number in new.names_by_number:
            yield from _same_number(old, new, number)
        elif all(name not in new.by_name for name in names):
            yield _removed(context, old, new, number)
    for number, names in new.names_by_number.items():
        if number not in old.names_by_number and all(name not in old.by_name for name in names):
            yield _added(context, old, new, number)
    for name, value in old.by_name.items():
        if name in new.by_name:
            label = f"enum `{new.name}`: value `{name}`"
            yield from deprecation("enum-value", label, value, new.by_name[name])
            yield from compare_options("enum-value", label, value, new.by_name[name])
    yield from _reservations(old, new)
    yield from compare_visibility("enum", f"enum `{new.name}`", old, new)
    yield from compare_json_format("enum", f"enum `{new.name}`", old, new)
    yield from compare_options("enum", f"enum `{new.name}`", old, new, ("allow_alias",))


def _openness(old: Enum, new: Enum) -> Iterator[Difference]:
    if old.closed == new.closed:
        return
    if new.closed:
        part = (_PART, _SAME)
        verdict = Verdict(part, part, _MAJOR)
        rule, text = "enum-became-closed", "its fields do not keep numbers any more that it does not list"
    else:
        part = (_SAME, _PART)
        verdict = Verdict(part, part, _MINOR)
        rule, text = "enum-became-open", "its fields keep numbers that it does not list"
    unlisted = next(
        number for number in range(1, 1 << 20) if number not in old.names_by_number | new.names_by_number
    )
    proof = Proof(old, new, (unlisted,), (unlisted,))
    yield Difference(rule, f"enum `{new.name}`: {text}", verdict, old.place, new.place, proof=proof)


def _default(old: Enum, new: Enum) -> Iterator[Difference]:
    """The first value is what a reader sees where a field is absent."""
    if not old.values or not new.values or old.values[0].number == new.values[0].number:
        return
    yield Difference(
        "enum-default-changed",
        f"enum `{new.name}`: another value stands first, and is read where a field is absent",
        fixed(_MAJOR, _MAJOR),
        old.values[0].place,
        new.values[0].place,
        old.values[0].name,
        new.values[0].name,
        Proof(old, new, (None,), (None,), empty=True),
    )


def _renumbered(old: Enum, new: Enum) -> Iterator[Difference]:
    told: set[str] = set()
    for name, value in old.by_name.items():
        twin = new.by_name.get(name)
        if twin is None or twin.number == value.number or name in told:
            continue
        swapped = next(
            (
                other
                for other in old.names_by_number.get(twin.number, ())
                if other in new.by_name and new.by_name[other].number == value.number
            ),
            "",
        )
        told |= {name, swapped}
        text = (
            f"values `{name}` and `{swapped}` swapped their numbers"
            if swapped
            else f"value `{name}` has another number"
        )
        yield Difference(
            "enum-values-swapped" if swapped else "enum-value-renumbered",
            f"enum `{new.name}`: {text}",
            fixed(_MAJOR),
            value.at("number"),
            twin.at("number"),
            str(value.number),
            str(twin.number),
            Proof(old, new, (value.number,), (twin.number,), by_name=True, definite=True),
        )


def _same_number(old: Enum, new: Enum, number: int) -> Iterator[Difference]:
    """The names of one number: the first is written in JSON, all of them are read."""
    before, after = old.names_by_number[number], new.names_by_number[number]
    gone = [name for name in before if name not in new.by_name]
    come = [name for name in after if name not in old.by_name]
    proof = Proof(old, new, (number,), (number,))
    places = _value(old, before[0]).place, _value(new, after[0]).place
    shown = ", ".join(before), ", ".join(after)
    kept = [name for name in before if name in after]
    if gone and come and not kept:
        text = f"value {number} is called `{after[0]}` instead of `{before[0]}`"
        verdict = Verdict(json=(_LOST, _LOST), source=_MAJOR)
        yield Difference(
            "enum-value-renamed", f"enum `{new.name}`: {text}", verdict, *places, before[0], after[0], proof
        )
        return
    for name in gone:
        reserved = name in new.reserved_names
        yield Difference(
            "enum-alias-removed",
            f"enum `{new.name}`: value {number} lost its name `{name}`",
            fixed(json=_MINOR if reserved else _MAJOR, source=_MAJOR),
            _value(old, name).place,
            places[1],
            *shown,
        )
    if kept and before[0] != after[0] and before[0] in after:
        unknown = after[0] not in before
        yield Difference(
            "enum-written-name-changed",
            f"enum `{new.name}`: JSON writers call value {number} `{after[0]}` instead of `{before[0]}`",
            Verdict(json=(_SAME, _LOST if unknown else _PART), source=_MINOR),
            *places,
            *shown,
            Proof(old, new, (), (number,)),
        )
        come = [name for name in come if name != after[0]]
    for name in come:
        yield Difference(
            "enum-alias-added",
            f"enum `{new.name}`: value {number} has a further name `{name}`",
            Verdict(json=(_SAME, _PART), source=_MINOR),
            places[0],
            _value(new, name).place,
            *shown,
        )


def _removed(context: Context, old: Enum, new: Enum, number: int) -> Difference:
    names = old.names_by_number[number]
    value = _value(old, names[0])
    by_number, by_name = new.reserves(number), all(name in new.reserved_names for name in names)
    wire = _MINOR if by_number else _MAJOR
    json = _MINOR if by_name and not context.options.strict_json else _MAJOR
    safe = by_number and by_name
    told = (
        "and reserved"
        if safe
        else "and not reserved"
        if not (by_number or by_name)
        else "and reserved in part"
    )
    return Difference(
        "enum-value-removed-reserved" if safe else "enum-value-removed",
        f"enum `{new.name}`: value `{names[0]}` is gone {told}",
        fixed(wire, json, _MAJOR),
        value.place,
        new.place,
        f"{names[0]} = {number}",
        proof=Proof(old, new, (number,), (), by_name=True, definite=True),
    )


def _added(context: Context, old: Enum, new: Enum, number: int) -> Difference:
    name = new.names_by_number[number][0]
    value = _value(new, name)
    strict = _LOST if context.options.strict_json else _PART
    if old.reserves(number) or name in old.reserved_names:
        wire, json = (
            (_MAJOR if old.reserves(number) else _MINOR),
            (_MAJOR if name in old.reserved_names else _MINOR),
        )
        return Difference(
            "reserved-enum-value-used",
            f"enum `{new.name}`: value `{name}` takes a number or name that was reserved",
            fixed(wire, json, _MINOR),
            old.place,
            value.place,
            now=f"{name} = {number}",
        )
    return Difference(
        "enum-value-added",
        f"enum `{new.name}`: value `{name}` was added",
        Verdict((_SAME, _PART), (_SAME, strict), _MINOR),
        old.place,
        value.place,
        now=f"{name} = {number}",
        proof=Proof(old, new, (), (number,)) if strict is _LOST else None,
    )


def _reservations(old: Enum, new: Enum) -> Iterator[Difference]:
    used = {value.number for value in new.values}, {value.name for value in new.values}
    yield from compare_reservations("enum", old, new, *used)


def _value(enum: Enum, name: str) -> EnumValue:
    return enum.by_name[name]
