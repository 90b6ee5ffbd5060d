"""How proto JSON writes scalars and the types that everyone knows, as schemas of JSON Schema 2020-12.

Knows single values; messages are the business of who asks. Source: "ProtoJSON Format", Protocol Buffers
documentation.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.sources import Json

    Object = dict[str, Json]

_WELL_KNOWN_PACKAGE = "google.protobuf."
_INTEGERS = {
    "int32": ("int32", -(2**31), 2**31 - 1), "sint32": ("int32", -(2**31), 2**31 - 1),
    "sfixed32": ("int32", -(2**31), 2**31 - 1), "uint32": ("int64", 0, 2**32 - 1),
    "fixed32": ("int64", 0, 2**32 - 1),
}  # fmt: skip
_WRITTEN = {"int64", "sint64", "sfixed64", "uint64", "fixed64"}  # as texts, since JSON readers round numbers
_NO_NUMBERS: Object = {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}
_ANY: Object = {
    "type": "object",
    "properties": {"@type": {"type": "string", "description": "The URL of the message's type."}},
    "additionalProperties": True,
}
_WELL_KNOWN: Mapping[str, Object] = {
    "Timestamp": {"type": "string", "format": "date-time"},
    "Duration": {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,9})?s$"},
    "FieldMask": {"type": "string", "description": "Names of fields, separated by commas."},
    "Empty": {"type": "object"},
    "Struct": {"type": "object", "additionalProperties": True},
    "Value": {},
    "ListValue": {"type": "array", "items": {}},
    "NullValue": {"type": "null"},
    "Any": _ANY,
    "DoubleValue": {"anyOf": [{"type": ["number", "null"], "format": "double"}, _NO_NUMBERS]},
    "FloatValue": {"anyOf": [{"type": ["number", "null"], "format": "float"}, _NO_NUMBERS]},
    "Int64Value": {"type": ["string", "null"], "pattern": "^-?[0-9]{1,19}$"},
    "UInt64Value": {"type": ["string", "null"], "pattern": "^[0-9]{1,20}$"},
    "Int32Value": {"type": ["integer", "null"], "format": "int32"},
    "UInt32Value": {"type": ["integer", "null"], "minimum": 0},
    "BoolValue": {"type": ["boolean", "null"]},
    "StringValue": {"type": ["string", "null"]},
    "BytesValue": {"type": ["string", "null"], "contentEncoding": "base64"},
}
_STRUCTURED = ("Empty", "Struct", "Value", "ListValue", "Any")
ERROR: Object = {
    "type": "object",
    "description": "An error as gRPC has it: a code, a message for developers, and details.",
    "properties": {
        "code": {"type": "integer", "format": "int32"},
        "message": {"type": "string"},
        "details": {"type": "array", "items": _ANY},
    },
}
"""google.rpc.Status."""


def well_known(full_name: str) -> Object | None:
    """The schema of a type of google.protobuf that has a form of its own; None for any other type."""
    known = full_name.removeprefix(_WELL_KNOWN_PACKAGE)
    return deepcopy(_WELL_KNOWN[known]) if known != full_name and known in _WELL_KNOWN else None


def is_one_text(full_name: str) -> bool:
    """Whether a message is written as one JSON text, number or boolean."""
    known = full_name.removeprefix(_WELL_KNOWN_PACKAGE)
    return known != full_name and known in _WELL_KNOWN and known not in _STRUCTURED


def is_free_form(full_name: str) -> bool:
    """Whether a message is written as JSON of any shape, so that no query can hold it."""
    return full_name.removeprefix(_WELL_KNOWN_PACKAGE) in _STRUCTURED[1:]


def scalar(kind: str) -> Object:
    """A scalar as proto JSON writes it."""
    if kind in _INTEGERS:
        form, least, most = _INTEGERS[kind]
        return {"type": "integer", "format": form, "minimum": least, "maximum": most}
    if kind in _WRITTEN:
        unsigned = kind.startswith(("u", "fixed"))
        return {
            "type": "string",
            "format": "uint64" if unsigned else "int64",
            "pattern": f"^{'' if unsigned else '-?'}[0-9]{{1,20}}$",
        }
    if kind == "bytes":
        return {"type": "string", "contentEncoding": "base64"}
    if kind in ("double", "float"):
        return {"anyOf": [{"type": "number", "format": kind}, deepcopy(_NO_NUMBERS)]}
    return {"type": "boolean" if kind == "bool" else "string"}
