"""The rules about the fields of messages, extensions and oneofs: one row each."""

from __future__ import annotations

from apicontract.formats.proto.diff.rules.rows import EDITION, NEW_FIELD, PROTO2, Row, message

_BEHAVIOUR = 'import "google/api/field_behavior.proto";\n'
_LOST = "One side writes what the other reads as something else, or not at all, and nobody is told."
_REFUSED = "One side writes what the other refuses."
_UNSEEN = "Old peers never sent it and do not look for it."
_FILLED_IN = (
    "Minor in a message that clients never set: one that stands in OUTPUT_ONLY fields of requests alone."
)
_KEPT = "Reserve its number and its name, so that nobody uses them for something else."


def _behaviour(*names: str) -> str:
    options = ", ".join(f"(google.api.field_behavior) = {name}" for name in names)
    return _BEHAVIOUR + message(f"string id = 1{f' [{options}]' if names else ''};")


def _pair(name: str, meaning: str, cost: str, effects: str, gain: str) -> tuple[Row, Row]:
    word = name.lower().replace("_", "-")
    return (
        Row(
            f"field-behavior-{word}-added",
            f"A field is said to be {name}: {meaning}.",
            cost,
            effects,
            _behaviour(),
            _behaviour(name),
        ),
        Row(
            f"field-behavior-{word}-removed",
            f"A field is not said to be {name} any more.",
            gain,
            "mm-",
            _behaviour(name),
            _behaviour(),
        ),
    )


BEHAVIOURS = (
    *_pair(
        "REQUIRED",
        "requests without it are refused",
        f"Requests of old clients that leave it out are refused. {_FILLED_IN}",
        "MM-",
        "Whoever sends it still may.",
    ),
    *_pair(
        "OUTPUT_ONLY",
        "what requests say in it is ignored",
        f"What old clients send in it has no effect any more. {_FILLED_IN}",
        "MM-",
        "Whoever leaves it out still may.",
    ),
    *_pair(
        "IMMUTABLE",
        "requests that change it are refused",
        f"Requests of old clients that change it are refused. {_FILLED_IN}",
        "MM-",
        "Whoever leaves it alone still may.",
    ),
    *_pair(
        "INPUT_ONLY",
        "responses do not have it",
        "Old clients look for it in responses and find nothing.",
        "MM-",
        "Whoever does without still can.",
    ),
    *_pair(
        "UNORDERED_LIST",
        "the order of its elements means nothing",
        "Who relied on the order of elements should not.",
        "mm-",
        "The order may be relied on.",
    ),
    *_pair(
        "NON_EMPTY_DEFAULT",
        "the server fills it in where it is empty",
        "What is sent empty comes back filled.",
        "mm-",
        "What is sent empty stays so.",
    ),
    *_pair(
        "IDENTIFIER",
        "it names the resource",
        "It has a meaning that it did not state before.",
        "mm-",
        "It loses a meaning that it stated.",
    ),
)

