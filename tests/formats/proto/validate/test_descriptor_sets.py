"""Descriptor sets that no compiler has refused: what is wrong in them is found, and odd ones do no harm."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import pytest
from google.protobuf import descriptor_pb2

import apicontract

if TYPE_CHECKING:
    from pathlib import Path


def _set() -> descriptor_pb2.FileDescriptorSet:
    held = descriptor_pb2.FileDescriptorSet()
    for name in ("a", "b"):
        file = held.file.add(name=f"acme/v1/{name}.proto", package="acme.v1", syntax="proto3")
        message = file.message_type.add(name=f"Message{name.upper()}")
        message.field.add(name="id", number=1, type="TYPE_STRING", label="LABEL_OPTIONAL", json_name="id")
        enum = file.enum_type.add(name=f"Enum{name.upper()}")
        enum.value.add(name=f"ENUM_{name.upper()}_UNSPECIFIED", number=0)
    return held


def _findings(held: descriptor_pb2.FileDescriptorSet, tmp_path: Path) -> list[str]:
    path = tmp_path / "set.binpb"
    path.write_bytes(held.SerializeToString())
    return [f"{one.severity} {one.rule}" for one in apicontract.validate(path).findings]


def test_a_plain_set_is_clean(tmp_path):
    assert _findings(_set(), tmp_path) == []


def test_an_unused_import_stands_where_the_source_info_says(tmp_path):
    held = _set()
    held.file[1].dependency.append("acme/v1/a.proto")
    held.file[1].source_code_info.location.add(path=[3, 0], span=[4, 2, 30])
    path = tmp_path / "set.binpb"
    path.write_bytes(held.SerializeToString())
    [finding] = apicontract.validate(path).findings
    assert finding.rule == "import-unused"
    assert (finding.place.line, finding.place.column) == (5, 3)


def _field(held, **values):
    stated = {"name": "more", "number": 2, "type": "TYPE_INT32", "label": "LABEL_OPTIONAL", **values}
    held.file[0].message_type[0].field.add(**stated)


def _reserve(held, **values):
    held.file[0].message_type[0].reserved_range.add(start=1, end=2)


def _reserve_name(held):
    held.file[0].message_type[0].reserved_name.append("id")


def _reserve_enum(held):
    held.file[0].enum_type[0].reserved_range.add(start=0, end=0)
    held.file[0].enum_type[0].reserved_name.append("ENUM_A_UNSPECIFIED")


def _twice(held):
    held.file[1].message_type[0].name = "MessageA"


def _nonzero(held):
    held.file[0].enum_type[0].value[0].number = 1


WRONG = [
    (lambda held: _field(held, number=19000), ["error field-number-not-allowed"]),
    (lambda held: _field(held, number=0), ["error field-number-not-allowed"]),
    (lambda held: _field(held, number=1 << 29), ["error field-number-not-allowed"]),
    (lambda held: _field(held, number=1), ["error field-number-repeated"]),
    (lambda held: _field(held, name="_id", json_name="id"), ["error json-name-collision"]),
    (_reserve, ["error reserved-number-used"]),
    (_reserve_name, ["error reserved-name-used"]),
    (_reserve_enum, ["error reserved-name-used", "error reserved-number-used"]),
    (_twice, ["error name-declared-twice"]),
    (_nonzero, ["error enum-first-value-not-zero"]),
]


@pytest.mark.parametrize("change, expected", WRONG)
def test_what_a_compiler_would_refuse(change, expected, tmp_path):
    held = _set()
    change(held)
    assert sorted(_findings(held, tmp_path)) == expected


def test_a_type_that_is_not_there(tmp_path):
    held = _set()
    _field(held, type="TYPE_MESSAGE", type_name=".acme.v1.Nowhere")
    held.file[0].service.add(name="S").method.add(
        name="M", input_type=".acme.v1.No", output_type=".acme.v1.No"
    )
    found = _findings(held, tmp_path)
    assert set(found) <= {"error type-not-found", "warning rpc-type-shared"}
    assert "error type-not-found" in found


@pytest.mark.parametrize("seed", range(150))
def test_damaged_sets_never_end_in_a_traceback(seed, tmp_path):
    chance = random.Random(seed)  # noqa: S311  # damage, no secret
    data = bytearray(_set().SerializeToString() + _options().SerializeToString())
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 3))
    path = tmp_path / "set.binpb"
    path.write_bytes(bytes(data))
    with contextlib.suppress(apicontract.ContractError):
        result = apicontract.validate(path)
        assert all(finding.place.line > 0 and finding.message for finding in result.findings)


def _options() -> descriptor_pb2.FileDescriptorSet:
    """A service whose method has an HTTP rule, as bytes that the runtime does not know."""
    held = descriptor_pb2.FileDescriptorSet()
    file = held.file.add(
        name="acme/v1/s.proto", package="acme.v1", syntax="proto3", dependency=["acme/v1/a.proto"]
    )
    method = file.service.add(name="S").method.add(
        name="M", input_type=".acme.v1.MessageA", output_type=".acme.v1.MessageA"
    )
    rule = b"\x12\x08/v1/{id}" + b"\x5a\x0a\x12\x08/v2/{id}"
    method.options.MergeFromString(b"\x82\xd3\xe4\x93\x02" + bytes([len(rule)]) + rule)
    return held
