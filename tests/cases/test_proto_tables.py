"""The two tables of the protobuf diff against the protobuf runtime: kind x kind, and how often a field occurs.

A cell that says `SAME` must never lose or change a value, one that says worse must have a value that is lost,
and where it says that only values of one side are lost, those that both sides have must be kept. Both ways,
in bytes and in JSON.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import product

import pytest
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from proto_runtime import Pair, Side, back_breaks, forth_breaks

from apicontract.changes import Level, Surface
from apicontract.formats.proto.diff import kinds
from apicontract.formats.proto.diff.cardinality import TURNS, turn, verdict
from apicontract.formats.proto.diff.effects import Effect, Flow, level_of
from apicontract.formats.proto.diff.kinds import ROWS, Sort
from apicontract.formats.proto.elements import Kind
from apicontract.formats.proto.load import from_texts

_LISTED = frozenset({0, 1, 2})
_ENUM_TEXT = "{ E_NONE = 0; E_ONE = 1; E_TWO = 2; }"
SORTS = {
    **{str(kind): Sort(kind) for kind in ROWS if kind not in (Kind.ENUM, Kind.MESSAGE, Kind.GROUP)},
    "open": Sort(Kind.ENUM, _LISTED),
    "closed": Sort(Kind.ENUM, _LISTED, closed=True),
    "message": Sort(Kind.MESSAGE),
    "group": Sort(Kind.GROUP),
}
_TYPES = {"open": "Open.E", "closed": "Closed.E", "message": "Item", "group": "Item"}
_OPTIONS = {"group": " [features.message_encoding = DELIMITED]"}
_TEXT = "\n".join(
    [
        'edition = "2023";',
        "package t;",
        "message Item { int32 x = 1; }",
        f"message Open {{ enum E {_ENUM_TEXT} }}",
        f"message Closed {{ enum E {_ENUM_TEXT.replace('{', '{ option features.enum_type = CLOSED;', 1)} }}",
        *(
            f"message H_{name} {{ {_TYPES.get(name, name)} a = 1{_OPTIONS.get(name, '')}; }}"
            for name in SORTS
        ),
    ]
)


@cache
def sides():
    contract = from_texts({"t.proto": _TEXT})
    first = Side(contract, "t.H_int32")
    assert first.type
    return {name: Side(contract, f"t.H_{name}", first.pool) for name in SORTS}


@cache
def empty(name):
    from google.protobuf.message_factory import GetMessageClass

    side = sides()[name]
    return GetMessageClass(side.pool.FindMessageTypeByName(side.message))


def values(sort):
    row = ROWS[sort.kind]
    if sort.closed:
        return st.sampled_from(sorted(_LISTED))
    if sort.kind in (Kind.MESSAGE, Kind.GROUP):
        return st.integers(-5, 300)
    if sort.kind is Kind.STRING:
        return st.text(max_size=8)
    if sort.kind is Kind.BYTES:
        return st.binary(max_size=8)
    if row.json == "real":
        width = 32 if sort.kind is Kind.FLOAT else 64
        return st.floats(width=width, allow_nan=False, allow_infinity=False)
    edges = [
        value for value in (0, 1, 2, 77, -1, 2**31, 2**32, row.low, row.high) if row.low <= value <= row.high
    ]
    return st.sampled_from(edges) | st.integers(row.low, row.high)


def written(name, value):
    message = empty(name)()
    kind = SORTS[name].kind
    if kind in (Kind.MESSAGE, Kind.GROUP):
        message.a.x = value if isinstance(value, int) else 5
    else:
        message.a = bool(value) if kind is Kind.BOOL else value
    return message


def read_bytes(message, name):
    """(whether it was read, what) of the field."""
    got = empty(name)()
    try:
        got.ParseFromString(message.SerializeToString())
    except DecodeError:
        return None
    return got if got.HasField("a") else None


def plain(value):
    """A value so that what is alike is equal: messages and texts as their bytes, yes and no as numbers."""
    if hasattr(value, "SerializeToString"):
        return value.SerializeToString()
    return value.encode() if isinstance(value, str) else value


def same(message, got):
    if got is None:
        return False
    text_for_message = {type(message.a), type(got.a)} & {str} and hasattr(message.a, "x") != hasattr(
        got.a, "x"
    )
    return not text_for_message and plain(message.a) == plain(got.a)


def same_json(message, name):
    got = empty(name)()
    text = json_format.MessageToJson(message)
    try:
        json_format.Parse(text, got)
    except json_format.ParseError:
        return False
    told, again = (json.loads(one)["a"] for one in (text, json_format.MessageToJson(got)))
    if type(told) in (int, float) and type(again) in (int, float) and message.a == got.a:
        return True  # a float is written with nine digits
    if isinstance(told, bool) != isinstance(again, bool):
        return False  # the runtime takes true for 1.0, which is another JSON value
    base64 = isinstance(message.a, bytes) != isinstance(got.a, bytes)
    return not base64 and told == again


_DIGITS = 1e7  # the runtime writes a float with so many digits: as a whole number it may be another then
_SETTINGS = settings(
    max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("writer", SORTS)
def test_bytes_that_a_cell_calls_safe_are_never_lost_or_changed(writer):
    @_SETTINGS
    @given(values(SORTS[writer]))
    def check(value):
        message = written(writer, value)
        for reader, sort in SORTS.items():
            effect, _ = kinds.on_wire(SORTS[writer], sort)
            if effect <= Effect.ODD or (effect is Effect.PART and sort.has(value)):
                assert same(message, read_bytes(message, reader)), (reader, value)

    check()


@pytest.mark.parametrize("writer", SORTS)
def test_json_that_a_cell_calls_safe_is_never_lost_or_changed(writer):
    @_SETTINGS
    @given(values(SORTS[writer]))
    def check(value):
        message = written(writer, value)
        for reader, sort in SORTS.items():
            effect, _ = kinds.in_json(SORTS[writer], sort)
            if writer == "float" and effect is Effect.PART and abs(value) > _DIGITS:
                continue
            if effect <= Effect.ODD or (effect is Effect.PART and sort.has(value)):
                assert same_json(message, reader), (reader, value)

    check()


_PAIRS = list(product(SORTS, SORTS))


@pytest.mark.parametrize(("writer", "reader"), _PAIRS, ids=[f"{a}-{b}" for a, b in _PAIRS])
def test_a_cell_that_breaks_has_the_value_that_shows_it(writer, reader):
    effect, value = kinds.on_wire(SORTS[writer], SORTS[reader])
    if effect >= Effect.PART:
        message = written(writer, value)
        assert not same(message, read_bytes(message, reader)), value
        numbers = {ROWS[SORTS[one].kind].wire for one in (writer, reader)}
        if effect is Effect.LOST and len(numbers) == 1 and "length" not in numbers:
            assert SORTS[reader].has(value)
    effect, value = kinds.in_json(SORTS[writer], SORTS[reader])
    if effect >= Effect.PART:
        assert not same_json(written(writer, value), reader), value


@pytest.mark.parametrize("name", SORTS)
def test_a_kind_is_the_same_as_itself(name):
    verdict_on_itself = kinds.cell(SORTS[name], SORTS[name])
    assert set(verdict_on_itself.levels(Flow.BOTH).values()) == {Level.NONE}


@pytest.mark.parametrize(("old", "new"), _PAIRS, ids=[f"{a}-{b}" for a, b in _PAIRS])
def test_code_sees_a_change_in_both_directions_or_in_none(old, new):
    one, other = kinds.cell(SORTS[old], SORTS[new]), kinds.cell(SORTS[new], SORTS[old])
    assert one.source == other.source
    assert one.wire == other.wire[::-1]
    assert one.json == other.json[::-1]


# How often a field occurs: (what is written before the type, options, the features of the file)
_FORMS = {
    "implicit": ("", "[features.field_presence = IMPLICIT]"),
    "explicit": ("", ""),
    "required": ("", "[features.field_presence = LEGACY_REQUIRED]"),
    "repeated": ("repeated ", "[features.repeated_field_encoding = EXPANDED]"),
    "packed": ("repeated ", ""),
}
_HELD = {"int32": "int32", "string": "string", "message": "Item"}
_IMPOSSIBLE = {("implicit", "message"), ("packed", "message"), ("packed", "string")}


def occurring():
    forms = {(form, kind) for form in _FORMS for kind in _HELD if (form, kind) not in _IMPOSSIBLE} | {
        ("map", "entry"),
        ("repeated", "entry"),
        ("explicit", "entry"),
        ("required", "entry"),
    }
    for (was, kind), (now, other) in product(sorted(forms), sorted(forms)):
        if kind == other and was != now and (was, now) in TURNS:
            yield was, now, kind


def declaration(form, kind):
    if form == "map":
        return "map<string, int32> a = 1;"
    before, options = _FORMS[form]
    if kind == "string" and "EXPANDED" in options:
        options = ""
    if kind in ("message", "entry") and "EXPANDED" in options:
        options = ""
    return f"{before}{ {**_HELD, 'entry': 'Entry'}[kind] } a = 1 {options};"


@cache
def occurrence_pair(was, now, kind):
    contracts = [
        from_texts(
            {
                "t.proto": 'edition = "2023";\npackage t;\nmessage Item { int32 x = 1; int32 y = 2; }\n'
                "message Entry {\n  string key = 1 [features.field_presence = IMPLICIT];\n"
                "  int32 value = 2 [features.field_presence = IMPLICIT];\n}\n"
                f"message M {{ {declaration(form, kind)} }}"
            }
        )
        for form in (was, now)
    ]
    return Pair(*(Side(contract, "t.M") for contract in contracts)), contracts


_OCCURRING = list(occurring())


@pytest.mark.parametrize(("was", "now", "kind"), _OCCURRING, ids=["-".join(one) for one in _OCCURRING])
@pytest.mark.parametrize("surface", ["wire", "json"])
def test_occurrence_does_what_the_table_says(was, now, kind, surface):
    pair, contracts = occurrence_pair(was, now, kind)
    fields = [contract.messages["t.M"].by_name["a"] for contract in contracts]
    found = turn(*fields)
    assert found is TURNS[was, now]
    forth, back = found.wire if surface == "wire" else found.json
    level = level_of(forth, back)
    assert verdict(found).levels(Flow.BOTH)[Surface(surface)] == level

    def lost(message):
        return forth_breaks(pair, surface, message)

    def surprising(message):
        return back_breaks(pair, surface, message)

    assert broken(pair.old.messages(), lost) == (level is Level.MAJOR) or surprising(pair.new.type())
    if level is Level.MINOR:
        assert broken(pair.new.messages(), surprising)
    if level is Level.NONE:
        assert not broken(pair.new.messages(), surprising)


def broken(strategy, breaks):
    try:
        find(strategy, breaks, settings=_SETTINGS)
    except NoSuchExample:
        return False
    return True


def test_every_turn_that_can_be_written_is_tried():
    tried = {(was, now) for was, now, _ in _OCCURRING}
    scalars_and_maps = {pair for pair in TURNS if "map" in pair} - tried
    assert set(TURNS) - tried == scalars_and_maps  # a map is a list of messages: never implicit, never packed
    assert all({"implicit", "packed"} & set(pair) for pair in scalars_and_maps)
