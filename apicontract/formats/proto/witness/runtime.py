"""The classes that the protobuf runtime makes of a contract's messages, to write and to read with.

A contract gets a descriptor pool of its own, so that two versions of one file live side by side. Files
are added when a message of them is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from apicontract.formats.proto.witness.parts import fields_of

if TYPE_CHECKING:
    from google._upb import _message as upb
    from google.protobuf.descriptor import Descriptor, FieldDescriptor
    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.elements import Enum, Field, Message
    from apicontract.formats.proto.model import Proto

    FieldInfo: TypeAlias = (
        FieldDescriptor | upb.FieldDescriptor
    )  # the one that the runtime uses, and its twin
    MessageInfo: TypeAlias = Descriptor | upb.Descriptor

HOLDER = "value"  # the field of a message that is made to hold an enum


class UnusableError(Exception):
    """The runtime does not take the descriptors: an import is missing, or it knows less than protoc."""


class Runtime:
    """One contract in the runtime."""

    def __init__(self, contract: Proto) -> None:
        from google.protobuf.descriptor_pool import DescriptorPool

        self._contract = contract
        self._added: set[str] = set()
        self._parts: dict[tuple[str, frozenset[str]], type[AnyMessage]] = {}
        self._zeros: dict[str, dict[str, object]] = {}
        self.pool = DescriptorPool()

    def new(self, full_name: str) -> AnyMessage:
        """An empty message of that type."""
        from google.protobuf.message_factory import GetMessageClass

        self.add(self._contract.messages[full_name].file.name)
        return GetMessageClass(self.pool.FindMessageTypeByName(full_name))()

    def holder(self, enum: Enum) -> AnyMessage:
        """An empty message that is made to hold the enum, in a field that shows its absence."""
        from google.protobuf import descriptor_pb2
        from google.protobuf.message_factory import GetMessageClass

        self.add(enum.file.name)
        name = f"holder of {enum.full_name}"
        if name not in self._added:
            file = descriptor_pb2.FileDescriptorProto(
                name=name, package=f"holder.{enum.full_name}", syntax="proto2", dependency=[enum.file.name]
            )
            file.message_type.add(name="Holder").field.add(
                name=HOLDER,
                number=1,
                label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
                type=descriptor_pb2.FieldDescriptorProto.TYPE_ENUM,
                type_name=f".{enum.full_name}",
            )
            self._take(file.SerializeToString())
            self._added.add(name)
        return GetMessageClass(self.pool.FindMessageTypeByName(f"holder.{enum.full_name}.Holder"))()

    def part(self, message: Message, names: frozenset[str]) -> AnyMessage:
        """An empty message like that one, with the fields of these names only."""
        from google.protobuf.message_factory import GetMessageClass

        made = self._parts.get((message.full_name, names))
        if made is None:
            try:
                made = GetMessageClass(self.pool.FindMessageTypeByName(self._cut(message, names)))
            except UnusableError:
                made = type(self.new(message.full_name))
            self._parts[message.full_name, names] = made
        return made()

    def _cut(self, message: Message, names: frozenset[str]) -> str:
        """The full name of a message that is made of those fields."""
        from google.protobuf import descriptor_pb2

        self.add(message.file.name)
        name = f"part{len(self._parts)}.{message.full_name}"
        whole = message.file.proto
        file = descriptor_pb2.FileDescriptorProto(
            name=f"{name} of fields",
            package=name.removesuffix(f".{message.name}"),
            dependency=[message.file.name, *whole.dependency],
        )
        for said in ("syntax", "edition", "options"):
            if whole.HasField(said):
                file.MergeFrom(descriptor_pb2.FileDescriptorProto(**{said: getattr(whole, said)}))
        made = file.message_type.add(name=message.name)
        made.options.CopyFrom(message.proto.options)
        made.extension_range.extend(message.proto.extension_range)
        oneofs: dict[int, int] = {}
        for field in fields_of(message, names):
            kept = made.field.add()
            kept.CopyFrom(field)
            if field.HasField("oneof_index"):
                if field.oneof_index not in oneofs:
                    oneofs[field.oneof_index] = len(oneofs)
                    made.oneof_decl.append(message.proto.oneof_decl[field.oneof_index])
                kept.oneof_index = oneofs[field.oneof_index]
        self._take(file.SerializeToString())
        return name

    def field(self, message: AnyMessage, field: Field) -> FieldInfo:
        """The runtime's descriptor of a field or extension of a message."""
        if field.message is None:
            self.add(field.file.name)
            return self.pool.FindExtensionByName(field.full_name)
        return message.DESCRIPTOR.fields_by_name[field.name]

    def printed(self, message: AnyMessage, name: str) -> object:
        """What JSON with zeros has under a name; None where it has nothing."""
        from google.protobuf.json_format import MessageToDict

        kind = message.DESCRIPTOR.full_name
        zeros = self._zeros.get(kind)
        if zeros is None:  # of all fields at once: they are asked for one after the other
            zeros = self._zeros[kind] = MessageToDict(
                type(message)(), always_print_fields_with_no_presence=True, descriptor_pool=self.pool
            )
        return MessageToDict(message, descriptor_pool=self.pool).get(name, zeros.get(name))

    def add(self, name: str) -> None:
        """Make a file and what it imports known; UnusableError if the runtime does not take it."""
        waiting, opened = [name], set[str]()
        while waiting:
            one = waiting[-1]
            if one in self._added:
                waiting.pop()
                continue
            file = self._contract.files.get(one)
            if file is None:
                raise UnusableError(one)
            missing = [other for other in file.imports if other not in self._added]
            if missing:
                if one in opened:
                    raise UnusableError(
                        one
                    )  # files that import each other, which protoc does not let through
                opened.add(one)
                waiting += missing
                continue
            self._take(file.proto.SerializeToString())
            self._added.add(one)
            waiting.pop()

    def _take(self, serialized: bytes) -> None:
        try:
            self.pool.AddSerializedFile(serialized)
        except TypeError as error:
            raise UnusableError(str(error)) from error


def entry_of(field: FieldInfo) -> tuple[FieldInfo, FieldInfo]:
    """The key and the value of a map; KeyError of what is none."""
    described = field.message_type
    if described is None:
        raise KeyError(field.name)
    return described.fields_by_name["key"], described.fields_by_name["value"]
