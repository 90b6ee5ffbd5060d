"""A service's channel and its calls through all layers, for code that waits and for code that awaits.

The order is that of every dependency: fallback → deadline → (retry by grpc's core) → breaker → bulkhead →
timeout → discovery → channel. The core repeats what is safe, by the service config; the layers above count
a call once, however often the core tried. Hedging is not in the core and not offered.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import grpc
import grpc.aio

from .. import correlation, telemetry
from ..calls import Call, Dependency
from ..discovery.static import Static
from ..failures import AttemptTimedOut
from ..policy import Fallback
from .judging import judge_grpc
from .methods import service_config
from .statuses import of_rpc_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from ..bulkhead import Slot
    from ..calls import Attempt, Event
    from ..discovery import Discovery
    from ..policy import Policy
    from .methods import Method

Q = TypeVar("Q")
R = TypeVar("R")
CORRELATION = correlation.HEADER.lower()
_TICK = 0.02  # seconds by which timers may be early


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client is told once: whom to ask, how, and what differs from the contract's policy.

    target: `dns:///orders:50051` (a headless service: the core asks all addresses in turn), `host:port`, or a
    discovery. credentials: of the channel; None is plain text. policies: by method name, instead of the
    contract's; policy: for all others. health: whether the core watches the server's health. Channels
    that are brought (`channel`) are not closed here.
    """

    target: str | Discovery
    credentials: grpc.ChannelCredentials | None = None
    options: tuple[tuple[str, object], ...] = ()
    policy: Policy | None = None
    policies: Mapping[str, Policy] | None = None
    metadata: tuple[tuple[str, str | bytes], ...] = ()
    health: bool = False
    listeners: tuple[Callable[[Event], None], ...] = ()


class _Connection:
    """What both kinds of client share: the dependency, the policies, the options of a channel."""

    def __init__(self, service: str, methods: Sequence[Method[Any, Any]], settings: Settings) -> None:
        target = settings.target
        self.settings = settings
        self.policies = {method.name: self._policy(method) for method in methods}
        self.service_config = service_config(
            service, [(method, self.policies[method.name]) for method in methods], health=settings.health
        )
        self.dependency = Dependency(
            service,
            discovery=Static(target) if isinstance(target, str) else target,
            policy=settings.policy,
            listeners=settings.listeners,
        )
        self._calls = {
            method.name: Call(
                method.path[1:], safe=False, policy=self._layers(method, self.policies[method.name])
            )
            for method in methods
        }

    def _policy(self, method: Method[Any, Any]) -> Policy:
        chosen = (self.settings.policies or {}).get(method.name)
        return chosen or self.settings.policy or method.policy

    def _layers(self, method: Method[Any, Any], policy: Policy) -> Policy:
        """The policy without what the core does, and for streams without what none can fall back to."""
        made = policy.override(retry=None, timeout=method.ceiling(policy))
        return made.override(fallback=Fallback.error()) if method.streams else made

    def options(self) -> list[tuple[str, object]]:
        """The arguments of every channel."""
        return [
            ("grpc.service_config", self.service_config),
            ("grpc.enable_retries", 1),
            *self.settings.options,
        ]

    def layers(self, method: Method[Q, R], policy: Policy | None, timeout: float | None) -> Policy | None:
        """The policy of one call, if it is not that of the method; `timeout` bounds the whole call."""
        if policy is None and timeout is None:
            return None
        chosen = policy or self.policies[method.name]
        if timeout is not None:
            chosen = chosen.override(timeout=timeout, deadline=timeout)
        return self._layers(method, chosen)

    def call(self, method: Method[Q, R]) -> Call:
        """How the layers know a method."""
        return self._calls[method.name]

    def metadata(self, further: Sequence[tuple[str, str | bytes]]) -> tuple[tuple[str, str | bytes], ...]:
        """What is sent along: the client's own, the call's, the correlation id, the trace."""
        sent = [*self.settings.metadata, *further]
        sent.append((CORRELATION, correlation.current() or correlation.made()))
        if telemetry.listening():
            carrier: dict[str, str] = {}
            telemetry.inject(carrier)
            sent += carrier.items()
        return tuple(sent)

    def key(self, method: Method[Q, R], request: Q, policy: Policy | None) -> str | None:
        """The question that a cached answer must have answered."""
        chosen = policy or self.policies[method.name]
        if chosen.fallback.kind != "cached":
            return None
        return f"{method.name} {method.serialize(request).hex()}"


