"""A service's channel and its calls through all layers, for code that waits and for code that awaits.

The order is that of every dependency: fallback → deadline → (retry by grpc's core) → breaker → bulkhead →
timeout → discovery → channel. The core repeats what is safe, by the service config; the layers above count
a call once, however often the core tried. Hedging is not in the core and not offered.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import grpc
import grpc.aio

from .. import correlation, telemetry
from ..calls import Call, Dependency
from ..discovery.static import Static
from ..policy import Fallback
from .judging import judge_grpc
from .methods import service_config
from .outgoing import AsyncOutgoing, Outgoing, checked
from .statuses import of_rpc_error
from .streaming import AsyncStream, Stream, raise_if_late

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterable,
        AsyncIterator,
        Callable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from types import TracebackType

    from ..breaker import State
    from ..bulkhead import Slot
    from ..calls import Attempt, Event
    from ..discovery import Discovery
    from ..policy import Policy
    from .methods import Method

Q = TypeVar("Q")
R = TypeVar("R")
CORRELATION = correlation.HEADER.lower()


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
        if not isinstance(target, str) and not hasattr(target, "pick"):
            raise TypeError(f"a client asks an address or a discovery, not {target!r}")
        names = [method.name for method in methods]
        unknown = sorted(set(settings.policies or {}) - set(names))
        if unknown:
            raise ValueError(f"{service} has no method {unknown[0]!r}; it has {', '.join(names)}")
        self.settings = settings
        self.closed = False
        self.policies = {method.name: self._policy(method) for method in methods}
        self.service_config = service_config(
            service, [(method, self.policies[method.name]) for method in methods], health=settings.health
        )
        self.dependency = Dependency(
            service,
            discovery=Static(target) if isinstance(target, str) else target,
            policy=settings.policy or _shared(self.policies.values()),
            listeners=settings.listeners,
        )
        self._calls = {
            method.name: Call(
                method.path[1:],
                safe=method.safe and not method.takes_many,
                policy=self._layers(method, self.policies[method.name]),
            )
            for method in methods
        }

    def circuit(self, method: str = "") -> State:
        """The state of the circuit of a method, by its name in the contract, or of the service."""
        breaker = self.policies[method].breaker if method else self.dependency.policy.breaker
        return "closed" if breaker is None else self.dependency.circuit(breaker)

    def outstanding(self, method: str = "") -> int:
        """Calls under way in the compartment of a method, by its name in the contract, or of the service."""
        bulkhead = self.policies[method].bulkhead if method else self.dependency.policy.bulkhead
        return 0 if bulkhead is None else self.dependency.outstanding(bulkhead.name)

    def _policy(self, method: Method[Any, Any]) -> Policy:
        chosen = (self.settings.policies or {}).get(method.name)
        return chosen or self.settings.policy or method.policy

    def _layers(self, method: Method[Any, Any], policy: Policy) -> Policy:
        """The policy for the layers: with the time that the core repeats in, and what streams can."""
        made = policy.override(timeout=method.ceiling(policy))
        if method.gives_many:
            return made.override(fallback=Fallback.error())
        if policy.fallback.kind == "default":
            method.revive(policy.fallback.value)  # ValueError here, and not when the server is down
        return made

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
            if math.isnan(timeout):
                raise ValueError("the timeout is not a number")
            chosen = chosen.override(timeout=timeout, deadline=timeout)
        return self._layers(method, chosen)

    def repeats(self, method: Method[Q, R], policy: Policy | None) -> bool:
        """Whether the core may repeat a call: its channel says it, which one call's policy cannot change."""
        return policy is None or policy.retry is not None or not method.repeated(self.policies[method.name])

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

    def key(
        self,
        method: Method[Q, R],
        request: bytes,
        metadata: Sequence[tuple[str, str | bytes]],
        policy: Policy | None,
    ) -> str | None:
        """The question that a cached answer must have answered: who asks, by the metadata, is part of it."""
        chosen = policy or self.policies[method.name]
        if chosen.fallback.kind != "cached":
            return None
        asked = hashlib.sha256(request)
        for name, value in sorted(metadata, key=repr):
            asked.update(repr((name, value)).encode())
        return f"{method.name} {asked.hexdigest()}"

    def arguments(self, *, repeated: bool) -> list[tuple[str, object]]:
        """The arguments of a channel that repeats, or of one that does not."""
        name = "grpc.enable_retries"
        return [(key, 0) if key == name and not repeated else (key, value) for key, value in self.options()]

    def check_open(self) -> None:
        """ValueError once the client is closed."""
        if self.closed:
            raise ValueError("this client is closed")


