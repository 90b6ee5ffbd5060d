"""What a reader sees where a field is absent.

Source: descriptor.proto, FieldDescriptorProto.default_value; the C escapes of its bytes.
"""

from __future__ import annotations

from typing import TypeAlias

Default: TypeAlias = int | float | bool | str | bytes | None

_FLOATS = ("double", "float")
_COUNTED = (
    "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64",
)  # fmt: skip
_ZEROS: dict[str, Default] = {
    **dict.fromkeys(_COUNTED, 0),
    **dict.fromkeys(_FLOATS, 0.0),
    "bool": False,
    "string": "",
    "bytes": b"",
}


def zero(kind: str) -> Default:
    """The default that a kind implies; None for enums (their first value), messages and groups."""
    return _ZEROS.get(kind)


def parse_default(kind: str, text: str) -> Default:
    """The default as a value, from the text of a descriptor; the text itself for strings and enums."""
    if kind in _FLOATS:
        return float(text)
    if kind in _COUNTED:
        return int(text)
    if kind == "bool":
        return text == "true"
    if kind == "bytes":
        from google.protobuf import text_encoding

        unescaped: bytes = text_encoding.CUnescape(text)
        return unescaped
    return text
