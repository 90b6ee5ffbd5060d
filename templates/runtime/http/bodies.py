"""Bodies that are no JSON: forms, and forms with files.

urlencoded forms have the styles of query parameters per field (OpenAPI's `encoding`). multipart follows RFC
7578; a file may be bytes or an open file, which is read in pieces while it is sent.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from io import TextIOBase
from mimetypes import guess_type
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from .parameters import query_text, scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent: bytes, or a binary file that is open and is read from where it stands.

    filename: empty takes the open file's own, or that of the field. content_type: empty takes the one that
    the contract states, or what the name ends in says.
    """

    content: bytes | IO[bytes]
    filename: str = ""
    content_type: str = ""

    def __post_init__(self) -> None:
        """TypeError for a file that was opened for text."""
        if not isinstance(self.content, bytes):
            binary(self.content)

    def name_for(self, field: str) -> str:
        """What the file is called in a field."""
        own = getattr(self.content, "name", None)
        return self.filename or (PurePath(own).name if isinstance(own, str) else "") or field

    def type_for(self, stated: str | None, name: str = "") -> str:
        """Its media type where the contract states one, several between commas, a pattern, or None."""
        guessed = self.content_type or guess_type(self.name_for(name))[0] or ""
        listed = [one.strip() for one in (stated or "").split(",") if one.strip()]
        if any(fnmatchcase(guessed, one) for one in listed):
            return guessed
        concrete = [one for one in listed if "*" not in one]
        return concrete[0] if concrete else guessed or "application/octet-stream"


def binary(file: object) -> None:
    """TypeError for a file that was opened for text."""
    if isinstance(file, TextIOBase):
        raise TypeError('a file must be opened for bytes: open(…, "rb")')


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one field of a form is written: OpenAPI's Encoding Object."""

    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = field(default=())


_PLAIN = Encoding()


def urlencoded(fields: Mapping[str, object], encoding: Mapping[str, Encoding] | None = None) -> bytes:
    """The body of `application/x-www-form-urlencoded`; fields that are None are left out.

    Objects, for which OpenAPI's default is JSON (3.1.1, section 4.8.15.1.2), are JSON unless their encoding
    says otherwise.
    """
    texts = []
    for name, value in fields.items():
        if value is None:
            continue
        how = (encoding or {}).get(name)
        if how is None and isinstance(value, Mapping):
            texts.append(query_text(name, json.dumps(value, separators=(",", ":"))))
        else:
            how = how or _PLAIN
            texts.append(
                query_text(name, value, how.style, explode=how.explode, allow_reserved=how.allow_reserved)
            )
    return "&".join(text for text in texts if text).encode("ascii")


@dataclass(frozen=True, slots=True)
class Multipart:
    """A form with files, ready to be sent. `repeatable` unless a file has to be read while it is sent."""

    content_type: str
    parts: tuple[tuple[bytes, bytes | IO[bytes]], ...]
    boundary: bytes

    @property
    def repeatable(self) -> bool:
        """Whether the body can be sent a second time."""
        return all(isinstance(content, bytes) for _, content in self.parts)

    def content(self) -> bytes | Iterator[bytes]:
        """The body: bytes where that is possible, else its pieces."""
        return b"".join(self._pieces()) if self.repeatable else self._pieces()

    async def acontent(self) -> AsyncIterator[bytes]:
        """The body's pieces; files are read in a thread."""
        import anyio.to_thread

        for head, content in self.parts:
            yield head
            if isinstance(content, bytes):
                yield content
            else:
                while piece := await anyio.to_thread.run_sync(content.read, _PIECE):
                    yield piece
            yield b"\r\n"
        yield b"--" + self.boundary + b"--\r\n"

    def _pieces(self) -> Iterator[bytes]:
        for head, content in self.parts:
            yield head
            if isinstance(content, bytes):
                yield content
            else:
                while piece := content.read(_PIECE):
                    yield piece
            yield b"\r\n"
        yield b"--" + self.boundary + b"--\r\n"


def multipart(fields: Mapping[str, object], encoding: Mapping[str, Encoding] | None = None) -> Multipart:
    """A form of `multipart/form-data`: a part per field, one per item of an array.

    Fields that are None are left out.

    A part's content type is its encoding's, else the file's, else JSON for an object and none for a plain
    value (OpenAPI 3.1.1, section 4.8.15.1.1).
    """
    boundary = secrets.token_hex(16).encode("ascii")
    parts = [
        (_head(boundary, name, item, (encoding or {}).get(name, _PLAIN)), _part_content(item))
        for name, value in fields.items()
        for item in _each(value)
    ]
    return Multipart(f"multipart/form-data; boundary={boundary.decode()}", tuple(parts), boundary)


def _each(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _head(boundary: bytes, name: str, item: object, how: Encoding) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{_quoted(name)}"']
    content_type = how.content_type
    if isinstance(item, Upload):
        lines[0] += f'; filename="{_quoted(item.name_for(name))}"'
        content_type = item.type_for(content_type, name)
    elif content_type is None and isinstance(item, (Mapping, list, tuple)):
        content_type = "application/json"
    elif content_type is None and isinstance(item, bytes):
        content_type = "application/octet-stream"
    if content_type is not None:
        lines.append(f"Content-Type: {_line(content_type)}")
    lines.extend(f"{_line(header)}: {_line(value)}" for header, value in how.headers)
    return b"--" + boundary + b"\r\n" + "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"


def _part_content(item: object) -> bytes | IO[bytes]:
    if isinstance(item, Upload):
        return item.content
    if isinstance(item, bytes):
        return item
    if isinstance(item, (Mapping, list, tuple)):
        return json.dumps(item, ensure_ascii=False).encode("utf-8")
    return scalar(item).encode("utf-8")


def _quoted(text: str) -> str:
    """A name between quotes.

    With what would end them written as browsers do (WHATWG, multipart/form-data).
    """
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _line(text: str) -> str:
    if any(char in text for char in "\r\n\0"):
        raise ValueError("a header of a part must not hold line breaks")
    return text
