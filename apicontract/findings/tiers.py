"""The tiers of the rules of lint: how many teams would accept a rule."""

from __future__ import annotations

from enum import IntEnum


class Tier(IntEnum):
    """The smallest rule set that a rule of lint belongs to; each set holds those before it."""

    MINIMAL = 1  # what hurts every consumer of every API
    RECOMMENDED = 2  # what most teams accept; the default
    ALL = 3  # house style and matters of taste

    def __str__(self) -> str:
        return self.name.lower()
