"""Whether what the user names is protobuf: by suffix, or by the first bytes where that says nothing.

Light: every command that is given a file asks it, also where the file is something else.
"""

from __future__ import annotations

import glob
import os
import sys
from enum import Enum

from apicontract.sources import ContractError, git_commit, is_url

TEXT, SETS = ".proto", (".binpb", ".pb", ".protoset", ".fds", ".desc", ".binpb.gz", ".pb.gz")
_HEAD = 4096
_GZIP = b"\x1f\x8b"


class Nature(Enum):
    """What a source is made of."""

    FILES = "proto files, or folders and globs that may hold some"
    TEXT = "one proto text that is no file of that suffix"
    SET = "a descriptor set"


def nature(spec: str) -> Nature | None:
    """What `spec` is made of; None if it is nothing of protobuf."""
    if spec.endswith(SETS):
        return Nature.SET
    if spec.endswith(TEXT):
        return Nature.TEXT if is_url(spec) else Nature.FILES
    if is_url(spec):
        return None
    if spec.startswith("git:"):
        return _in_git(spec)
    return _of_head(_stdin()) if spec == "-" else _on_disk(spec)


def _stdin() -> bytes:
    """The first bytes of standard input, which stay there to be read."""
    peek = getattr(sys.stdin.buffer, "peek", None) if sys.stdin is not None else None
    return peek(_HEAD)[:_HEAD] if peek is not None else b""


def _on_disk(spec: str) -> Nature | None:
    if os.path.isdir(spec):  # noqa: PTH112
        return Nature.FILES
    if not os.path.exists(spec):  # noqa: PTH110
        return Nature.FILES if glob.has_magic(spec) else None
    try:
        with open(spec, "rb") as file:  # noqa: PTH123
            return _of_head(file.read(_HEAD))
    except OSError:
        return None  # who reads it says what is wrong


def _in_git(spec: str) -> Nature | None:
    """A folder; a file of another suffix is looked into."""
    tree, _, path = git_commit(spec)
    kind = tree.kind(path)
    if kind == "tree":
        return Nature.FILES
    if kind != "blob" or path.endswith((".json", ".yaml", ".yml")):
        return None
    try:
        return _of_head(tree.read(path, spec)[:_HEAD])
    except ContractError:
        return None


def _of_head(head: bytes) -> Nature | None:
    if head.startswith(_GZIP) or is_descriptor_set(head):
        return Nature.SET
    if b"\0" in head or head[:1] in (b"{", b"["):
        return None
    from apicontract.formats.proto.scan import looks_like_proto

    return Nature.TEXT if looks_like_proto(head) else None


def is_descriptor_set(head: bytes) -> bool:
    """Whether these bytes begin as a FileDescriptorSet does: a file, and in it first its name."""
    if head[:1] != b"\n":
        return False
    at, length = _length(head, 1)
    if head[at : at + 1] != b"\n" or not length:
        return False
    at, name_length = _length(head, at + 1)
    name = head[at : at + name_length]
    return 0 < name_length < min(length, _HEAD) and name.isascii() and name.decode("ascii").isprintable()


def _length(head: bytes, at: int) -> tuple[int, int]:
    """(where what it measures starts, the length); 0 where there is none."""
    value = shift = 0
    for offset in range(at, min(at + 5, len(head))):
        value |= (head[offset] & 0x7F) << shift
        shift += 7
        if head[offset] < 0x80:  # noqa: PLR2004  # the last byte of a varint
            return offset + 1, value
    return at, 0
