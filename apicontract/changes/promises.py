"""What a contract promises beside its messages: its version, its majors, its deprecations, its waivers.

A format reads these out of a contract; policy judges them. Knows no format and no policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.sources import Json, Place

IGNORE = "x-apicontract-ignore"


@dataclass(frozen=True, slots=True)
class VisibleMajor:
    """A place where clients see a major version.

    kind: `path` (the first component of a path), `server` (a server's URL), `package` (of a proto).
    text: as written there: `v2`, `v1beta1`. major: its number. channel: `alpha`, `beta`,
    `draft` or empty.
    prefix: what addresses or names begin with up to there: `/api/v2`, `orders.v2`.
    """

    kind: str
    text: str
    major: int
    channel: str
    prefix: str
    place: Place


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Something that is deprecated.

    place: the thing itself (the operation, parameter, property). label: what to call it, the same in
    every version of the contract; of an operation, its title.
    sunset: the day on which it may go, as written; empty where none is set.
    stability: the level at which it was promised: `stable`, `beta`, `alpha`, `draft`.
    """

    place: Place
    label: str
    sunset: str
    stability: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """A waiver written beside a thing in the contract itself.

    place: the thing, below which the waiver holds. note: where the waiver stands. value: as written.
    operations: the operations that the thing holds, if it is one or holds some.
    """

    place: Place
    note: Place
    value: Json
    operations: tuple[str, ...] = ()


class Promises(Protocol):
    """The side of a contract that policy sees; every contract of every format has it."""

    @property
    def format(self) -> str:
        """The name of the format: `openapi`."""

    @property
    def source(self) -> str:
        """Where it was read, as the user named it."""

    @property
    def title(self) -> str:
        """What it calls itself."""

    @property
    def version(self) -> str:
        """The version it declares, as written; empty if it declares none."""

    @property
    def is_package(self) -> bool:
        """Whether its version is a part of its name, `acme.orders.v1`: then a break needs another name."""

    @property
    def version_place(self) -> Place:
        """Where that version stands, or where it would."""

    @property
    def majors(self) -> tuple[VisibleMajor, ...]:
        """Every place where clients see a major version, each kind and prefix once."""

    @property
    def operations(self) -> tuple[str, ...]:
        """The titles of its operations: `GET /orders`."""

    @property
    def deprecations(self) -> tuple[Deprecation, ...]:
        """Everything that is deprecated, in document order."""

    @property
    def ignores(self) -> tuple[Ignore, ...]:
        """Every waiver written in it, in document order."""
