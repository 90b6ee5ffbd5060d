"""Answers that come piece by piece: server-sent events, and JSON line by line.

Events follow the WHATWG's HTML standard, section 9.2.6; JSON comes as lines (application/jsonl,
application/x-ndjson) or as a JSON text sequence (RFC 7464). Reconnecting is the caller's: an event carries
the id to go on from.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..failures import MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .messages import AsyncStreamedResponse, StreamedResponse

LONGEST = 16 * 1024 * 1024
"""Characters of one line; more is a malformed answer."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One server-sent event. `retry` is in seconds."""

    data: str
    event: str = "message"
    id: str = ""
    retry: float | None = None


class _Lines:
    r"""Cuts text into lines wherever the pieces end; `\\r\\n`, `\\n` and `\\r` end one."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._after_return = False

    def more(self, piece: bytes, *, last: bool = False) -> Iterator[str]:
        text = self._decoder.decode(piece, last)
        if self._after_return and text:
            text = text.removeprefix("\n")
            self._after_return = False
        text = self._rest + text
        if text.endswith("\r"):
            self._after_return = True
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop()
        if len(self._rest) > LONGEST:
            raise MalformedAnswer(f"a line of the stream is longer than {LONGEST} characters")
        yield from lines
        if last and self._rest:
            yield self._rest
            self._rest = ""


class _Events:
    """Gathers the fields of events, line by line."""

    def __init__(self) -> None:
        self._data: list[str] = []
        self._event = ""
        self._id = ""
        self._retry: float | None = None

    def line(self, line: str) -> ServerEvent | None:
        if not line:
            return self._dispatched()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self._retry = int(value) / 1000
        return None

    def _dispatched(self) -> ServerEvent | None:
        data, event, self._data, self._event = self._data, self._event, [], ""
        if not data:
            return None
        return ServerEvent("\n".join(data), event or "message", self._id, self._retry)


def server_sent_events(response: StreamedResponse) -> Iterator[ServerEvent]:
    """Events as they come; an event that the stream breaks off in is none."""
    lines, events = _Lines(), _Events()
    with response:
        for piece in response.iter_bytes():
            for line in lines.more(piece):
                event = events.line(line.removeprefix("\ufeff"))
                if event is not None:
                    yield event


async def aserver_sent_events(response: AsyncStreamedResponse) -> AsyncIterator[ServerEvent]:
    """The same, awaited."""
    lines, events = _Lines(), _Events()
    async with response:
        async for piece in response.aiter_bytes():
            for line in lines.more(piece):
                event = events.line(line.removeprefix("\ufeff"))
                if event is not None:
                    yield event


def json_lines(response: StreamedResponse) -> Iterator[object]:
    """JSON values as they come, one per line. MalformedAnswer for a line that is none."""
    lines = _Lines()
    with response:
        for piece in response.iter_bytes():
            for line in lines.more(piece):
                yield from _value(line)
        for line in lines.more(b"", last=True):
            yield from _value(line)


async def ajson_lines(response: AsyncStreamedResponse) -> AsyncIterator[object]:
    """The same, awaited."""
    lines = _Lines()
    async with response:
        async for piece in response.aiter_bytes():
            for line in lines.more(piece):
                for value in _value(line):
                    yield value
        for line in lines.more(b"", last=True):
            for value in _value(line):
                yield value


def _value(line: str) -> Iterator[object]:
    text = line.lstrip("\x1e").strip()
    if not text:
        return
    try:
        yield json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer(f"a line of the stream is no JSON: {error}") from error
