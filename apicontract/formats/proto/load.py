"""A protobuf contract from where the user has it: texts in memory so far as this module's callers need.

Files on disk and in git are found by `gathering.py`, descriptor sets read by `images.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.builtin import builtin
from apicontract.formats.proto.compiling.files import ProtoFile
from apicontract.formats.proto.compiling.unit import TextUnit
from apicontract.formats.proto.model import Proto

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_texts(texts: Mapping[str, str | bytes], source: str = "") -> Proto:
    """The contract of these files: import path to text. Well-known types need not be among them."""
    files = {
        path: ProtoFile(path, path, text.encode() if isinstance(text, str) else text)
        for path, text in texts.items()
    }
    return Proto(TextUnit(source, files, lambda path: files.get(path) or builtin(path)))
