"""A parsed document, and places in it. Positions are worked out only when somebody asks."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Literal, Protocol

from apicontract.records import dataclass
from apicontract.sources.pointers import Json, look_up

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 1 << 13  # bytes of a text between two counts of its lines


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column, from 1; columns count code points."""

    line: int
    column: int


class Locator(Protocol):
    """Finds where in a text the value of a pointer starts."""

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """(byte offset, 0) of the value (or its key), or (line, column) from 1 if the second is not 0."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes of a text in which a value is written, and those of its name (of an item: none, before it).

    start:end holds the value, with an anchor or a tag before it and without comments after it.
    block: a value that goes by its indentation, as YAML has them.
    """

    key: int
    key_end: int
    start: int
    end: int
    block: bool = False


class Spans(Protocol):
    """Finds the whole of what is written in a text; a syntax that is edited has one."""

    def span(self, pointer: str) -> Span | None:
        """Where the value at `pointer` is written; None if that cannot be told."""
        ...

    def spans_below(self, pointer: str) -> list[Span]:
        """Of each member or item of the container at `pointer`, in order; none if that cannot be told."""
        ...


class Document:
    """One parsed file.

    uri: its identity among the documents of a contract; name: as shown to people.
    text: its bytes as UTF-8 without a byte order mark; value: what they say. Of a proto file, which is read
    through its descriptor, it has the names of the parts only, and is made when it is asked for.
    called: what the elements of its lists are called, by pointer, as far as somebody has worked that out.
    """

    __slots__ = (
        "_lines",
        "_lines_before",
        "_locator",
        "_make_locator",
        "_value",
        "called",
        "name",
        "syntax",
        "text",
        "uri",
    )

    def __init__(
        self,
        uri: str,
        name: str,
        syntax: Literal["json", "yaml", "toml", "proto"],
        text: bytes,
        value: Json | Callable[[], Json],
        locator: Callable[[bytes, Json], Locator],
    ) -> None:
        self.uri = uri
        self.name = name
        self.syntax = syntax
        self.text = text
        self._value = value
        self.called: dict[str, str] = {}
        self._make_locator = locator
        self._locator: Locator | None = None
        self._lines: dict[tuple[str, bool], Position] = {}
        self._lines_before: list[int] | None = None  # at the start of each block of the text

    def __repr__(self) -> str:
        """Short enough for a failed test."""
        return f"Document({self.name!r})"

    @property
    def value(self) -> Json:
        """What the document says."""
        if callable(self._value):
            self._value = self._value()
        return self._value

    @property
    def locator(self) -> Locator:
        """What finds values in its text."""
        if self._locator is None:
            self._locator = self._make_locator(self.text, None if callable(self._value) else self._value)
        return self._locator

    def position(self, pointer: str, *, key: bool = False) -> Position:
        """Where the value at `pointer` starts (or its key), or else its nearest ancestor."""
        known = self._lines.get((pointer, key))
        if known is None:
            first, second = self.locator.offset(pointer, key=key)
            known = Position(first, second) if second else self._position_of(first)
            self._lines[pointer, key] = known
        return known

    def _position_of(self, offset: int) -> Position:
        """As `position_of`, without counting the lines of a large text from its start each time."""
        if self._lines_before is None:
            counts = (self.text.count(b"\n", at, at + _BLOCK) for at in range(0, len(self.text), _BLOCK))
            self._lines_before = [0, *accumulate(counts)]
        block = offset // _BLOCK
        line = self._lines_before[block] + self.text.count(b"\n", block * _BLOCK, offset) + 1
        start = self.text.rfind(b"\n", 0, offset) + 1
        return Position(line, len(self.text[start:offset].decode("utf-8", "replace")) + 1)

    def at(self, pointer: str) -> Json:
        """The value at `pointer`; KeyError if there is none."""
        return look_up(self.value, pointer)


def position_of(text: bytes, offset: int) -> Position:
    """Line and column of a byte of a UTF-8 text."""
    start = text.rfind(b"\n", 0, offset) + 1
    line = text.count(b"\n", 0, offset) + 1
    return Position(line, len(text[start:offset].decode("utf-8", "replace")) + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: cheap to make, its position worked out when asked.

    key: whether the name that the value has is meant, not the value.
    """

    document: Document
    pointer: str
    key: bool = False

    @property
    def file(self) -> str:
        """The document's name."""
        return self.document.name

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.document.position(self.pointer, key=self.key).line

    @property
    def column(self) -> int:
        """The column in code points, from 1."""
        return self.document.position(self.pointer, key=self.key).column

    @property
    def value(self) -> Json:
        """What stands there; KeyError if nothing does."""
        return self.document.at(self.pointer)


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference leads to."""

    document: Document
    pointer: str
    value: Json
