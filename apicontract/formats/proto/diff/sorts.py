"""What a field's values are, as the table of kinds wants to know it: on wire, and in JSON.

Knows which well-known types have a JSON form of their own.
Source: Protocol Buffers, "ProtoJSON Format", the table of JSON mappings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.diff.kinds import Sort
from apicontract.formats.proto.elements import Kind

if TYPE_CHECKING:
    from apicontract.formats.proto.elements import Field

_OWN_FORM = {
    "Timestamp": "timestamp",
    "Duration": "duration",
    "FieldMask": "field mask",
    "Struct": "struct",
    "Value": "value",
    "ListValue": "list value",
    "Any": "any",
    "NullValue": "null",
}
_WRAPPED = {
    "DoubleValue": Kind.DOUBLE,
    "FloatValue": Kind.FLOAT,
    "Int64Value": Kind.INT64,
    "UInt64Value": Kind.UINT64,
    "Int32Value": Kind.INT32,
    "UInt32Value": Kind.UINT32,
    "BoolValue": Kind.BOOL,
    "StringValue": Kind.STRING,
    "BytesValue": Kind.BYTES,
}
_WELL_KNOWN = "google.protobuf."


def sort_of(field: Field) -> Sort:
    """What its values are on wire."""
    if field.kind is Kind.ENUM:
        enum = field.type_enum
        listed = frozenset(value.number for value in enum.values) if enum else frozenset()
        return Sort(Kind.ENUM, listed, enum is not None and enum.closed)
    if field.kind is Kind.STRING:
        return Sort(Kind.STRING, utf8=field.checks_utf8)
    return Sort(field.kind)


def json_sort_of(field: Field) -> Sort:
    """What its values are in JSON: of a wrapper what it wraps, of other well-known types their own form."""
    if field.type_name.startswith(_WELL_KNOWN):
        name = field.type_name.removeprefix(_WELL_KNOWN)
        if name in _WRAPPED:
            return Sort(_WRAPPED[name])
        if name in _OWN_FORM:
            return Sort(field.kind, json=_OWN_FORM[name])
    return sort_of(field)


def is_null(field: Field) -> bool:
    """Whether JSON shows each of its values as `null`, a zero too where writers print zeros."""
    return json_sort_of(field).form == "null"


def is_plain(field: Field) -> bool:
    """Whether it is a message that is a JSON object of its fields."""
    return json_sort_of(field).form == "object"
