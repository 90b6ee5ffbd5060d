"""Messages, fields, enums, services: views of descriptors that answer alike for every syntax.

A view is cheap to make and works out an answer when it is first asked. Two views are equal only if
they are one; what is alike in two contracts is the comparison's business (`diff/`).
Source: descriptor.proto, and the feature tables of "Feature Settings for Editions".
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from apicontract.formats.proto import features as feature
from apicontract.formats.proto.defaults import Default, parse_default, zero
from apicontract.formats.proto.lazily import lazily
from apicontract.formats.proto.names import json_name
from apicontract.records import dataclass
from apicontract.sources import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf import descriptor_pb2
    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.features import Features
    from apicontract.formats.proto.model import File

    Range: TypeAlias = tuple[int, int]


class Kind(StrEnum):
    """What a field's value is; `GROUP` is any delimited message, whatever the syntax calls it."""

    DOUBLE = "double"
    FLOAT = "float"
    INT64 = "int64"
    UINT64 = "uint64"
    INT32 = "int32"
    FIXED64 = "fixed64"
    FIXED32 = "fixed32"
    BOOL = "bool"
    STRING = "string"
    GROUP = "group"
    MESSAGE = "message"
    BYTES = "bytes"
    UINT32 = "uint32"
    ENUM = "enum"
    SFIXED32 = "sfixed32"
    SFIXED64 = "sfixed64"
    SINT32 = "sint32"
    SINT64 = "sint64"


KINDS = tuple(Kind)  # in the order of FieldDescriptorProto.Type, which counts from 1
_NOT_PACKABLE = frozenset({Kind.STRING, Kind.BYTES, Kind.MESSAGE, Kind.GROUP})
_OPTIONAL, _REQUIRED, _REPEATED = 1, 2, 3  # FieldDescriptorProto.Label


class Cardinality(StrEnum):
    """How often a field occurs, and whether its absence shows."""

    IMPLICIT = "implicit"  # at most once; absent and zero are one
    EXPLICIT = "explicit"  # at most once; absence shows
    REQUIRED = "required"  # exactly once, by proto2 or LEGACY_REQUIRED
    REPEATED = "repeated"
    MAP = "map"


@dataclass(frozen=True, eq=False)
class Element:
    """What all views share: the file, the pointer below it, the full name, the features around."""

    file: File
    pointer: str
    full_name: str
    features: Features

    def __repr__(self) -> str:
        """Short enough for a failed test."""
        return f"{type(self).__name__}({self.full_name!r})"

    @property
    def place(self) -> Place:
        """Where its declaration starts; the position is worked out when asked."""
        return Place(self.file.document, self.pointer)

    def at(self, *tokens: str | int) -> Place:
        """Where a part of it stands, by names of descriptor.proto: `at("type_name")`, `at("options", 5)`.

        The nearest part around it that has a position is taken if it has none itself.
        """
        return Place(self.file.document, "".join((self.pointer, *(f"/{token}" for token in tokens))))


