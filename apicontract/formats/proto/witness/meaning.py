"""What a message says, so that what was written and what was read can be compared across two schemas.

By number on the wire, by name where a field is known by that; in JSON by the tree that a reader writes
again. Absence is part of what is said.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from apicontract.formats.proto.witness.runtime import entry_of
from apicontract.formats.proto.witness.values import is_map

if TYPE_CHECKING:
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.witness.runtime import FieldInfo

    Said: TypeAlias = "dict[int | str, list[object]]"


def said(message: AnyMessage, *, by_name: bool = False) -> Said:
    """What is set: by number (or name) the list of values; of an enum by name the names."""
    found: Said = {}
    for field, value in message.ListFields():
        key = field.name if by_name else field.number
        found[key] = _values(field, value, by_name=by_name)
    return found


def _values(field: FieldInfo, value: object, *, by_name: bool) -> list[object]:
    if is_map(field):
        return sorted((_entry(field, key, held, by_name=by_name) for key, held in value.items()), key=repr)  # type: ignore[attr-defined]
    listed = list(value) if field.is_repeated else [value]  # type: ignore[call-overload]
    return [_one(field, each, by_name=by_name) for each in listed]


def _entry(field: FieldInfo, key: object, held: object, *, by_name: bool) -> object:
    """A map's entry as the message that it is on the wire, zeros left out."""
    parts = zip(entry_of(field), (key, held), strict=True)
    return {
        (part.name if by_name else part.number): [_one(part, value, by_name=by_name)]
        for part, value in parts
        if value or part.message_type is not None
    }


def _one(field: FieldInfo, value: object, *, by_name: bool) -> object:
    if field.message_type is not None:
        return Held(value, by_name=by_name)  # type: ignore[arg-type]
    if field.enum_type is not None and by_name:
        known = field.enum_type.values_by_number.get(int(value))  # type: ignore[call-overload]
        return known.name if known is not None else value
    return value


class Held:
    """A message in a field: equal to one that says the same, and to the bytes that it is."""

    __slots__ = ("_by_name", "message")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, message: AnyMessage, *, by_name: bool) -> None:
        self.message = message
        self._by_name = by_name

    def __repr__(self) -> str:
        return repr(said(self.message, by_name=self._by_name))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bytes):
            return self.message.SerializePartialToString() == other
        if isinstance(other, dict):
            return alike(_without_zeros(said(self.message, by_name=self._by_name)), other)
        if isinstance(other, Held):
            return alike(
                said(self.message, by_name=self._by_name), said(other.message, by_name=self._by_name)
            )
        return NotImplemented


def _without_zeros(found: Said) -> Said:
    return {key: values for key, values in found.items() if any(isinstance(v, Held) or v for v in values)}


def alike(wrote: Said, read: Said) -> bool:
    """Whether what was read is what was written."""
    return wrote.keys() == read.keys() and all(
        len(values) == len(read[key])
        and all(_same(one, other) for one, other in zip(values, read[key], strict=True))
        for key, values in wrote.items()
    )


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, bytes):
        return one.encode() == other
    if isinstance(one, bytes) and isinstance(other, str):
        return one == other.encode()
    if isinstance(one, dict) and isinstance(other, dict):
        return alike(one, other)
    return one == other


def tree(message: AnyMessage, pool: DescriptorPool) -> object:
    """What its JSON says."""
    return json.loads(text(message, pool))


def text(message: AnyMessage, pool: DescriptorPool) -> str:
    """Its JSON, on one line."""
    from google.protobuf.json_format import MessageToJson

    return MessageToJson(message, indent=None, descriptor_pool=pool, ensure_ascii=False)
