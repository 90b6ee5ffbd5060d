"""What can be known of a proto file without compiling it: its package and what it imports.

Reads no more grammar than that. It may name an import that stands in a comment, which costs nothing:
a file too many is looked for. What it misses the compiler asks for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Each begins with a plain word, which is what makes a search fast. Texts side by side are one. What may stand
# between words has an end, since each word is a place to look from.
_GAP = rb"(?:\s++|//[^\n]{0,400}|/\*(?:[^*]|\*(?!/)){0,400}+\*/){0,8}+"
_PATH = rb"""((?:"[^"\n]*"|'[^'\n]*')(?:%(gap)s(?:"[^"\n]*"|'[^'\n]*'))*)""" % {b"gap": _GAP}
_IMPORT = re.compile(b"import%b(?:(?:public|weak|option)%b)?%b" % (_GAP, _GAP, _PATH))
_PUBLIC = re.compile(b"import%bpublic%b%b" % (_GAP, _GAP, _PATH))
_PIECE = re.compile(rb"""//[^\n]*|/\*.*?(?:\*/|\Z)|"([^"\n]*)"|'([^'\n]*)'""", re.DOTALL)
_DECLARED = tuple(re.compile(word + rb"\s+(\w+)") for word in (b"message", b"enum", b"group"))
_PACKAGE = re.compile(rb"(?:^|[;}])\s*package\s+(\w+(?:\s*\.\s*\w+)*)\s*;", re.MULTILINE)
_COMMENT = re.compile(rb"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL)
# A line that is nothing but a comment, if no block comment holds it, with the end of the line before it.
_LINE = re.compile(rb"\n[ \t]*//[^\n]*")
_STRING = re.compile(rb""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")
_DIRECTIVE = b"apicontract:"
_PROTO = re.compile(
    rb"""(?:^|[;}])\s*(?:(?:syntax|edition)\s*=\s*["']|package\s+[\w.]+\s*;|import\s+["']
        |(?:message|enum|service)\s+\w+\s*\{)""",
    re.MULTILINE | re.VERBOSE,
)


def imports(text: bytes) -> list[str]:
    """The import paths that the text names, in order."""
    return [_path(written) for written in _IMPORT.findall(text)]


def package(text: bytes) -> str:
    """The package it declares; empty if it declares none."""
    found = _PACKAGE.search(text)
    if b"/*" in (text[: found.end()] if found else text) or (found is None and b"//" in text):
        found = _PACKAGE.search(without_comments(text))
    return b"".join(found[1].split()).decode("ascii") if found else ""


def public_imports(text: bytes) -> list[str]:
    """Those of `imports` that are public: what they declare can be used through this file."""
    return [_path(written) for written in _PUBLIC.findall(text)]


def _path(written: bytes) -> str:
    """An import path without its quotes; several texts side by side are one."""
    bare = written[1:-1]
    if b'"' in bare or b"'" in bare:
        bare = b"".join(double or single for double, single in _PIECE.findall(written))
    return bare.decode("utf-8", "replace")


def declared(text: bytes) -> frozenset[bytes]:
    """The short names of the messages, groups and enums it declares, and perhaps of some in comments."""
    return frozenset(name for pattern in _DECLARED for name in pattern.findall(text))


def mentions(text: bytes, names: Iterable[bytes]) -> bool:
    """Whether one of the names stands in the text as a word, in a comment too."""
    return any(
        name in text and re.search(rb"\b" + re.escape(name) + rb"\b", text) is not None for name in names
    )


def bare(text: bytes) -> bytes:
    """The text with its lines of comment left empty, so that all else stands where it stood.

    Comments are most of many protos, and a compiler reads them. Left as it is: a text with a block comment,
    which may swallow such a line or end in one, or with a directive of ours.
    """
    if b"//" not in text or _DIRECTIVE in text:
        return text
    found = _LINE.sub(b"\n", b"\n" + text)[1:]
    return text if b"/*" in found and b"/*" in _STRING.sub(b"", found) else found


def essence(text: bytes) -> list[bytes]:
    """Its lines without indentation, empty lines and lines of comment: equal ones mean equal files.

    Of a text with a block comment, which may swallow such a line or end in one, they are all kept.
    """
    lines = [line for line in map(bytes.strip, text.split(b"\n")) if line]
    return lines if b"/*" in text else [line for line in lines if not line.startswith(b"//")]


def without_comments(text: bytes) -> bytes:
    """The text with a blank for each comment."""
    return _COMMENT.sub(lambda match: match[1] or b" ", text)


def looks_like_proto(text: bytes) -> bool:
    """Whether the text, its comments aside, has a statement that only proto files have."""
    return _PROTO.search(without_comments(text)) is not None
