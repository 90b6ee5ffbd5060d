"""From what the user names to a parsed document: files, standard input, git, the network.

A `Location` says where bytes come from and where a relative reference from there leads.
"""

from __future__ import annotations

import os
import sys
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from apicontract.records import dataclass
from apicontract.sources import git, remote
from apicontract.sources.documents import Document, Position, position_of
from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.sources.pointers import Json

_LEAD = 4096
_ALIKE = 0.75  # how near two names of files must be to suggest one for the other
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_PROTO = (b"syntax", b"edition", b"package ")
BOM = b"\xef\xbb\xbf"
# The longer marks first: that of UTF-32 begins like that of UTF-16.
_OTHER_BOMS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What may be read, and how much of it.

    allow_remote: URLs may be read. root: the folder that no reference may leave; None for the
    repository of the contract, or else its folder. max_bytes: of one document. max_depth: of nesting.
    max_nodes: values of a document with its aliases written out. includes: folders below which imported
    protos are looked for, in order. edited: bytes to be read in place of those of a file, by its real path.
    """

    allow_remote: bool = False
    root: str | None = None
    max_bytes: int = 256 * 1024 * 1024
    max_depth: int = 500
    max_nodes: int = 20_000_000
    includes: tuple[str, ...] = ()
    edited: Mapping[str, bytes] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a document is: exactly one of `path`, `url` and `tree` with `path` in it, or standard input."""

    name: str
    path: str = ""
    url: str = ""
    tree: git.Tree | None = None

    @property
    def uri(self) -> str:
        """Its identity among the documents of a contract."""
        if self.tree is not None:
            return f"git:{self.tree.commit}:{self.path}"
        return self.url or self.path or "-"

    def read(self, options: ReadOptions) -> bytes:
        """Its bytes; ContractError if they cannot be had."""
        if self.tree is not None:
            return self.tree.read(self.path, self.name)
        if self.url:
            return remote.read(self.url, options.max_bytes)
        if not self.path:
            if sys.stdin is None:
                raise ContractError("standard input is closed", file=self.name, hint="name a file")
            return sys.stdin.buffer.read(options.max_bytes + 1)
        if options.edited and (edited := options.edited.get(os.path.realpath(self.path))) is not None:
            return edited
        return read_file(self.path, self.name, options.max_bytes)

    def relative(self, ref: str) -> Location:
        """Where `ref`, without its fragment, leads from here."""
        if remote.is_url(ref) or self.url:
            url = urljoin(self.url, ref) if self.url else ref
            return Location(url, url=url)
        path = os.path.normpath(os.path.join(os.path.dirname(self.path), unquote(urlsplit(ref).path)))  # noqa: PTH118, PTH120
        shown = os.path.normpath(os.path.join(os.path.dirname(self.name), unquote(urlsplit(ref).path)))  # noqa: PTH118, PTH120
        if self.tree is not None:
            return replace(self, name=self.tree.shown(path), path=path)
        return Location(shown if self.path else path, path=os.path.abspath(path))  # noqa: PTH100


def locate(spec: str, options: ReadOptions) -> Location:
    """The location that the user names."""
    if spec == "-":
        return Location("<stdin>")
    if spec.startswith("git:"):
        ref, path = git.parse(spec)
        tree, prefix = git.tree(ref, spec)
        return Location(spec, path=os.path.normpath(prefix + path), tree=tree)
    if remote.is_url(spec):
        if not options.allow_remote:
            raise ContractError(
                "URLs are not read unless allowed", file=spec, hint="allow it with --allow-remote"
            )
        return Location(spec, url=spec)
    return Location(spec, path=os.path.abspath(spec))  # noqa: PTH100


