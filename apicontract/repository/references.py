"""Which files a contract consists of, read off its text without parsing it.

Errs on the side of too many: a file that is taken for a part costs a little time, one that is missed
would let a change pass. Where a text is too odd to be read this way, that is said.
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.repository.snapshots import Snapshot

# A reference as YAML writes it; a value that is quoted or escaped in any other way is too odd.
_REFERENCE = re.compile(
    rb"""\$ref["']?[ \t\r\n]*:[ \t\r\n]*"""
    rb"""(?:"(?P<double>[^"\\\n]*)"|'(?P<single>[^'\n]*)'"""
    rb"""|(?P<plain>[^\s"'|>&*!\[\]{},%@`](?:(?!\$ref)[^\n])*))"""
)
_KEY = re.compile(rb"""\$ref["']?[ \t\r\n]*:""")  # anything else that looks like one is prose
_JSON = re.compile(rb"""\"\$ref"[ \t\r\n]*:[ \t\r\n]*("(?:[^"\\]|\\.)*")""")
_FLOW = re.compile(rb"[,\[\]{}]")  # where a plain scalar ends, if it stands in brackets
_LOCAL = re.compile(rb"""\$ref["']?[ \t]*:[ \t]*["']#""")  # nearly all of them, counted quickly
_SUFFIX = re.compile(rb"\.(?:ya?ml|json)\b")
_BEFORE = 512  # bytes of a path before its suffix that are looked at
_NO_NAME = re.compile(rb"""[\s"'#,\[\]{}]""")
_NO_QUOTED_NAME = re.compile(rb"""["'\n]""")
_ESCAPED = re.compile(rb"\\(?:u00|x)(?:24|72|65|66)")  # a letter of `$ref` that nobody needs to escape


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
        references = external(text, is_json=_is_json(at, text))
        if references is None:
            return None
        for reference in references:
            below = posixpath.normpath(posixpath.join(posixpath.dirname(at), reference))
            if below not in found and not below.startswith("../"):
                found.add(below)
                waiting.append(below)
    return frozenset(found)


def _is_json(path: str, text: bytes) -> bool:
    """Whether the text is read as JSON and nothing else."""
    return path.endswith(".json") and text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def external(text: bytes, *, is_json: bool = False) -> frozenset[str] | None:
    """The relative paths that a text may refer to; None if it writes references in an unusual way."""
    if b"$ref" not in text and b"\\" not in text:
        return frozenset(_named_files(text))
    if _ESCAPED.search(text):
        return None
    files = set(_named_files(text))
    if is_json:
        written = (match for match in _JSON.findall(text) if match[1:2] != b"#")
        files.update(_target(str(json.loads(match, strict=False))) for match in written)
    elif len(_LOCAL.findall(text)) != len(_KEY.findall(text)):
        matches = list(_REFERENCE.finditer(text))
        if len(matches) != len(_KEY.findall(text)):
            return None
        for match in matches:
            plain = match["plain"] or b""
            whole = match["double"] or match["single"] or plain
            files.update(_target(one.decode("utf-8", "replace")) for one in (whole, _FLOW.split(plain)[0]))
    return frozenset(file for file in files if file and not _elsewhere(file))


def _target(written: str) -> str:
    """The path in a reference."""
    return unquote(written.partition("#")[0].strip())


def _named_files(text: bytes) -> Iterator[str]:
    """Whatever looks like the name of a document: mappings of discriminators, links, external examples."""
    for match in _SUFFIX.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        for ends in (_NO_NAME, _NO_QUOTED_NAME):
            name = ends.split(before)[-1] + match.group()
            yield _target(name.decode("utf-8", "replace"))


def _elsewhere(target: str) -> bool:
    """Whether it is a URL or an absolute path, neither of which lies in the snapshot."""
    return "://" in target or target.startswith(("/", "urn:"))