TYPES = (
    Row(
        "field-type-changed",
        "A field has another type, which does not have all the values of the old one.",
        _LOST,
        "MMM",
        message("int64 total = 1;"),
        message("int32 total = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-type-widened",
        "A field has another type, which has all the values of the old one in the same bytes.",
        "Old bytes are read as they were meant; JSON and generated code see another type, and old readers do not know the new values.",
        "mMM",
        message("int32 total = 1;"),
        message("int64 total = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-message-type-changed",
        "A field holds another message type, and the old one still exists.",
        "What differs between the two types is what breaks; generated code sees another type in any case.",
        "MMM",
        message("string id = 1;", name="A")
        + "\n"
        + message("int32 id = 1;", name="B")
        + "\n"
        + message("A item = 1;"),
        message("string id = 1;", name="A")
        + "\n"
        + message("int32 id = 1;", name="B")
        + "\n"
        + message("B item = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-enum-type-changed",
        "A field holds values of another enum, and the old one still exists.",
        "What differs between the two enums is what breaks; generated code sees another type in any case.",
        "-MM",
        "enum A {\n  A_NONE = 0;\n  A_ONE = 1;\n}\nenum B {\n  B_NONE = 0;\n  B_ONE = 1;\n}\n"
        + message("A state = 1;"),
        "enum A {\n  A_NONE = 0;\n  A_ONE = 1;\n}\nenum B {\n  B_NONE = 0;\n  B_ONE = 1;\n}\n"
        + message("B state = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-encoding-changed",
        "The messages in a field are written as a group instead of with their length, or the other way round.",
        _LOST,
        "M--",
        message("Item item = 1;") + "\n" + message("string id = 1;", name="Item"),
        message("Item item = 1 [features.message_encoding = DELIMITED];")
        + "\n"
        + message("string id = 1;", name="Item"),
        NEW_FIELD,
        EDITION,
    ),
    Row(
        "map-type-changed",
        "The keys or the values of a map have another type.",
        _LOST,
        "MMM",
        message("map<string, int32> counts = 1;"),
        message("map<string, string> counts = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-utf8-check-added",
        "Readers of a string refuse bytes that are not UTF-8.",
        "Old writers may send such bytes.",
        "M--",
        message("string id = 1 [features.utf8_validation = NONE];"),
        message("string id = 1;"),
        "Make sure first that all writers send UTF-8.",
        EDITION,
    ),
    Row(
        "field-utf8-check-removed",
        "Readers of a string take bytes that are not UTF-8.",
        "Old readers refuse what new writers may send now.",
        "m--",
        message("string id = 1;"),
        message("string id = 1 [features.utf8_validation = NONE];"),
        head=EDITION,
    ),
)

OCCURRENCE = (
    Row(
        "field-presence-added",
        "Readers can tell the absence of a field from zero.",
        "Nothing is read otherwise than it was meant; an old reader takes an explicit zero for absence. Accessors differ.",
        "mmM",
        message("int32 count = 1;"),
        message("optional int32 count = 1;"),
    ),
    Row(
        "field-presence-removed",
        "Readers cannot tell the absence of a field from zero any more.",
        "An explicit zero is read as nothing, and is gone when the message is written again.",
        "MMM",
        message("optional int32 count = 1;"),
        message("int32 count = 1;"),
    ),
    Row(
        "field-became-required",
        "A field is required.",
        "Messages without it are refused as a whole.",
        "MMM",
        message("optional string id = 1;"),
        message("required string id = 1;"),
        "Never add `required`; check it in the server instead.",
        PROTO2,
    ),
    Row(
        "field-became-not-required",
        "A field is not required any more.",
        "Old readers refuse messages without it as a whole.",
        "MMM",
        message("required string id = 1;"),
        message("optional string id = 1;"),
        "Go on setting it until no old reader is left.",
        PROTO2,
    ),
    Row(
        "field-became-repeated",
        "A field may occur several times.",
        "Bytes of one value stay what they are, unless they are packed; JSON has an array, and old readers keep the last of several.",
        "mMM",
        message("string tag = 1;"),
        message("repeated string tag = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-became-singular",
        "A field occurs at most once.",
        "Of several values all but the last are lost, messages are merged, packed values are dropped.",
        "MMM",
        message("repeated string tag = 1;"),
        message("string tag = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-packing-changed",
        "A repeated field is packed in another way.",
        "Readers take both forms.",
        "---",
        message("repeated int32 codes = 1;"),
        message("repeated int32 codes = 1 [packed = false];"),
    ),
    Row(
        "map-became-repeated",
        "A map became a list of messages with a key and a value.",
        "Bytes stay what they are; JSON has an array, and old readers keep the last of two entries with one key.",
        "mMM",
        message("map<string, int32> counts = 1;"),
        message(
            "message Entry {", "  string key = 1;", "  int32 value = 2;", "}", "repeated Entry counts = 1;"
        ),
        NEW_FIELD,
    ),
    Row(
        "repeated-became-map",
        "A list of messages became a map.",
        "Of two elements with one key the last is kept; JSON has an object.",
        "MMM",
        message(
            "message Entry {", "  string key = 1;", "  int32 value = 2;", "}", "repeated Entry counts = 1;"
        ),
        message("map<string, int32> counts = 1;"),
        NEW_FIELD,
    ),
    Row(
        "field-default-changed",
        "Another value is read where a field is absent.",
        "A message that says nothing of it means something else on each side.",
        "MM-",
        message("optional int32 count = 1 [default = 1];"),
        message("optional int32 count = 1 [default = 2];"),
        "Keep the default, or write the value always.",
        PROTO2,
    ),
)

NAMES = (
    Row(
        "field-added",
        "A field was added.",
        _UNSEEN,
        "mmm",
        message("string id = 1;"),
        message("string id = 1;", "string note = 2;"),
    ),
    Row(
        "required-field-added",
        "A required field was added.",
        "Messages of old writers are refused as a whole.",
        "MMM",
        message("optional string id = 1;"),
        message("optional string id = 1;", "required string note = 2;"),
        "Make it optional, and check it in the server.",
        PROTO2,
    ),
    Row(
        "field-removed",
        "A field is gone, and its number or its name is free to be used again.",
        "Its values are lost, and who uses the number again reads old data as something else.",
        "MMM",
        message("string id = 1;", "string note = 2;"),
        message("string id = 1;"),
        _KEPT,
    ),
    Row(
        "field-removed-reserved",
        "A field is gone; its number and name are reserved.",
        "Its values are not seen any more; nothing is misread. Code that uses it does not compile.",
        "mmM",
        message("string id = 1;", "string note = 2;"),
        message("reserved 2;", 'reserved "note";', "string id = 1;"),
        "Deprecate it first.",
    ),
    Row(
        "required-field-removed",
        "A required field is gone.",
        "Old readers refuse messages without it as a whole.",
        "MMM",
        message("optional string id = 1;", "required string note = 2;"),
        message("reserved 2;", 'reserved "note";', "optional string id = 1;"),
        "Go on sending it until no old reader is left.",
        PROTO2,
    ),
    Row(
        "field-renamed",
        "A field has another name, and so another key in JSON.",
        "Bytes stay what they are. JSON readers miss the key, and code the accessor.",
        "-MM",
        message("string note = 1;"),
        message("string remark = 1;"),
        "Keep the key with `json_name`.",
    ),
    Row(
        "field-renamed-json-kept",
        "A field has another name; JSON writers keep its key.",
        "Code misses the accessor; JSON under the proto name is not read any more.",
        "-mM",
        message("string note = 1;"),
        message('string remark = 1 [json_name = "note"];'),
    ),
    Row(
        "field-json-name-changed",
        "A field has another key in JSON.",
        _LOST,
        "-M-",
        message("string note = 1;"),
        message('string note = 1 [json_name = "remark"];'),
        "Keep the key.",
    ),
    Row(
        "field-renumbered",
        "A field has another number.",
        "Its bytes are not found by the other side; JSON and code notice nothing.",
        "M--",
        message("string note = 1;"),
        message("reserved 1;", "string note = 2;"),
        "Keep the number.",
    ),
    Row(
        "fields-swapped",
        "Two fields swapped their numbers.",
        "Each is read as the other, without an error; JSON and code notice nothing.",
        "M--",
        message("string first = 1;", "string last = 2;"),
        message("string last = 1;", "string first = 2;"),
        "Keep the numbers: the order in the file means nothing.",
    ),
    Row(
        "field-number-reused",
        "The number of a field is used for something else.",
        "What was written for the one is read for the other, or dropped.",
        "MMM",
        message("string note = 1;"),
        message("int32 count = 1;"),
        "Take a number that was never used, and reserve the old one.",
    ),
    Row(
        "reserved-field-number-used",
        "A field takes a number that was reserved.",
        "Data and peers of the past still use the number for what it was.",
        "Mmm",
        message("reserved 2;", "string id = 1;"),
        message("string id = 1;", "string note = 2;"),
        "Take a number that was never used.",
    ),
    Row(
        "reserved-field-name-used",
        "A field takes a name that was reserved.",
        "JSON of the past still uses the key for what it was.",
        "mMm",
        message('reserved "note";', "string id = 1;"),
        message("string id = 1;", "string note = 2;"),
        "Take a name that was never used.",
    ),
    Row(
        "reservation-removed",
        "Numbers or names are not reserved any more.",
        "No byte changes; who takes one again misreads old data.",
        "---",
        message("reserved 2;", "string id = 1;"),
        message("string id = 1;"),
        "Keep reservations forever.",
    ),
    Row(
        "reservation-added",
        "Numbers or names are reserved.",
        "Nobody can take them by mistake.",
        "---",
        message("string id = 1;"),
        message("reserved 2;", "string id = 1;"),
    ),
)

ONEOFS = (
    Row(
        "oneof-member-added",
        "A field was added to a oneof.",
        "Old readers see that none of the members they know is set.",
        "mmm",
        message("oneof by {", "  string id = 1;", "}"),
        message("oneof by {", "  string id = 1;", "  string name = 2;", "}"),
    ),
    Row(
        "fields-joined-in-oneof",
        "Fields that could be set together exclude each other.",
        "Of a message with both the last is kept, and JSON with both is refused.",
        "MMM",
        message("optional string id = 1;", "optional string name = 2;"),
        message("oneof by {", "  string id = 1;", "  string name = 2;", "}"),
        NEW_FIELD,
    ),
    Row(
        "fields-freed-from-oneof",
        "Fields that excluded each other may be set together.",
        "Old readers keep the last of two; accessors differ.",
        "mmM",
        message("oneof by {", "  string id = 1;", "  string name = 2;", "}"),
        message("optional string id = 1;", "optional string name = 2;"),
    ),
    Row(
        "field-moved-into-oneof",
        "A field moved into a oneof that holds no other field of before.",
        "Only accessors differ.",
        "--M",
        message("optional string id = 1;"),
        message("oneof by {", "  string id = 1;", "}"),
    ),
    Row(
        "field-moved-out-of-oneof",
        "A field left a oneof of which nothing else is left.",
        "Only accessors differ.",
        "--M",
        message("oneof by {", "  string id = 1;", "}"),
        message("optional string id = 1;"),
    ),
    Row(
        "oneof-renamed",
        "A oneof has another name.",
        "The name is on no wire; accessors have it.",
        "--M",
        message("oneof by {", "  string id = 1;", "  string name = 2;", "}"),
        message("oneof key {", "  string id = 1;", "  string name = 2;", "}"),
    ),
)

OPTIONS = (
    Row(
        "field-deprecated",
        "A field is deprecated.",
        "It works, and compilers warn.",
        "mmm",
        message("string id = 1;"),
        message("string id = 1 [deprecated = true];"),
    ),
    Row(
        "field-reactivated",
        "A field is not deprecated any more.",
        "It stays.",
        "mmm",
        message("string id = 1 [deprecated = true];"),
        message("string id = 1;"),
    ),
    Row(
        "field-js-type-changed",
        "JavaScript code gets a field as another type.",
        "Code that takes it for a number finds a text, or the other way round.",
        "--M",
        message("int64 total = 1;"),
        message("int64 total = 1 [jstype = JS_STRING];"),
    ),
    Row(
        "field-cpp-type-changed",
        "C++ code gets a field as another type.",
        "Code that takes it for a string finds a cord or a view.",
        "--M",
        message("bytes data = 1;"),
        message("bytes data = 1 [ctype = CORD];"),
    ),
    Row(
        "field-option-changed",
        "An option of a field changed that changes neither bytes nor code.",
        "Only tools that look for it notice.",
        "---",
        message("string id = 1;"),
        message("string id = 1 [debug_redact = true];"),
    ),
    Row(
        "language-feature-changed",
        "An edition feature of one language changed.",
        "Its generated code looks otherwise.",
        "--M",
        'import "google/protobuf/cpp_features.proto";\n' + message("string id = 1;"),
        'import "google/protobuf/cpp_features.proto";\n'
        + message("string id = 1 [features.(pb.cpp).string_type = VIEW];"),
        head=EDITION,
    ),
)

EXTENSIONS = (
    Row(
        "extension-added",
        "An extension was added.",
        _UNSEEN,
        "mmm",
        message("extensions 100 to 199;"),
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 100;\n}",
        head=PROTO2,
    ),
    Row(
        "extension-removed",
        "An extension is gone.",
        "Its bytes become unknown, JSON refuses or drops its key.",
        "MMM",
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 100;\n}",
        message("extensions 100 to 199;"),
        _KEPT,
        PROTO2,
    ),
    Row(
        "extension-renamed",
        "An extension has another full name.",
        "Bytes stay what they are. JSON has another key, code another name.",
        "-MM",
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 100;\n}",
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string remark = 100;\n}",
        head=PROTO2,
    ),
    Row(
        "extension-renumbered",
        "An extension has another number.",
        "Its bytes are unknown, or those of another extension. JSON and code know it by its name.",
        "M--",
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 100;\n}",
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 101;\n}",
        head=PROTO2,
    ),
    Row(
        "extension-became-field",
        "An extension became an ordinary field of its message.",
        "Bytes stay what they are. JSON has another key, code another accessor.",
        "-MM",
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 100;\n}",
        message("optional string note = 100;"),
        head=PROTO2,
    ),
    Row(
        "field-became-extension",
        "An ordinary field became an extension of its message.",
        "Bytes stay what they are. JSON has another key, code another accessor.",
        "-MM",
        message("optional string note = 100;"),
        message("extensions 100 to 199;") + "\nextend Order {\n  optional string note = 100;\n}",
        head=PROTO2,
    ),
    Row(
        "extension-range-removed",
        "Numbers are not left to extensions any more.",
        "Whoever extended the message by them cannot compile; bytes stay what they are.",
        "--M",
        message("extensions 100 to 199;"),
        message("extensions 100 to 149;"),
        head=PROTO2,
    ),
    Row(
        "extension-range-added",
        "Further numbers are left to extensions.",
        "Nobody used them.",
        "---",
        message("extensions 100 to 149;"),
        message("extensions 100 to 199;"),
        head=PROTO2,
    ),
)
