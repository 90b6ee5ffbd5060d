"""Bytes read out: each field's tag, its number, its wire type, its value.

`08 96 01 = field 1, varint 150`. The writer's descriptor says which bytes are messages or packed numbers;
without it they are bytes. Source: Protocol Buffers, "Encoding".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.witness.runtime import FieldInfo, MessageInfo


_VARINT, _FIXED64, _LENGTH, _START, _END, _FIXED32 = range(6)
_MORE = 0x80
_LONGEST = 48  # bytes that are shown of one text


def spelled(data: bytes) -> str:
    """`08 96 01`."""
    return data.hex(" ") or "no bytes"


def read_out(data: bytes, descriptor: MessageInfo | None) -> str:
    """What each byte is, in words."""
    return "; ".join(_fields(data, descriptor)) or "no field"


def _fields(data: bytes, descriptor: MessageInfo | None) -> Iterator[str]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        field = descriptor.fields_by_number.get(number) if descriptor is not None else None
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield f"field {number}, varint {value}"
        elif wire == _LENGTH:
            length, at = _varint(data, at)
            yield f"field {number}, length {length}{_text(data[at : at + length], field)}"
            at += length
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
            yield f"field {number}, {size} bytes {spelled(data[at : at + size])}"
            at += size
        elif wire == _START:
            yield f"field {number}, group begins"
            descriptor_of_group = field.message_type if field is not None else None
            end = _end_of_group(data, at, number)
            yield from _fields(data[at:end], descriptor_of_group)
            at = end
        elif wire == _END:
            yield f"field {number}, group ends"
        else:
            yield f"wire type {wire}, which there is not"
            return


def _text(data: bytes, field: FieldInfo | None) -> str:
    if field is not None and field.message_type is not None:
        return f" [{read_out(data, field.message_type)}]" if data else ""
    if field is not None and field.cpp_type not in (field.CPPTYPE_STRING, field.CPPTYPE_MESSAGE):
        return f": packed {spelled(data)}"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and text:
        return f' "{text[:_LONGEST]}{"…" if len(text) > _LONGEST else ""}"'
    return f": {spelled(data[:_LONGEST])}" if data else ""


def _end_of_group(data: bytes, at: int, number: int) -> int:
    """Where the end tag of the group stands."""
    depth = 1
    while at < len(data):
        start = at
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == _VARINT:
            _, at = _varint(data, at)
        elif wire == _LENGTH:
            length, at = _varint(data, at)
            at += length
        elif wire == _START:
            depth += 1
        elif wire == _END:
            depth -= 1
            if depth == 0 and tag >> 3 == number:
                return start
        else:
            at += 4 if wire == _FIXED32 else 8
    return len(data)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < _MORE:
            break
    return number, at
