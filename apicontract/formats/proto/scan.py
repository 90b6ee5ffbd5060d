"""What can be known of a proto file without compiling it: its package and what it imports.

Reads no more grammar than that. It may name an import that stands in a comment, which costs nothing:
a file too many is looked for. What it misses the compiler asks for.
"""

from __future__ import annotations

import re

_IMPORT = re.compile(rb"""\bimport\s+(?:(?:public|weak|option)\s+)?(?:"([^"\n]+)"|'([^'\n]+)')""")
_PACKAGE = re.compile(rb"(?:^|[;}])\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_COMMENT = re.compile(rb"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_PROTO = re.compile(
    rb"""(?:^|[;}])\s*(?:(?:syntax|edition)\s*=\s*["']|package\s+[\w.]+\s*;|import\s+["']
        |(?:message|enum|service)\s+\w+\s*\{)""",
    re.MULTILINE | re.VERBOSE,
)


def imports(text: bytes) -> list[str]:
    """The import paths that the text names, in order."""
    return [(double or single).decode("utf-8", "replace") for double, single in _IMPORT.findall(text)]


def package(text: bytes) -> str:
    """The package it declares; empty if it declares none."""
    found = _PACKAGE.search(text)
    if found is not None and b"/*" in text[: found.end()]:
        found = _PACKAGE.search(without_comments(text))
    return found[1].decode("ascii") if found else ""


def without_comments(text: bytes) -> bytes:
    """The text with a blank for each comment."""
    return _COMMENT.sub(lambda match: match[1] or b" ", text)


def looks_like_proto(text: bytes) -> bool:
    """Whether the text, its comments aside, has a statement that only proto files have."""
    return _PROTO.search(without_comments(text)) is not None
