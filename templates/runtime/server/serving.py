"""One request through all that a server does around a handler.

Outside in:
deadline → bounded concurrency → credentials → negotiation → parameters → body → idempotency → handler →
answer.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from .. import correlation, deadlines
from ..bulkhead import Compartment
from ..failures import (
    AttemptTimedOut,
    BulkheadFull,
    CallFailed,
    CircuitOpen,
    DeadlineExceeded,
)
from . import bodies
from .answering import agreed, mark, response_for
from .context import Context
from .idempotency import Kept
from .problems import Failure
from .reading import arguments
from .security import principal

if TYPE_CHECKING:
    from ..bulkhead import Slot
    from .checking import Checks
    from .idempotency import IdempotencyStore
    from .operations import Operation
    from .security import Verifier

Piece = str | bytes | memoryview
Handler = Callable[..., Awaitable[object]]
_log = logging.getLogger("apicontract.server")


@dataclass(frozen=True, slots=True)
class Serving:
    """How a version of the API is served.

    `debug` checks every answer by the contract. `largest` is how many bytes of a body are taken into
    memory. Without `idempotency` keys are passed to the handler and otherwise ignored.
    """

    verifier: Verifier | None = None
    idempotency: IdempotencyStore | None = None
    debug: bool = False
    largest: int = 16 * 1024 * 1024


def routed(
    operations: list[tuple[Operation, Handler]], checks: Checks, serving: Serving, prefix: str
) -> APIRouter:
    """A router with every operation: one route per path, so that 405 names all methods that there are."""
    router = APIRouter(prefix=prefix)

    async def document() -> Response:
        return JSONResponse(checks.document)

    if all(operation.path != "/openapi.json" for operation, _ in operations):
        router.add_api_route("/openapi.json", document, include_in_schema=False, response_model=None)
    by_path: dict[str, dict[str, Callable[[Request], Awaitable[Response]]]] = {}
    for operation, handler in operations:
        by_path.setdefault(operation.path, {})[operation.method] = _served(
            operation, handler, checks, serving
        )
    for path in sorted(by_path, key=_specific):
        methods = by_path[path]
        if "GET" in methods:
            methods.setdefault("HEAD", methods["GET"])
        router.add_api_route(
            path, _dispatched(methods), methods=sorted(methods), include_in_schema=False, response_model=None
        )
    return router


def _specific(path: str) -> list[tuple[bool, str]]:
    """Fixed steps before variable ones, as OpenAPI wants paths matched."""
    return [("{" in step, step) for step in path.split("/")]


def _dispatched(
    methods: Mapping[str, Callable[[Request], Awaitable[Response]]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await methods[request.method](request)

    return endpoint


def _served(
    operation: Operation, handler: Handler, checks: Checks, serving: Serving
) -> Callable[[Request], Awaitable[Response]]:
    compartment = Compartment(operation.name)
    limit = operation.policy.bulkhead.limit if operation.policy.bulkhead else 0

    async def serve(request: Request) -> Response:
        try:
            granted = deadlines.from_header(request.headers.get(deadlines.HEADER, ""))
            with deadlines.within(operation.policy.deadline), deadlines.within(granted):
                slot = compartment.enter(limit) if limit else None
                try:
                    with anyio.move_on_after(deadlines.remaining()):
                        response = await _answered(operation, handler, request, checks, serving)
                        if slot is not None and isinstance(response, StreamingResponse):
                            slot.keep()
                            response.body_iterator = _releasing(response.body_iterator, slot)
                        return response
                finally:
                    if slot is not None and not slot.kept:
                        slot.release()
            return mark(operation, failed(DeadlineExceeded("the request took too long")).response())
        except (Failure, CallFailed, ClientDisconnect, HTTPException) as error:
            return mark(operation, failed(error).response())
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a problem
            return mark(operation, _defect(error, debug=serving.debug).response())

    return serve


async def _releasing(pieces: AsyncIterable[Piece], slot: Slot) -> AsyncIterator[Piece]:
    """A stream that gives its place back at its end."""
    try:
        async for piece in pieces:
            yield piece
    finally:
        slot.release()


def failed(error: Exception) -> Failure:
    """What a failure is to the caller. What they may not know goes into the log."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, BulkheadFull):
        return Failure(503, "Too many requests are being served.", headers={"Retry-After": "1"})
    if isinstance(error, CircuitOpen):
        after = str(max(1, math.ceil(error.retry_after)))
        return Failure(503, "Something that this needs is down.", headers={"Retry-After": after})
    if isinstance(error, HTTPException):
        return Failure(error.status_code, str(error.detail), headers=error.headers)
    if isinstance(error, ClientDisconnect):
        return Failure(400, "The request broke off.")
    _log.warning("request %s failed: %s", correlation.current(), error)
    if isinstance(error, (DeadlineExceeded, AttemptTimedOut)):
        return Failure(504, "There was no answer in time.")
    return Failure(502, "Something that this needs does not work.")


