"""TOML texts as documents: the values by the standard library, and where each key and value stands.

The scanner runs only when a position is asked for, and only over text that `tomllib` has accepted:
it follows the grammar of TOML 1.0 without checking it again. Dates become ISO texts, so that a
document holds JSON values whatever its syntax.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import TYPE_CHECKING

from apicontract.sources.documents import Document
from apicontract.sources.errors import ContractError
from apicontract.sources.pointers import Json, join, split

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRIVIA = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def toml_document(text: bytes, name: str) -> Document:
    """The document of a TOML text; `name` is how it is called. ContractError if it is none."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContractError(
            f"byte {error.start} is no UTF-8, in which TOML is written", file=name, hint="save it as UTF-8"
        ) from None
    try:
        value = tomllib.loads(decoded)
    except tomllib.TOMLDecodeError as error:
        raise _malformed(str(error), decoded, name) from None
    except RecursionError:
        raise ContractError("this is nested too deep", file=name) from None
    plain = {key: _plain(item) for key, item in value.items()}
    return Document(name, name, "toml", decoded.encode(), plain, _TomlLocator)


def _malformed(message: str, text: str, name: str) -> ContractError:
    found = _AT.search(message)
    lines = text.split("\n")
    line, column = len(lines), len(lines[-1]) + 1
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    said = _AT.sub("", message)
    return ContractError(
        f"this is no TOML: {said[:1].lower()}{said[1:]}", file=name, line=line, column=column
    )


def _plain(value: object) -> Json:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    assert isinstance(value, str | int | float)  # noqa: S101  # tomllib makes nothing else
    return value


class _TomlLocator:
    """Where each key and value of a TOML text starts."""

    def __init__(self, text: bytes, _: Json) -> None:
        self._text = text.decode()
        self._places: dict[str, tuple[int, int]] = {"": (0, 0)}  # pointer to (key, value)
        self._lengths: dict[str, int] = {}  # of each array of tables
        self._scan()

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """(line, column), from 1, of the value (or its key) at `pointer`, or of its nearest ancestor."""
        tokens = split(pointer)
        while tokens and _pointer(tokens) not in self._places:
            tokens = tokens[:-1]
        at = self._places[_pointer(tokens)][0 if key else 1]
        return self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at)

    def _scan(self) -> None:
        at, table = self._skip(_TRIVIA, 0), ""
        while at < len(self._text):
            if self._text[at] == "[":
                at, table = self._header(at)
            else:
                at = self._pair(at, table)
            at = self._skip(_TRIVIA, at)

    def _header(self, at: int) -> tuple[int, str]:
        """The end of a table's header, and the table's pointer."""
        start = at
        many = self._text.startswith("[[", at)
        names, at = self._key(at + (2 if many else 1))
        pointer = ""
        for number, (name, _) in enumerate(names):
            pointer = join(pointer, name)
            last = number == len(names) - 1
            if not last or not many:
                self._places.setdefault(pointer, (start, start))
            if pointer in self._lengths and not (last and many):
                pointer = join(pointer, str(self._lengths[pointer] - 1))
        if many:
            self._places.setdefault(pointer, (start, start))
            self._lengths[pointer] = self._lengths.get(pointer, 0) + 1
            pointer = join(pointer, str(self._lengths[pointer] - 1))
        self._places[pointer] = (start, start)
        return self._text.index("]", at) + (2 if many else 1), pointer

    def _pair(self, at: int, table: str) -> int:
        """The end of `key = value`."""
        names, at = self._key(at)
        pointer = table
        for name, place in names:
            pointer = join(pointer, name)
            self._places.setdefault(pointer, (place, place))
        at = self._skip(_BLANK, self._text.index("=", at) + 1)
        self._places[pointer] = (names[-1][1], at)
        return self._value(at, pointer)

    def _key(self, at: int) -> tuple[list[tuple[str, int]], int]:
        """The parts of a dotted key with their places, and where it ends."""
        parts: list[tuple[str, int]] = []
        while True:
            at = self._skip(_BLANK, at)
            if self._text[at] in "\"'":
                end = self._string(at)
                name = next(iter(tomllib.loads(f"{self._text[at:end]} = 0")))
            else:
                end = self._skip(_BARE_KEY, at)
                name = self._text[at:end]
            parts.append((name, at))
            at = self._skip(_BLANK, end)
            if self._text[at] != ".":
                return parts, at
            at += 1

    def _value(self, at: int, pointer: str) -> int:
        """The end of a value, whose parts are noted below `pointer`."""
        first = self._text[at]
        if first in "\"'":
            return self._string(at)
        if first == "[":
            return self._array(at, pointer)
        if first == "{":
            at = self._skip(_TRIVIA, at + 1)
            while self._text[at] != "}":
                at = self._skip(_TRIVIA, self._pair(at, pointer))
                if self._text[at] == ",":
                    at = self._skip(_TRIVIA, at + 1)
            return at + 1
        return self._skip(_SCALAR, at)

    def _array(self, at: int, pointer: str) -> int:
        at, index = self._skip(_TRIVIA, at + 1), 0
        while self._text[at] != "]":
            item = join(pointer, str(index))
            self._places[item] = (at, at)
            at = self._skip(_TRIVIA, self._value(at, item))
            if self._text[at] == ",":
                at = self._skip(_TRIVIA, at + 1)
            index += 1
        return at + 1

    def _string(self, at: int) -> int:
        """The end of a string, in any of the four ways to write one."""
        quote = self._text[at]
        long = self._text.startswith(quote * 3, at)
        mark = quote * 3 if long else quote
        at += len(mark)
        while not self._text.startswith(mark, at):
            at += 2 if quote == '"' and self._text[at] == "\\" else 1
        at += len(mark)
        while long and self._text.startswith(quote, at):  # up to two quotes may stand before the closing ones
            at += 1
        return at

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self._text, at)
        return match.end() if match else at


def _pointer(tokens: Sequence[str]) -> str:
    pointer = ""
    for token in tokens:
        pointer = join(pointer, token)
    return pointer