@dataclass(frozen=True, eq=False, repr=False)
class Message(Element):
    """A message; `parent` is the message it is nested in."""

    proto: descriptor_pb2.DescriptorProto
    parent: Message | None

    @property
    def name(self) -> str:
        """Its short name."""
        return self.proto.name

    @property
    def options(self) -> descriptor_pb2.MessageOptions:
        """Its options."""
        return self.proto.options

    @property
    def deprecated(self) -> bool:
        """Whether it says so."""
        return self.proto.options.deprecated

    @property
    def is_map_entry(self) -> bool:
        """Whether a map field made it."""
        return self.proto.options.map_entry

    @property
    def is_message_set(self) -> bool:
        """Whether it has the wire format of a MessageSet."""
        return self.proto.options.message_set_wire_format

    @lazily
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in the order of the file."""
        return tuple(
            Field(
                self.file,
                f"{self.pointer}/field/{at}",
                f"{self.full_name}.{found.name}",
                feature.refine(self._features_for(found), found.options),
                found,
                self,
            )
            for at, found in enumerate(self.proto.field)
        )

    def _features_for(self, found: descriptor_pb2.FieldDescriptorProto) -> Features:
        """What surrounds a field: its oneof, if it is in one, or the message."""
        if found.HasField("oneof_index"):
            return feature.refine(self.features, self.proto.oneof_decl[found.oneof_index].options)
        return self.features

    @lazily
    def by_number(self) -> dict[int, Field]:
        """Its fields by number."""
        return {field.number: field for field in self.fields}

    @lazily
    def by_name(self) -> dict[str, Field]:
        """Its fields by name."""
        return {field.name: field for field in self.fields}

    @lazily
    def oneofs(self) -> tuple[Oneof, ...]:
        """Its oneofs without those that a proto3 `optional` makes."""
        made = {field.oneof_index for field in self.proto.field if field.proto3_optional}
        return tuple(
            Oneof(
                self.file,
                f"{self.pointer}/oneof_decl/{at}",
                f"{self.full_name}.{found.name}",
                feature.refine(self.features, found.options),
                found,
                self,
                at,
            )
            for at, found in enumerate(self.proto.oneof_decl)
            if at not in made
        )

    @lazily
    def messages(self) -> tuple[Message, ...]:
        """The messages in it, map entries included."""
        return messages_of(
            self.file,
            self.proto.nested_type,
            f"{self.pointer}/nested_type",
            self.full_name,
            self.features,
            self,
        )

    @lazily
    def enums(self) -> tuple[Enum, ...]:
        """The enums in it."""
        return enums_of(
            self.file, self.proto.enum_type, f"{self.pointer}/enum_type", self.full_name, self.features, self
        )

    @lazily
    def extensions(self) -> tuple[Extension, ...]:
        """The extensions declared in it, of whatever message they extend."""
        return extensions_of(
            self.file, self.proto.extension, f"{self.pointer}/extension", self.full_name, self.features
        )

    @property
    def reserved_ranges(self) -> tuple[Range, ...]:
        """Reserved numbers as (first, one past the last), in order."""
        return tuple((found.start, found.end) for found in self.proto.reserved_range)

    @property
    def reserved_names(self) -> frozenset[str]:
        """Reserved names."""
        return frozenset(self.proto.reserved_name)

    @property
    def extension_ranges(self) -> tuple[Range, ...]:
        """Numbers left to extensions as (first, one past the last), in order."""
        return tuple((found.start, found.end) for found in self.proto.extension_range)

    def reserves(self, number: int) -> bool:
        """Whether the number is reserved."""
        return any(first <= number < end for first, end in self.reserved_ranges)


@dataclass(frozen=True, eq=False, repr=False)
class Field(Element):
    """A field of a message."""

    proto: descriptor_pb2.FieldDescriptorProto
    message: Message | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.proto.name

    @property
    def number(self) -> int:
        """Its number."""
        return self.proto.number

    @lazily
    def kind(self) -> Kind:
        """What its values are."""
        kind = KINDS[self.proto.type - 1]
        if kind is Kind.MESSAGE and self.features.message_encoding == "DELIMITED" and not self._in_map:
            return Kind.GROUP
        return kind

    @lazily
    def _in_map(self) -> bool:
        """Whether it is a map or a part of its entry: those are never delimited."""
        return self.entry is not None or (self.message is not None and self.message.is_map_entry)

    @lazily
    def type_name(self) -> str:
        """The full name of its message or enum, without a leading dot; empty for scalars."""
        return self.proto.type_name.removeprefix(".")

    @lazily
    def type_message(self) -> Message | None:
        """The message that its type is, if it is one; of a map, the entry."""
        return self.file.contract.messages.get(self.type_name) if self.type_name else None

    @lazily
    def type_enum(self) -> Enum | None:
        """The enum that its type is, if it is one."""
        return self.file.contract.enums.get(self.type_name) if self.type_name else None

    @lazily
    def entry(self) -> Message | None:
        """The entry message, with the fields `key` and `value`, if it is a map."""
        if self.proto.label != _REPEATED or not self.type_name:
            return None
        found = self.type_message
        return found if found is not None and found.is_map_entry else None

    @lazily
    def cardinality(self) -> Cardinality:
        """How often it occurs and whether its absence shows."""
        if self.proto.label == _REPEATED:
            return Cardinality.REPEATED if self.entry is None else Cardinality.MAP
        if self.proto.label == _REQUIRED or self.features.field_presence == "LEGACY_REQUIRED":
            return Cardinality.REQUIRED
        explicit = (
            self.features.field_presence == "EXPLICIT"
            or self.proto.proto3_optional
            or self.proto.HasField("oneof_index")
            or self.proto.HasField("extendee")
            or self.kind in (Kind.MESSAGE, Kind.GROUP)
        )
        return Cardinality.EXPLICIT if explicit else Cardinality.IMPLICIT

    @property
    def has_presence(self) -> bool:
        """Whether a reader can tell that it is absent."""
        return self.cardinality in (Cardinality.EXPLICIT, Cardinality.REQUIRED)

    @property
    def packed(self) -> bool:
        """Whether its writers pack it; readers take both forms."""
        if self.cardinality is not Cardinality.REPEATED or self.kind in _NOT_PACKABLE:
            return False
        if self.proto.options.HasField("packed"):
            return self.proto.options.packed
        return self.features.repeated_field_encoding == "PACKED"

    @property
    def checks_utf8(self) -> bool:
        """Whether it is a string whose bytes must be UTF-8 to be read."""
        return self.kind is Kind.STRING and self.features.utf8_validation == "VERIFY"

    @lazily
    def default(self) -> Default:
        """What a reader sees where it is absent: of an enum the value's name, of messages and lists None."""
        if self.proto.label == _REPEATED:
            return None
        if self.proto.HasField("default_value"):
            return parse_default(self.kind, self.proto.default_value)
        if self.kind is Kind.ENUM:
            values = self.type_enum.values if self.type_enum else ()
            return values[0].name if values else None
        return zero(self.kind)

    @property
    def has_stated_default(self) -> bool:
        """Whether the file states the default."""
        return self.proto.HasField("default_value")

    @lazily
    def json_name(self) -> str:
        """The key that ProtoJSON writes."""
        return self.proto.json_name or json_name(self.proto.name)

    @lazily
    def oneof(self) -> str:
        """The name of its oneof; empty if it is in none or in one that `optional` made."""
        if self.message is None or self.proto.proto3_optional or not self.proto.HasField("oneof_index"):
            return ""
        return self.message.proto.oneof_decl[self.proto.oneof_index].name

    @property
    def options(self) -> descriptor_pb2.FieldOptions:
        """Its options."""
        return self.proto.options

    @property
    def deprecated(self) -> bool:
        """Whether it says so."""
        return self.proto.options.deprecated


