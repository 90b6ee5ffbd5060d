"""What a search for a value comes back with: a value, proof that there is none, or a doubt."""

from __future__ import annotations

from typing import NamedTuple

from apicontract.schemas.handles import Json  # noqa: TC001 - the tuple's fields name it at run time
from apicontract.schemas.verdicts import NOTHING, Nothing

# A value of more parts is not written out: nested lists of a thousand items each would fill any memory.
MAX_PARTS = 100_000
_PART = 64  # characters that weigh as much as one value


class Found(NamedTuple):
    """A value of the set, and how many values it is made of."""

    value: Json
    parts: int = 1


class Doubt(NamedTuple):
    """Neither found nor excluded; `guess` is a value that may be of the set, made of so many parts."""

    reason: str
    guess: Json | Nothing = NOTHING
    parts: int = 1


def weight(outcome: Found | Doubt) -> int:
    """How many parts the value counts for within a larger one; long strings count for several."""
    value = outcome.value if isinstance(outcome, Found) else outcome.guess
    return outcome.parts + (len(value) // _PART if isinstance(value, str) else 0)


def parts_of(value: Json) -> int:
    """How many parts a ready value counts for; counting ends a little beyond `MAX_PARTS`."""
    count = 0
    waiting = [value]
    while waiting and count <= MAX_PARTS:
        found = waiting.pop()
        count += 1 + (len(found) // _PART if isinstance(found, str) else 0)
        if isinstance(found, list | dict):
            waiting += found.values() if isinstance(found, dict) else found
    return count


def composed(value: Json, parts: int, doubt: Doubt | None) -> Found | Doubt:
    """The outcome of putting a value together from parts, one of which may be in doubt."""
    if parts > MAX_PARTS:
        return Doubt(f"a value of more than {MAX_PARTS:,} parts")
    return Found(value, parts) if doubt is None else Doubt(doubt.reason, value, parts)


# None says that the set is empty: a proof, not a failure to find.
Outcome = Found | Doubt | None
