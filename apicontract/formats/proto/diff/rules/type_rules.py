"""The rules about messages and enums: one row each."""

from __future__ import annotations

from apicontract.formats.proto.diff.rules.rows import EDITION, EDITION_2024, PROTO2, PROTO3, Row, enum, message

_LIST = ("STATE_UNSPECIFIED = 0;", "STATE_OPEN = 1;", "STATE_DONE = 2;")
_NAME = "Bytes carry no type names; code does, and so do type URLs of `Any`."
_KEPT = "Reserve its number and its name, so that nobody uses them for something else."
_ORDER = message("string id = 1;")


def _two_files(first: str, second: str) -> str:
    return "\n".join(
        f"// shop/v1/{name}.proto\n{PROTO3}{text}" for name, text in (("a", first), ("b", second))
    )


MESSAGES = (
    Row("message-added", "A message was added.", "Nobody uses it yet.", "--m", _ORDER, _ORDER + "\n" + message("string id = 1;", "int32 count = 2;", name="Item")),
    Row("message-removed", "A message is gone.", "Code that uses it does not compile. What still sends it is told at the field or method.", "--M", _ORDER + "\n" + message("string id = 1;", "int32 count = 2;", name="Item"), _ORDER),
    Row("message-renamed", "A message has another full name.", _NAME, "--M", message("string id = 1;", "int32 count = 2;", name="Item"), message("string id = 1;", "int32 count = 2;", name="Line")),
    Row("message-moved", "A message moved to another file of its package.", "Seen only where files are imported, as in C++ and Python; `--per-file` makes it a break.", "---", _two_files(message("string id = 1;", name="A") + "\n" + message("string id = 1;", name="B"), message("string id = 1;", name="C")), _two_files(message("string id = 1;", name="A"), message("string id = 1;", name="B") + "\n" + message("string id = 1;", name="C"))),
    Row("message-deprecated", "A message is deprecated.", "It works, and compilers warn.", "mmm", _ORDER, message("option deprecated = true;", "string id = 1;")),
    Row("message-reactivated", "A message is not deprecated any more.", "It stays.", "mmm", message("option deprecated = true;", "string id = 1;"), _ORDER),
    Row("message-set-format-changed", "The extensions of a message are written in the form of a MessageSet, or not any more.", "The other side does not find them.", "M-M", message("extensions 4 to max;"), message("option message_set_wire_format = true;", "extensions 4 to max;"), head=PROTO2),
    Row("message-descriptor-accessor-changed", "C++ code has no `descriptor()` for a message, or has it again.", "Code that calls it does not compile.", "--M", _ORDER, message("option no_standard_descriptor_accessor = true;", "string id = 1;")),
    Row("message-option-changed", "An option of a message changed that changes neither bytes nor code.", "Only tools that look for it notice.", "---", 'import "google/api/resource.proto";\n' + _ORDER, 'import "google/api/resource.proto";\n' + message('option (google.api.resource) = { type: "shop.example/Order" };', "string id = 1;")),
    Row("message-became-local", "Other files may not use a message any more.", "What imports it does not compile.", "--M", _ORDER, "local " + _ORDER, head=EDITION_2024),
    Row("message-exported", "Other files may use a message.", "Nobody did yet.", "--m", "local " + _ORDER, _ORDER, head=EDITION_2024),
)

ENUMS = (
    Row("enum-added", "An enum was added.", "Nobody uses it yet.", "--m", _ORDER, _ORDER + "\nenum State {\n  STATE_UNSPECIFIED = 0;\n}"),
    Row("enum-removed", "An enum is gone.", "Code that uses it does not compile.", "--M", _ORDER + "\nenum State {\n  STATE_UNSPECIFIED = 0;\n}", _ORDER),
    Row("enum-renamed", "An enum has another full name.", "Bytes and JSON carry no type names of enums; code does.", "--M", enum(*_LIST), enum(*_LIST, name="Status")),
    Row("enum-moved", "An enum moved to another file of its package.", "Seen only where files are imported, as in C++ and Python; `--per-file` makes it a break.", "---", _two_files(message("string id = 1;", name="A") + "\nenum E {\n  E_NONE = 0;\n}", message("string id = 1;", name="B")), _two_files(message("string id = 1;", name="A"), message("string id = 1;", name="B") + "\nenum E {\n  E_NONE = 0;\n}")),
    Row("enum-became-closed", "An enum is closed: its fields keep no number that it does not list.", "Numbers of peers that know more are lost.", "MMM", enum(*_LIST), enum("option features.enum_type = CLOSED;", *_LIST), head=EDITION),
    Row("enum-became-open", "An enum is open: its fields keep numbers that it does not list.", "Old readers drop such numbers.", "mmm", enum("option features.enum_type = CLOSED;", *_LIST), enum(*_LIST), head=EDITION),
    Row("enum-default-changed", "Another value stands first in a closed enum.", "It is what is read where a field is absent.", "MM-", enum("OPEN = 1;", "DONE = 2;", hold="optional "), enum("DONE = 2;", "OPEN = 1;", hold="optional "), "Keep the first value where it is.", PROTO2),
    Row("enum-deprecated", "An enum is deprecated.", "It works, and compilers warn.", "mmm", enum(*_LIST), enum("option deprecated = true;", *_LIST)),
    Row("enum-reactivated", "An enum is not deprecated any more.", "It stays.", "mmm", enum("option deprecated = true;", *_LIST), enum(*_LIST)),
    Row("enum-option-changed", "An option of an enum changed that changes neither bytes nor code.", "Only tools that look for it notice.", "---", enum(*_LIST), enum("option deprecated_legacy_json_field_conflicts = true;", *_LIST)),
    Row("enum-became-local", "Other files may not use an enum any more.", "What imports it does not compile.", "--M", "enum State {\n  STATE_UNSPECIFIED = 0;\n}", "local enum State {\n  STATE_UNSPECIFIED = 0;\n}", head=EDITION_2024),
    Row("enum-exported", "Other files may use an enum.", "Nobody did yet.", "--m", "local enum State {\n  STATE_UNSPECIFIED = 0;\n}", "enum State {\n  STATE_UNSPECIFIED = 0;\n}", head=EDITION_2024),
)

