"""The responses of one call, one after another, for code that waits and for code that awaits.

The layers judge by the first response; a stream then holds its place in the bulkhead until it ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import grpc

from ..failures import AttemptTimedOut
from .judging import judge_grpc
from .statuses import of_rpc_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ..bulkhead import Slot
    from ..calls import Attempt, Call, Dependency
    from ..policy import Policy
    from .outgoing import AsyncOutgoing, Outgoing

R = TypeVar("R")
_TICK = 0.02  # seconds by which timers may be early


class Stream(Iterator[R], Generic[R]):
    """The responses of one call: until it ends, its deadline, `cancel`, or the end of its context."""

    def __init__(
        self,
        dependency: Dependency,
        call: Call,
        begin: Callable[[Attempt], tuple[Iterator[R], Callable[[], object], Slot]],
        policy: Policy | None,
        sent: Outgoing[Any] | None = None,
    ) -> None:
        self._dependency = dependency
        self._call = call
        self._sent = sent
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
                first = self._dependency.call(self._call, self._first, judge_grpc, policy=self._policy)
                if first is None:
                    raise StopIteration
                return first[0]
            return next(self._responses)
        except grpc.RpcError as error:
            self._end()
            raise self._failure(error) from error
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
            self._release()
            raise self._failure(error) from error

    def cancel(self) -> None:
        """Ends the call; what was not read is lost."""
        if self._cancel is not None:
            self._cancel()
        self._end()

    def _failure(self, error: grpc.RpcError) -> Exception:
        """What ended the call: a failure of the one who sends, or the status."""
        if self._sent is not None and self._sent.failure is not None:
            return self._sent.failure
        failure = of_rpc_error(error)
        failure.operation, failure.dependency, failure.attempts = self._call.name, self._dependency.name, 1
        return failure

    def _end(self) -> None:
        self._over = True
        self._release()

    def _release(self) -> None:
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


class AsyncStream(AsyncIterator[R], Generic[R]):
    """The responses of one call: until it ends, its deadline, `cancel`, or the end of its context."""

    def __init__(
        self,
        dependency: Dependency,
        call: Call,
        begin: Callable[[Attempt], tuple[AsyncIterator[R], Callable[[], object], Slot]],
        policy: Policy | None,
        sent: AsyncOutgoing[Any] | None = None,
    ) -> None:
        self._dependency = dependency
        self._call = call
        self._sent = sent
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
                first = await self._dependency.acall(self._call, self._first, judge_grpc, policy=self._policy)
                if first is None:
                    raise StopAsyncIteration
                return first[0]
            return await anext(self._responses)
        except grpc.RpcError as error:
            self._end()
            raise self._failure(error) from error
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
            self._release()
            raise self._failure(error) from error
        except asyncio.CancelledError:
            self._release()
            if self._sent is not None:
                self._sent.raise_failure()
            raise_if_late(attempt)
            raise

    def cancel(self) -> None:
        """Ends the call; what was not read is lost."""
        if self._cancel is not None:
            self._cancel()
        self._end()

    def _failure(self, error: grpc.RpcError) -> Exception:
        """What ended the call: a failure of the one who sends, or the status."""
        if self._sent is not None and self._sent.failure is not None:
            return self._sent.failure
        failure = of_rpc_error(error)
        failure.operation, failure.dependency, failure.attempts = self._call.name, self._dependency.name, 1
        return failure

    def _end(self) -> None:
        self._over = True
        self._release()

    def _release(self) -> None:
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


def raise_if_late(attempt: Attempt) -> None:
    """AttemptTimedOut where it was the attempt's time that ran out, and nobody else who cancelled.

    grpc answers a cancellation with one of its own, which the scope that asked for it does not know again.
    """
    task = asyncio.current_task()
    if time.monotonic() >= attempt.ends - _TICK and (task is None or task.cancelling() <= 1):
        raise AttemptTimedOut(f"no answer within {attempt.timeout:.3g} s")
