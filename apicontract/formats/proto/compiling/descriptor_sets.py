"""Descriptor sets as bytes: taken apart by file without parsing, and without what is read later.

Source info is four fifths of a set and is needed of the few files that a report speaks of.
Source: descriptor.proto; "Encoding", Protocol Buffers documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf import descriptor_pb2

_FILE = 1  # FileDescriptorSet.file
_NAME, _SOURCE_INFO = 1, 9  # of FileDescriptorProto
_VARINT, _FIXED64, _BYTES, _START, _END, _FIXED32 = range(6)


def split(descriptor_set: bytes) -> dict[str, bytes]:
    """Each file of a well-formed set by its name, still as bytes; the first of a name counts."""
    found: dict[str, bytes] = {}
    for number, start, end in _fields(descriptor_set):
        if number == _FILE:
            part = descriptor_set[start:end]
            found.setdefault(_name(part), part)
    return found


def without_source_info(part: bytes) -> descriptor_pb2.FileDescriptorProto:
    """The file's descriptor without its source info."""
    from google.protobuf import descriptor_pb2

    view = memoryview(part)
    kept: list[memoryview] = []
    begun = 0
    for number, start, end in _fields(part):
        if number == _SOURCE_INFO:
            head = start - _length_of(end - start) - 1
            kept.append(view[begun:head])
            begun = end
    kept.append(view[begun:])
    return descriptor_pb2.FileDescriptorProto.FromString(b"".join(kept))


def _name(part: bytes) -> str:
    for number, start, end in _fields(part):
        if number == _NAME:
            return part[start:end].decode("utf-8", "replace")
    return ""


def _fields(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(number, start of the value, its end) of each field; ValueError where the bytes are malformed."""
    at = 0
    size = len(data)
    while at < size:
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == _BYTES:
            length, at = _varint(data, at)
            end = at + length
        elif wire == _VARINT:
            _, end = _varint(data, at)
        elif wire in (_FIXED64, _FIXED32):
            end = at + (8 if wire == _FIXED64 else 4)
        else:
            msg = "a group in a descriptor"
            raise ValueError(msg)
        if end > size:
            msg = "it ends in the middle of a field"
            raise ValueError(msg)
        yield tag >> 3, at, end
        at = end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:  # noqa: PLR2004  # bits of the longest varint
            msg = "a malformed number"
            raise ValueError(msg)
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004  # the last byte of a varint
            return value, at
        shift += 7


def _length_of(value: int) -> int:
    """Bytes of a varint."""
    return max(1, (value.bit_length() + 6) // 7)