@dataclass(frozen=True, eq=False, repr=False)
class Extension(Field):
    """A field that another message is extended by; `message` is None."""

    @property
    def extendee(self) -> str:
        """The full name of the message that it extends."""
        return self.proto.extendee.removeprefix(".")

    @property
    def json_name(self) -> str:
        """The key that ProtoJSON writes: the full name in brackets."""
        return f"[{self.full_name}]"


@dataclass(frozen=True, eq=False, repr=False)
class Oneof(Element):
    """A oneof as it is written."""

    proto: descriptor_pb2.OneofDescriptorProto
    message: Message
    index: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.proto.name

    @lazily
    def fields(self) -> tuple[Field, ...]:
        """Its members."""
        return tuple(
            field
            for field in self.message.fields
            if field.proto.HasField("oneof_index") and field.proto.oneof_index == self.index
        )


@dataclass(frozen=True, eq=False, repr=False)
class Enum(Element):
    """An enum; `parent` is the message it is in."""

    proto: descriptor_pb2.EnumDescriptorProto
    parent: Message | None

    @property
    def name(self) -> str:
        """Its short name."""
        return self.proto.name

    @lazily
    def values(self) -> tuple[EnumValue, ...]:
        """Its values in the order of the file, aliases included; the first is the default."""
        scope = self.full_name.rpartition(".")[0]
        return tuple(
            EnumValue(
                self.file,
                f"{self.pointer}/value/{at}",
                f"{scope}.{found.name}" if scope else found.name,
                feature.refine(self.features, found.options),
                found,
                self,
            )
            for at, found in enumerate(self.proto.value)
        )

    @lazily
    def by_name(self) -> dict[str, EnumValue]:
        """Its values by name."""
        return {value.name: value for value in self.values}

    @lazily
    def names_by_number(self) -> dict[int, tuple[str, ...]]:
        """The names of each number, in order: writers use the first."""
        names: dict[int, tuple[str, ...]] = {}
        for value in self.values:
            names[value.number] = (*names.get(value.number, ()), value.name)
        return names

    @property
    def closed(self) -> bool:
        """Whether numbers that it does not list are kept out of its fields."""
        return self.features.enum_type == "CLOSED"

    @property
    def allows_alias(self) -> bool:
        """Whether two names may have one number."""
        return self.proto.options.allow_alias

    @property
    def reserved_ranges(self) -> tuple[Range, ...]:
        """Reserved numbers as (first, one past the last), in order."""
        return tuple((found.start, found.end + 1) for found in self.proto.reserved_range)

    @property
    def reserved_names(self) -> frozenset[str]:
        """Reserved names."""
        return frozenset(self.proto.reserved_name)

    def reserves(self, number: int) -> bool:
        """Whether the number is reserved."""
        return any(first <= number < end for first, end in self.reserved_ranges)

    @property
    def options(self) -> descriptor_pb2.EnumOptions:
        """Its options."""
        return self.proto.options

    @property
    def deprecated(self) -> bool:
        """Whether it says so."""
        return self.proto.options.deprecated


