"""The table kind x kind: what becomes of a value that is written as one kind and read as another.

A row per kind says how it is written in bytes and in JSON, which values it has, and what its accessor
returns in generated code; the table follows from the rows by writing sample values as one kind and reading
them as the other, and each cell keeps the value that breaks it. `tests/formats/proto/diff/test_kinds.py`
asks the protobuf runtime for every cell. Knows no field: how often one occurs is `cardinality.py`.
Source: Protocol Buffers, "Encoding" and "ProtoJSON Format".
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from apicontract.changes import Level
from apicontract.formats.proto.diff.effects import Effect, Verdict
from apicontract.formats.proto.elements import Kind
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

Value: TypeAlias = int | float | str | bytes | None
_BITS32, _BITS64 = (1 << 32) - 1, (1 << 64) - 1
_LOW32, _LOW64 = -(1 << 31), -(1 << 63)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind.

    wire: the form of its bytes. low, high: the whole numbers that it has. json: the form of its JSON.
    accessor: what generated code returns; equal ones need no change of code.
    """

    wire: str
    json: str
    accessor: str
    low: int = 0
    high: int = -1


ROWS = {
    Kind.INT32: Row("varint", "number", "int32", _LOW32, -_LOW32 - 1),
    Kind.INT64: Row("varint", "quoted", "int64", _LOW64, -_LOW64 - 1),
    Kind.UINT32: Row("varint", "number", "uint32", 0, _BITS32),
    Kind.UINT64: Row("varint", "quoted", "uint64", 0, _BITS64),
    Kind.SINT32: Row("zigzag", "number", "int32", _LOW32, -_LOW32 - 1),
    Kind.SINT64: Row("zigzag", "quoted", "int64", _LOW64, -_LOW64 - 1),
    Kind.BOOL: Row("varint", "bool", "bool", 0, 1),
    Kind.ENUM: Row("varint", "name", "enum", _LOW32, -_LOW32 - 1),
    Kind.FIXED32: Row("4 bytes", "number", "uint32", 0, _BITS32),
    Kind.SFIXED32: Row("4 bytes", "number", "int32", _LOW32, -_LOW32 - 1),
    Kind.FLOAT: Row("4 bytes", "real", "float"),
    Kind.FIXED64: Row("8 bytes", "quoted", "uint64", 0, _BITS64),
    Kind.SFIXED64: Row("8 bytes", "quoted", "int64", _LOW64, -_LOW64 - 1),
    Kind.DOUBLE: Row("8 bytes", "real", "double"),
    Kind.STRING: Row("length", "string", "string"),
    Kind.BYTES: Row("length", "base64", "bytes"),
    Kind.MESSAGE: Row("length", "object", "message"),
    Kind.GROUP: Row("group", "object", "message"),
}


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind with what else decides which values it has.

    listed: the numbers of an enum; None for every other kind. closed: whether it has only those.
    utf8: whether a string is checked. json: the JSON form of a well-known type, empty for the kind's own.
    """

    kind: Kind
    listed: frozenset[int] | None = None
    closed: bool = False
    utf8: bool = True
    json: str = ""

    @property
    def form(self) -> str:
        """The form of its JSON."""
        return self.json or ROWS[self.kind].json

    def has(self, value: Value) -> bool:
        """Whether it can express the value."""
        row = ROWS[self.kind]
        if self.closed and self.listed is not None:
            return value in self.listed
        if row.json == "real" and isinstance(value, int | float):
            return self.kind is Kind.DOUBLE or _as_float(value) == value
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and isinstance(value, int | float) and row.low <= value <= row.high

    def samples(self) -> Iterable[Value]:
        """Values at its edges: enough of them to tell every two kinds apart."""
        row = ROWS[self.kind]
        if self.listed is not None:
            yield from sorted(self.listed, key=abs)
            if self.closed:
                return
        if row.json == "real":
            yield from (0.5, 1.0, 2.0, -3.0)
            if self.kind is Kind.DOUBLE:
                yield from (0.1, 1e300)
        points = (5, 1, 0, -1, 77, 300, 1 << 24 | 1, -_LOW32 - 1, _LOW32, _BITS32, 1 << 40, _LOW64, _BITS64)
        yield from (point for point in points if row.low <= point <= row.high)


Outcome: TypeAlias = tuple[Effect, Value]  # what happens, and the value that shows the worst of it


@cache
def on_wire(writer: Sort, reader: Sort) -> Outcome:
    """What becomes of the bytes of one value, written as one kind and read as the other."""
    wrote, reads = ROWS[writer.kind].wire, ROWS[reader.kind].wire
    if "length" in (wrote, reads) or "group" in (wrote, reads):
        return _of_text(writer, reader)
    values = [*writer.samples(), *(value for value in reader.samples() if writer.has(value))]
    if _wire_type(wrote) != _wire_type(reads):
        return Effect.LOST, next(value for value in values if value)
    worst: Outcome = Effect.SAME, None
    for value in values:
        found = _decode(reader, _encode(writer, value))
        if found is not None and found == value:
            of_number = reader.listed is not None and writer.listed is None  # enums are compared by value
            unnamed = of_number and value not in (reader.listed or ())
            effect = Effect.ODD if unnamed and not reader.closed else Effect.SAME
        else:
            effect = Effect.LOST if reader.has(value) else Effect.PART
        if effect > worst[0]:
            worst = effect, value
    return worst


_TEXTS: dict[tuple[Kind, Kind], Outcome] = {
    (Kind.STRING, Kind.BYTES): (Effect.SAME, None),
    (Kind.BYTES, Kind.STRING): (Effect.PART, b"\xff\xfe"),
    (Kind.BYTES, Kind.BYTES): (Effect.SAME, None),
    (Kind.MESSAGE, Kind.BYTES): (Effect.SAME, None),
    (Kind.BYTES, Kind.MESSAGE): (Effect.PART, b"\xff\xff"),
    (Kind.STRING, Kind.MESSAGE): (Effect.LOST, "abc"),
    (Kind.MESSAGE, Kind.MESSAGE): (Effect.SAME, None),  # what is in them is compared apart
    (Kind.GROUP, Kind.GROUP): (Effect.SAME, None),
}


def _of_text(writer: Sort, reader: Sort) -> Outcome:
    if writer.kind is Kind.STRING is reader.kind:
        return (Effect.PART, b"\xff\xfe") if reader.utf8 and not writer.utf8 else (Effect.SAME, None)
    if (writer.kind, reader.kind) == (Kind.BYTES, Kind.STRING) and not reader.utf8:
        return Effect.SAME, None
    known = _TEXTS.get((writer.kind, reader.kind))
    if known is not None:
        return known
    return Effect.LOST, _sample(writer)


def _wire_type(form: str) -> str:
    return "varint" if form == "zigzag" else form


def _encode(sort: Sort, value: Value) -> int:
    row = ROWS[sort.kind]
    if row.json == "real":
        size, letter = ("<I", "<f") if sort.kind is Kind.FLOAT else ("<Q", "<d")
        found: int = struct.unpack(size, struct.pack(letter, value))[0]
        return found
    number = int(value or 0)
    if row.wire == "zigzag":
        return number << 1 if number >= 0 else (-number << 1) - 1
    return number & (_BITS32 if row.wire == "4 bytes" else _BITS64)


def _decode(sort: Sort, raw: int) -> Value:
    row = ROWS[sort.kind]
    if row.json == "real":
        size, letter = ("<I", "<f") if sort.kind is Kind.FLOAT else ("<Q", "<d")
        real: float = struct.unpack(letter, struct.pack(size, raw))[0]
        return real
    if sort.kind is Kind.BOOL:
        return int(raw != 0)
    bits = 64 if row.accessor.endswith("64") else 32
    raw &= (1 << bits) - 1
    if row.wire == "zigzag":
        return (raw >> 1) ^ -(raw & 1)
    number = raw - (1 << bits) if row.low < 0 and raw >> (bits - 1) else raw
    return None if sort.closed and not sort.has(number) else number


# In JSON: (form of the writer, form of the reader) -> what happens where the numbers do not decide.
_NUMBERS = {
    ("number", "number"),
    ("quoted", "quoted"),
    ("number", "real"),
    ("real", "number"),
    ("real", "real"),
}
_TEXT_FORMS = ("timestamp", "duration", "field mask")
_JSON: dict[tuple[str, str], Effect] = {
    ("quoted", "string"): Effect.SAME,
    ("string", "quoted"): Effect.PART,
    ("object", "struct"): Effect.SAME,
    ("struct", "object"): Effect.PART,
    **{(form, "string"): Effect.SAME for form in _TEXT_FORMS},
    **{("string", form): Effect.PART for form in _TEXT_FORMS},
}


@cache
def in_json(writer: Sort, reader: Sort) -> Outcome:
    """What becomes of the JSON of one value, where the field is written whatever its value is.

    A number that becomes a quoted text is lost: runtimes read both forms, but a JSON client has one of them.
    """
    forms = writer.form, reader.form
    if forms in _NUMBERS:
        values = [*writer.samples(), *(value for value in reader.samples() if writer.has(value))]
        broken = [value for value in values if not reader.has(value)]
        # of many the last: the first real that a float lacks is only rounded, the last is out of range
        return (Effect.PART, broken[-1 if forms[0] == "real" else 0]) if broken else (Effect.SAME, None)
    if "name" in forms:
        return _of_names(writer, reader)
    if forms[0] == forms[1]:
        return Effect.SAME, None
    if "value" in forms:  # google.protobuf.Value is any JSON
        return (Effect.SAME, None) if forms[1] == "value" else (Effect.PART, None)
    effect = _JSON.get(forms, Effect.LOST)
    return effect, None if effect is Effect.SAME else _sample(writer)


def to_new_reader(writer: Sort, reader: Sort) -> Effect:
    """What becomes of the JSON of an old writer.

    Who reads it has the new contract, and as its runtime takes a number in quotes and without; plain JSON
    clients, which do not, have the old one.
    """
    if {writer.form, reader.form} == {"number", "quoted"}:
        return Effect.SAME if all(reader.has(value) for value in writer.samples()) else Effect.PART
    return in_json(writer, reader)[0]


def _of_names(writer: Sort, reader: Sort) -> Outcome:
    """JSON where one side is an enum: open ones write numbers that they do not list, and read any number."""
    forms = writer.form, reader.form
    if forms[1] == "value" or (forms[0] == "name" and writer.closed and forms[1] in ("name", "string")):
        return Effect.SAME, None
    if forms == ("name", "name") and not reader.closed:
        return Effect.SAME, None
    if forms in (("name", "name"), ("name", "string")):
        return Effect.PART, 77
    if forms == ("number", "name"):  # the reader takes the number, and calls it by its name again
        return Effect.LOST, max(reader.listed or (0,), key=abs)
    return Effect.PART if forms[0] in ("string", "value") else Effect.LOST, _sample(writer)


def as_key(writer: Sort, reader: Sort) -> Outcome:
    """What becomes of a map's key in JSON, where every key is a text."""
    wrote, reads = writer.form, reader.form
    if wrote in ("number", "quoted") and reads in ("number", "quoted"):
        broken = next((value for value in writer.samples() if not reader.has(value)), None)
        return (Effect.SAME, None) if broken is None else (Effect.PART, broken)
    if reads in {wrote, "string"}:
        return Effect.SAME, None
    return (Effect.PART if wrote == "string" else Effect.LOST), _sample(writer)


def in_source(old: Sort, new: Sort) -> Level:
    """What code against generated code sees: nothing where the accessors return the same type."""
    same = ROWS[old.kind].accessor == ROWS[new.kind].accessor
    return Level.NONE if same else Level.MAJOR


@cache
def cell(old: Sort, new: Sort) -> Verdict:
    """A cell of the table: both ways on wire and in JSON, and source."""
    return Verdict(
        (on_wire(old, new)[0], on_wire(new, old)[0]),
        (in_json(old, new)[0], in_json(new, old)[0]),
        in_source(old, new),
    )


def _sample(sort: Sort) -> Value:
    texts: dict[Kind, Value] = {Kind.STRING: "abc", Kind.BYTES: b"\xff\xfe", Kind.BOOL: 1}
    return texts.get(sort.kind) or next((value for value in sort.samples() if value), None)


def _as_float(value: float) -> float:
    try:
        found: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return float("inf")
    return found
