"""Searches for a message that shows a break, and shows it only if the runtime agrees.

An old writer's message is read by a new reader, or the other way round; a witness is one that is refused,
or says something else to the reader than it did to the writer. The search is bounded; where it finds
nothing the verdict is said to be assumed, or stands by definition.
Source of the readers' behaviour: the protobuf runtime itself (`google.protobuf`).
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from apicontract.changes import Surface
from apicontract.formats.proto.diff.effects import Way
from apicontract.formats.proto.elements import Enum
from apicontract.formats.proto.witness.parts import parts
from apicontract.formats.proto.witness.reading import Attempt, in_json, on_wire
from apicontract.formats.proto.witness.runtime import HOLDER, Runtime, UnusableError
from apicontract.formats.proto.witness.values import assign, complete, fill, samples
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf.message import Message as AnyMessage

    from apicontract.changes import Witness
    from apicontract.formats.proto.diff.effects import Flow
    from apicontract.formats.proto.diff.kinds import Value
    from apicontract.formats.proto.elements import Field, Message
    from apicontract.formats.proto.model import Proto
    from apicontract.formats.proto.witness.proof import Proof

_ATTEMPTS = 300


@dataclass(frozen=True, slots=True)
class _Side:
    """The runtime of one contract, with the message or enum that is compared."""

    runtime: Runtime
    element: Message | Enum
    names: frozenset[str] | None = None  # of the fields that count, if not all do

    def new(self) -> AnyMessage:
        if isinstance(self.element, Enum):
            return self.runtime.holder(self.element)
        if self.names is not None:
            return self.runtime.part(self.element, self.names)
        return self.runtime.new(self.element.full_name)


class Prover:
    """Makes witnesses for one pair of contracts."""

    def __init__(self, old: Proto, new: Proto, *, strict_json: bool = False) -> None:
        self._old, self._new = Runtime(old), Runtime(new)
        self._strict = strict_json

    def witness(self, proof: Proof, flow: Flow) -> Callable[[Surface], Witness | None]:
        """What makes a witness for a surface, when it is asked; only ways that the message goes are tried."""
        return partial(self._search, proof, flow)

    def _search(self, proof: Proof, flow: Flow, surface: Surface) -> Witness | None:
        old, new = parts(proof) or (None, None)
        sides = _Side(self._old, proof.old, old), _Side(self._new, proof.new, new)
        for way in Way:
            if not flow.has(way):
                continue
            writer, reader = sides if way is Way.FORTH else reversed(sides)
            settings = proof.forth if way is Way.FORTH else proof.back
            try:
                for message, raw in islice(_messages(writer, settings, proof), _ATTEMPTS):
                    found = self._try(surface, way, writer, reader, message, raw, proof)
                    if found is not None:
                        return found
            except (UnusableError, KeyError):
                continue
        return None

    def _try(
        self,
        surface: Surface,
        way: Way,
        writer: _Side,
        reader: _Side,
        message: AnyMessage,
        raw: bytes,
        proof: Proof,
    ) -> Witness | None:
        attempt = Attempt(way, writer.runtime, reader.runtime, message, reader.new(), proof)
        if surface is Surface.WIRE:
            return on_wire(attempt, raw)
        return None if raw else in_json(attempt, strict=self._strict)


def _messages(
    writer: _Side, settings: tuple[tuple[Field, Value], ...] | tuple[int | None, ...], proof: Proof
) -> Iterator[tuple[AnyMessage, bytes]]:
    """Messages to try, each with bytes to add that the runtime would not write itself."""
    if isinstance(writer.element, Enum):
        for number in settings:
            message = writer.new()
            if number is not None:
                try:
                    setattr(message, HOLDER, number)
                except ValueError:
                    continue
            yield message, b""
        return
    if proof.empty:
        message = writer.new()
        complete(message)
        yield message, b""
    if not settings:
        yield from _whole(writer, proof)
        return
    fields = [field for field, _ in settings]  # type: ignore[misc]
    hints = [hint for _, hint in settings]  # type: ignore[misc]
    yield from _set(writer, fields, hints, proof.times)


def _whole(writer: _Side, proof: Proof) -> Iterator[tuple[AnyMessage, bytes]]:
    """Each field of the message in turn, where the message as a whole took the place of another."""
    if proof.forth or proof.back or proof.empty:
        return
    for field in writer.new().DESCRIPTOR.fields:
        for value in islice(samples(field), 8):
            message = writer.new()
            fill(message, {field.name: value})
            complete(message)
            yield message, b""


def _set(
    writer: _Side, fields: list[Field], hints: list[Value], times: int
) -> Iterator[tuple[AnyMessage, bytes]]:
    descriptors = [writer.runtime.field(writer.new(), field) for field in fields]
    if len(fields) == 1 and isinstance(hints[0], bytes) and descriptors[0].type == descriptors[0].TYPE_STRING:
        message = writer.new()
        complete(message)
        yield message, _length_delimited(fields[0].number, hints[0])
        return
    choices = [
        [
            *([hint] if hint is not None and descriptor.message_type is None else []),
            *islice(samples(descriptor), 60),
        ]
        for descriptor, hint in zip(descriptors, hints, strict=True)
    ]
    for at in range(max(len(values) for values in choices)):
        message = writer.new()
        try:
            for descriptor, values in zip(descriptors, choices, strict=True):
                for turn in range(times if descriptor.is_repeated else 1):
                    assign(message, descriptor, values[(at + turn) % len(values)])
        except (ValueError, TypeError):
            continue
        complete(message)
        yield message, b""


def _length_delimited(number: int, data: bytes) -> bytes:
    tag, written = number << 3 | 2, bytearray()
    for value in (tag, len(data)):
        rest = value
        while rest > 0x7F:  # noqa: PLR2004  # seven bits to a byte
            written.append(rest & 0x7F | 0x80)
            rest >>= 7
        written.append(rest)
    return bytes(written) + data
