"""JSON (RFC 8259): parsed at C speed, exactly; where each value stands, found when asked.

What the fast parser would lose in silence (a duplicate key) is noticed cheaply and then read by an
exact, slower one; numbers with a fraction or an exponent are made here, so that no digit is lost.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from apicontract.sources.documents import Span, position_of
from apicontract.sources.errors import ContractError
from apicontract.sources.pointers import Json, split

if TYPE_CHECKING:
    from typing import NoReturn

_EXACT_DIGITS = 15
_LONGEST_INTEGER = 4_000
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*")
_TO_VALUE = re.compile(rb'[ \t\r\n,{]*("[^"\\]*(?:\\.[^"\\]*)*")[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\[\]{}",:\s]+', re.DOTALL)
_TO_ITEM = re.compile(rb"[ \t\r\n,\[]*")


def parse(text: bytes, name: str) -> Json:
    """The value of a JSON text; ContractError with the place of the first mistake."""
    import msgspec

    try:
        value: Json = msgspec.json.Decoder(float_hook=number).decode(text)
        again = msgspec.json.Encoder(decimal_format="number").encode(value)
    except (msgspec.MsgspecError, RecursionError):
        return _slowly(text, name)
    if b"\\u0022" in text or _quotes(again) != _quotes(text):
        return _slowly(text, name)
    return value


def _quotes(text: bytes) -> int:
    """A key that was dropped takes two of these with it."""
    return text.count(b'"')


def _slowly(text: bytes, name: str) -> Json:
    """The exact reading: every digit, every key; says where a mistake is."""
    repeated: list[str] = []

    def pairs(found: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(found)
        if len(made) != len(found) and not repeated:
            keys = [key for key, _ in found]
            repeated.append(next(key for key in keys if keys.count(key) > 1))
        return made

    try:
        value: Json = json.loads(
            text, object_pairs_hook=pairs, parse_float=number, parse_int=whole, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        _fail(error, name)
    except _Constant as error:
        place = position_of(text, max(text.find(str(error).encode()), 0))
        raise ContractError(
            f"`{error}` is no JSON value",
            file=name,
            line=place.line,
            column=place.column,
            hint="use null or a number",
        ) from None
    except RecursionError:
        raise ContractError(
            "values are nested too deeply", file=name, hint="no contract needs that"
        ) from None
    if repeated:
        _fail_repeated(text, name, repeated[0])
    return value


class _Constant(Exception):  # noqa: N818
    """NaN or Infinity was met."""


def _no_constant(written: str) -> NoReturn:
    raise _Constant(written)


def whole(written: str) -> int | Decimal:
    """Exact at any size; Python refuses to print longer integers, but not decimals."""
    return Decimal(written) if len(written) > _LONGEST_INTEGER else int(written)


def number(written: str) -> float | Decimal:
    """A float where it says exactly what was written, else the decimal."""
    exact = Decimal(written)
    if len(exact.as_tuple().digits) <= _EXACT_DIGITS and -300 < exact.adjusted() < 300:  # noqa: PLR2004
        return float(written)
    nearest = float(written)
    return nearest if Decimal(repr(nearest)) == exact else exact


def _fail(error: json.JSONDecodeError, name: str) -> NoReturn:
    said = {
        "Expecting value": "a value is missing here",
        "Expecting ',' delimiter": "a comma or a closing bracket is missing here",
        "Expecting ':' delimiter": "a colon is missing after this key",
        "Expecting property name enclosed in double quotes": "a key in double quotes is missing here",
        "Illegal trailing comma before end of object": "a comma stands before the closing brace",
        "Illegal trailing comma before end of array": "a comma stands before the closing bracket",
        "Unterminated string starting at": "this string is never closed",
        "Extra data": "the document has ended and something follows",
        "Invalid control character at": "a control character stands in a string; write it as an escape",
        "Invalid \\escape": "this is no escape of JSON",
        "Invalid \\uXXXX escape": "`\\u` wants four hexadecimal digits",
    }.get(error.msg, error.msg)
    at_end = error.pos >= len(error.doc.rstrip())
    raise ContractError(
        "the text ends too early: a bracket or quote is never closed" if at_end else said,
        file=name,
        line=error.lineno,
        column=error.colno,
        hint="JSON as of RFC 8259 is expected",
    ) from None


def _fail_repeated(text: bytes, name: str, key: str) -> NoReturn:
    """Walk the tokens to the second appearance of a key in one object."""
    objects: list[set[bytes] | None] = []
    for match in re.finditer(rb'[{}\[\]]|"(?:[^"\\]|\\.)*"(?P<key>[ \t\r\n]*:)?', text, re.DOTALL):
        token = match.group()
        if token in (b"{", b"["):
            objects.append(set() if token == b"{" else None)
        elif token in (b"}", b"]"):
            objects.pop()
        elif match.group("key") and objects and objects[-1] is not None:
            written = json.dumps(json.loads(_STRING.match(token).group())).encode()  # type: ignore[union-attr]
            if written in objects[-1]:
                place = position_of(text, match.start())
                raise ContractError(
                    f"the key {written.decode()} stands twice in one object",
                    file=name,
                    line=place.line,
                    column=place.column,
                    hint="remove or rename one of the two: readers disagree on which one counts",
                )
            objects[-1].add(written)
    raise ContractError(f"the key {json.dumps(key)} stands twice in one object", file=name)


class JsonLocator:
    """Finds byte offsets by opening only the containers on the way to a value."""

    def __init__(self, text: bytes, value: Json) -> None:
        self._text = text
        self._value = value
        start = _SPACE.match(text)
        self._opened: dict[int, dict[str, tuple[int, int]]] = {}
        self._root = start.end() if start else 0
        self._sizes: dict[int, int] = {self._root: len(text) - self._root}

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """(byte offset of the value or key, 0)."""
        at, value = self._root, self._value
        at_key = at
        for token in split(pointer):
            if not isinstance(value, dict | list):
                break
            below = self._children(at, value).get(token)
            if below is None:
                break
            at_key, at = below
            value = value[int(token)] if isinstance(value, list) else value[token]
        return (at_key if key else at), 0

    def span(self, pointer: str) -> Span | None:
        """Where the value at `pointer` is written; None if there is none."""
        found = self._found(pointer)
        if found is None:
            return None
        key, start, _ = found
        return self._span(key, start) if pointer else Span(start, start, start, len(self._text.rstrip()))

    def spans_below(self, pointer: str) -> list[Span]:
        """Of each member or item of the container at `pointer`, in their order."""
        found = self._found(pointer)
        if found is None or not isinstance(found[2], dict | list):
            return []
        return [self._span(*each) for each in self._children(found[1], found[2]).values()]

    def _found(self, pointer: str) -> tuple[int, int, Json] | None:
        """(offset of the key, offset of the value, the value) at `pointer`."""
        at_key = at = self._root
        value = self._value
        for token in split(pointer):
            if not isinstance(value, dict | list):
                return None
            below = self._children(at, value).get(token)
            if below is None:
                return None
            at_key, at = below
            value = value[int(token)] if isinstance(value, list) else value[token]
        return at_key, at, value

    def _span(self, key: int, start: int) -> Span:
        written = _STRING.match(self._text, key) if key != start else None
        return Span(key, written.end() if written else key, start, start + self._sizes[start])

    def _children(self, start: int, value: dict[str, Json] | list[Json]) -> dict[str, tuple[int, int]]:
        """(offset of the key, offset of the value) of each child of the container at `start`."""
        known = self._opened.get(start)
        if known is None:
            known = self._opened[start] = self._open(start, value)
        return known

    def _open(self, start: int, value: dict[str, Json] | list[Json]) -> dict[str, tuple[int, int]]:
        import msgspec

        try:
            return self._split(start, value)
        except msgspec.DecodeError:  # half of a surrogate pair, as an escape: no text, but JSON
            return self._split_slowly(start, value)

    def _split(self, start: int, value: dict[str, Json] | list[Json]) -> dict[str, tuple[int, int]]:
        import msgspec

        text = self._text
        piece = memoryview(text)[start : start + self._sizes[start]]
        children: dict[str, tuple[int, int]] = {}
        if isinstance(value, list):
            at = start
            for index, raw in enumerate(msgspec.json.decode(piece, type=list[msgspec.Raw])):
                at = _TO_ITEM.match(text, at).end()  # type: ignore[union-attr]
                children[str(index)] = (at, at)
                self._sizes[at] = len(memoryview(raw))
                at += self._sizes[at]
            return children
        at = start
        for name, raw in msgspec.json.decode(piece, type=dict[str, msgspec.Raw]).items():
            match = _TO_VALUE.match(text, at)
            if match is None:
                break
            at = match.end()
            children[name] = (match.start(1), at)
            self._sizes[at] = len(memoryview(raw))
            at += self._sizes[at]
        return children

    def _split_slowly(self, start: int, value: dict[str, Json] | list[Json]) -> dict[str, tuple[int, int]]:
        text, at = self._text, start
        children: dict[str, tuple[int, int]] = {}
        for index in range(len(value)):
            match = (_TO_VALUE if isinstance(value, dict) else _TO_ITEM).match(text, at)
            if match is None:
                break
            name = json.loads(match.group(1)) if isinstance(value, dict) else str(index)
            at = match.end()
            children[name] = (match.start(1) if isinstance(value, dict) else at, at)
            self._sizes[at] = _end_of(text, at) - at
            at += self._sizes[at]
        return children


def _end_of(text: bytes, start: int) -> int:
    """Where the value that starts there ends."""
    depth = 0
    for match in _TOKEN.finditer(text, start):
        token = match.group()
        depth += (token in b"[{") - (token in b"]}")
        if depth <= 0:
            return match.end() if depth == 0 else match.start()
    return len(text)
