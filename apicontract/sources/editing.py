"""One value of a document replaced in its text: comments, order, quotes and line ends stay as they are.

The edited text is parsed again, and must say what the old one said but for that value; where it does
not, nothing is changed and people are asked to do it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from apicontract.sources.errors import ContractError
from apicontract.sources.pointers import split

if TYPE_CHECKING:
    from apicontract.sources.documents import Document, Place
    from apicontract.sources.pointers import Json

_PROPERTIES = re.compile(rb"(?:[&!][^\s,\[\]{}]*[ \t]+)*")  # an anchor or a tag before the value
_WRITTEN = re.compile(rb""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_DEEP, _MANY = 500, 20_000_000  # of nesting and of values; the document was read within its limits
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")


def with_text(place: Place, text: str) -> bytes:
    """The document's text with the string at `place` replaced by `text`.

    ContractError if there is no string, or it is written in a way that cannot be edited in place.
    """
    document = place.document
    try:
        old = place.value
    except KeyError:
        old = None
    if not isinstance(old, str):
        raise ContractError(
            "there is no text here that could be replaced",
            file=document.name,
            line=place.line,
            column=place.column,
            hint=f"write {'.'.join(split(place.pointer))} yourself",
        )
    start, end = _span(place, old)
    written = _as_written(document.text[start:end], text, json_only=document.syntax == "json")
    edited = document.text[:start] + written + document.text[end:]
    if not _says(edited, document, place.pointer, text):
        raise ContractError(
            f"`{old}` cannot be replaced here without changing something else",
            file=document.name,
            line=place.line,
            column=place.column,
            hint=f"write `{text}` there yourself",
        )
    return edited


def _span(place: Place, old: str) -> tuple[int, int]:
    """The bytes of the value, quotes and all."""
    text = place.document.text
    position = place.document.position(place.pointer)
    at = 0
    for _ in range(position.line - 1):
        at = text.index(b"\n", at) + 1
    line_end = text.find(b"\n", at)
    line = text[at : line_end if line_end >= 0 else len(text)].decode("utf-8")
    at += len(line[: position.column - 1].encode())
    properties = _PROPERTIES.match(text, at)
    start = properties.end() if properties else at
    quoted = _WRITTEN.match(text, start)
    return start, quoted.end() if quoted else start + len(old.encode())


def _as_written(old: bytes, text: str, *, json_only: bool) -> bytes:
    """The new value in the quotes of the old one, or in some if it needs them."""
    if json_only or old.startswith(b'"'):
        return json.dumps(text, ensure_ascii=False).encode()
    if old.startswith(b"'") or _NUMBER.fullmatch(text) or not re.fullmatch(r"[\w.+-]+", text):
        return "'{}'".format(text.replace("'", "''")).encode()
    return text.encode()


def _says(edited: bytes, document: Document, pointer: str, text: str) -> bool:
    """Whether the edited text says `text` at `pointer`, and everywhere else what the document says."""
    from apicontract.sources import json_text, yaml_text

    try:
        value = (
            json_text.parse(edited, document.name)
            if document.syntax == "json"
            else yaml_text.parse(edited, document.name, max_depth=_DEEP, max_nodes=_MANY)
        )
    except (ContractError, UnicodeDecodeError):
        return False
    return value == _replaced(document.value, split(pointer), text)


def _replaced(value: Json, tokens: list[str], text: str) -> Json:
    if not tokens:
        return text
    if isinstance(value, dict):
        return {**value, tokens[0]: _replaced(value[tokens[0]], tokens[1:], text)}
    assert isinstance(value, list)  # noqa: S101  # there is a value at the pointer
    at = int(tokens[0])
    return [*value[:at], _replaced(value[at], tokens[1:], text), *value[at + 1 :]]
