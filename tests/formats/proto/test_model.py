"""What the views say of every syntax, and that it is what the protobuf runtime says."""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from texts import EVERYTHING

from apicontract.formats.proto.elements import KINDS, Cardinality, Kind
from apicontract.formats.proto.load import from_texts


@pytest.fixture(scope="module")
def contract():
    return from_texts(EVERYTHING)


@pytest.fixture(scope="module")
def pool(contract):
    found = descriptor_pool.DescriptorPool()
    for part in contract.unit.compiled.parts.values():
        found.Add(descriptor_pb2.FileDescriptorProto.FromString(part))
    return found


def runtime_default(field):
    if field.is_repeated or field.message_type is not None:
        return None
    if field.enum_type is not None:
        return field.enum_type.values_by_number[field.default_value].name
    return field.default_value


def assert_agrees(field, runtime):
    kind = field.kind
    assert (field.name, field.number) == (runtime.name, runtime.number)
    assert KINDS.index(kind) + 1 == runtime.type, field
    assert field.has_presence == runtime.has_presence, field
    assert (field.cardinality in (Cardinality.REPEATED, Cardinality.MAP)) == runtime.is_repeated, field
    assert (field.cardinality is Cardinality.REQUIRED) == runtime.is_required, field
    assert field.packed == runtime.is_packed, field
    assert field.default == runtime_default(runtime), field
    if runtime.message_type is not None:
        assert field.type_message.full_name == runtime.message_type.full_name
        is_map = runtime.message_type.GetOptions().map_entry and runtime.is_repeated
        assert (field.cardinality is Cardinality.MAP) == is_map
    if runtime.enum_type is not None:
        assert field.type_enum.full_name == runtime.enum_type.full_name
        assert field.type_enum.closed == runtime.enum_type.is_closed


def test_the_runtime_agrees_on_every_field(contract, pool):
    count = 0
    for message in contract.messages.values():
        runtime = pool.FindMessageTypeByName(message.full_name)
        assert [field.name for field in message.fields] == [field.name for field in runtime.fields]
        for field in message.fields:
            described = runtime.fields_by_name[field.name]
            assert_agrees(field, described)
            assert field.json_name == described.json_name
            oneof = described.containing_oneof
            real = oneof is not None and not field.proto.proto3_optional
            assert field.oneof == (oneof.name if real else "")
            count += 1
    for extension in contract.extensions.values():
        assert_agrees(extension, pool.FindExtensionByName(extension.full_name))
    assert count > 50


def test_proto2(contract):
    old = contract.messages["acme.old.Old"]
    said = {name: field.cardinality.value for name, field in old.by_name.items()}
    assert (said["id"], said["big"], said["loose"], said["colours"]) == (
        "required",
        "explicit",
        "repeated",
        "map",
    )
    assert old.by_name["raw"].default == b"\x01\xffx"
    assert old.by_name["colour"].default == "RED"
    assert not old.by_name["colour"].has_stated_default
    assert old.by_name["chosen"].has_stated_default
    assert old.by_name["part"].kind is Kind.GROUP
    assert not old.by_name["text"].checks_utf8
    assert old.by_name["number"].oneof == "choice"
    assert old.reserved_ranges == ((20, 21), (30, 41))
    assert old.reserved_names == {"gone", "lost"}
    assert old.extension_ranges == ((100, 200),)
    assert old.reserves(40)
    assert not old.reserves(41)
    assert contract.enums["acme.old.Colour"].closed
    more = contract.extensions["acme.old.more"]
    assert (more.extendee, more.packed, more.json_name) == ("acme.old.Old", True, "[acme.old.more]")


def test_proto3(contract):
    new = contract.messages["acme.new.v1.New"]
    assert new.by_name["id"].cardinality is Cardinality.IMPLICIT
    assert new.by_name["maybe"].cardinality is Cardinality.EXPLICIT
    assert new.by_name["maybe"].oneof == ""
    assert [oneof.name for oneof in new.oneofs] == ["choice"]
    assert [field.name for field in new.oneofs[0].fields] == ["name", "inner"]
    assert new.by_name["raw"].json_name == "Raw"
    assert (new.by_name["tight"].packed, new.by_name["loose"].packed, new.by_name["texts"].packed) == (
        True, False, False,
    )  # fmt: skip
    assert new.by_name["text"].checks_utf8
    inner = contract.messages["acme.new.v1.New.Inner"]
    assert inner.parent is new
    assert inner.fields[0].json_name == "snakeCaseName"
    assert inner.fields[0].deprecated
    assert "acme.new.v1.New.Inner.Deep" in contract.enums
    shade = contract.enums["acme.new.v1.Shade"]
    assert shade.names_by_number == {0: ("SHADE_UNSPECIFIED",), 1: ("DARK", "BLACK")}
    assert shade.allows_alias
    assert shade.reserved_ranges == ((5, 8),)
    assert new.by_name["kids"].entry.by_name["value"].type_message is new


