"""Custom options that the whole world uses: `google.api.http`, `field_behavior`, resources, operations.

They are read from the bytes of the options by number, so that it does not matter which copy of their
declarations a contract brings, or whether the runtime knows them. Knows what is stated, not whether it
makes sense. Sources: google/api/annotations.proto, http.proto, field_behavior.proto, client.proto,
resource.proto, google/longrunning/operations.proto; the encoding of the Protocol Buffers documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf import descriptor_pb2
    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.elements import Field, Message, Method, Service

HTTP = 72295728  # of a method
FIELD_BEHAVIOR = 1052  # of a field
DEFAULT_HOST = 1049  # of a service
RESOURCE = 1053  # of a message
RESOURCE_REFERENCE = 1055  # of a field
OPERATION_INFO = 1049  # of a method

_VERBS = {2: "GET", 3: "PUT", 4: "POST", 5: "DELETE", 6: "PATCH"}  # HttpRule, by number
_BODY, _CUSTOM, _ADDITIONAL, _RESPONSE_BODY = 7, 8, 11, 12
_TYPE, _PATTERN, _NAME_FIELD = 1, 2, 3  # ResourceDescriptor
_BEHAVIORS = {
    1: "OPTIONAL",
    2: "REQUIRED",
    3: "OUTPUT_ONLY",
    4: "INPUT_ONLY",
    5: "IMMUTABLE",
    6: "UNORDERED_LIST",
    7: "NON_EMPTY_DEFAULT",
    8: "IDENTIFIER",
}
_MORE, _LONGEST = 0x80, 70  # of a varint: the bit that says that it goes on; the bits of ten bytes
_VARINT, _FIXED64, _LENGTH, _START, _END, _FIXED32 = range(6)


@dataclass(frozen=True, slots=True)
class Binding:
    """One HTTP route of a method.

    verb: `GET`, or what a custom pattern names; empty, as is path, if the rule has no pattern.
    body, response_body: a field, `*`, or empty. number: 0 for the rule itself, then its additional
    bindings from 1. holds_bindings: whether an additional binding has additional bindings of its own.
    """

    verb: str
    path: str
    body: str
    response_body: str
    number: int
    holds_bindings: bool


def option_values(options: AnyMessage, number: int) -> list[int | bytes]:
    """The values of the option of that number, in order: numbers of varints, bytes of everything else."""
    if not options.ByteSize():
        return []
    return [value for found, value in fields_of(options.SerializeToString()) if found == number]


def http_bindings(method: Method) -> tuple[Binding, ...]:
    """The HTTP routes that `google.api.http` gives a method, additional ones last; none without it."""
    stated = [value for value in option_values(method.options, HTTP) if isinstance(value, bytes)]
    if not stated:
        return ()
    rule = b"".join(stated)  # an option that is set in parts is one message: protobuf merges by concatenation
    more = [value for number, value in fields_of(rule) if number == _ADDITIONAL and isinstance(value, bytes)]
    return (_binding(rule, 0), *(_binding(one, at) for at, one in enumerate(more, 1)))


def field_behaviors(field: Field | descriptor_pb2.FieldDescriptorProto) -> tuple[str, ...]:
    """What `google.api.field_behavior` says of a field: `REQUIRED`, `OUTPUT_ONLY`, ..."""
    found: list[int] = []
    for value in option_values(field.options, FIELD_BEHAVIOR):
        found += [value] if isinstance(value, int) else _packed(value)
    return tuple(_BEHAVIORS.get(one, str(one)) for one in found if one)


def default_host(service: Service) -> str:
    """The host that `google.api.default_host` names, or an empty text."""
    return next(
        (_text(value) for value in option_values(service.options, DEFAULT_HOST) if isinstance(value, bytes)),
        "",
    )


@dataclass(frozen=True, slots=True)
class Resource:
    """What `google.api.resource` says of a message: its type (`example.com/Order`) and patterns of names.

    name_field: the field that holds the name; empty if that is `name`.
    """

    type: str
    patterns: tuple[str, ...]
    name_field: str


def resource(message: Message) -> Resource | None:
    """The resource that a message is, if it says so."""
    stated = _stated(message.options, RESOURCE)
    if stated is None:
        return None
    parts = [(number, _text(value)) for number, value in fields_of(stated) if isinstance(value, bytes)]
    single = dict(parts)
    patterns = tuple(text for number, text in parts if number == _PATTERN)
    return Resource(single.get(_TYPE, ""), patterns, single.get(_NAME_FIELD, ""))


def refers_to_resource(field: Field) -> bool:
    """Whether a field says with `google.api.resource_reference` whose name it holds."""
    return _stated(field.options, RESOURCE_REFERENCE) is not None


def operation_info(method: Method) -> tuple[str, str] | None:
    """Types of response and metadata that `google.longrunning.operation_info` names; None without it."""
    stated = _stated(method.options, OPERATION_INFO)
    if stated is None:
        return None
    parts = {number: _text(value) for number, value in fields_of(stated) if isinstance(value, bytes)}
    return parts.get(1, ""), parts.get(2, "")


def _stated(options: AnyMessage, number: int) -> bytes | None:
    """The bytes of an option that is a message, all its parts together; None if it is not set."""
    found = [value for value in option_values(options, number) if isinstance(value, bytes)]
    return b"".join(found) if found else None


def _binding(rule: bytes, number: int) -> Binding:
    verb = path = body = response_body = ""
    for tag, value in fields_of(rule):
        if not isinstance(value, bytes):
            continue
        if tag in _VERBS:
            verb, path = _VERBS[tag], _text(value)
        elif tag == _CUSTOM:
            parts = {part: _text(held) for part, held in fields_of(value) if isinstance(held, bytes)}
            verb, path = parts.get(1, ""), parts.get(2, "")
        elif tag == _BODY:
            body = _text(value)
        elif tag == _RESPONSE_BODY:
            response_body = _text(value)
    holds = bool(number) and any(tag == _ADDITIONAL for tag, _ in fields_of(rule))
    return Binding(verb, path, body, response_body, number, holds)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _packed(data: bytes) -> list[int]:
    numbers, at = [], 0
    while at < len(data):
        number, at = _varint(data, at)
        numbers.append(number)
    return numbers


def fields_of(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field of a message; what follows a damaged tag is left out."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == _LENGTH:
            length, at = _varint(data, at)
        elif wire in (_FIXED32, _FIXED64):
            length = 4 if wire == _FIXED32 else 8
        elif wire == _START:
            length = _group_length(data, at, number)
        else:
            return
        yield number, data[at : at + length]
        at += length


def _group_length(data: bytes, start: int, number: int) -> int:
    """How many bytes a group has from `start`, its end tag included; all that is left if it has no end."""
    open_groups, at = [number], start
    while open_groups and at < len(data):
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == _VARINT:
            _, at = _varint(data, at)
        elif wire == _LENGTH:
            length, at = _varint(data, at)
            at += length
        elif wire == _START:
            open_groups.append(tag >> 3)
        elif wire == _END:
            open_groups.pop()
        else:
            at += 4 if wire == _FIXED32 else 8
    return at - start


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number and where the next byte stands; one that is cut short or too long counts as far as it goes."""
    number = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < _MORE or shift >= _LONGEST:
            break
    return number, at
