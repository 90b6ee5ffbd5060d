"""One message, written by one side and read by the other: what the reader makes of it, and the story of that.

Says None where the reader gets what the writer meant. Source of what readers do: the protobuf runtime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Witness
from apicontract.formats.proto.diff.effects import Way
from apicontract.formats.proto.diff.kinds import ROWS
from apicontract.formats.proto.elements import Cardinality, Enum, Field, Kind
from apicontract.formats.proto.witness.meaning import alike, said, text, tree
from apicontract.formats.proto.witness.runtime import HOLDER
from apicontract.formats.proto.witness.tags import read_out, spelled
from apicontract.records import dataclass

if TYPE_CHECKING:
    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.witness.proof import Proof
    from apicontract.formats.proto.witness.runtime import Runtime

_NAMES = {Way.FORTH: ("an old writer", "a new reader"), Way.BACK: ("a new writer", "an old reader")}
_LONGEST = 160  # characters of a message that are shown


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message of the writer, and an empty one of the reader to read it into."""

    way: Way
    writer: Runtime
    reader: Runtime
    message: AnyMessage
    got: AnyMessage
    proof: Proof


def on_wire(attempt: Attempt, raw: bytes = b"") -> Witness | None:
    """The bytes, if the reader refuses or misreads them; `raw` is appended to what the runtime writes."""
    from google.protobuf.message import DecodeError

    message, got = attempt.message, attempt.got
    data = message.SerializeToString(deterministic=True) + raw
    try:
        got.ParseFromString(data)
        refused = _incomplete(got)
    except DecodeError as error:
        refused = str(error) or "refused"
    if not refused and (raw or _reads_alike(attempt)):
        return None
    meant = _meant(message) if not raw else "a text of bytes that are no UTF-8"
    read = _refusal(refused) if refused else f"gets {_read(attempt)}"
    lines = f"wire: {spelled(data)} = {read_out(data, message.DESCRIPTOR)}", _told(attempt.way, meant, read)
    return Witness("bytes", data.hex(), "\n".join(lines))


def in_json(attempt: Attempt, *, strict: bool) -> Witness | None:
    """The JSON, if the reader refuses it or makes something else of it; unknown keys pass unless `strict`."""
    from google.protobuf.json_format import Parse, ParseError, SerializeToJsonError

    message, got = attempt.message, attempt.got
    try:
        written = text(message, attempt.writer.pool)
    except (SerializeToJsonError, ValueError, TypeError):
        return None  # this very value has no JSON
    try:
        Parse(written, got, ignore_unknown_fields=not strict, descriptor_pool=attempt.reader.pool)
        refused = _incomplete(got)
    except (ParseError, ValueError) as error:
        refused = str(error) or "refused"
    if not refused and _same_json(attempt):
        return None
    read = _refusal(refused) if refused else _read_json(attempt, written)
    lines = f"json: {_cut(written)}", _told(attempt.way, _meant(message), read)
    return Witness("json-text", tree(message, attempt.writer.pool), "\n".join(lines))  # type: ignore[arg-type]


def _incomplete(got: AnyMessage) -> str:
    if got.IsInitialized():
        return ""
    missing: list[str] = got.FindInitializationErrors()  # type: ignore[attr-defined]
    return f"required {', '.join(missing)} is missing"


def _reads_alike(attempt: Attempt) -> bool:
    proof = attempt.proof
    wrote = said(attempt.message, by_name=proof.by_name)
    if not alike(wrote, said(attempt.got, by_name=proof.by_name)):
        return False
    return not proof.empty or _defaults_alike(attempt)


def _fields(attempt: Attempt) -> tuple[Field, Field] | None:
    """The field in question on the writer's and on the reader's side, where it is one."""
    proof = attempt.proof
    pair = proof.forth[:1] + proof.back[:1]
    if len(pair) != 2 or not all(isinstance(one, tuple) for one in pair):  # noqa: PLR2004  # one of each side
        return None
    old, new = (one[0] for one in pair)  # type: ignore[index]  # settings of fields
    return (old, new) if attempt.way is Way.FORTH else (new, old)