@dataclass(frozen=True, eq=False, repr=False)
class EnumValue(Element):
    """A value of an enum; its full name is a sibling of the enum's, as in C++."""

    proto: descriptor_pb2.EnumValueDescriptorProto
    enum: Enum

    @property
    def name(self) -> str:
        """Its name."""
        return self.proto.name

    @property
    def number(self) -> int:
        """Its number."""
        return self.proto.number

    @property
    def options(self) -> descriptor_pb2.EnumValueOptions:
        """Its options."""
        return self.proto.options

    @property
    def deprecated(self) -> bool:
        """Whether it says so."""
        return self.proto.options.deprecated


@dataclass(frozen=True, eq=False, repr=False)
class Service(Element):
    """A service."""

    proto: descriptor_pb2.ServiceDescriptorProto

    @property
    def name(self) -> str:
        """Its short name."""
        return self.proto.name

    @lazily
    def methods(self) -> tuple[Method, ...]:
        """Its methods, in order."""
        return tuple(
            Method(
                self.file,
                f"{self.pointer}/method/{at}",
                f"{self.full_name}.{found.name}",
                feature.refine(self.features, found.options),
                found,
                self,
            )
            for at, found in enumerate(self.proto.method)
        )

    @lazily
    def by_name(self) -> dict[str, Method]:
        """Its methods by name."""
        return {method.name: method for method in self.methods}

    @property
    def options(self) -> descriptor_pb2.ServiceOptions:
        """Its options."""
        return self.proto.options

    @property
    def deprecated(self) -> bool:
        """Whether it says so."""
        return self.proto.options.deprecated


