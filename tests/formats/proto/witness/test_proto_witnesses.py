"""A witness is shown only if the runtime agrees; its bytes are read out tag by tag."""

from __future__ import annotations

import pytest

from apicontract.changes import Certainty, Surface
from apicontract.formats import DiffOptions
from apicontract.formats.proto.diff import diff
from apicontract.formats.proto.diff.effects import Flow
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.witness import Proof, Prover, reading
from apicontract.formats.proto.witness.runtime import Runtime
from apicontract.formats.proto.witness.tags import read_out, spelled

HEAD = 'syntax = "proto3";\npackage t;\n'


def contract(body):
    return from_texts({"t.proto": HEAD + body})


def sides(was, now):
    return contract(f"message M {{ {was} }}"), contract(f"message M {{ {now} }}")


def field_proof(old, new):
    before, after = (side.messages["t.M"] for side in (old, new))
    return Proof(before, after, ((before.fields[0], None),), ((after.fields[0], None),))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("int32 a = 1;", "int32 b = 1;"),
        ("string a = 1;", "bytes a = 1;"),
        ("repeated int32 a = 1;", "repeated int32 a = 1 [packed = false];"),
        ("map<string, int32> a = 1;", "map<string, int32> b = 1;"),
    ],
)
def test_what_is_read_as_it_was_meant_is_no_witness(was, now):
    old, new = sides(was, now)
    witness = Prover(old, new).witness(field_proof(old, new), Flow.FORTH)
    assert witness(Surface.WIRE) is None


def test_only_ways_that_the_message_goes_are_tried():
    old, new = sides("int64 a = 1;", "int32 a = 1;")
    prover, proof = Prover(old, new), field_proof(old, new)
    assert prover.witness(proof, Flow.FORTH)(Surface.WIRE) is not None
    assert prover.witness(proof, Flow.BACK)(Surface.WIRE) is None


def test_a_break_without_a_witness_is_assumed_and_counted(monkeypatch):
    monkeypatch.setattr("apicontract.formats.proto.witness.prover.on_wire", lambda *_: None)
    monkeypatch.setattr("apicontract.formats.proto.witness.prover.in_json", lambda *_, **__: None)
    (change,) = diff(*sides("int32 a = 1;", "string a = 1;"), DiffOptions())
    assert change.certainty is Certainty.ASSUMED
    assert change.witness is None
    assert change.witnesses == ()


def test_the_bytes_are_those_of_the_runtime():
    (change,) = diff(*sides("int32 a = 1;", "sint32 a = 1;"), DiffOptions())
    witness = change.witness
    assert witness.kind == "bytes"
    old, new = sides("int32 a = 1;", "sint32 a = 1;")
    wrote, got = (Runtime(side).new("t.M") for side in (old, new))
    wrote.ParseFromString(bytes.fromhex(witness.value))
    got.ParseFromString(bytes.fromhex(witness.value))
    assert (wrote.a, got.a) == (5, -3)
    assert witness.text.split("\n") == [
        "wire: 08 05 = field 1, varint 5",
        "an old writer means `a: 5`; a new reader gets `a: -3`",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("08 96 01", "field 1, varint 150"),
        ("12 03 61 62 63", 'field 2, length 3 "abc"'),
        ("12 02 ff fe", "field 2, length 2: ff fe"),
        ("1d 00 00 80 3f", "field 3, 4 bytes 00 00 80 3f"),
        ("21 00 00 00 00 00 00 f0 3f", "field 4, 8 bytes 00 00 00 00 00 00 f0 3f"),
        ("0b 08 05 0c", "field 1, group begins; field 1, varint 5; field 1, group ends"),
        ("", "no field"),
    ],
)
def test_tags_are_read_out(data, told):
    assert read_out(bytes.fromhex(data), None) == told


def test_nested_messages_and_packed_numbers_are_read_by_their_descriptor():
    runtime = Runtime(contract("message N { int32 x = 1; }\nmessage M { N n = 1; repeated int32 p = 2; }"))
    message = runtime.new("t.M")
    message.n.x = 5
    message.p.extend([1, 300])
    data = message.SerializeToString()
    assert spelled(data) == "0a 02 08 05 12 03 01 ac 02"
    assert read_out(data, message.DESCRIPTOR) == (
        "field 1, length 2 [field 1, varint 5]; field 2, length 3: packed 01 ac 02"
    )


def test_damaged_bytes_are_read_out_without_an_error():
    for data in (b"\x0a\xff\xff", b"\x0b\x0b\x0b", b"\xff" * 12, b"\x0f", b"\x08"):
        assert read_out(data, None)


def test_required_fields_are_filled_in_so_that_the_break_is_the_one_in_question():
    text = 'syntax = "proto2";\npackage t;\nmessage N { required int32 x = 1; }\nmessage M { required N n = 1; optional %s a = 2; }'
    old, new = (from_texts({"t.proto": text % kind}) for kind in ("int32", "string"))
    (change,) = diff(old, new, DiffOptions())
    assert change.certainty is Certainty.WITNESSED
    assert "required" not in change.witnesses[0].text


def test_reasons_are_ours_and_not_the_runtimes():
    assert reading._refusal("unsupported operand type(s) for +: 'dict' and 'bytes'") == (
        "refuses it: its field takes no such value"
    )
