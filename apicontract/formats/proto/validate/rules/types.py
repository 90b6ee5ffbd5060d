"""Rules on messages, fields and enums that compile."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.proto.validate.rules.texts import orders, proto2

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_BEHAVIOR = "google/api/field_behavior.proto"

RULES = (
    FindingRule(
        "field-required",
        "A field is required by the encoding.",
        _WARNING,
        "A reader refuses the whole message without it, so the field can never be dropped, nor a newer one be required, while"
        " any old reader or stored message is left. proto3 has taken `required` out.",
        "Make it optional, and check its presence in the code that needs it.",
        proto2("message Order {\n  required string id = 1;\n}"),
        proto2("message Order {\n  optional string id = 1;\n}"),
        references=("buf:FIELD_NOT_REQUIRED",),
    ),
    FindingRule(
        "message-requires-itself",
        "A message needs another one of its own kind, without end.",
        _ERROR,
        "It compiles, but no such message can ever be built or read.",
        "Make one of the required fields in the circle optional.",
        proto2("message Order {\n  required Order parent = 1;\n}"),
        proto2("message Order {\n  optional Order parent = 1;\n}"),
    ),
    FindingRule(
        "field-behavior-contradictory",
        "The `google.api.field_behavior` of a field says two things that exclude each other.",
        _WARNING,
        "Clients cannot know whether they have to send the field: what only the server sets cannot be required of them.",
        "Keep the one that is true.",
        orders(
            "message Order {\n  string id = 1 [\n    (google.api.field_behavior) = REQUIRED,\n"
            "    (google.api.field_behavior) = OUTPUT_ONLY\n  ];\n}",
            imports=_BEHAVIOR,
        ),
        orders(
            "message Order {\n  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY];\n}",
            imports=_BEHAVIOR,
        ),
    ),
    FindingRule(
        "enum-zero-value-has-meaning",
        "The zero of an enum is not called `..._UNSPECIFIED`.",
        _WARNING,
        "A field that nobody set, or that a newer version added, reads as zero: the zero should say nothing, or every old"
        " message states something that its sender did not (AIP-126). Names such as `UNKNOWN` and `NONE` come close and are a"
        " remark only.",
        "Begin the enum with `STATE_UNSPECIFIED = 0`, and move the meaning to another number in the next major version.",
        orders("enum State {\n  STATE_OPEN = 0;\n  STATE_PAID = 1;\n}"),
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_OPEN = 1;\n  STATE_PAID = 2;\n}"),
    ),
    FindingRule(
        "enum-alias",
        "An enum has two names for a number, and none of them is the old one.",
        _WARNING,
        "JSON is written with the name that stands first, whichever the sender used, and `switch` over both names does not"
        " compile. As a way to rename a value it is fine once the old name is deprecated and stands last.",
        "Mark the names that are on their way out with `[deprecated = true]`, behind the one that stays.",
        orders(
            "enum State {\n  option allow_alias = true;\n  STATE_UNSPECIFIED = 0;\n  STATE_SENT = 1;\n  STATE_SHIPPED = 1;\n}"
        ),
        orders(
            "enum State {\n  option allow_alias = true;\n  STATE_UNSPECIFIED = 0;\n  STATE_SHIPPED = 1;\n"
            "  STATE_SENT = 1 [deprecated = true];\n}"
        ),
    ),
)
