"""What stands around every handler of a server: deadline, limit, correlation, trace, and errors as statuses.

A call without a deadline gets one; more calls at once than the limit are refused at once
(RESOURCE_EXHAUSTED, with how long to wait); an exception that is no status becomes INTERNAL, and its text
stays in the log.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import grpc
import grpc.aio

from .. import correlation, deadlines, telemetry
from ..bulkhead import Compartment
from ..failures import BulkheadFull
from ..shared import is_failure
from .statuses import (
    DeadlineExceededError,
    InternalError,
    ResourceExhaustedError,
    StatusError,
    UnavailableError,
    UnimplementedError,
    of_another_package,
    packed,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Context = grpc.aio.ServicerContext[object, object]

Q = TypeVar("Q")
R = TypeVar("R")
_LOG = logging.getLogger("apicontract.generated")
_EXEMPT = ("/grpc.health.v1.", "/grpc.reflection.")  # they must answer when all else is busy
_WHILE = 1.0  # seconds that a refused caller is asked to wait


class Around(grpc.aio.ServerInterceptor):
    """The one interceptor.

    deadline: seconds for calls that bring none. limit: calls at once of each method. limits: of some
    methods by their path, `/acme.orders.v1.Orders/Get`.
    """

    def __init__(self, *, deadline: float, limit: int, limits: dict[str, int] | None = None) -> None:
        self._deadline = deadline
        self._limit = limit
        self._limits = limits or {}
        self._compartments: dict[str, Compartment] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Q, R] | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Q, R] | None:
        """The handler, with everything around it."""
        handler = await continuation(handler_call_details)
        path = handler_call_details.method
        if handler is None or path.startswith(_EXEMPT):
            return handler
        metadata = {str(key): value for key, value in handler_call_details.invocation_metadata or ()}
        compartment = self._compartments.setdefault(path, Compartment(path))
        call = _Call(path, metadata, compartment, self._limits.get(path, self._limit), self._deadline)
        around, make = _wrapped(handler, call)
        wrapped: grpc.RpcMethodHandler[Q, R] = make(
            around, handler.request_deserializer, handler.response_serializer
        )
        return wrapped


def _wrapped(handler: Any, call: _Call) -> tuple[Callable[..., object], Callable[..., Any]]:
    """(what is called instead of the handler, what makes a handler of that)."""
    if handler.request_streaming and handler.response_streaming:
        return call.streamed(handler.stream_stream), grpc.stream_stream_rpc_method_handler
    if handler.request_streaming:
        return call.answered(handler.stream_unary), grpc.stream_unary_rpc_method_handler
    if handler.response_streaming:
        return call.streamed(handler.unary_stream), grpc.unary_stream_rpc_method_handler
    return call.answered(handler.unary_unary), grpc.unary_unary_rpc_method_handler


class _Call:
    """One call on its way to its handler and back."""

    def __init__(
        self,
        path: str,
        metadata: dict[str, str | bytes],
        compartment: Compartment,
        limit: int,
        deadline: float,
    ) -> None:
        self._path = path
        self._compartment = compartment
        self._limit = limit
        self._deadline = deadline
        self._carrier = {key: value for key, value in metadata.items() if isinstance(value, str)}
        self._behaviour: Callable[..., object] | None = None
        self._correlation = correlation.taken(self._carrier.get(correlation.HEADER.lower()))

    def answered(
        self, behaviour: Callable[[object, Context], Awaitable[object]]
    ) -> Callable[[object, Context], Awaitable[object]]:
        """Around a handler that gives one answer."""

        async def handle(request: object, context: Context) -> object:
            try:
                async with self._entered(context):
                    return await behaviour(request, context)
            except Exception as error:  # noqa: BLE001 - whatever a handler raises has a status
                self._behaviour = behaviour
                await self._abort(context, error)

        return handle

    def streamed(
        self, behaviour: Callable[[object, Context], AsyncIterator[object]]
    ) -> Callable[[object, Context], Awaitable[None]]:
        """Around a handler that gives answers one after another.

        Answers are written here, in the task of the call, so that a call which is cancelled ends its handler
        there and then, `finally` and all; a generator would be left to the event loop.
        """

        async def handle(request: object, context: Context) -> None:
            try:
                async with self._entered(context):
                    answers = behaviour(request, context)
                    try:
                        async for answer in answers:
                            await context.write(answer)
                    finally:
                        close = getattr(answers, "aclose", None)
                        if close is not None:
                            await close()
            except Exception as error:  # noqa: BLE001 - whatever a handler raises has a status
                self._behaviour = behaviour
                await self._abort(context, error)

        return handle

    @asynccontextmanager
    async def _entered(self, context: Context) -> AsyncIterator[None]:
        """A place among the calls under way; deadline, correlation and trace for what the handler calls."""
        left = context.time_remaining()
        seconds = self._deadline if left is None else max(0.0, left)
        slot = self._compartment.enter(self._limit)
        try:
            with (
                correlation.under(self._correlation),
                deadlines.within(seconds),
                telemetry.span(self._path[1:], {}, kind="server", carrier=self._carrier),
            ):
                try:
                    async with asyncio.timeout(seconds) as scope:
                        yield
                except TimeoutError:
                    if scope.expired():  # and it is no timeout of the handler's own
                        raise DeadlineExceededError("the deadline is over") from None
                    raise
        finally:
            slot.release()

    async def _abort(self, context: Context, error: Exception) -> NoReturn:
        if isinstance(error, grpc.aio.AbortError):
            raise error  # the handler ended the call itself
        if context.cancelled():
            raise asyncio.CancelledError  # nobody is there to be told
        status = self._status(error)
        sent = ((correlation.HEADER.lower(), self._correlation), *packed(status))
        await context.abort(status.code, status.message, sent)

    def _status(self, error: Exception) -> StatusError:
        if isinstance(error, StatusError):
            return error
        theirs = of_another_package(error)
        if theirs is not None:
            return theirs
        if isinstance(error, BulkheadFull):
            return ResourceExhaustedError(
                f"{self._limit} calls of this method are under way", details=[_retry_after(_WHILE)]
            )
        if is_failure(error, "DeadlineExceeded"):
            return DeadlineExceededError("the deadline is over")
        if isinstance(error, NotImplementedError) and _raised_in(error, self._behaviour):
            return UnimplementedError(f"{self._path} is not implemented")
        _LOG.error("%s failed (correlation %s)", self._path, self._correlation, exc_info=error)
        if is_failure(error, "CircuitOpen"):
            wait = float(getattr(error, "retry_after", _WHILE))
            return UnavailableError("a dependency is down", details=[_retry_after(wait)])
        if is_failure(error, "CallFailed"):
            return UnavailableError("a dependency does not answer")
        return InternalError("the server failed; its log has the correlation id")


def _raised_in(error: Exception, behaviour: Callable[..., object] | None) -> bool:
    """Whether the handler itself raised it, and nothing that it called."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    code = getattr(getattr(behaviour, "__func__", behaviour), "__code__", None)
    return last is not None and last.tb_frame.f_code is code


def _retry_after(seconds: float) -> Any:
    from google.protobuf import duration_pb2
    from google.rpc import error_details_pb2  # type: ignore[import-untyped, unused-ignore]

    delay = duration_pb2.Duration()
    delay.FromMilliseconds(int(seconds * 1000))
    return error_details_pb2.RetryInfo(retry_delay=delay)
