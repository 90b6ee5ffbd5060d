"""Where the parts of a proto file stand: pointers of its descriptor to lines and columns.

A pointer names a part as descriptor.proto does: `/message_type/0/field/2`. The positions are those of
the compiler's source info. Source: descriptor.proto, message SourceCodeInfo.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.protobuf import descriptor_pb2
    from google.protobuf.descriptor import Descriptor

    from apicontract.sources import Json, Locator

_TAB = 8  # protoc's tabulator stops


def locator(
    read: Callable[[], descriptor_pb2.SourceCodeInfo],
) -> Callable[[bytes, Json], Locator]:
    """What makes the locator of a document; `read` gives the source info when it is first needed."""
    return lambda text, _value: ProtoLocator(text, read())


class ProtoLocator:
    """Finds parts by the source info of their file; the text, if there is one, corrects the columns."""

    def __init__(self, text: bytes, info: descriptor_pb2.SourceCodeInfo) -> None:
        self._spans = {
            tuple(location.path): (location.span[0], location.span[1])
            for location in info.location
            if len(location.span) > 1
        }
        self._comments = {
            tuple(location.path): location.leading_comments or location.trailing_comments
            for location in info.location
            if location.leading_comments or location.trailing_comments
        }
        self._lines = text.split(b"\n") if text else None

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """(line, column) of the part, or of the nearest around it; with `key`, of its name."""
        path = path_of(pointer)
        if key:
            path = (*path, 1)
        while path and path not in self._spans:
            path = path[:-1]
        line, column = self._spans.get(path, (0, 0)) if path else (0, 0)
        return line + 1, self._column(line, column)

    def comment(self, pointer: str) -> str:
        """The comment on the part, before it or behind it on its line; empty if it has none."""
        return self._comments.get(path_of(pointer), "")

    def _column(self, line: int, column: int) -> int:
        if self._lines is None or line >= len(self._lines):
            return column + 1
        return code_points(self._lines[line], column) + 1


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