def _defaults_alike(attempt: Attempt) -> bool:
    """Whether both sides see the same where the field is absent."""
    if isinstance(attempt.proof.old, Enum):
        return bool(getattr(attempt.message, HOLDER) == getattr(attempt.got, HOLDER))
    fields = _fields(attempt)
    if fields is None or any(field.message is None for field in fields):
        return True
    seen = [
        getattr(one, field.name) for one, field in zip((attempt.message, attempt.got), fields, strict=True)
    ]
    return all(isinstance(value, int | float | str | bytes) for value in seen) and seen[0] == seen[1]


def _same_json(attempt: Attempt) -> bool:
    message, got = attempt.message, attempt.got
    if tree(message, attempt.writer.pool) != tree(got, attempt.reader.pool):
        return _only_quoted(attempt)
    proof = attempt.proof
    if proof.by_name and not alike(said(message, by_name=True), said(got, by_name=True)):
        return False
    if proof.empty and not _defaults_alike(attempt):
        return False
    fields = _fields(attempt)
    if fields is None or _only_quoted(attempt):
        return True
    return _same_text(attempt, *fields) and _same_zero(attempt, *fields)


def _only_quoted(attempt: Attempt) -> bool:
    """Whether a new reader took a number in quotes, or without, for that number: nothing is lost."""
    fields = _fields(attempt)
    if fields is None or attempt.way is Way.BACK:
        return False
    forms = {ROWS[field.kind].json for field in fields}
    return forms == {"number", "quoted"} and alike(said(attempt.message), said(attempt.got))


def _same_text(attempt: Attempt, wrote: Field, reads: Field) -> bool:
    """Base64 is bytes to one side and a text to the other."""
    if {wrote.kind, reads.kind} != {Kind.STRING, Kind.BYTES} or wrote.number != reads.number:
        return True
    return alike(said(attempt.message), said(attempt.got))


def _same_zero(attempt: Attempt, wrote: Field, reads: Field) -> bool:
    """A zero that is left out is read as the zero of the reader's kind."""
    implicit = Cardinality.IMPLICIT
    if wrote.cardinality is not implicit or reads.cardinality is not implicit or wrote.kind is reads.kind:
        return True
    if wrote.json_name != reads.json_name:
        return True
    seen = [
        runtime.printed(message, field.json_name)
        for message, runtime, field in (
            (attempt.message, attempt.writer, wrote),
            (attempt.got, attempt.reader, reads),
        )
    ]
    return seen[0] == seen[1]


def _told(way: Way, meant: str, read: str) -> str:
    writer, reader = _NAMES[way]
    return f"{writer} means {meant}; {reader} {read}"


def _meant(message: AnyMessage) -> str:
    return f"`{_shown(message)}`" if message.ListFields() else "a message with nothing set"


def _read(attempt: Attempt) -> str:
    absent = _absent(attempt)
    if absent:
        return absent
    return (
        f"`{_shown(attempt.got)}`" if attempt.got.ListFields() else "nothing: the field is not there for it"
    )


def _read_json(attempt: Attempt, written: str) -> str:
    made = text(attempt.got, attempt.reader.pool)
    if made != written:
        return f"makes of it {_cut(made)}"
    return f"gets {_absent(attempt) or f'`{_shown(attempt.got)}`'}"


def _absent(attempt: Attempt) -> str:
    """What the reader takes for a field of which nothing is sent."""
    if attempt.got.ListFields() or attempt.message.ListFields():
        return ""
    fields = _fields(attempt)
    name = HOLDER if fields is None else fields[1].name
    return f"`{name}` as {getattr(attempt.got, name)!r}, which it takes where nothing is sent"


# Why readers refuse, by a part of the runtime's message; the rest of its words are about itself.
_REASONS = {
    "UTF-8": "the text is no UTF-8",
    "corrupt": "the bytes are no message of its type",
    "truncated": "the bytes are no message of its type",
    "out of range": "the number is out of range",
    "enum value": "its enum has no such value",
    "oneof": "two members of one oneof are set",
    "is missing": "",
    "no field named": "it has no such field",
    "in [] which is": "it wants a list",
}


def _refusal(said_by_runtime: str) -> str:
    for part, reason in _REASONS.items():
        if part in said_by_runtime:
            return f"refuses it: {reason or said_by_runtime}"
    return "refuses it: its field takes no such value"


def _shown(message: AnyMessage) -> str:
    from google.protobuf.text_format import MessageToString

    return _cut(MessageToString(message, as_one_line=True).strip())


def _cut(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
