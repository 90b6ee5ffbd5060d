"""The comments above the elements of a file, from the source info of its descriptor.

Knows which lines are directives to tools and no comment, and which rules of buf they ignore. A comment
that stands behind an element, or apart from it, is not above it, as protoc sees it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling import descriptor_sets
from apicontract.formats.proto.positions import path_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from apicontract.formats.proto.model import File

_IGNORE = re.compile(r"^[ \t*]*buf:lint:ignore[ \t]+(\w+)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t*]*(?:buf:lint:ignore|apicontract:(?:ignore|sunset))\b.*$", re.MULTILINE)
_MARK = b"buf:lint:ignore"


class Comments:
    """The comments of one file; `are_known` is false of a descriptor that was made without them."""

    def __init__(self, file: File) -> None:
        from google.protobuf import descriptor_pb2

        self.file = file
        info = descriptor_pb2.SourceCodeInfo.FromString(descriptor_sets.source_info(_part(file)))
        self.are_known = bool(info.location)
        self._above = {
            tuple(location.path): location.leading_comments
            for location in info.location
            if location.leading_comments
        }

    def text(self, pointer: str) -> str:
        """What is said above the element, without directives and blanks around; empty if nothing."""
        above = self._above.get(path_of(pointer), "")
        return _DIRECTIVE.sub("", above).strip() if above else ""

    def ignores(self, pointer: str, names: Collection[str]) -> bool:
        """Whether a comment above the element, or above one around it, ignores one of these rules of buf."""
        path = path_of(pointer)
        above = (self._above.get(path[:length], "") for length in range(1, len(path) + 1))
        return any(name in names for comment in above if comment for name in _IGNORE.findall(comment))


def may_ignore(file: File) -> bool:
    """Whether the words that ignore a rule of buf stand in the file at all."""
    return _MARK in _part(file)


def _part(file: File) -> bytes:
    return file.contract.unit.compiled.parts.get(file.name, b"")
