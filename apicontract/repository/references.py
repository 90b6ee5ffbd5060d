"""Which files a contract consists of, read off its text without parsing it.

Errs on the side of too many: a file that is taken for a part costs a little time, one that is missed
would let a change pass. Where a text is too odd to be read this way, that is said.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.repository.snapshots import Snapshot

# A reference as JSON or YAML writes it; what is quoted or escaped in any other way is too odd.
_REFERENCE = re.compile(
    rb"""\$ref["']?[ \t\r\n]*:[ \t\r\n]*"""
    rb"""(?:"(?P<double>[^"\\\n]*)"|'(?P<single>[^'\n]*)'|(?P<plain>[^\s"'|>&*!\[\]{},%@`](?:(?!\$ref)[^\n])*))"""
)
_FLOW = re.compile(rb"[,\[\]{}]")  # where a plain scalar ends, if it stands in brackets
_LOCAL = re.compile(rb"""\$ref["']?[ \t]*:[ \t]*["']#""")  # nearly all of them, counted quickly
_FILE = re.compile(
    rb"""["']([^"'\n#]+\.(?:ya?ml|json))(?:#[^"'\n]*)?["']|([^\s"'#,\[\]{}]+\.(?:ya?ml|json))\b"""
)
_ESCAPED = re.compile(rb"\\(?:u0024|x24)")


def parts(snapshot: Snapshot, path: str) -> frozenset[str] | None:
    """The paths of a contract and of every file that it refers to, at any remove, in the snapshot.

    None if that cannot be told from the texts.
    """
    found = {path}
    waiting = [path]
    while waiting:
        at = snapshot.real(waiting.pop())
        found.add(at)
        text = snapshot.read(at)
        if text is None:
            continue
        references = external(text)
        if references is None:
            return None
        for reference in references:
            below = posixpath.normpath(posixpath.join(posixpath.dirname(at), reference))
            if below not in found and not below.startswith("../"):
                found.add(below)
                waiting.append(below)
    return frozenset(found)


def external(text: bytes) -> frozenset[str] | None:
    """The relative paths that a text may refer to; None if it writes references in an unusual way."""
    total = text.count(b"$ref")
    if _ESCAPED.search(text):
        return None
    files = set(_named_files(text)) if b".yaml" in text or b".yml" in text or b".json" in text else set()
    if total == len(_LOCAL.findall(text)):
        return frozenset(files)
    met = 0
    for match in _REFERENCE.finditer(text):
        met += 1
        plain = match["plain"] or b""
        for written in (match["double"] or match["single"] or plain, _FLOW.split(plain)[0]):
            target = unquote(written.decode("utf-8", "replace").partition("#")[0].strip())
            if target and not _elsewhere(target):
                files.add(target)
    return frozenset(files) if met == total else None


def _named_files(text: bytes) -> Iterator[str]:
    """Whatever looks like the name of a document: mappings of discriminators, links, external examples."""
    for quoted, plain in _FILE.findall(text):
        name = unquote((quoted or plain).decode("utf-8", "replace").strip())
        if name and not _elsewhere(name):
            yield name


def _elsewhere(target: str) -> bool:
    """Whether it is a URL or an absolute path, neither of which lies in the snapshot."""
    return "://" in target or target.startswith(("/", "urn:"))
