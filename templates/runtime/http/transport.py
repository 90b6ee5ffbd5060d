"""How requests get to an instance: the Transport protocol, and httpx behind it.

This is the one module that knows httpx. It turns httpx's exceptions into failures, passes deadline,
correlation id and trace on, and bounds each attempt. Whether to try again is not its business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import httpx

from .. import correlation, deadlines, telemetry
from ..failures import (
    AttemptTimedOut,
    CallFailed,
    ConnectionFailed,
    MalformedAnswer,
)
from .bounded import bound, ending
from .messages import (
    AsyncStreamedResponse,
    Headers,
    Request,
    Response,
    StreamedResponse,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ..calls import Attempt

LARGEST = 256 * 1024 * 1024
"""Bytes of an answer that is read as a whole; more is a malformed answer. Streams have no bound."""


class Transport(Protocol):
    """Sends requests. Failures: ConnectionFailed, AttemptTimedOut, MalformedAnswer.

    Every status is an answer.
    """

    def send(self, request: Request, attempt: Attempt) -> Response:
        """The answer, read as a whole."""
        ...

    def stream(self, request: Request, attempt: Attempt) -> StreamedResponse:
        """The answer as it comes. It keeps its place in the bulkhead until it is closed."""
        ...

    def close(self) -> None:
        """Closes connections."""
        ...


class AsyncTransport(Protocol):
    """The same, awaited."""

    async def send(self, request: Request, attempt: Attempt) -> Response:
        """The answer, read as a whole."""
        ...

    async def stream(self, request: Request, attempt: Attempt) -> AsyncStreamedResponse:
        """The answer as it comes. It keeps its place in the bulkhead until it is closed."""
        ...

    async def aclose(self) -> None:
        """Closes connections."""
        ...


class HttpxTransport:
    """Sends with an `httpx.Client`: yours, which stays yours to close, or one made here.

    With a client made here an attempt ends on time even if the server sends a byte now and then; with
    another, time is looked at between two pieces of the answer.
    """

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._own = client is None
        self._client = client or bound(httpx.Client(follow_redirects=False))

    def send(self, request: Request, attempt: Attempt) -> Response:
        """The answer, read as a whole."""
        with _failures(attempt), ending(attempt.ends):
            response = self._client.send(self._built(request, attempt), stream=True)
            try:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    _check_size(len(body))
                    attempt.check()
            finally:
                response.close()
        headers = Headers(response.headers.multi_items())
        return Response(response.status_code, headers, bytes(body), str(response.url))

    def stream(self, request: Request, attempt: Attempt) -> StreamedResponse:
        """The answer as it comes."""
        with _failures(attempt), ending(attempt.ends):
            response = self._client.send(self._built(request, attempt), stream=True)
        slot = attempt.keep()

        def close() -> None:
            response.close()
            slot.release()

        def chunks() -> Iterator[bytes]:
            with _failures(attempt):
                yield from response.iter_bytes()

        headers = Headers(response.headers.multi_items())
        return StreamedResponse(response.status_code, headers, chunks, close)

    def close(self) -> None:
        """Closes connections, unless the client was brought along."""
        if self._own:
            self._client.close()

    def _built(self, request: Request, attempt: Attempt) -> httpx.Request:
        url = httpx.URL(attempt.address + request.target)
        content = request.content
        return self._client.build_request(
            request.method, url, headers=_headers(request, attempt), content=content, timeout=attempt.timeout
        )


class AsyncHttpxTransport:
    """Sends with an `httpx.AsyncClient`: yours, which stays yours to close, or one made here."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._own = client is None
        self._client = client or httpx.AsyncClient(follow_redirects=False)

    async def send(self, request: Request, attempt: Attempt) -> Response:
        """The answer, read as a whole."""
        with _failures(attempt):
            response = await self._client.send(self._built(request, attempt), stream=True)
            try:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    _check_size(len(body))
            finally:
                await response.aclose()
        headers = Headers(response.headers.multi_items())
        return Response(response.status_code, headers, bytes(body), str(response.url))

    async def stream(self, request: Request, attempt: Attempt) -> AsyncStreamedResponse:
        """The answer as it comes."""
        with _failures(attempt):
            response = await self._client.send(self._built(request, attempt), stream=True)
        slot = attempt.keep()

        async def close() -> None:
            try:
                await response.aclose()
            finally:
                slot.release()

        async def chunks() -> AsyncIterator[bytes]:
            with _failures(attempt):
                async for chunk in response.aiter_bytes():
                    yield chunk

        headers = Headers(response.headers.multi_items())
        return AsyncStreamedResponse(response.status_code, headers, chunks, close)

    async def aclose(self) -> None:
        """Closes connections, unless the client was brought along."""
        if self._own:
            await self._client.aclose()

    def _built(self, request: Request, attempt: Attempt) -> httpx.Request:
        url = httpx.URL(attempt.address + request.target)
        content = request.content
        return self._client.build_request(
            request.method, url, headers=_headers(request, attempt), content=content, timeout=attempt.timeout
        )


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise MalformedAnswer(f"the answer is larger than {LARGEST} bytes; ask for it as a stream")


def _headers(request: Request, attempt: Attempt) -> list[tuple[str, str]]:
    """The request's fields, and what every call passes on: deadline, correlation id, trace."""
    headers = list(request.headers)
    if request.cookies:
        headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in request.cookies)))
    headers.append((deadlines.HEADER, deadlines.to_header(attempt.timeout)))
    id_ = correlation.current()
    if id_ is not None:
        headers.append((correlation.HEADER, id_))
    if telemetry.listening():
        carrier: dict[str, str] = {}
        telemetry.inject(carrier)
        headers.extend(carrier.items())
    return headers


class _failures:
    """Httpx's exceptions in our words."""

    __slots__ = ("_attempt",)

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, (httpx.TransportError, httpx.DecodingError)):
            raise _failure(error, self._attempt) from error


def _failure(error: httpx.RequestError, attempt: Attempt) -> CallFailed:
    """What an exception of httpx is in our words."""
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return ConnectionFailed(f"no connection within {attempt.timeout:.3g} s", unsent=True)
    if isinstance(error, httpx.TimeoutException):
        return AttemptTimedOut(f"no answer within {attempt.timeout:.3g} s")
    if isinstance(error, httpx.ConnectError):
        return ConnectionFailed(f"no connection to {attempt.address}: {error}", unsent=True)
    if isinstance(error, httpx.RemoteProtocolError):
        return ConnectionFailed(f"the connection broke: {error}")
    if isinstance(error, httpx.DecodingError):
        return MalformedAnswer(f"the answer's content encoding is broken: {error}")
    return ConnectionFailed(f"the connection broke: {error or type(error).__name__}")
