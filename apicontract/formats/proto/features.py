"""Edition features, resolved: what proto2, proto3 and each edition mean where a file says nothing.

Knows the six features that change bytes, JSON or presence; the rest (naming style, visibility, the
features of single languages) only shape generated code and stay in the options.
Source: Protocol Buffers, "Feature Settings for Editions"; descriptor.proto, message FeatureSet.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from apicontract.records import dataclass

if TYPE_CHECKING:
    from google.protobuf import descriptor_pb2 as descriptors

    Options: TypeAlias = (
        descriptors.FileOptions
        | descriptors.MessageOptions
        | descriptors.FieldOptions
        | descriptors.OneofOptions
        | descriptors.EnumOptions
        | descriptors.EnumValueOptions
        | descriptors.ServiceOptions
        | descriptors.MethodOptions
    )


@dataclass(frozen=True, slots=True)
class Features:
    """One value per feature, as descriptor.proto names it."""

    field_presence: str
    enum_type: str
    repeated_field_encoding: str
    utf8_validation: str
    message_encoding: str
    json_format: str


@cache
def _names() -> dict[str, dict[int, str]]:
    """The names of each feature's values by number."""
    from google.protobuf import descriptor_pb2

    described = descriptor_pb2.FeatureSet.DESCRIPTOR.fields_by_name
    enums = {name: described[name].enum_type for name in Features.__dataclass_fields__}
    return {name: {value.number: value.name for value in enum.values} for name, enum in enums.items() if enum}


PROTO2 = Features("EXPLICIT", "CLOSED", "EXPANDED", "NONE", "LENGTH_PREFIXED", "LEGACY_BEST_EFFORT")
PROTO3 = Features("IMPLICIT", "OPEN", "PACKED", "VERIFY", "LENGTH_PREFIXED", "ALLOW")
EDITIONS = Features("EXPLICIT", "OPEN", "PACKED", "VERIFY", "LENGTH_PREFIXED", "ALLOW")  # 2023, 2024


def of_syntax(syntax: str) -> Features:
    """What a file of `proto2`, `proto3` or an edition (`2023`) starts from."""
    return {"proto2": PROTO2, "proto3": PROTO3}.get(syntax, EDITIONS)


def refine(inherited: Features, options: Options) -> Features:
    """The features of an element: those around it, and what its options say otherwise."""
    if not options.HasField("features"):
        return inherited
    stated = options.features
    said = {
        name: names[getattr(stated, name)]
        for name, names in _names().items()
        if stated.HasField(name)  # type: ignore[arg-type]  # the names are those of the message
    }
    return replace(inherited, **said) if said else inherited
