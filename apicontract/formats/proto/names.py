"""Names that follow from others by a rule of protobuf.

Source: the ProtoJSON mapping of the Protocol Buffers documentation.
"""

from __future__ import annotations


def json_name(name: str) -> str:
    """The ProtoJSON key of a field: lower camel case, underscores gone and the letter after each raised."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
