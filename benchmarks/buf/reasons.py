"""Why a report of buf's is less to us, and why buf has nothing where we report a break: a sentence per group.

Each was checked by hand on the protos; bytes were written with protoc from the one version and read with the
other. A group without a sentence makes the script fail.
"""

from __future__ import annotations

_RENAMED_ENUM = (
    "The enum was renamed with its numbers kept: `68 01` = field 13, varint 1 is `status: ACTIVE` to both. The name of its"
    " value 0 did change, which is told at the enum as `enum-value-renamed` (json major)."
)
_ANOTHER_RESPONSE = "`google.protobuf.Empty` became an empty message of its own: no bytes before, no bytes after; only code sees the name."
_GREW_FROM_EMPTY = (
    '`Empty` became a message with a field: `0a 03 61 62 63` = field 1, length 3 "abc" is kept by an old client as an'
    " unknown field, as with any added field."
)
_ALONE_IN_ONEOF = (
    "The field joined a oneof in which no field existed before: `32 05 0a 03 61 62 63` = field 6 says"
    ' `bigquery_action { sql_script: "abc" }` to both, either way.'
)
_MOVED = (
    "Its file changed and its package did not: languages that import packages do not see it, so it is a break only with"
    " `--per-file`."
)
# (rule of buf's, what became of it with us) -> why
LESSER = {
    ("FIELD_SAME_ONEOF", "field-moved-into-oneof: none"): _ALONE_IN_ONEOF,
    ("FIELD_WIRE_COMPATIBLE_TYPE", "enum-renamed: none"): _RENAMED_ENUM,
    ("FIELD_WIRE_JSON_COMPATIBLE_TYPE", "enum-renamed: none"): _RENAMED_ENUM,
    ("FIELD_WIRE_COMPATIBLE_TYPE", "field-type-changed: minor"): (
        "enum → bool in a message that only servers send: what a new server writes, `d0 01 01`, is `TRUE` to an old client."
        " The other way `d0 01 02` = `FALSE` is read as `true`, a break as soon as a request carries it; json is major."
    ),
    ("FIELD_WIRE_COMPATIBLE_TYPE", "field-renamed: none"): (
        "The field and its type were renamed, the structure stayed: `e2 01 08 0a 03 61 62 63 12 01 78` = field 28 has the same"
        " two members for both. In JSON and code it is a break, and told there."
    ),
    ("RPC_SAME_RESPONSE_TYPE", "rpc-response-type-changed: none"): _ANOTHER_RESPONSE,
    ("RPC_SAME_RESPONSE_TYPE", "rpc-response-type-changed: minor"): _GREW_FROM_EMPTY,
    ("ENUM_NO_DELETE", "message-moved: none"): f"The message that holds it moved. {_MOVED}",
    ("MESSAGE_NO_DELETE", "message-moved: none"): _MOVED,
    ("FILE_NO_DELETE", "file-moved: none"): f"What it held is in another file. {_MOVED}",
    ("FILE_NO_DELETE", "the same break: file-java-outer-classname-changed"): (
        "The file moved, with what it held: the name of its Java class is what code sees of that."
    ),
    ("FILE_NO_DELETE", "file-removed: none"): (
        "The package stays and no type of the file is gone (see its types); a break only with `--per-file`."
    ),
    ("FILE_NO_DELETE", "message-moved: none"): _MOVED,
    ("FIELD_NO_DELETE", "field-renumbered: none"): (
        "The field has another number and the same name and type: code sees no difference. On the wire it is a break"
        " (`22 05 …` = field 4 is nothing to a new reader), and told there."
    ),
    ("FIELD_SAME_JSON_NAME", "field-json-name-changed: none"): (
        "Generated accessors come of the field's name, not of its JSON key; in JSON it is a break, and told there."
    ),
}  # fmt: skip
_BEHAVIOUR = "No category reads `google.api.field_behavior`. By AIP-203 "
# rule of ours -> why no report of buf's speaks of it
OURS_ALONE = {
    "service-removed": (
        "SERVICE_NO_DELETE and FILE_NO_DELETE are in FILE alone; calls of `/package.Service/Method` fail with UNIMPLEMENTED."
    ),
    "rpc-removed": "RPC_NO_DELETE is in FILE alone; calls of the path fail with UNIMPLEMENTED.",
    "field-behavior-output-only-added": f"{_BEHAVIOUR}a server ignores what a request says in an OUTPUT_ONLY field. Policy: the mark may only put in writing what the server did before.",
    "field-behavior-required-added": f"{_BEHAVIOUR}a request without a REQUIRED field is refused.",
    "field-behavior-immutable-added": f"{_BEHAVIOUR}a request that changes an IMMUTABLE field is refused.",
    "enum-value-renamed": (
        "buf takes the renamed enum for one that is gone and one that came, and reports the field that holds it"
        " (FIELD_SAME_TYPE), not the value."
    ),
    "oneof-renamed": "buf takes the renamed message for one that is gone and one that came, and looks no further.",
    "http-route-removed": "No category reads `google.api.http`.",
    "http-route-changed": "No category reads `google.api.http`.",
}
