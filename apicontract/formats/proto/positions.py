"""Where the parts of a proto file stand: pointers of its descriptor to lines and columns.

A pointer names a part as descriptor.proto does: `/message_type/0/field/2`. The positions are those of
the compiler's source info. Source: descriptor.proto, message SourceCodeInfo.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling.descriptor_sets import read_varint, varint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf.descriptor import Descriptor

    from apicontract.sources import Json, Locator

_PATH, _SPAN = b"\x0a", b"\x12"  # the tags of SourceCodeInfo.Location.path and .span, one after the other
_FEW = 40  # searches through the whole, before the positions are listed once
_LONGEST_LENGTH = 4  # bytes of a location's length
_LAST_BYTE = 0x7F  # the largest byte that ends a number
_TAB = 8  # protoc's tabulator stops


def locator(read: Callable[[], bytes]) -> Callable[[bytes, Json], Locator]:
    """What makes the locator of a document; `read` gives the bytes of its source info when first needed."""
    return lambda text, _value: ProtoLocator(text, read())


class ProtoLocator:
    """Finds parts in the source info of their file; the text, if there is one, corrects the columns.

    info: the bytes of a SourceCodeInfo. They are searched, not parsed: a report asks for a few of the
    thousands of positions that a file has.
    """

    def __init__(self, text: bytes, info: bytes) -> None:
        self._info = info
        self._asked = 0
        self._spans: dict[bytes, int] | None = None
        plain = text.isascii() and b"\t" not in text
        self._lines = text.split(b"\n") if not plain else None

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """(line, column) of the part, or of the nearest around it; with `key`, of its name."""
        path = path_of(pointer)
        if key:
            path = (*path, 1)
        while path:
            found = self._span(path)
            if found is not None:
                line, column = found
                return line + 1, self._column(line, column) + 1
            path = path[:-1]
        return 1, 1

    def _span(self, path: tuple[int, ...]) -> tuple[int, int] | None:
        """Line and column, from 0, of the part with that path; None if the source info has none."""
        told = b"".join(varint(number) for number in path)
        at = self._find(told)
        if at < 0:
            return None
        try:
            _, at = read_varint(self._info, at)
            line, at = read_varint(self._info, at)
            column, _ = read_varint(self._info, at)
        except ValueError:  # bytes that only look like it, in a comment
            return None
        return line, column

    def _find(self, told: bytes) -> int:
        """Where the length of the span stands that follows the encoded path; -1 if there is none."""
        self._asked += 1
        if self._asked > _FEW:
            if self._spans is None:
                self._spans = {}
                with suppress(IndexError, ValueError):  # a damaged set: what stands before is good
                    for path, at in _spans(self._info):
                        self._spans.setdefault(path, at)
            return self._spans.get(told, -1)
        sought = b"".join((_PATH, varint(len(told)), told, _SPAN))
        at = self._info.find(sought)
        while at >= 0 and not self._begins(at):  # the end of a longer path, or a comment, may look like it
            at = self._info.find(sought, at + 1)
        return at + len(sought) if at >= 0 else -1

    def _begins(self, at: int) -> bool:
        """Whether a location's content begins there: its tag and length before it, another's tag behind."""
        info = self._info
        for before in range(2, min(at, _LONGEST_LENGTH + 1) + 1):
            *more, last = info[at - before + 1 : at]
            if info[at - before] != _PATH[0] or last > _LAST_BYTE or any(it <= _LAST_BYTE for it in more):
                continue
            length = sum((it & _LAST_BYTE) << 7 * place for place, it in enumerate((*more, last)))
            if info[at + length : at + length + 1] in (_PATH[:1], b""):
                return True
        return False

    def _column(self, line: int, column: int) -> int:
        if self._lines is None or line >= len(self._lines):
            return column
        return code_points(self._lines[line], column)


def _spans(info: bytes) -> Iterator[tuple[bytes, int]]:
    """(encoded path, where the length of its span stands) of each location that has both.

    Reads what `fields` would, in half a million locations of a large contract; IndexError where the
    bytes end too early.
    """
    at = 0
    while at < len(info):
        length = info[at + 1]
        at += 2
        if length > _LAST_BYTE:
            length, at = read_varint(info, at - 1)
        if info[at] == _PATH[0]:
            after = at + 2 + info[at + 1]
            if info[after] == _SPAN[0]:
                yield info[at + 2 : after], after + 1
        at += length


def code_points(line: bytes, column: int) -> int:
    """How many code points stand before protoc's column: it counts bytes, and tabs to every eighth."""
    if b"\t" not in line[:column]:
        return len(line[:column].decode("utf-8", "replace"))
    at = offset = 0
    while offset < len(line) and at < column:
        at += _TAB - at % _TAB if line[offset] == ord("\t") else 1
        offset += 1
    return len(line[:offset].decode("utf-8", "replace"))


def path_of(pointer: str) -> tuple[int, ...]:
    """The path of SourceCodeInfo that a pointer stands for; as much of it as has a meaning."""
    from google.protobuf import descriptor_pb2

    numbers: list[int] = []
    within: Descriptor | None = descriptor_pb2.FileDescriptorProto.DESCRIPTOR
    for token in pointer.split("/")[1:]:
        if token.isdigit():
            numbers.append(int(token))
            continue
        if within is None or token not in _numbers(within):
            break
        number, within = _numbers(within)[token]
        numbers.append(number)
    return tuple(numbers)


@cache
def _numbers(message: Descriptor) -> dict[str, tuple[int, Descriptor | None]]:
    return {field.name: (field.number, field.message_type) for field in message.fields}
