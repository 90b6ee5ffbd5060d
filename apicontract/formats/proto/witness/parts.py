"""Which fields of a message a proof has to do with, where a message has very many.

The runtime looks at every field of a message to read one from JSON. Where each of thousands of fields
changed, that is done thousands of times; with a message cut down to what may be written, and what that
may be read as, it is not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.formats.proto.elements import Cardinality, Message
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from google.protobuf.descriptor_pb2 import FieldDescriptorProto

    from apicontract.formats.proto.witness.proof import Proof

LARGE = 100  # fields from which on making a smaller message is the cheaper way


@dataclass(frozen=True, slots=True)
class _Index:
    """The fields of a message by number, names in code and JSON, and place; the required ones, the maps."""

    numbers: Mapping[int, str]
    names: Mapping[str, frozenset[str]]
    places: Mapping[str, int]
    required: tuple[FieldDescriptorProto, ...]
    maps: frozenset[str]


def parts(proof: Proof) -> tuple[frozenset[str], frozenset[str]] | None:
    """The names of the fields that count in the old message and in the new one; None if all may.

    What counts is what is written, all that is required, and what has the number or a name of such a
    field on the other side.
    """
    old, new = proof.old, proof.new
    if not isinstance(old, Message) or not isinstance(new, Message):
        return None
    settings = [one[0] for one in (*proof.forth, *proof.back) if isinstance(one, tuple)]
    if not settings or max(len(old.proto.field), len(new.proto.field)) <= LARGE:
        return None
    if any(_is_whole(one) for one in (old, new)) or any(field.message is None for field in settings):
        return None
    sides = _index(old), _index(new)
    written = [field.proto for field in settings] + [field for side in sides for field in side.required]
    found = _met(sides[0], written), _met(sides[1], written)
    if any(names & side.maps for names, side in zip(found, sides, strict=True)):
        return None  # a map's entry belongs to the message that is cut
    return found


def fields_of(message: Message, names: Iterable[str]) -> list[FieldDescriptorProto]:
    """The fields of these names, in the order of the message."""
    places = _index(message).places
    return [message.proto.field[at] for at in sorted(places[name] for name in names)]


def _is_whole(message: Message) -> bool:
    """Whether it cannot be cut: it is nested, and takes features from around, or is a set of extensions."""
    return message.parent is not None or message.is_message_set


def _met(side: _Index, written: Iterable[FieldDescriptorProto]) -> frozenset[str]:
    found: set[str] = set()
    for field in written:
        if field.number in side.numbers:
            found.add(side.numbers[field.number])
        found |= side.names.get(field.name, frozenset()) | side.names.get(field.json_name, frozenset())
    return frozenset(found)


@lru_cache(maxsize=16)
def _index(message: Message) -> _Index:
    names: dict[str, frozenset[str]] = {}
    for field in message.proto.field:
        for name in {field.name, field.json_name}:
            names[name] = names.get(name, frozenset()) | {field.name}
    return _Index(
        {field.number: field.name for field in message.proto.field},
        names,
        {field.name: at for at, field in enumerate(message.proto.field)},
        tuple(field.proto for field in message.fields if field.cardinality is Cardinality.REQUIRED),
        frozenset(field.name for field in message.fields if field.entry is not None),
    )