VALUES = (
    Row("enum-value-added", "A value was added to an enum.", "Old peers do not know it: open enums keep the number, closed ones drop it, strict JSON readers refuse the name.", "mmm", enum(*_LIST[:2]), enum(*_LIST)),
    Row("enum-value-removed", "A value is gone, and its number or its name is free to be used again.", "Who still sends it is not understood, and who uses it again is misunderstood.", "MMM", enum(*_LIST), enum(*_LIST[:2]), _KEPT),
    Row("enum-value-removed-reserved", "A value is gone; its number and name are reserved.", "Who still sends it is not understood; nothing is misread. Code that uses it does not compile.", "mmM", enum(*_LIST), enum("reserved 2;", 'reserved "STATE_DONE";', *_LIST[:2]), "Deprecate it first."),
    Row("enum-value-renamed", "A value has another name.", "Bytes stay what they are. JSON readers do not know the name, and code misses it.", "-MM", enum(*_LIST), enum(*_LIST[:2], "STATE_CLOSED = 2;"), "Keep the old name in front, and add the new one as an alias."),
    Row("enum-value-renumbered", "A value has another number.", "Its old number means nothing any more; JSON and code notice nothing.", "M--", enum(*_LIST), enum(*_LIST[:2], "STATE_DONE = 3;"), "Keep the number."),
    Row("enum-values-swapped", "Two values swapped their numbers.", "Each is read as the other, without an error; JSON and code notice nothing.", "M--", enum(*_LIST), enum(_LIST[0], "STATE_OPEN = 2;", "STATE_DONE = 1;"), "Keep the numbers."),
    Row("enum-alias-added", "A value has a further name, behind its others.", "JSON writers go on with the first; old JSON readers do not know the new one.", "-mm", enum(*_LIST), enum("option allow_alias = true;", *_LIST, "STATE_CLOSED = 2;")),
    Row("enum-alias-removed", "A value lost one of its names.", "JSON with that name is not read any more, and code misses it.", "-MM", enum("option allow_alias = true;", *_LIST, "STATE_CLOSED = 2;"), enum(*_LIST), "Keep it, deprecated."),
    Row("enum-written-name-changed", "Another name of a value stands first, and is what JSON writers write.", "Old JSON readers do not know it.", "-Mm", enum(*_LIST), enum("option allow_alias = true;", *_LIST[:2], "STATE_CLOSED = 2;", _LIST[2]), "Put a new alias behind the old name."),
    Row("enum-value-deprecated", "A value of an enum is deprecated.", "It works, and compilers warn.", "mmm", enum(*_LIST), enum(*_LIST[:2], "STATE_DONE = 2 [deprecated = true];")),
    Row("enum-value-reactivated", "A value of an enum is not deprecated any more.", "It stays.", "mmm", enum(*_LIST[:2], "STATE_DONE = 2 [deprecated = true];"), enum(*_LIST)),
    Row("enum-value-option-changed", "An option of a value changed that changes neither bytes nor code.", "Only tools that look for it notice.", "---", enum(*_LIST), enum(*_LIST[:2], "STATE_DONE = 2 [debug_redact = true];")),
    Row("reserved-enum-value-used", "A value takes a number or name that was reserved.", "Data and peers of the past still use it for what it was.", "Mmm", enum("reserved 2;", *_LIST[:2]), enum(*_LIST), "Take a number and a name that were never used."),
)