class Connection(_Connection):
    """The channels of a client that waits. To be closed, or used as a context."""

    def __init__(
        self,
        service: str,
        methods: Sequence[Method[Any, Any]],
        settings: Settings,
        channel: grpc.Channel | None = None,
    ) -> None:
        super().__init__(service, methods, settings)
        self._brought = channel
        self._channels: dict[str, grpc.Channel] = {}
        self._callables: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def channel(self, address: str) -> grpc.Channel:
        """The channel to an address, made when first asked for."""
        if self._brought is not None:
            return self._brought
        channel = self._channels.get(address)
        if channel is None:
            with self._lock:
                channel = self._channels.get(address)
                if channel is None:
                    channel = self._channels[address] = self._made(address)
        return channel

    def _made(self, address: str) -> grpc.Channel:
        if self.settings.credentials is None:
            return grpc.insecure_channel(address, self.options())
        return grpc.secure_channel(address, self.settings.credentials, self.options())

    def close(self) -> None:
        """Closes the channels that were made here; calls under way are cancelled."""
        with self._lock:
            for channel in self._channels.values():
                channel.close()
            self._channels.clear()
            self._callables.clear()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()

    def _callable(self, address: str, method: Method[Q, R], kind: str) -> Any:
        """What calls a method at an address, made when first asked for."""
        key = (address, method.path)
        found = self._callables.get(key)
        if found is None:
            make = getattr(self.channel(address), kind)
            found = self._callables[key] = make(method.path, method.serialize, method.deserialize)
        return found

    def unary(
        self,
        method: Method[Q, R],
        request: Q,
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> R:
        """One request, one response. StatusError, or another CallFailed."""
        layers = self.layers(method, policy, timeout)

        def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "unary_unary")
            try:
                answer: R = multi(request, timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise of_rpc_error(error) from error

        return self.dependency.call(
            self.call(method),
            attempt,
            judge_grpc,
            policy=layers,
            cache_key=self.key(method, request, layers),
            revive=method.revive,
        )

    def stream_unary(
        self,
        method: Method[Q, R],
        requests: Iterable[Q],
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> R:
        """Many requests, one response; never repeated, since requests cannot be asked for twice."""

        def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "stream_unary")
            try:
                answer: R = multi(iter(requests), timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise of_rpc_error(error) from error

        return self.dependency.call(
            self.call(method),
            attempt,
            judge_grpc,
            policy=self.layers(method, policy, timeout),
            revive=method.revive,
        )

    def unary_stream(
        self,
        method: Method[Q, R],
        request: Q,
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> Stream[R]:
        """One request, responses one after another; nothing is sent before the first is asked for."""

        def begin(attempt: Attempt) -> tuple[Iterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "unary_stream")
            call = multi(request, timeout=attempt.timeout, metadata=self.metadata(metadata))
            return call, call.cancel, attempt.keep()

        return Stream(self, method, begin, self.layers(method, policy, timeout))

    def stream_stream(
        self,
        method: Method[Q, R],
        requests: Iterable[Q],
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> Stream[R]:
        """Requests and responses side by side; nothing is sent before the first response is asked for."""

        def begin(attempt: Attempt) -> tuple[Iterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "stream_stream")
            call = multi(iter(requests), timeout=attempt.timeout, metadata=self.metadata(metadata))
            return call, call.cancel, attempt.keep()

        return Stream(self, method, begin, self.layers(method, policy, timeout))


class Stream(Iterator[R], Generic[R]):
    """The responses of one call: until it ends, its deadline, `cancel`, or the end of its context."""

    def __init__(
        self,
        connection: Connection,
        method: Method[Q, R],
        begin: Callable[[Attempt], tuple[Iterator[R], Callable[[], object], Slot]],
        policy: Policy | None,
    ) -> None:
        self._connection = connection
        self._call = connection.call(method)
        self._begin = begin
        self._policy = policy
        self._responses: Iterator[R] | None = None
        self._cancel: Callable[[], object] | None = None
        self._slot: Slot | None = None
        self._over = False

    def __next__(self) -> R:
        """The next response. StatusError where the call fails."""
        if self._over:
            raise StopIteration
        try:
            if self._responses is None:
                first = self._connection.dependency.call(
                    self._call, self._first, judge_grpc, policy=self._policy
                )
                if first is None:
                    raise StopIteration
                return first[0]
            return next(self._responses)
        except grpc.RpcError as error:
            self._end()
            raise of_rpc_error(error) from error
        except BaseException:
            self._end()
            raise

    def _first(self, attempt: Attempt) -> tuple[R] | None:
        """The first response, or None if there is none: by it the layers judge."""
        responses, self._cancel, self._slot = self._begin(attempt)
        self._responses = responses
        try:
            return (next(responses),)
        except StopIteration:
            return None
        except grpc.RpcError as error:
            raise of_rpc_error(error) from error

    def cancel(self) -> None:
        """Ends the call; what was not read is lost."""
        if self._cancel is not None:
            self._cancel()
        self._end()

    def _end(self) -> None:
        self._over = True
        if self._slot is not None:
            self._slot.release()
            self._slot = None

    def __del__(self) -> None:
        """A stream that nobody reads to its end gives back what it holds."""
        if not self._over:
            self.cancel()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the call if it has not ended."""
        if not self._over:
            self.cancel()


class AsyncConnection(_Connection):
    """The channels of a client that awaits. To be closed, or used as an asynchronous context."""

    def __init__(
        self,
        service: str,
        methods: Sequence[Method[Any, Any]],
        settings: Settings,
        channel: grpc.aio.Channel | None = None,
    ) -> None:
        super().__init__(service, methods, settings)
        self._brought = channel
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._callables: dict[tuple[str, str], Any] = {}

    def channel(self, address: str) -> grpc.aio.Channel:
        """The channel to an address, made when first asked for."""
        if self._brought is not None:
            return self._brought
        channel = self._channels.get(address)
        if channel is None:
            if self.settings.credentials is None:
                channel = grpc.aio.insecure_channel(address, self.options())
            else:
                channel = grpc.aio.secure_channel(address, self.settings.credentials, self.options())
            self._channels[address] = channel
        return channel

    def _callable(self, address: str, method: Method[Q, R], kind: str) -> Any:
        """What calls a method at an address, made when first asked for."""
        key = (address, method.path)
        found = self._callables.get(key)
        if found is None:
            make = getattr(self.channel(address), kind)
            found = self._callables[key] = make(method.path, method.serialize, method.deserialize)
        return found

    async def close(self) -> None:
        """Closes the channels that were made here; calls under way are cancelled."""
        channels = list(self._channels.values())
        self._channels.clear()
        self._callables.clear()
        for channel in channels:
            await channel.close()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        await self.close()

    async def unary(
        self,
        method: Method[Q, R],
        request: Q,
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> R:
        """One request, one response. StatusError, or another CallFailed."""
        layers = self.layers(method, policy, timeout)

        async def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "unary_unary")
            try:
                answer: R = await multi(request, timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise of_rpc_error(error) from error
            except asyncio.CancelledError:
                _raise_if_late(attempt)
                raise

        return await self.dependency.acall(
            self.call(method),
            attempt,
            judge_grpc,
            policy=layers,
            cache_key=self.key(method, request, layers),
            revive=method.revive,
        )

    async def stream_unary(
        self,
        method: Method[Q, R],
        requests: Iterable[Q] | AsyncIterable[Q],
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> R:
        """Many requests, one response; never repeated, since requests cannot be asked for twice."""

        async def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "stream_unary")
            try:
                answer: R = await multi(
                    _iterated(requests), timeout=attempt.timeout, metadata=self.metadata(metadata)
                )
                return answer
            except grpc.RpcError as error:
                raise of_rpc_error(error) from error
            except asyncio.CancelledError:
                _raise_if_late(attempt)
                raise

        return await self.dependency.acall(
            self.call(method),
            attempt,
            judge_grpc,
            policy=self.layers(method, policy, timeout),
            revive=method.revive,
        )

    def unary_stream(
        self,
        method: Method[Q, R],
        request: Q,
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> AsyncStream[R]:
        """One request, responses one after another; nothing is sent before the first is asked for."""

        def begin(attempt: Attempt) -> tuple[AsyncIterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "unary_stream")
            call = multi(request, timeout=attempt.timeout, metadata=self.metadata(metadata))
            return aiter(call), call.cancel, attempt.keep()

        return AsyncStream(self, method, begin, self.layers(method, policy, timeout))

    def stream_stream(
        self,
        method: Method[Q, R],
        requests: Iterable[Q] | AsyncIterable[Q],
        *,
        timeout: float | None,
        policy: Policy | None,
        metadata: Sequence[tuple[str, str | bytes]],
    ) -> AsyncStream[R]:
        """Requests and responses side by side; nothing is sent before the first response is asked for."""

        def begin(attempt: Attempt) -> tuple[AsyncIterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "stream_stream")
            call = multi(_iterated(requests), timeout=attempt.timeout, metadata=self.metadata(metadata))
            return aiter(call), call.cancel, attempt.keep()

        return AsyncStream(self, method, begin, self.layers(method, policy, timeout))


class AsyncStream(AsyncIterator[R], Generic[R]):
    """The responses of one call: until it ends, its deadline, `cancel`, or the end of its context."""

    def __init__(
        self,
        connection: AsyncConnection,
        method: Method[Q, R],
        begin: Callable[[Attempt], tuple[AsyncIterator[R], Callable[[], object], Slot]],
        policy: Policy | None,
    ) -> None:
        self._connection = connection
        self._call = connection.call(method)
        self._begin = begin
        self._policy = policy
        self._responses: AsyncIterator[R] | None = None
        self._cancel: Callable[[], object] | None = None
        self._slot: Slot | None = None
        self._over = False

    async def __anext__(self) -> R:
        """The next response. StatusError where the call fails."""
        if self._over:
            raise StopAsyncIteration
        try:
            if self._responses is None:
                first = await self._connection.dependency.acall(
                    self._call, self._first, judge_grpc, policy=self._policy
                )
                if first is None:
                    raise StopAsyncIteration
                return first[0]
            return await anext(self._responses)
        except grpc.RpcError as error:
            self._end()
            raise of_rpc_error(error) from error
        except BaseException:
            self._end()
            raise

    async def _first(self, attempt: Attempt) -> tuple[R] | None:
        """The first response, or None if there is none: by it the layers judge."""
        responses, self._cancel, self._slot = self._begin(attempt)
        self._responses = responses
        try:
            return (await anext(responses),)
        except StopAsyncIteration:
            return None
        except grpc.RpcError as error:
            raise of_rpc_error(error) from error
        except asyncio.CancelledError:
            _raise_if_late(attempt)
            raise

    def cancel(self) -> None:
        """Ends the call; what was not read is lost."""
        if self._cancel is not None:
            self._cancel()
        self._end()

    def _end(self) -> None:
        self._over = True
        if self._slot is not None:
            self._slot.release()
            self._slot = None

    def __del__(self) -> None:
        """A stream that nobody reads to its end gives back what it holds."""
        if not self._over:
            self.cancel()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the call if it has not ended."""
        if not self._over:
            self.cancel()


def _raise_if_late(attempt: Attempt) -> None:
    """AttemptTimedOut where it was the attempt's time that ran out, and nobody else who cancelled.

    grpc answers a cancellation with one of its own, which the scope that asked for it does not know again.
    """
    task = asyncio.current_task()
    if time.monotonic() >= attempt.ends - _TICK and (task is None or task.cancelling() <= 1):
        raise AttemptTimedOut(f"no answer within {attempt.timeout:.3g} s")


async def _iterated(requests: Iterable[Q] | AsyncIterable[Q]) -> AsyncIterator[Q]:
    """The requests, wherever they come from."""
    if isinstance(requests, AsyncIterable):
        async for one in requests:
            yield one
        return
    for one in requests:
        yield one
