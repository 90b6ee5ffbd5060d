"""What a typed stub (`_pb2.pyi`) says of a file: its messages, enums, extensions and services, as plain data.

protoc's own stubs are no valid Python for some names, and not clean under mypy --strict; these are, and
they say more: which fields have presence, what the members of a oneof are, that a repeated field cannot
be assigned. A name that Python cannot say is left out; it is reached by `getattr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.generation.grpc.types import sayable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.proto.elements import Enum, Extension, Field, Message
    from apicontract.formats.proto.model import File, Proto
    from apicontract.generation.grpc.layout import Layout
    from apicontract.generation.grpc.types import TypeNames

_ALIASES = {
    "builtins": "import builtins",
    "abc": "import collections.abc",
    "typing": "import typing",
    "datetime": "import datetime",
    "message": "from google.protobuf import message",
    "descriptor": "from google.protobuf import descriptor",
    "containers": "from google.protobuf.internal import containers",
    "extension_dict": "from google.protobuf.internal import extension_dict",
    "wrapper": "from google.protobuf.internal import enum_type_wrapper",
}
_SCALARS = {
    "double": "float", "float": "float", "string": "str", "bytes": "bytes", "bool": "bool",
}  # fmt: skip  # all others are numbers without a point
_TAKEN = frozenset(
    {
        "ByteSize",
        "Clear",
        "ClearExtension",
        "ClearField",
        "CopyFrom",
        "DESCRIPTOR",
        "DiscardUnknownFields",
        "Extensions",
        "FromString",
        "HasExtension",
        "HasField",
        "IsInitialized",
        "ListFields",
        "MergeFrom",
        "MergeFromString",
        "ParseFromString",
        "SerializePartialToString",
        "SerializeToString",
        "SetInParent",
        "UnknownFields",
        "WhichOneof",
    }
)  # names of every message: a field of such a name is reached by getattr
_UNTYPED = "  # type: ignore[import-untyped, unused-ignore]"  # googleapis-common-protos says nothing of types
_ALSO = {
    "google.protobuf.Timestamp": "datetime.datetime",
    "google.protobuf.Duration": "datetime.timedelta",
}


@dataclass(frozen=True, slots=True)
class FieldStub:
    """A field: its name, the type that is read, what the constructor accepts, whether it can be assigned."""

    name: str
    type: str
    accepted: str
    assignable: bool


@dataclass(frozen=True, slots=True)
class MessageStub:
    """A class of messages.

    numbers: names of the constants with the fields' numbers. further: whether the constructor takes names
    that Python cannot say. present: fields that `HasField` may ask for. clearable: names that `ClearField`
    takes. oneofs: (name, members).
    """

    name: str
    enums: tuple[EnumStub, ...]
    messages: tuple[MessageStub, ...]
    extensions: tuple[tuple[str, str], ...]
    fields: tuple[FieldStub, ...]
    numbers: tuple[str, ...]
    further: bool
    present: tuple[str, ...]
    clearable: tuple[str, ...]
    oneofs: tuple[tuple[str, tuple[str, ...]], ...]
    self_name: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class EnumStub:
    """An enum; `type` is how it is named from everywhere in the file."""

    name: str
    type: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileStub:
    """A whole stub.

    imports: statements. exported: (from, name) of what public imports pass on. top: (alias, name) of types
    that something in the file hides. a: the aliases of modules: `a.typing`.
    """

    imports: tuple[str, ...]
    exported: tuple[tuple[str, str], ...]
    enums: tuple[EnumStub, ...]
    messages: tuple[MessageStub, ...]
    extensions: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    top: tuple[tuple[str, str], ...]
    a: Mapping[str, str]


def file_stub(contract: Proto, file: File, layout: Layout, names: TypeNames) -> FileStub:
    """What is said of one file."""
    return _Writer(contract, file, layout, names).stub()


class _Writer:
    """Works out one file; collects the imports it needs on the way."""

    def __init__(self, contract: Proto, file: File, layout: Layout, names: TypeNames) -> None:
        self._contract = contract
        self._file = file
        self._layout = layout
        self._names = names
        self._members, said = _named(file)
        self._taken = said
        self._a = {key: self._alias(f"_{key}") for key in _ALIASES}
        self._modules: dict[str, str] = {}
        self._hidden: dict[str, str] = {}

    def stub(self) -> FileStub:
        enums = tuple(self._enum(one) for one in self._file.enums)
        messages = tuple(self._message(one) for one in self._file.messages)
        extensions = tuple(self._extensions(self._file.extensions))
        own = self._layout.modules[self._file.name]
        imports = [f"{text} as {self._a[key]}" for key, text in _ALIASES.items()]
        for path, alias in sorted(self._modules.items(), key=lambda pair: pair[1]):
            module = self._layout.modules[path]
            source, name = module.imported_from(own.package)
            untyped = bool(module.installed) and not module.installed.startswith("google.protobuf.")
            imports.append(f"from {source} import {name} as {alias}{_UNTYPED if untyped else ''}")
        return FileStub(
            tuple(imports),
            tuple(self._exported()),
            enums,
            messages,
            extensions,
            tuple(one.name for one in self._file.services if sayable(one.name)),
            tuple((alias, name) for name, alias in sorted(self._hidden.items())),
            self._a,
        )

    def _alias(self, wanted: str) -> str:
        while wanted in self._taken:
            wanted += "_"
        self._taken.add(wanted)
        return wanted

    def _exported(self) -> Iterator[tuple[str, str]]:
        """What is passed on by public imports, those of their public imports too."""
        own = self._layout.modules[self._file.name]
        waiting, seen = list(self._file.public_imports), set()
        while waiting:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            file = self._contract.files[path]
            waiting += file.public_imports
            source, name = self._layout.modules[path].imported_from(own.package)
            full = f"{source}{name}" if source.endswith(".") else f"{source}.{name}"
            yield from ((full, one) for one in _outer(file) if sayable(one))

    def _type(self, full_name: str) -> str:
        found = self._names.by_full_name[full_name]
        if found.file != self._file.name:
            alias = self._modules.get(found.file)
            if alias is None:
                alias = self._alias(
                    f"_{self._layout.modules[found.file].name or found.file.rpartition('/')[2][:-6] + '_pb2'}"
                )
                self._modules[found.file] = alias
            return ".".join((alias, *found.names))
        top, *inner = found.names
        if top in self._members:
            if top not in self._hidden:
                self._hidden[top] = self._alias(f"_{top}")
            top = self._hidden[top]
        return ".".join((top, *inner))

    def _enum(self, enum: Enum) -> EnumStub:
        found = self._names.by_full_name[enum.full_name]
        values = tuple(one.name for one in enum.values if sayable(one.name))
        return EnumStub(found.names[-1], self._type(enum.full_name), values)

    def _message(self, message: Message) -> MessageStub:
        found = self._names.by_full_name[message.full_name]
        own = {one.name for one in message.fields} | {one.name for one in message.messages}
        own |= {one.name for one in message.enums}
        fields = [one for one in message.fields if sayable(one.name) and one.name not in _TAKEN]
        clearable = [one.name for one in message.fields] + [one.name for one in message.oneofs]
        present = [one.name for one in message.fields if one.has_presence] + [
            one.name for one in message.oneofs
        ]
        return MessageStub(
            found.names[-1],
            tuple(self._enum(one) for one in message.enums),
            tuple(self._message(one) for one in message.messages if not one.is_map_entry),
            tuple(self._extensions(message.extensions)),
            tuple(self._field(one) for one in fields),
            tuple(
                dict.fromkeys(
                    f"{one.name.upper()}_FIELD_NUMBER"
                    for one in message.fields
                    if not one.name.startswith("__") and f"{one.name.upper()}_FIELD_NUMBER" not in own
                )
            ),
            len(fields) < len(message.fields),
            tuple(present),
            tuple(dict.fromkeys(clearable)),
            tuple((one.name, tuple(field.name for field in one.fields)) for one in message.oneofs),
            "self" if "self" not in own else "self_",
            message.deprecated,
        )

    def _field(self, field: Field) -> FieldStub:
        if field.entry is not None:
            key, value = field.entry.by_number[1], field.entry.by_number[2]
            kind = "MessageMap" if value.type_message is not None else "ScalarMap"
            read = f"{self._a['containers']}.{kind}[{self._value(key)}, {self._value(value)}]"
            return FieldStub(
                field.name,
                read,
                f"{self._a['abc']}.Mapping[{self._value(key)}, {self._given(value)}]",
                assignable=False,
            )
        if field.cardinality == "repeated":
            kind = (
                "RepeatedCompositeFieldContainer"
                if field.type_message is not None
                else "RepeatedScalarFieldContainer"
            )
            read = f"{self._a['containers']}.{kind}[{self._value(field)}]"
            return FieldStub(
                field.name, read, f"{self._a['abc']}.Iterable[{self._given(field)}]", assignable=False
            )
        return FieldStub(field.name, self._value(field), self._given(field), field.type_message is None)

    def _value(self, field: Field) -> str:
        if field.type_message is not None or field.type_enum is not None:
            return self._type(field.type_name)
        return f"{self._a['builtins']}.{_SCALARS.get(field.kind, 'int')}"

    def _given(self, field: Field) -> str:
        """What a constructor takes for one value."""
        read = self._value(field)
        if field.type_enum is not None:
            return f"{read} | {self._a['builtins']}.int | {self._a['builtins']}.str"
        if field.type_message is None:
            return read
        also = _ALSO.get(field.type_name)
        mapping = f"{self._a['abc']}.Mapping[{self._a['builtins']}.str, {self._a['typing']}.Any]"
        return f"{read} | {mapping}" + (f" | {self._a['datetime']}.{also.partition('.')[2]}" if also else "")

    def _extensions(self, found: tuple[Extension, ...]) -> Iterator[tuple[str, str]]:
        for one in found:
            if sayable(one.name):
                handle = f"{self._a['extension_dict']}._ExtensionFieldDescriptor"
                yield one.name, f"{handle}[{self._type(one.extendee)}, {self._field(one).type}]"


def _named(file: File) -> tuple[set[str], set[str]]:
    """(names of what stands inside of messages, all names of the file)."""
    inner: set[str] = set()
    for message in file.all_messages:
        inner |= {one.name for one in message.fields} | {one.name for one in message.messages}
        inner |= {one.name for one in message.enums} | {one.name for one in message.extensions}
        inner |= {one.name for one in message.oneofs}
        inner |= {value.name for enum in message.enums for value in enum.values}
    return inner, inner | {*_outer(file), *(one.name for one in file.services)}


def _outer(file: File) -> list[str]:
    """The names of messages, enums, extensions and enum values at the top of a file."""
    names = [one.name for one in file.messages]
    names += [one.name for one in file.enums]
    names += [one.name for one in file.extensions]
    return [*names, *(value.name for enum in file.enums for value in enum.values)]
