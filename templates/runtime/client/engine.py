"""Carries operations out: request, layers, answer. One engine for blocking clients, one for awaiting ones.

What a dependency is, its breaker and its bulkhead, both share (`calls.Dependency`). Knows no operation.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from ..calls import Call, Dependency, Event
from ..discovery.static import Static
from ..http.judging import judge_http
from ..http.links import followed, links
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
from ..policy import Policy
from ..values import plain
from .operations import LEAST_ERROR, Operation
from .requests import request_of

if TYPE_CHECKING:
    from ..calls import Attempt
    from ..discovery import Discovery
    from ..http.auth import Auth
    from .operations import Answer

T = TypeVar("T")


class CallOptions(TypedDict, total=False):
    """What every call may be told.

    timeout: seconds that one attempt may take. policy: layers for this call. headers: further header fields.
    media_type: how the body is written, where the contract has several ways. on_response: is handed the
    answer as it came, for its headers.
    """

    timeout: float
    policy: Policy
    headers: Mapping[str, str]
    media_type: str
    on_response: Callable[[Response], None]


PolicyChoice = Policy | Callable[[str, Policy], Policy] | None


@dataclass(slots=True)
class Setup:
    """What a client was told when it was made; `default` is the contract's own policy for all operations."""

    name: str
    default: Policy
    base_url: str = ""
    policy: PolicyChoice = None
    discovery: Discovery | None = None
    credentials: Mapping[str, Auth] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    listeners: Sequence[Callable[[Event], None]] = ()


class _Engine:
    """What both engines have in common: policies, requests, dependencies."""

    def __init__(self, setup: Setup) -> None:
        if setup.discovery is None and not setup.base_url:
            raise ValueError("the contract names no server: give base_url or discovery")
        self.setup = setup
        own = setup.policy if isinstance(setup.policy, Policy) else setup.default
        self.dependency = Dependency(
            setup.name,
            discovery=setup.discovery or Static(setup.base_url),
            policy=own,
            listeners=setup.listeners,
        )
        self._elsewhere: dict[str, Dependency] = {}

    def dependency_of(self, operation: Operation[Any]) -> Dependency:
        """Whom an operation asks: the dependency, or the server that only this operation has."""
        if not operation.server or self.setup.discovery is not None:
            return self.dependency
        if operation.server not in self._elsewhere:
            self._elsewhere[operation.server] = Dependency(
                operation.server,
                discovery=Static(operation.server),
                policy=self.dependency.policy,
                listeners=self.setup.listeners,
            )
        return self._elsewhere[operation.server]

    def policy_of(self, operation: Operation[Any], options: CallOptions) -> Policy:
        """The policy of a call: as the call says, else the client, else the contract."""
        policy = options.get("policy")
        if policy is None:
            declared = operation.policy or self.setup.default
            chosen = self.setup.policy
            if chosen is None or isinstance(chosen, Policy):
                policy = chosen or declared
            else:
                policy = chosen(operation.name, declared)
        timeout = options.get("timeout")
        if timeout is not None:
            policy = policy.override(timeout=timeout, deadline=max(timeout, policy.deadline))
        return policy

    def prepared(
        self, operation: Operation[Any], values: Mapping[str, object], body: object, options: CallOptions
    ) -> tuple[Request, Call, str | None]:
        """The request without credentials, the call, and the question that a cached answer would answer."""
        headers = {**self.setup.headers, **options.get("headers", {})}
        request, safe = request_of(operation, values, body, options.get("media_type", ""), headers)
        policy = self.policy_of(operation, options)
        cached = policy.fallback.kind == "cached" and operation.method == "GET"
        key = f"{operation.name} {request.target} {request.headers}" if cached else None
        return request, Call(operation.name, safe, policy), key

    def auths(self, operation: Operation[Any]) -> list[Auth]:
        """The credentials of the first alternative for which there are any."""
        known = self.setup.credentials
        for alternative in operation.security:
            if alternative and all(name in known for name in alternative):
                return [known[name] for name in alternative]
        return []

    def following(self, operation: Operation[Any], link: str, address: str) -> Request:
        """The request that follows a link; ValueError if it leads away from the server."""
        path, query = followed(link, address)
        accepted = operation.accepted
        return Request("GET", path, query, (("Accept", accepted),) if accepted else ())


class Engine(_Engine):
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
        self, operation: Operation[T], request: Request, call: Call, key: str | None, options: CallOptions
    ) -> T:
        auths = self.auths(operation)
        heard = options.get("on_response")

        def attempt(attempt: Attempt) -> T:
            signed = request
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
        following: Callable[[Mapping[str, object], object, Response], Mapping[str, object] | str | None],
    ) -> Iterator[T]:
        """Page by page, each when it is asked for.

        following: what to call the operation with next, or a link, from what it was called with, the page as
        JSON and its answer; None at the end.
        """
        told = options or {}
        answers: list[Response] = []
        told = {**told, "on_response": answers.append}
        request, call, key = self.prepared(operation, values, None, told)
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
                request = self.following(operation, found, self.setup.base_url)
            else:
                values = found
                request, call, key = self.prepared(operation, values, None, told)
            if request == before:
                return

    def follow(
        self, operation: Operation[T], resource: object, relation: str, options: CallOptions | None = None
    ) -> T:
        """What a resource's link of this relation leads to, read as the operation's result.

        LookupError if the resource has no such link; ValueError if it leads away from the server.
        """
        told = options or {}
        request = self.following(operation, _link(resource, relation), self.setup.base_url)
        return self._called(
            operation,
            request,
            Call(operation.name, safe=True, policy=self.policy_of(operation, told)),
            None,
            told,
        )

    def close(self) -> None:
        """Close connections, unless the transport was brought along with its own client."""
        self.transport.close()


class AsyncEngine(_Engine):
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
        self, operation: Operation[T], request: Request, call: Call, key: str | None, options: CallOptions
    ) -> T:
        auths = self.auths(operation)
        heard = options.get("on_response")
        if isinstance(request.content, Iterable) and not isinstance(request.content, bytes):
            request = replace(request, content=_awaited(request.content))

        async def attempt(attempt: Attempt) -> T:
            signed = request
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
        following: Callable[[Mapping[str, object], object, Response], Mapping[str, object] | str | None],
    ) -> AsyncIterator[T]:
        """Page by page, each when it is asked for; arguments as for the blocking engine."""
        answers: list[Response] = []
        told: CallOptions = {**(options or {}), "on_response": answers.append}
        request, call, key = self.prepared(operation, values, None, told)
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
                request = self.following(operation, found, self.setup.base_url)
            else:
                values = found
                request, call, key = self.prepared(operation, values, None, told)
            if request == before:
                return

    async def follow(
        self, operation: Operation[T], resource: object, relation: str, options: CallOptions | None = None
    ) -> T:
        """What a resource's link of this relation leads to; as for the blocking engine."""
        told = options or {}
        request = self.following(operation, _link(resource, relation), self.setup.base_url)
        return await self._called(
            operation,
            request,
            Call(operation.name, safe=True, policy=self.policy_of(operation, told)),
            None,
            told,
        )

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


def _link(resource: object, relation: str) -> str:
    found = links(plain(resource))
    if relation not in found:
        known = ", ".join(found) or "none"
        raise LookupError(f"there is no link {relation!r} here; there is {known}")
    return found[relation]
