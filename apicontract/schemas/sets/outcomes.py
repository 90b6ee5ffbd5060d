"""What a search for a value comes back with: a value, proof that there is none, or a doubt."""

from __future__ import annotations

from typing import NamedTuple

from apicontract.schemas.handles import Json  # noqa: TC001 - the tuple's fields name it at run time
from apicontract.schemas.verdicts import NOTHING, Nothing


class Found(NamedTuple):
    """A value of the set."""

    value: Json


class Doubt(NamedTuple):
    """Neither found nor excluded; `guess` is a value that may be of the set."""

    reason: str
    guess: Json | Nothing = NOTHING


# None says that the set is empty: a proof, not a failure to find.
Outcome = Found | Doubt | None
