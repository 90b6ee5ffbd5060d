"""Mutated texts and descriptor sets: each is read, or refused as input that cannot be used; no traceback."""

from __future__ import annotations

from random import Random

import pytest
from google.protobuf import descriptor_pb2
from texts import EVERYTHING

from apicontract import ContractError, DiffOptions
from apicontract.formats import get
from apicontract.formats.proto.compiling.descriptor_sets import framed
from apicontract.formats.proto.images import image
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.model import Proto

TOKENS = (
    "message", "enum", "repeated", "optional", "required", "group", "oneof", "map<", "int32", "string", "{", "}", ";", "=",
    "[", "]", '"', "reserved", "extensions", "extend", "to max", "0", "-1", "536870912", "19000", "default = 1", "packed = true",
    "features.enum_type = CLOSED", "option", "import", "package", "stream", "\0", "é", "\t", "\r", "//", "/*", "*/", "(", ")",
)  # fmt: skip
SETS = from_texts(EVERYTHING).unit.compiled.parts


def mutated(text, chance):
    at, length = chance.randrange(len(text)), chance.randrange(8)
    word = chance.choice(TOKENS)
    return chance.choice(
        [
            text[:at] + text[at + length :],
            text[:at] + word + text[at:],
            text[:at] + word + text[at + length :],
            text[:at],
            text[:at] + text[at : at + 40] + text[at:],
        ]
    )


def exercise(contract, other):
    """Everything that reads a contract, as commands do."""
    proto = get("proto")
    for finding in proto.validate(contract):
        assert (finding.place.line, bool(finding.message)) >= (1, True)
    for old, new in ((contract, other), (other, contract)):
        for change in proto.diff(old, new, DiffOptions()):
            for place in (change.old, change.new):
                assert place is None or place.line >= 1
    for message in contract.messages.values():
        for field in message.fields:
            assert field.kind
            assert field.cardinality
            assert field.default is not NotImplemented


@pytest.mark.parametrize("seed", range(40))
def test_mutated_texts(seed):
    chance = Random(seed)  # noqa: S311  # mistakes, no secrets
    texts = dict(EVERYTHING)
    for _ in range(chance.randrange(1, 4)):
        name = chance.choice(list(texts))
        texts[name] = mutated(texts[name], chance)
    contract = from_texts(texts)
    for finding in get("proto").validate(contract):
        assert finding.place.line >= 1
    try:
        exercise(contract, from_texts(EVERYTHING))
    except ContractError as error:
        assert str(error)  # noqa: PT017


def damaged(data, chance):
    data = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data))
        what = chance.randrange(4)
        if what == 0:
            data[at] = chance.randrange(256)
        elif what == 1:
            del data[at : at + chance.randrange(1, 20)]
        elif what == 2:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 10)))
        else:
            del data[at + 1 :]
    return bytes(data)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_sets(seed):
    chance = Random(seed)  # noqa: S311  # mistakes, no secrets
    data = damaged(b"".join(framed(part) for part in SETS.values()), chance)
    try:
        contract = Proto(image(data, "set.binpb", 1 << 20))
        exercise(contract, from_texts(EVERYTHING))
    except ContractError as error:
        assert str(error)  # noqa: PT017


def scrambled(chance):
    """Sets that are well-formed bytes of nonsense: fields of descriptors cleared, copied, given other values."""
    found = descriptor_pb2.FileDescriptorSet()
    for part in SETS.values():
        found.file.add().MergeFromString(part)
    for _ in range(chance.randrange(1, 6)):
        message = chance.choice(found.file)
        while True:
            inner = [
                value for field, value in message.ListFields() if field.message_type and field.is_repeated
            ]
            if not inner or chance.random() < 0.3:
                break
            message = chance.choice(chance.choice(inner))
        fields = message.DESCRIPTOR.fields
        field = chance.choice(fields)
        what = chance.random()
        if what < 0.4 or field.is_repeated or field.message_type:
            message.ClearField(field.name)
        elif field.enum_type:
            setattr(message, field.name, chance.choice(field.enum_type.values).number)
        elif field.cpp_type == field.CPPTYPE_STRING:
            value = chance.choice(["", "x", ".acme.old.Old", "acme.new.v1.New", "é", "a b", "9", "../x"])
            setattr(message, field.name, value.encode() if field.type == field.TYPE_BYTES else value)
        elif field.cpp_type == field.CPPTYPE_BOOL:
            setattr(message, field.name, not getattr(message, field.name))
        else:
            setattr(message, field.name, chance.choice([0, 1, 2, 3, 100, 19000, 2**31 - 1]))
    return found.SerializeToString()


@pytest.mark.parametrize("seed", range(40))
def test_sets_that_are_nonsense(seed):
    data = scrambled(Random(seed))  # noqa: S311  # the same
    try:
        contract = Proto(image(data, "set.binpb", 1 << 20))
        exercise(contract, from_texts(EVERYTHING))
    except ContractError as error:
        assert str(error)  # noqa: PT017
