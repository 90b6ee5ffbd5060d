"""What a comparison of two contracts yields: changes, each with its level, surfaces and proof.

Knows what every format shares and nothing of any one format. Where a change stands is a `Place`
of the sources room; its line and column are computed only when a report asks for them.
"""

from __future__ import annotations

from dataclasses import field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apicontract.sources import Json, Place


class Level(IntEnum):
    """How much of a version number a change needs, by semantic versioning 2.0.0 sections 6 to 8."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Level:
        """`major`, `minor`, `patch` or `none` in any case; ValueError otherwise."""
        try:
            return cls[text.upper()]
        except KeyError:
            msg = f"{text!r} is no level: use none, patch, minor or major"
            raise ValueError(msg) from None


class Surface(StrEnum):
    """Where a break shows."""

    WIRE = "wire"  # bytes or payloads are rejected or misread
    JSON = "json"  # the same for the JSON form of a binary format
    BEHAVIOUR = "behaviour"  # accepted, but what was asked for or promised is gone
    SOURCE = "source"  # generated or written code no longer compiles or finds its name


class Certainty(StrEnum):
    """How a verdict was reached."""

    PROVED = "proved"  # shown by containment, or true by definition (an operation is gone)
    WITNESSED = "witnessed"  # a verified value shows the break
    ASSUMED = "assumed"  # the engine gave up: the conservative level of this kind of edit


class Direction(StrEnum):
    """Which way the message flows in which the change shows."""

    REQUEST = "request"  # from client to server
    RESPONSE = "response"  # from server to client: responses, and requests of callbacks and webhooks
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Witness:
    """A concrete value that proves a break; it was checked by an independent validator.

    kind: what it is: `request-body`, `response-body`, `parameter`, `header`, `message`; of a binary
        format `bytes`, or `json-text` for its JSON form.
    value: the JSON value itself; bytes as hexadecimal digits.
    text: how it would look on the wire (`GET /orders?limit=101`), ready to print. Of bytes and of their
        JSON form it tells the whole story, a line each: what is sent, and what both sides make of it.
    """

    kind: str
    value: Json
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two contracts that a reader would name.

    rule: id of the rule in the catalogue (`response-property-removed`).
    level: what it needs of the version number under the surfaces that count.
    surfaces: where it breaks, most severe first; empty if it breaks nothing.
    operation: `GET /orders/{id}` where it shows first, or empty for what has no operation.
    old, new: where it stands; None on the side where it does not exist.
    was, now: both sides in a few words, for people; empty if there is nothing to show.
    reaches: every operation through which the change can be met, in document order.
    allowed: why policy lets this break pass (a sunset that has passed), or empty.
    effects: what the change is on each surface, for formats that judge each apart; `level` is the worst
        of those that count. Empty for formats that do not.
    witnesses: one per surface that is shown to break, where a format has several; `witness` is the first.
    values: what it is about in full, for fingerprints: the name, and the values before and after.
    setting: of `compare` in the configuration, the one by which it is a break at all; then no witness
        shows it. Empty where the comparison says so by itself.
    """

    rule: str
    level: Level
    surfaces: tuple[Surface, ...]
    certainty: Certainty
    direction: Direction
    operation: str
    message: str
    old: Place | None = None
    new: Place | None = None
    was: str = ""
    now: str = ""
    witness: Witness | None = None
    reaches: tuple[str, ...] = ()
    allowed: str = ""
    effects: Mapping[Surface, Level] = field(default_factory=dict, hash=False)
    witnesses: tuple[Witness, ...] = ()
    values: tuple[Json, ...] = field(default=(), compare=False, repr=False)
    setting: str = ""

    @property
    def pointer(self) -> str:
        """JSON pointer of the change: in the new document where it exists there, else in the old."""
        place = self.new or self.old
        return place.pointer if place else ""

    @property
    def counted_level(self) -> Level:
        """The level that counts for the required bump: a break that policy allows needs a minor."""
        return min(self.level, Level.MINOR) if self.allowed else self.level


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two contracts compared: its source as the user named it, its declared version."""

    source: str
    version: str


@dataclass(frozen=True, slots=True)
class Diff:
    """The result of comparing two contracts of one format; changes are sorted worst first."""

    format: str
    old: Side
    new: Side
    changes: tuple[Change, ...]

    @property
    def level(self) -> Level:
        """The highest level among the changes: the bump that the new version needs."""
        return highest(self.changes)

    @property
    def required_version(self) -> str | None:
        """The lowest version that says what the changes are; None if the old one is not semver."""
        from apicontract.changes.semver import next_version

        return next_version(self.old.version, self.level)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing two sets of contracts, each with its counterpart.

    removed, added: contracts that only the old or only the new set has.
    """

    diffs: tuple[Diff, ...]
    removed: tuple[Side, ...] = ()
    added: tuple[Side, ...] = ()

    @property
    def level(self) -> Level:
        """The highest level of all: a contract that is gone is a break, a further one is a minor."""
        levels = [diff.level for diff in self.diffs]
        levels += [Level.MAJOR] * bool(self.removed) + [Level.MINOR] * bool(self.added)
        return max(levels, default=Level.NONE)


def highest(changes: Iterable[Change]) -> Level:
    """The highest counted level of `changes`, or NONE if there are none."""
    return max((change.counted_level for change in changes), default=Level.NONE)