def _shared(policies: Iterable[Policy]) -> Policy | None:
    """A policy with the breaker that methods share, if any of them has no breaker of its own."""
    return next((one for one in policies if one.breaker is not None and not one.breaker.name), None)


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
        self._channels: dict[tuple[str, bool], grpc.Channel] = {}
        self._callables: dict[tuple[str, str, bool], Any] = {}
        self._lock = threading.Lock()

    def channel(self, address: str, *, repeated: bool = True) -> grpc.Channel:
        """The channel to an address, made when first asked for. ValueError once the client is closed."""
        if self._brought is not None:
            return self._brought
        channel = self._channels.get((address, repeated))
        if channel is None:
            with self._lock:
                self.check_open()
                channel = self._channels.get((address, repeated))
                if channel is None:
                    channel = self._made(address, self.arguments(repeated=repeated))
                    self._channels[address, repeated] = channel
        return channel

    def _made(self, address: str, arguments: list[tuple[str, object]]) -> grpc.Channel:
        if self.settings.credentials is None:
            return grpc.insecure_channel(address, arguments)
        return grpc.secure_channel(address, self.settings.credentials, arguments)

    def close(self) -> None:
        """Closes the channels that were made here; calls under way are cancelled."""
        with self._lock:
            self.closed = True
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

    def _callable(self, address: str, method: Method[Q, R], kind: str, *, repeated: bool = True) -> Any:
        """What calls a method at an address with bytes, made when first asked for."""
        self.check_open()
        key = (address, method.path, repeated)
        found = self._callables.get(key)
        if found is None:
            make = getattr(self.channel(address, repeated=repeated), kind)
            found = self._callables[key] = make(method.path, None, method.deserialize)
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
        sent = method.serialize(request)  # here, since what is wrong with it is the caller's fault
        checked(metadata)
        repeated = self.repeats(method, policy)

        def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "unary_unary", repeated=repeated)
            try:
                answer: R = multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise of_rpc_error(error) from error

        return self.dependency.call(
            self.call(method),
            attempt,
            judge_grpc,
            policy=layers,
            cache_key=self.key(method, sent, metadata, layers),
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
        checked(metadata)
        sent = Outgoing(requests, method.serialize)

        def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "stream_unary")
            try:
                answer: R = multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise sent.failure or of_rpc_error(error) from error

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
        checked(metadata)
        sent = method.serialize(request)
        repeated = self.repeats(method, policy)

        def begin(attempt: Attempt) -> tuple[Iterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "unary_stream", repeated=repeated)
            call = multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
            return call, call.cancel, attempt.keep()

        return Stream(self.dependency, self.call(method), begin, self.layers(method, policy, timeout))

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
        checked(metadata)
        sent = Outgoing(requests, method.serialize)

        def begin(attempt: Attempt) -> tuple[Iterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "stream_stream")
            call = multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
            return call, call.cancel, attempt.keep()

        return Stream(self.dependency, self.call(method), begin, self.layers(method, policy, timeout), sent)


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
        self._channels: dict[tuple[str, bool], grpc.aio.Channel] = {}
        self._callables: dict[tuple[str, str, bool], Any] = {}

    def channel(self, address: str, *, repeated: bool = True) -> grpc.aio.Channel:
        """The channel to an address, made when first asked for. ValueError once the client is closed."""
        if self._brought is not None:
            return self._brought
        channel = self._channels.get((address, repeated))
        if channel is None:
            self.check_open()
            arguments = self.arguments(repeated=repeated)
            if self.settings.credentials is None:
                channel = grpc.aio.insecure_channel(address, arguments)
            else:
                channel = grpc.aio.secure_channel(address, self.settings.credentials, arguments)
            self._channels[address, repeated] = channel
        return channel

    def _callable(self, address: str, method: Method[Q, R], kind: str, *, repeated: bool = True) -> Any:
        """What calls a method at an address with bytes, made when first asked for."""
        self.check_open()
        key = (address, method.path, repeated)
        found = self._callables.get(key)
        if found is None:
            make = getattr(self.channel(address, repeated=repeated), kind)
            found = self._callables[key] = make(method.path, None, method.deserialize)
        return found

    async def close(self) -> None:
        """Closes the channels that were made here; calls under way are cancelled."""
        self.closed = True
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
        sent = method.serialize(request)  # here, since what is wrong with it is the caller's fault
        checked(metadata)
        repeated = self.repeats(method, policy)

        async def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "unary_unary", repeated=repeated)
            try:
                answer: R = await multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise of_rpc_error(error) from error
            except asyncio.CancelledError:
                raise_if_late(attempt)
                raise

        return await self.dependency.acall(
            self.call(method),
            attempt,
            judge_grpc,
            policy=layers,
            cache_key=self.key(method, sent, metadata, layers),
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
        checked(metadata)
        sent = AsyncOutgoing(requests, method.serialize)

        async def attempt(attempt: Attempt) -> R:
            multi = self._callable(attempt.address, method, "stream_unary")
            try:
                answer: R = await multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
                return answer
            except grpc.RpcError as error:
                raise sent.failure or of_rpc_error(error) from error
            except asyncio.CancelledError:
                sent.raise_failure()
                raise_if_late(attempt)
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
        checked(metadata)
        sent = method.serialize(request)
        repeated = self.repeats(method, policy)

        def begin(attempt: Attempt) -> tuple[AsyncIterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "unary_stream", repeated=repeated)
            call = multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
            return aiter(call), call.cancel, attempt.keep()

        return AsyncStream(self.dependency, self.call(method), begin, self.layers(method, policy, timeout))

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
        checked(metadata)
        sent = AsyncOutgoing(requests, method.serialize)

        def begin(attempt: Attempt) -> tuple[AsyncIterator[R], Callable[[], object], Slot]:
            multi = self._callable(attempt.address, method, "stream_stream")
            call = multi(sent, timeout=attempt.timeout, metadata=self.metadata(metadata))
            return aiter(call), call.cancel, attempt.keep()

        return AsyncStream(
            self.dependency, self.call(method), begin, self.layers(method, policy, timeout), sent
        )
