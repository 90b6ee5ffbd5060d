"""What a message must hold to show a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.formats.proto.diff.kinds import Value
    from apicontract.formats.proto.elements import Enum, Field, Message

    Settings: TypeAlias = tuple[tuple[Field, Value], ...] | tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What to write, and how to see that it was read otherwise.

    old, new: the messages, or the enums, that are compared.
    forth, back: of messages the fields that an old and a new writer set, each with a value that is
        likely to break (None if any will do); of enums the numbers (None for an absent field).
    by_name: a field is known by its name and not by its number (it was renumbered).
    times: how many values a repeated field needs to show it. empty: absent fields show it.
    definite: the verdict is one by definition or policy; a witness only makes it plain.
    """

    old: Message | Enum
    new: Message | Enum
    forth: Settings
    back: Settings
    by_name: bool = False
    times: int = 1
    empty: bool = False
    definite: bool = False