def _defect(error: Exception, *, debug: bool) -> Failure:
    """A handler's own exception; in debug with its words."""
    _log.error("request %s failed", correlation.current(), exc_info=error)
    detail = f"{type(error).__name__}: {error}" if debug else ""
    return Failure(500, detail, correlation_id=correlation.current())


async def _answered(
    operation: Operation, handler: Handler, request: Request, checks: Checks, serving: Serving
) -> Response:
    context = Context(request)
    try:
        return await _guarded(operation, handler, context, checks, serving)
    finally:
        with anyio.CancelScope(shield=True):
            await request.close()  # the files of a form


async def _guarded(
    operation: Operation, handler: Handler, context: Context, checks: Checks, serving: Serving
) -> Response:
    request = context.request
    context.principal = await principal(operation, request, serving.verifier)
    context.accept = agreed(operation, request.headers.get("accept", ""))
    values = arguments(operation, request, checks)
    key = values.get(operation.key) if operation.key else None
    if key is not None and serving.idempotency is not None:
        return await _once(operation, handler, context, values, str(key), checks, serving)
    return await _handled(operation, handler, context, values, checks, serving)


async def _handled(
    operation: Operation,
    handler: Handler,
    context: Context,
    values: Mapping[str, object],
    checks: Checks,
    serving: Serving,
) -> Response:
    given = dict(values)
    if operation.bodies:
        body = await bodies.read(operation, context.request, checks, context, serving.largest)
        if body is not None:
            given["body"] = body
    outcome = await handler(**given, **{operation.context: context})
    return response_for(operation, outcome, context.accept, checks, debug=serving.debug)


def _owner(principal: object) -> str:
    """What tells the keys of one caller from those of another: the principal's `id`, or how it is written."""
    if hasattr(principal, "id"):
        return str(principal.id)
    if type(principal).__repr__ is object.__repr__:
        raise TypeError("give what the verifier returns an `id`: idempotency keys are told apart by it")
    return repr(principal)


async def _once(
    operation: Operation,
    handler: Handler,
    context: Context,
    values: Mapping[str, object],
    key: str,
    checks: Checks,
    serving: Serving,
) -> Response:
    """The same, but a repetition gets the answer that the first request got."""
    store = serving.idempotency
    assert store is not None
    request = context.request
    content = await bodies.whole(request, serving.largest)
    whole = b"\0".join((request.method.encode(), str(request.url).encode(), content))
    digest, kept = await store.begin(key, f"{operation.name}\0{_owner(context.principal)}", whole)
    if kept is not None:
        return Response(kept.body, kept.status, {**kept.headers, "Idempotency-Replayed": "true"})
    answer: Kept | None = None
    try:
        try:
            response = await _handled(operation, handler, context, values, checks, serving)
        except Failure as failure:
            response = failure.response()
        if response.status_code < 500 and not isinstance(response, StreamingResponse):
            answer = Kept(response.status_code, dict(response.headers), bytes(response.body))
        return response
    finally:
        with anyio.CancelScope(shield=True):
            await store.end(digest, answer)
