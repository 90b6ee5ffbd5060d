"""Directives in comments of protos: `// apicontract:ignore RULE Nobody reads it, until 2027-01-01`.

Reason and day may also be keys, `reason="..." until=2027-01-01`. They are read from the comments that the
compiler found to belong to a thing, so that one in a text or elsewhere is none. `sunset` says until when a
deprecated thing works: `// apicontract:sunset 2027-01-01`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling import descriptor_sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf import descriptor_pb2
    from google.protobuf.descriptor import Descriptor
    from google.protobuf.message import Message

    from apicontract.formats.proto.model import File
    from apicontract.sources import Json

MARK = "apicontract:"
_DIRECTIVE = re.compile(r"^[ \t*]*apicontract:(ignore|sunset)\b[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"""(\w+)=(?:"([^"]*)"|(\S+))""")
_UNTIL = re.compile(r"\b[Uu]ntil[ \t]+(\d[\d-]*)\.?[ \t]*$")
# What belongs to the file as a whole: a comment above its syntax, its package or one of its options.
_OF_FILE = ("/syntax", "/edition", "/package", "/options")


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive: its word, its words after that, the pointer of the thing it stands above."""

    word: str
    text: str
    pointer: str


def directives(file: File) -> Iterator[Directive]:
    """Every directive of a file, in the order of its things; nothing is parsed where there is none."""
    if MARK.encode() not in file.document.text:
        return
    from google.protobuf import descriptor_pb2

    part = file.contract.unit.compiled.parts.get(file.name, b"")
    info = descriptor_pb2.SourceCodeInfo.FromString(descriptor_sets.source_info(part))
    for location in info.location:
        pointer = _pointer(tuple(location.path), descriptor_pb2.FileDescriptorProto.DESCRIPTOR)
        for comment in (*location.leading_detached_comments, location.leading_comments):
            for word, text in _DIRECTIVE.findall(comment):
                yield Directive(word, text, "" if pointer.startswith(_OF_FILE) else pointer)


def _pointer(path: tuple[int, ...], within: Descriptor) -> str:
    """The pointer of a path of source info: `/message_type/0/field/2`."""
    pointer = ""
    steps = iter(path)
    message: Descriptor | None = within
    for number in steps:
        field = message.fields_by_number.get(number) if message is not None else None
        if field is None:
            break
        pointer += f"/{field.name}"
        if field.is_repeated and (index := next(steps, None)) is not None:
            pointer += f"/{index}"
        message = field.message_type
    return pointer


def note(text: str) -> Json:
    """What an `ignore` says, as `x-apicontract-ignore` has it: rule, reason, until, standing."""
    rule, _, rest = text.partition(" ")
    found: dict[str, Json] = {"rule": rule} if rule else {}
    for key, quoted, plain in _KEY.findall(rest):
        found[key] = True if (key, plain) == ("standing", "true") else quoted or plain
    words = _KEY.sub("", rest)
    last = _UNTIL.search(words)
    if last is not None:
        found.setdefault("until", last[1])
        words = words[: last.start()]
    if words := words.strip(" ,;:-"):
        found.setdefault("reason", words)
    return found


def names(proto: descriptor_pb2.FileDescriptorProto) -> Json:
    """The names of a file's parts in the shape of its descriptor, by which fingerprints know them."""
    return _names(proto)


def _names(part: Message) -> Json:
    named, holding = _PARTS[part.DESCRIPTOR.name]
    found: dict[str, Json] = {key: getattr(part, key) for key in named}
    for key in holding:
        listed = getattr(part, key)
        if listed:
            found[key] = [_names(one) for one in listed]
    return found


# by message of descriptor.proto: the fields that name it, and those that hold further parts
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "FileDescriptorProto": (("name", "package"), ("message_type", "enum_type", "service", "extension")),
    "DescriptorProto": (("name",), ("enum_type", "extension", "nested_type", "field", "oneof_decl")),
    "EnumDescriptorProto": (("name",), ("value",)),
    "ServiceDescriptorProto": (("name",), ("method",)),
    "FieldDescriptorProto": (("name",), ()),
    "OneofDescriptorProto": (("name",), ()),
    "EnumValueDescriptorProto": (("name",), ()),
    "MethodDescriptorProto": (("name",), ()),
}