@dataclass(frozen=True, eq=False, repr=False)
class Method(Element):
    """A method of a service."""

    proto: descriptor_pb2.MethodDescriptorProto
    service: Service

    @property
    def name(self) -> str:
        """Its name."""
        return self.proto.name

    @lazily
    def path(self) -> str:
        """The path of its calls in gRPC: `/acme.orders.v1.Orders/Get`."""
        return f"/{self.service.full_name}/{self.proto.name}"

    @lazily
    def request_type(self) -> str:
        """The full name of the message it takes."""
        return self.proto.input_type.removeprefix(".")

    @lazily
    def response_type(self) -> str:
        """The full name of the message it answers with."""
        return self.proto.output_type.removeprefix(".")

    @property
    def request(self) -> Message | None:
        """The message it takes."""
        return self.file.contract.messages.get(self.request_type)

    @property
    def response(self) -> Message | None:
        """The message it answers with."""
        return self.file.contract.messages.get(self.response_type)

    @property
    def client_streaming(self) -> bool:
        """Whether the client sends a stream."""
        return self.proto.client_streaming

    @property
    def server_streaming(self) -> bool:
        """Whether the server answers with a stream."""
        return self.proto.server_streaming

    @property
    def idempotency(self) -> str:
        """`IDEMPOTENCY_UNKNOWN`, `NO_SIDE_EFFECTS` or `IDEMPOTENT`."""
        from google.protobuf import descriptor_pb2

        return descriptor_pb2.MethodOptions.IdempotencyLevel.Name(self.proto.options.idempotency_level)

    @property
    def options(self) -> descriptor_pb2.MethodOptions:
        """Its options."""
        return self.proto.options

    @property
    def deprecated(self) -> bool:
        """Whether it says so."""
        return self.proto.options.deprecated


def messages_of(
    file: File,
    protos: Iterable[descriptor_pb2.DescriptorProto],
    pointer: str,
    scope: str,
    features: Features,
    parent: Message | None = None,
) -> tuple[Message, ...]:
    """Views of messages that stand at `pointer` in `scope`, a package or message."""
    return tuple(
        Message(
            file,
            f"{pointer}/{at}",
            _scoped(scope, found),
            feature.refine(features, found.options),
            found,
            parent,
        )
        for at, found in enumerate(protos)
    )


def enums_of(
    file: File,
    protos: Iterable[descriptor_pb2.EnumDescriptorProto],
    pointer: str,
    scope: str,
    features: Features,
    parent: Message | None = None,
) -> tuple[Enum, ...]:
    """Views of enums that stand at `pointer` in `scope`."""
    return tuple(
        Enum(
            file,
            f"{pointer}/{at}",
            _scoped(scope, found),
            feature.refine(features, found.options),
            found,
            parent,
        )
        for at, found in enumerate(protos)
    )


def services_of(
    file: File,
    protos: Iterable[descriptor_pb2.ServiceDescriptorProto],
    pointer: str,
    scope: str,
    features: Features,
) -> tuple[Service, ...]:
    """Views of services that stand at `pointer` in `scope`."""
    return tuple(
        Service(
            file, f"{pointer}/{at}", _scoped(scope, found), feature.refine(features, found.options), found
        )
        for at, found in enumerate(protos)
    )


def extensions_of(
    file: File,
    protos: Iterable[descriptor_pb2.FieldDescriptorProto],
    pointer: str,
    scope: str,
    features: Features,
) -> tuple[Extension, ...]:
    """Views of extensions that stand at `pointer` in `scope`."""
    return tuple(
        Extension(
            file,
            f"{pointer}/{at}",
            _scoped(scope, found),
            feature.refine(features, found.options),
            found,
            None,
        )
        for at, found in enumerate(protos)
    )


def _scoped(scope: str, named: AnyMessage) -> str:
    name: str = named.name  # type: ignore[attr-defined]  # each descriptor has a name
    return f"{scope}.{name}" if scope else name
