"""Descriptor sets as bytes: taken apart by file without parsing, and without what is read later.

Source info is four fifths of a set and is needed of the few files that a report speaks of.
Source: descriptor.proto; "Encoding", Protocol Buffers documentation; image.proto of Buf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST_BYTE = 0x7F  # the largest byte that ends a number
_FILE = 1  # FileDescriptorSet.file
_NAME, _PACKAGE, _DEPENDENCY, _SOURCE_INFO = 1, 2, 3, 9  # of FileDescriptorProto
_IMAGE_FILE, _IS_IMPORT = 8042, 1  # Buf's extension of it, and what that says
_VARINT, _FIXED64, _BYTES, _START, _END, _FIXED32 = range(6)


def split(descriptor_set: bytes) -> dict[str, bytes]:
    """Each file of a well-formed set by its name, still as bytes; the first of a name counts."""
    found: dict[str, bytes] = {}
    for number, start, end in fields(descriptor_set):
        if number == _FILE:
            part = descriptor_set[start:end]
            found.setdefault(_text(part, _NAME), part)
    return found


def framed(part: bytes) -> bytes:
    """A file as it stands in a set."""
    return b"".join((bytes([_FILE << 3 | _BYTES]), varint(len(part)), part))


def source_info(part: bytes) -> bytes:
    """The source info of a file, as bytes; empty if it has none."""
    return b"".join(part[start:end] for number, start, end in fields(part) if number == _SOURCE_INFO)


def varint(value: int) -> bytes:
    """A number as it is encoded."""
    encoded = bytearray()
    while value > _LAST_BYTE:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def without_source_info(part: bytes) -> bytes:
    """A file's descriptor without its source info: all that it says, and nothing of where."""
    view = memoryview(part)
    kept: list[memoryview] = []
    begun = 0
    for number, start, end in fields(part):
        if number == _SOURCE_INFO:
            kept.append(view[begun : start - _length_of(end - start) - 1])
            begun = end
    return b"".join([*kept, view[begun:]])


def imports(part: bytes) -> tuple[str, ...]:
    """The import paths that a file's descriptor names."""
    return tuple(
        part[start:end].decode("utf-8", "replace")
        for number, start, end in fields(part)
        if number == _DEPENDENCY
    )


def package(part: bytes) -> str:
    """The package that a file's descriptor names."""
    return _text(part, _PACKAGE)


def is_import(part: bytes) -> bool:
    """Whether an image of Buf says that the file is not its own but imported."""
    return any(
        flag == _IS_IMPORT and part[at:end] == b"\1"
        for number, start, stop in fields(part)
        if number == _IMAGE_FILE
        for flag, at, end in _shifted(part, start, stop)
    )


def _shifted(part: bytes, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    return ((number, start + at, start + end) for number, at, end in fields(part[start:stop]))


def _text(part: bytes, wanted: int) -> str:
    for number, start, end in fields(part):
        if number == wanted:
            return part[start:end].decode("utf-8", "replace")
    return ""


def fields(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(number, start of the value, its end) of each field; ValueError where the bytes are malformed."""
    at = 0
    size = len(data)
    while at < size:
        tag = data[at]
        at += 1
        if tag > _LAST_BYTE:
            tag, at = read_varint(data, at - 1)
        wire = tag & 7
        if tag >> 3 == 0:
            msg = "a field of number 0"
            raise ValueError(msg)
        if wire == _BYTES:
            length, at = read_varint(data, at)
            end = at + length
        elif wire == _VARINT:
            _, end = read_varint(data, at)
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


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at` and where the next byte stands; ValueError if it does not end."""
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