def test_editions(contract):
    ed = contract.messages["acme.ed.v1.Ed"]
    said = {name: field.cardinality.value for name, field in ed.by_name.items()}
    assert (said["explicit"], said["implicit"], said["required"]) == ("explicit", "implicit", "required")
    assert (ed.by_name["packed"].packed, ed.by_name["expanded"].packed) == (True, False)
    assert (ed.by_name["unchecked"].checks_utf8, ed.by_name["checked"].checks_utf8) == (False, True)
    assert ed.by_name["delimited"].kind is Kind.GROUP
    assert ed.by_name["kids"].kind is Kind.MESSAGE
    assert (ed.by_name["closed"].type_enum.closed, ed.by_name["open"].type_enum.closed) == (True, False)
    assert ed.by_name["closed"].default == "FIRST"
    assert contract.messages["acme.ed.v1.Delimiting"].features.json_format == "LEGACY_BEST_EFFORT"
    syntaxes = {name: file.syntax for name, file in contract.files.items() if file.is_own}
    assert syntaxes == dict(zip(EVERYTHING, ("proto2", "proto3", "2023", "2024"), strict=True))


def test_services(contract):
    get, watch = contract.services["acme.new.v1.Things"].methods
    assert get.path == "/acme.new.v1.Things/Get"
    assert get.idempotency == "NO_SIDE_EFFECTS"
    assert watch.idempotency == "IDEMPOTENCY_UNKNOWN"
    assert (watch.client_streaming, watch.server_streaming, get.server_streaming) == (True, True, False)
    assert get.request is contract.messages["acme.new.v1.New"]
    assert watch.response_type == "acme.ed.v1.Ed"


def test_files_know_their_imports_and_who_owns_them(contract):
    old = contract.files["acme/old/old.proto"]
    assert old.imports == ("acme/new/v1/new.proto",)
    assert contract.files["acme/new/v1/new.proto"].public_imports == ("acme/ed/v1/ed.proto",)
    assert {file.name for file in contract.own_files} == set(EVERYTHING)


def test_title_and_version():
    one = from_texts({"a.proto": 'syntax = "proto3"; package acme.orders.v1;'})
    assert (one.format, one.title, one.version) == ("proto", "acme.orders.v1", "v1")
    texts = {f"{name}.proto": f'syntax = "proto3"; package acme.{name}.v2beta1;' for name in ("a", "b")}
    two = from_texts(texts)
    assert (two.title, two.version) == ("acme", "v2beta1")
    none = from_texts({"a.proto": '/* package not.this.v1; */ syntax = "proto3";'})
    assert (none.title, none.version) == ("", "")
    mixed = from_texts({f"{v}.proto": f'syntax = "proto3"; package acme.{v};' for v in ("v1", "v2")})
    assert (mixed.title, mixed.version) == ("acme", "")


def test_places_are_lines_and_code_points():
    text = 'syntax = "proto3";\n// é\n\tmessage M { /* ☃ */ int32 x = 1;\n  /*\t☃ */\tstring s = 2; }\nenum E { Z = 0; }\n'
    contract = from_texts({"m.proto": text})
    message = contract.messages["M"]

    def at(place):
        return place.file, place.line, place.column

    lines = text.split("\n")
    assert at(message.place) == ("m.proto", 3, 2)
    assert at(message.fields[0].place) == ("m.proto", 3, lines[2].index("int32") + 1)
    assert at(message.fields[1].place) == ("m.proto", 4, lines[3].index("string") + 1)
    assert at(message.fields[1].at("name")) == ("m.proto", 4, lines[3].index("s =") + 1)
    assert at(message.fields[1].at("number")) == ("m.proto", 4, lines[3].index("2;") + 1)
    assert at(contract.enums["E"].values[0].place) == ("m.proto", 5, 10)
    assert at(contract.files["m.proto"].element.at("syntax")) == ("m.proto", 1, 1)
    assert at(message.at("options", 7)) == at(message.place)  # the nearest part around it


def test_many_positions_are_those_of_few():
    fields = "".join(f"\n  string f{n} = {n};" for n in range(1, 40))
    text = f'syntax = "proto3";\nmessage M {{{fields}\n}}\n'
    places = [field.place for field in from_texts({"m.proto": text}).messages["M"].fields]
    assert [(place.line, place.column) for place in places] == [(n + 2, 3) for n in range(1, 40)]
