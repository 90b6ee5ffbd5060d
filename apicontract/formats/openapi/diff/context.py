"""What every part of a comparison needs: both contracts as read, the schema comparer, the recorder."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Direction, Level, Surface
from apicontract.formats.openapi.diff.recorder import Found
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.changes import Witness
    from apicontract.formats import DiffOptions
    from apicontract.formats.openapi.diff.recorder import Recorder
    from apicontract.formats.openapi.diff.sameness import Sameness
    from apicontract.formats.openapi.diff.shards import Log
    from apicontract.formats.openapi.diff.visits import Visits
    from apicontract.formats.openapi.model import Node
    from apicontract.formats.openapi.reading import Reader
    from apicontract.schemas.edits import Comparer
    from apicontract.sources import Json, Place

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Context:
    """One comparison of two contracts."""

    old: Reader
    new: Reader
    comparer: Comparer
    sameness: Sameness
    recorder: Recorder | Log
    visits: Visits
    options: DiffOptions
    servers_alike: bool = False  # a prefix moved between servers and paths: every address is what it was

    @property
    def today(self) -> dt.date:
        """The date by which sunsets are judged."""
        if self.options.today:
            return dt.date.fromisoformat(self.options.today)
        return dt.date.today()  # noqa: DTZ011 - a sunset is a calendar day

    def allowance(self, old: Node) -> str:
        """Why what stands at `old` may go: it was deprecated and its sunset has passed; else empty."""
        fields = old.fields
        written = fields.get("x-sunset")
        if fields.get("deprecated") is not True or not isinstance(written, str):
            return ""
        try:
            sunset = dt.date.fromisoformat(written[:10])
        except ValueError:
            return ""
        return f"its sunset {sunset.isoformat()} has passed" if sunset < self.today else ""


@dataclass(frozen=True, slots=True)
class At:
    """Where in the conversation something is: the operation, and which way the message flows.

    operation: `GET /orders`; direction: of the message; label: `the request body`, `query parameter `limit``.
    reply: whether a response (as opposed to the request of a callback or webhook).
    """

    context: Context
    operation: str
    direction: Direction
    label: str = ""
    called_back: bool = False

    def labelled(self, label: str) -> At:
        """The same, at a place within the message."""
        return At(self.context, self.operation, self.direction, label, self.called_back)

    def flowing(self, direction: Direction) -> At:
        """The same, for a message the other way."""
        return At(self.context, self.operation, direction, self.label, self.called_back)

    @property
    def from_client(self) -> bool:
        """Whether the client sends the message."""
        return self.direction is Direction.REQUEST

    def report(  # noqa: PLR0913 - a change has that many facts
        self,
        rule: str,
        level: Level,
        message: str,
        old: Node | Place | None,
        new: Node | Place | None,
        *,
        surfaces: tuple[Surface, ...] = (),
        name: str = "",
        was: Json = None,
        now: Json = None,
        allowed: str = "",
        direction: Direction | None = None,
        certainty: Certainty = Certainty.PROVED,
        witness: Callable[[], Witness | None] | None = None,
    ) -> Found:
        """Record a change found here."""
        found = Found(
            rule,
            level,
            message,
            _place(old),
            _place(new),
            name=name,
            surfaces=surfaces,
            certainty=certainty,
            direction=self.direction if direction is None else direction,
            was="" if was is None else shown(was),
            now="" if now is None else shown(now),
            allowed=allowed,
            values=(was, now),
            witness=witness,
        )
        self.context.recorder.add(found, self.operation)
        return found


def _place(where: Node | Place | None) -> Place | None:
    from apicontract.formats.openapi.model import Node

    return where.place if isinstance(where, Node) else where


def shown(value: Json) -> str:
    """A value in a few words: JSON, cut where it gets long."""
    import json

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
