"""What a containment question can be answered with. Values only: nothing here decides anything."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json


class Nothing(Enum):
    """The type of `NOTHING`, which stands for "no value" where null is a value like any other."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING


@dataclass(frozen=True, slots=True)
class Witness:
    """A value the sender may send and the receiver refuses; `note` says what a validator does not know.

    The note is empty for a witness that any JSON Schema validator confirms.
    """

    value: Json
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contained:
    """Every value of the first schema is one of the second."""


@dataclass(frozen=True, slots=True)
class NotContained:
    """Some value of the first schema is none of the second, and here is one, verified."""

    witness: Witness


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither proved nor refuted; `reason` says which part of the schemas could not be decided."""

    reason: str


Verdict = Contained | NotContained | Unknown
