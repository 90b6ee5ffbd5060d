"""Messages that may show a break: a field set to this, then to that; what is required is filled in.

Yields few messages, the likeliest first, and never many: a proof is searched for within a bound.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from apicontract.formats.proto.diff.kinds import Sort
from apicontract.formats.proto.elements import Kind
from apicontract.formats.proto.witness.runtime import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.diff.kinds import Value
    from apicontract.formats.proto.witness.runtime import FieldInfo, MessageInfo

_DEPTH = 4  # of messages in messages that are filled
_KINDS = tuple(Kind)  # FieldInfo.type counts from 1 in this order
_TEXTS: dict[Kind, tuple[Value, ...]] = {
    Kind.STRING: ("abc", "5", "", "é"),
    Kind.BYTES: (b"\xff\xfe", b"abc", b""),
    Kind.BOOL: (1, 0),
    Kind.FLOAT: (0.5, 0.0, -3.0),
    Kind.DOUBLE: (0.5, 1e300, 0.1, 0.0),
}


def complete(message: AnyMessage, depth: int = _DEPTH) -> None:
    """Fill in what is required and missing, here and below."""
    for field in _required(message.DESCRIPTOR):
        if not message.HasField(field.name):
            assign(message, field, next(samples(field, depth)), depth)
    for field, value in message.ListFields():
        if field.message_type is not None and depth:
            for one in _each(field, value):
                complete(one, depth - 1)


@lru_cache(maxsize=256)  # it is asked of one message for each of its fields
def _required(descriptor: MessageInfo) -> tuple[FieldInfo, ...]:
    return tuple(field for field in descriptor.fields if field.is_required)


def _each(field: FieldInfo, value: object) -> Iterator[AnyMessage]:
    if not field.is_repeated:
        yield value  # type: ignore[misc]  # a message
    elif is_map(field):
        if entry_of(field)[1].message_type is not None:
            yield from value.values()  # type: ignore[attr-defined]
    else:
        yield from value  # type: ignore[misc]


def is_map(field: FieldInfo) -> bool:
    """Whether it is a map."""
    return bool(field.message_type is not None and field.message_type.GetOptions().map_entry)


def kind_of(field: FieldInfo) -> Kind:
    """Its kind as the contract's views name it."""
    return _KINDS[field.type - 1]


def samples(field: FieldInfo, depth: int = _DEPTH) -> Iterator[object]:
    """Values of one element of a field, the telling ones first; of a message builders that fill one."""
    if field.message_type is not None:
        yield from _fillings(field.message_type, depth)
    elif field.enum_type is not None:
        numbers = [value.number for value in field.enum_type.values]
        yield from sorted(numbers, key=lambda number: number == 0)
        if not field.enum_type.is_closed:
            yield next(number for number in range(1, len(numbers) + 2) if number not in numbers)
    else:
        kind = kind_of(field)
        yield from _TEXTS.get(kind) or Sort(kind).samples()


def _fillings(descriptor: MessageInfo, depth: int) -> Iterator[dict[str, object]]:
    """Contents of a message, as field name to value: each field alone, then none."""
    if depth:
        for field in descriptor.fields:
            for value, _ in zip(samples(field, depth - 1), range(12), strict=False):
                yield {field.name: value}
    yield {}


def assign(message: AnyMessage, field: FieldInfo, value: object, depth: int = _DEPTH) -> None:
    """Set a field to one value, or add it to a list or a map; ValueError where it has no such value."""
    if is_map(field):
        _assign_entry(message, field, value, depth)
        return
    held = _held(message, field)
    if field.message_type is not None:
        one = held.add() if field.is_repeated else held
        one.SetInParent()
        fill(one, value if isinstance(value, dict) else {}, depth - 1)
    elif field.is_repeated:
        held.append(_native(field, value))
    elif field.is_extension:
        message.Extensions[field] = _native(field, value)  # type: ignore[index, type-var]
    else:
        setattr(message, field.name, _native(field, value))


def fill(message: AnyMessage, contents: dict[str, object], depth: int = _DEPTH) -> None:
    """Set the fields of a message."""
    for name, value in contents.items():
        assign(message, message.DESCRIPTOR.fields_by_name[name], value, depth)


def _held(message: AnyMessage, field: FieldInfo) -> Any:
    """What the field holds: a message, a list, a value; the runtime has no one type for these."""
    if field.is_extension:
        return message.Extensions[field]  # type: ignore[index]
    return getattr(message, field.name)


def _assign_entry(message: AnyMessage, field: FieldInfo, value: object, depth: int) -> None:
    contents = value if isinstance(value, dict) else {}
    key_field, value_field = entry_of(field)
    key = _native(key_field, contents.get("key", next(samples(key_field))))
    entries = getattr(message, field.name)
    if value_field.message_type is not None:
        inner = contents.get("value", {})
        fill(entries[key], inner if isinstance(inner, dict) else {}, depth - 1)
    else:
        entries[key] = _native(value_field, contents.get("value", next(samples(value_field))))


def _native(field: FieldInfo, value: object) -> object:
    """The value as the runtime wants it for this field."""
    kind = kind_of(field)
    if kind is Kind.BOOL:
        return bool(value)
    if kind is Kind.STRING and not isinstance(value, str):
        raise ValueError(value)
    if kind is Kind.BYTES and isinstance(value, str):
        return value.encode()
    return value
