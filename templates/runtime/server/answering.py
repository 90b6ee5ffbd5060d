"""From what a handler gives to a response.

Negotiation, streams, headers, and in debug a check by the contract.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from os import PathLike
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response, StreamingResponse

from ..http.parameters import header_text
from ..http.streams import ServerEvent
from ..values import plain
from .context import Reply
from .problems import Failure

if TYPE_CHECKING:
    from .checking import Checks
    from .operations import Answer, Operation

_BODILESS = frozenset({204, 205, 304})


def agreed(operation: Operation, accept: str) -> str:
    """The media type of a result that the caller likes best; empty if results have no body.

    Failure 406 if the caller takes none of them (RFC 9110, section 12.5.1).
    """
    offered = list(dict.fromkeys(answer.media for answer in operation.success if answer.media))
    if not offered or not accept.strip():
        return offered[0] if offered else ""
    ranges = [_range(one) for one in accept.split(",") if one.strip()]
    best, liking = "", 0.0
    for media in offered:
        found = max(((_fits(name, media), quality) for name, quality in ranges), default=(0, 0.0))
        if found[0] and found[1] > liking:
            best, liking = media, found[1]
    if not best and all(answer.media for answer in operation.success):
        raise Failure(406, f"What there is: {', '.join(offered)}.")
    return best


def _range(text: str) -> tuple[str, float]:
    name, _, rest = text.strip().partition(";")
    quality = 1.0
    for parameter in rest.split(";"):
        key, _, value = parameter.strip().partition("=")
        if key.lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return name.strip().lower(), quality


def _fits(wanted: str, media: str) -> int:
    """How closely a range of Accept means a media type; 0 if not at all."""
    plain_ = media.partition(";")[0].strip().lower()
    if wanted == plain_:
        return 3
    if wanted.endswith("/*") and wanted != "*/*" and plain_.startswith(wanted[:-1]):
        return 2
    return 1 if wanted == "*/*" else 0


def response_for(
    operation: Operation, outcome: object, accept: str, checks: Checks, *, debug: bool
) -> Response:
    """The response for what a handler gave."""
    reply: Reply[object] = outcome if isinstance(outcome, Reply) else Reply(outcome)
    status = reply.status or _usual(operation)
    answer = _documented(operation, status, reply.media_type or accept, reply.value)
    if debug and answer is None:
        raise Failure(500, f"The handler of {operation.name} gave status {status}, which is not documented.")
    headers = {name: header_text(plain(value)) for name, value in reply.headers.items()}
    if debug:
        _check_headers(operation, answer, reply, headers, checks)
    response = _built(operation, answer, reply, status, checks, debug=debug)
    response.headers.update(headers)
    for cookie in reply.cookies:
        response.headers.append("set-cookie", header_text(cookie))
    return mark(operation, response)


def mark(operation: Operation, response: Response) -> Response:
    """The response with what the contract says of the operation's end (RFC 9745 and RFC 8594)."""
    if operation.deprecated:
        response.headers.setdefault("Deprecation", "@0")
    if operation.sunset:
        when = _http_date(operation.sunset)
        if when:
            response.headers.setdefault("Sunset", when)
    return response


def _http_date(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text if text.endswith("GMT") else ""
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return format_datetime(when.astimezone(UTC), usegmt=True)


def _usual(operation: Operation) -> int:
    """The status of a result that says none: the first that is documented."""
    for answer in operation.success:
        if answer.status.isdigit():
            return int(answer.status)
    return 200


def _documented(operation: Operation, status: int, media: str, value: object) -> Answer | None:
    for key in (str(status), f"{status // 100}XX", "default"):
        found = [answer for answer in operation.answers if answer.status == key]
        if found:
            wanted = media.partition(";")[0].strip().lower()
            fitting = [one for one in found if one.media.partition(";")[0].strip().lower() == wanted]
            kinds = _kinds(value)
            return next(
                (one for one in (*fitting, *found) if one.kind in kinds), fitting[0] if fitting else found[0]
            )
    return None


def _kinds(value: object) -> tuple[str, ...]:
    """What a value can be sent as."""
    if isinstance(value, Response):
        return ("bytes", "text", "json", "events", "lines", "none")
    if isinstance(value, AsyncIterable):
        return ("events", "lines", "bytes")
    if isinstance(value, (bytes, PathLike)):
        return ("bytes", "text")
    if value is None:
        return ("none", "json")
    return ("json", "text") if isinstance(value, str) else ("json",)


def _built(
    operation: Operation,
    answer: Answer | None,
    reply: Reply[object],
    status: int,
    checks: Checks,
    *,
    debug: bool,
) -> Response:
    value = reply.value
    media = reply.media_type or (answer.media if answer else "application/json")
    kind = answer.kind if answer else "json"
    if isinstance(value, Response):
        return value
    if kind == "none" or status in _BODILESS or (value is None and kind != "json"):
        return Response(status_code=status)
    if isinstance(value, AsyncIterable):
        pieces = _events(value) if kind == "events" else _lines(value) if kind == "lines" else value
        return StreamingResponse(pieces, status, media_type=media)
    if isinstance(value, PathLike):
        return FileResponse(value, status, media_type=media)
    if kind == "bytes" and isinstance(value, bytes):
        return Response(value, status, media_type=media)
    if kind == "text":
        content = value if isinstance(value, bytes) else str(plain(value)).encode("utf-8")
        return Response(content, status, media_type=media)
    body = plain(value)
    if debug and answer is not None:
        problems = checks.problems("out", body, operation.title, "answers", answer.status, answer.media)
        if problems:
            raise Failure(
                500, f"The handler of {operation.name} gave what the contract does not have.", errors=problems
            )
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    return Response(content, status, {"content-type": media.replace("*/*", "application/json")})


def _check_headers(
    operation: Operation,
    answer: Answer | None,
    reply: Reply[object],
    headers: dict[str, str],
    checks: Checks,
) -> None:
    documented = checks.schema(operation.title, "headers", answer.status) if answer else None
    given = {name.lower() for name in headers}
    if isinstance(reply.value, Response):
        given |= set(reply.value.headers)
    for name, said in documented.items() if isinstance(documented, dict) else ():
        if isinstance(said, dict) and said.get("required") and name not in given and name != "set-cookie":
            raise Failure(500, f"The handler of {operation.name} gave no header {name}, which is required.")


async def _events(values: AsyncIterable[object]) -> AsyncIterator[bytes]:
    """Server-sent events; what is none is the data of one."""
    async for value in values:
        event = value if isinstance(value, ServerEvent) else ServerEvent(json.dumps(plain(value)))
        lines = [f"event: {event.event}"] if event.event != "message" else []
        if event.id:
            lines.append(f"id: {event.id}")
        if event.retry is not None:
            lines.append(f"retry: {int(event.retry * 1000)}")
        lines.extend(f"data: {line}" for line in event.data.splitlines() or [""])
        yield ("\n".join(" ".join(line.split("\r")) for line in lines) + "\n\n").encode("utf-8")


async def _lines(values: AsyncIterable[object]) -> AsyncIterator[bytes]:
    async for value in values:
        yield json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