def read_file(path: str, name: str, max_bytes: int) -> bytes:
    """The bytes of a file on disk, at most one more than `max_bytes`; ContractError if it cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # a contract of protos has thousands of files
            return file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ContractError("there is no such file", file=name, hint=_near(path, name)) from None
    except IsADirectoryError:
        raise ContractError("this is a folder", file=name, hint="name a file in it") from None
    except PermissionError:
        what = "folder" if Path(path).is_dir() else "file"
        raise ContractError(f"this {what} may not be read", file=name, hint="check its permissions") from None
    except OSError as error:
        raise ContractError(f"it cannot be read: {error.strerror}", file=name) from None
    except ValueError:
        raise ContractError("this cannot be the name of a file", file=name) from None


def read_bytes(spec: str, options: ReadOptions) -> bytes:
    """The bytes that a source leads to, as `read` finds them; ContractError if there are too many."""
    location = locate(spec, options)
    found = location.read(options)
    if len(found) > options.max_bytes:
        raise ContractError(f"it has more than {options.max_bytes} bytes", file=location.name)
    return found


def _near(path: str, name: str) -> str:
    """What to say of a file that is not there: those beside it that are named alike, as the user would."""
    from difflib import get_close_matches

    try:
        beside = [entry.name for entry in Path(path).parent.iterdir()]
    except OSError:
        return "check the path"
    near = get_close_matches(Path(path).name, beside, n=2, cutoff=_ALIKE)
    shown = [os.path.join(os.path.dirname(name), each) for each in near]  # noqa: PTH118, PTH120
    return f"did you mean {' or '.join(shown)}?" if shown else "check the path"


def document(location: Location, options: ReadOptions) -> Document:
    """The parsed document at `location`; ContractError with the place of the first mistake."""
    text = location.read(options)
    name = location.name
    if len(text) > options.max_bytes:
        raise ContractError(
            f"it has more than {options.max_bytes} bytes", file=name, hint="no contract needs that"
        )
    text = text.removeprefix(BOM)
    _check_text(text, name)
    try:
        if _lead(text)[:1] in (b"{", b"[") and not _flow_yaml(text, location):
            return _json(text, location, options)
        return _yaml(text, location, options)
    except ContractError:
        refuse_if_unmerged(text, name)
        raise


def refuse_if_unmerged(text: bytes, name: str) -> None:
    """ContractError if git left the marks of a conflict in the text."""
    import re

    marks = [re.search(mark, text, re.MULTILINE) for mark in (rb"^<{7} ", rb"^={7}\r?$", rb"^>{7} ")]
    if marks[0] is not None and all(marks):
        at = position_of(text, marks[0].start())
        raise ContractError(
            "this file is in the middle of a merge: it has the marks of a conflict",
            file=name,
            line=at.line,
            column=at.column,
            hint="decide between the two sides, and take the lines with the marks out",
        ) from None


def _flow_yaml(text: bytes, location: Location) -> bool:
    """A YAML file may start with a bracket; a `.json` file that does is held to JSON."""
    return location.name.lower().endswith((".yaml", ".yml")) and text.lstrip()[1:].lstrip()[:1] not in (
        b'"',
        b"}",
        b"]",
        b"{",
        b"[",
    )


def _json(text: bytes, location: Location, options: ReadOptions) -> Document:
    from apicontract.sources import json_text

    try:
        value = json_text.parse(text, location.name)
    except UnicodeDecodeError:
        _check_utf8(text, location.name)
        raise
    except ContractError:
        if location.name.lower().endswith((".yaml", ".yml")):
            return _yaml(text, location, options)
        _check_brackets(text, location.name, options.max_depth)  # says where the nesting is, if it is that
        raise
    if not _surely_shallow(text, options.max_depth) and _is_deeper(value, options.max_depth):
        _check_brackets(text, location.name, options.max_depth)
    return Document(location.uri, location.name, "json", text, value, json_text.JsonLocator)


def _yaml(text: bytes, location: Location, options: ReadOptions) -> Document:
    from apicontract.sources import yaml_positions, yaml_text

    _check_utf8(text, location.name)
    _check_brackets(text, location.name, options.max_depth)
    value = yaml_text.parse(text, location.name, max_depth=options.max_depth, max_nodes=options.max_nodes)
    if not isinstance(value, dict | list):
        raise ContractError(
            "this text is no contract: it is neither a JSON nor a YAML object",
            file=location.name,
            hint="a contract starts with a key such as `openapi:`",
        )
    return Document(location.uri, location.name, "yaml", text, value, yaml_positions.YamlLocator)


def _check_text(text: bytes, name: str) -> None:
    """Empty, binary, not UTF-8, protobuf: said plainly before any parser sees it."""
    if not text or text.isspace():
        raise ContractError(
            "this file is empty", file=name, hint="a contract starts with a key such as `openapi:`"
        )
    for mark, encoding in _OTHER_BOMS.items():
        if text.startswith(mark):
            raise ContractError(f"this file is {encoding}", file=name, hint="save it as UTF-8")
    if b"\0" in text[:8192]:
        if text[1::2].startswith(b"\0\0\0\0") or text[::2].startswith(b"\0\0\0\0"):
            raise ContractError("this file is UTF-16", file=name, hint="save it as UTF-8")
        raise ContractError("this file is binary", file=name, hint="a contract is a JSON or YAML text")
    if name.endswith(".proto") or _lead(text).startswith(_PROTO):
        raise ContractError(
            "this is a Protocol Buffers file, not an OpenAPI description",
            file=name,
            hint="name a JSON or YAML contract",
        )


def _lead(text: bytes) -> bytes:
    """The first bytes that are not blank."""
    return text[:_LEAD].lstrip() or text.lstrip()[:_LEAD]


def _check_utf8(text: bytes, name: str) -> None:
    try:
        if not text.isascii():
            text.decode("utf-8")
    except UnicodeDecodeError as error:
        at: Position = position_of(text, error.start)
        raise ContractError(
            f"byte 0x{text[error.start]:02x} is no UTF-8",
            file=name,
            line=at.line,
            column=at.column,
            hint="save it as UTF-8",
        ) from None


def _surely_shallow(text: bytes, limit: int) -> bool:
    """Whether the brackets of the text, those in its strings included, cannot be nested beyond the limit.

    Each round takes away every innermost pair, so what is left after some rounds is at most that deep.
    """
    brackets = text.translate(None, _NO_BRACKETS).translate(_ONE_KIND)
    for depth in range(limit):
        if len(brackets) <= limit - depth:
            return True
        brackets = brackets.replace(b"[]", b"")
    return False


def _is_deeper(value: Json, limit: int) -> bool:
    """Whether containers are nested beyond the limit; level by level, since that needs no recursion."""
    level: list[Json] = [value]
    for _ in range(limit):
        if not level:
            return False
        level = [
            child
            for held in level
            for child in (held.values() if type(held) is dict else held)  # type: ignore[union-attr]
            if type(child) is dict or type(child) is list
        ]
    return bool(level)


def _check_brackets(text: bytes, name: str, limit: int) -> None:
    """Refuse brackets nested beyond the limit; before a recursive parser meets them, if that is YAML's."""
    if text.count(b"[") + text.count(b"{") <= limit:
        return
    import re

    depth = 0
    for match in re.finditer(rb'"(?:[^"\\\n]|\\.)*"|[\[{]+|[\]}]+', text):
        token = match.group()
        if token[0] in b"[{":
            depth += len(token)
            if depth > limit:
                at = position_of(text, match.start())
                raise ContractError(
                    "brackets are nested too deeply",
                    file=name,
                    line=at.line,
                    column=at.column,
                    hint=f"the limit is {limit}",
                )
        elif token[0] in b"]}":
            depth = max(0, depth - len(token))
