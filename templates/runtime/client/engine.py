"""Carries operations out: request, layers, answer. One engine for blocking clients, one for awaiting ones.

What a dependency is, its breaker and its bulkhead, both share (`calls.Dependency`). Knows no operation.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ..http.judging import judge_http
from ..http.messages import AsyncStreamedResponse, Request, Response, StreamedResponse
from ..http.streams import (
    ServerEvent,
    ajson_lines,
    aserver_sent_events,
    json_lines,
    server_sent_events,
)
from ..http.transport import (
    AsyncHttpxTransport,
    AsyncTransport,
    HttpxTransport,
    Transport,
)
from ..values import plain
from .linking import Exchange, operation_of
from .operations import LEAST_ERROR, Operation
from .requests import Towards
from .setup import CallOptions, Preparing, Setup, hearing, key_of

if TYPE_CHECKING:
    from ..calls import Attempt, Call
    from .following import Following
    from .operations import Answer

T = TypeVar("T")


class Engine(Preparing):
    """Carries operations out and blocks until they are done."""

    def __init__(self, setup: Setup, transport: Transport | None = None) -> None:
        super().__init__(setup)
        self.transport = transport or HttpxTransport()

    def call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> T:
        """The operation's result. Raises StatusError for an error status, and other CallFailed."""
        told = options or {}
        return self._called(operation, *self.prepared(operation, values, body, told), told)

    def _called(
        self,
        operation: Operation[T],
        request: Request | Towards,
        call: Call,
        key: str | None,
        options: CallOptions,
    ) -> T:
        auths = self.auths(operation)
        heard = options.get("on_response")
        if key is not None and isinstance(request, Request):
            asker = request
            for auth in auths:
                asker = auth.apply(asker)
            key = key_of(key, asker)

        def attempt(attempt: Attempt) -> T:
            signed = request if isinstance(request, Request) else request.below(attempt.address)
            for auth in auths:
                signed = auth.apply(signed)
            response = self.transport.send(signed, attempt)
            if heard is not None:
                heard(response)
            return operation.result(response)

        return self.dependency_of(operation).call(
            call, attempt, judge_http, cache_key=key, revive=operation.revive
        )

    def open(
        self,
        operation: Operation[Any],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> StreamedResponse:
        """The answer as it comes; close it, or use it in a `with` block."""
        request, call, _ = self.prepared(operation, values, body, options or {})
        auths = self.auths(operation)

        def attempt(attempt: Attempt) -> StreamedResponse:
            signed = request
            for auth in auths:
                signed = auth.apply(signed)
            response = self.transport.stream(signed, attempt)
            if response.status >= LEAST_ERROR:
                whole = Response(response.status, response.headers, response.read())
                raise operation.failure(whole, operation.answer(whole.status, whole.media_type))
            return response

        return self.dependency_of(operation).call(call, attempt, judge_http)

    def events(
        self,
        operation: Operation[Any],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> Iterator[ServerEvent]:
        """Server-sent events as they come."""
        told = _accepting(operation, "events", options)
        yield from server_sent_events(self.open(operation, values, body, told))

    def lines(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> Iterator[T]:
        """The values of a stream of JSON lines as they come."""
        adapter = _streamed(operation).adapter
        for value in json_lines(self.open(operation, values, body, _accepting(operation, "lines", options))):
            yield adapter.validate_python(value, by_alias=True, by_name=False)

    def pages(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        options: CallOptions | None,
        following: Following,
    ) -> Iterator[T]:
        """Page by page, each when it is asked for.

        following: what to call the operation with next, or a link, from what it was called with, the page as
        JSON and its answer; None at the end.
        """
        told, answers = hearing(options or {})
        request: Request | Towards
        first, call, key = self.prepared(operation, values, None, told)
        request = first
        while True:
            answers.clear()
            page = self._called(operation, request, call, key, told)
            yield page
            if not answers:
                return  # a fallback's answer has no next page
            found = following(values, plain(page), answers[-1])
            if found is None:
                return
            before = request
            if isinstance(found, str):
                request, key = Towards(found, answers[-1].url, first), None
            else:
                values = found
                request, call, key = self.prepared(operation, values, None, told)
            if request == before:
                return

    def exchanged(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> Exchange[T]:
        """The result of a call, with all that the contract's links may ask of it."""
        told, answers = hearing(options or {})
        request, call, key = self.prepared(operation, values, body, told)
        result = self._called(operation, request, call, key, told)
        return Exchange(operation, values, body, request, result, answers[-1] if answers else None)

    def follow(
        self,
        to: Callable[..., T],
        resource: object,
        relation: str,
        body: object = None,
        variables: Mapping[str, object] | None = None,
        options: CallOptions | None = None,
    ) -> T:
        """What a resource's link of this relation leads to, read as the result of a client's method.

        LookupError if the resource has no such link; ValueError if it leads away from the server, or says
        another method than the operation has.
        """
        told = options or {}
        operation: Operation[T] = operation_of(to)
        request, call = self.towards(operation, resource, relation, body, variables, told)
        return self._called(operation, request, call, None, told)

    def close(self) -> None:
        """Close connections, unless the transport was brought along with its own client."""
        self.transport.close()


class AsyncEngine(Preparing):
    """Carries operations out while other tasks go on."""

    def __init__(self, setup: Setup, transport: AsyncTransport | None = None) -> None:
        super().__init__(setup)
        self.transport = transport or AsyncHttpxTransport()

    async def call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> T:
        """The operation's result. Raises StatusError for an error status, and other CallFailed."""
        told = options or {}
        return await self._called(operation, *self.prepared(operation, values, body, told), told)

    async def _called(
        self,
        operation: Operation[T],
        request: Request | Towards,
        call: Call,
        key: str | None,
        options: CallOptions,
    ) -> T:
        auths = self.auths(operation)
        heard = options.get("on_response")
        if key is not None and isinstance(request, Request):
            asker = request
            for auth in auths:
                asker = await auth.aapply(asker)
            key = key_of(key, asker)
        if isinstance(request, Towards):
            request = replace(request, request=_awaiting(request.request))
        else:
            request = _awaiting(request)

        async def attempt(attempt: Attempt) -> T:
            signed = request if isinstance(request, Request) else request.below(attempt.address)
            for auth in auths:
                signed = await auth.aapply(signed)
            response = await self.transport.send(signed, attempt)
            if heard is not None:
                heard(response)
            return operation.result(response)

        return await self.dependency_of(operation).acall(
            call, attempt, judge_http, cache_key=key, revive=operation.revive
        )

    async def open(
        self,
        operation: Operation[Any],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> AsyncStreamedResponse:
        """The answer as it comes; close it, or use it in an `async with` block."""
        request, call, _ = self.prepared(operation, values, body, options or {})
        auths = self.auths(operation)

        async def attempt(attempt: Attempt) -> AsyncStreamedResponse:
            signed = request
            for auth in auths:
                signed = await auth.aapply(signed)
            response = await self.transport.stream(signed, attempt)
            if response.status >= LEAST_ERROR:
                whole = Response(response.status, response.headers, await response.aread())
                raise operation.failure(whole, operation.answer(whole.status, whole.media_type))
            return response

        return await self.dependency_of(operation).acall(call, attempt, judge_http)

    async def events(
        self,
        operation: Operation[Any],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[ServerEvent]:
        """Server-sent events as they come."""
        told = _accepting(operation, "events", options)
        async for event in aserver_sent_events(await self.open(operation, values, body, told)):
            yield event

    async def lines(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> AsyncIterator[T]:
        """The values of a stream of JSON lines as they come."""
        adapter = _streamed(operation).adapter
        told = _accepting(operation, "lines", options)
        async for value in ajson_lines(await self.open(operation, values, body, told)):
            yield adapter.validate_python(value, by_alias=True, by_name=False)

    async def pages(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        options: CallOptions | None,
        following: Following,
    ) -> AsyncIterator[T]:
        """Page by page, each when it is asked for; arguments as for the blocking engine."""
        told, answers = hearing(options or {})
        request: Request | Towards
        first, call, key = self.prepared(operation, values, None, told)
        request = first
        while True:
            answers.clear()
            page = await self._called(operation, request, call, key, told)
            yield page
            if not answers:
                return  # a fallback's answer has no next page
            found = following(values, plain(page), answers[-1])
            if found is None:
                return
            before = request
            if isinstance(found, str):
                request, key = Towards(found, answers[-1].url, first), None
            else:
                values = found
                request, call, key = self.prepared(operation, values, None, told)
            if request == before:
                return

    async def exchanged(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = None,
        options: CallOptions | None = None,
    ) -> Exchange[T]:
        """The result of a call, with all that the contract's links may ask of it."""
        told, answers = hearing(options or {})
        request, call, key = self.prepared(operation, values, body, told)
        result = await self._called(operation, request, call, key, told)
        return Exchange(operation, values, body, request, result, answers[-1] if answers else None)

    async def follow(
        self,
        to: Callable[..., Awaitable[T]],
        resource: object,
        relation: str,
        body: object = None,
        variables: Mapping[str, object] | None = None,
        options: CallOptions | None = None,
    ) -> T:
        """What a resource's link of this relation leads to, as for the blocking engine."""
        told = options or {}
        operation: Operation[T] = operation_of(to)
        request, call = self.towards(operation, resource, relation, body, variables, told)
        return await self._called(operation, request, call, None, told)

    async def aclose(self) -> None:
        """Close connections, unless the transport was brought along with its own client."""
        await self.transport.aclose()


def _streamed(operation: Operation[Any]) -> Answer:
    return next(answer for answer in operation.answers if answer.kind == "lines")


def _accepting(operation: Operation[Any], kind: str, options: CallOptions | None) -> CallOptions:
    """The options with an Accept header for answers of one kind alone."""
    media = ", ".join(answer.media for answer in operation.answers if answer.kind == kind)
    told = options or {}
    return {**told, "headers": {"Accept": media, **told.get("headers", {})}}


async def _awaited(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Pieces that come from a file or another blocking source, taken in a thread."""
    from anyio import to_thread

    waiting = iter(pieces)
    while (piece := await to_thread.run_sync(next, waiting, None)) is not None:
        yield piece


def _awaiting(request: Request) -> Request:
    content = request.content
    if isinstance(content, Iterable) and not isinstance(content, bytes):
        return replace(request, content=_awaited(content))
    return request
