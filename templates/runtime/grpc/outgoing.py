"""What a client sends: requests one after another, as bytes, and metadata that can be sent.

An exception of whoever makes the requests is remembered: grpc only says that there was one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Q = TypeVar("Q")
_KEY = re.compile(r"[0-9a-z_.-]+")
_TEXT = re.compile(r"[ -~]*")


def checked(metadata: Sequence[tuple[str, str | bytes]]) -> None:
    """ValueError for metadata that cannot be sent, which is no fault of the server's."""
    for key, value in metadata:
        if not _KEY.fullmatch(key) or key.startswith("grpc-"):
            raise ValueError(f"{key!r} is no key of metadata: lower-case letters, digits, `_`, `-` and `.`")
        binary = key.endswith("-bin")
        if binary and not isinstance(value, bytes):
            raise ValueError(f"the value of {key!r} must be bytes")
        if not binary and not (isinstance(value, str) and _TEXT.fullmatch(value)):
            raise ValueError(f"the value of {key!r} must be a text of ASCII; bytes go under a key with -bin")


class Outgoing(Iterator[bytes], Generic[Q]):
    """The requests of a client that waits. TypeError if they are no iterable."""

    def __init__(self, requests: Iterable[Q], serialize: Callable[[Q], bytes]) -> None:
        self._requests = iter(requests)
        self._serialize = serialize
        self.failure: Exception | None = None

    def __next__(self) -> bytes:
        """The next request."""
        try:
            return self._serialize(next(self._requests))
        except StopIteration:
            raise
        except Exception as error:
            self.failure = error
            raise


class AsyncOutgoing(AsyncIterator[bytes], Generic[Q]):
    """The requests of a client that awaits, wherever they come from. TypeError if they are no iterable."""

    def __init__(self, requests: Iterable[Q] | AsyncIterable[Q], serialize: Callable[[Q], bytes]) -> None:
        self._requests = aiter(requests) if isinstance(requests, AsyncIterable) else iter(requests)
        self._serialize = serialize
        self.failure: Exception | None = None

    async def __anext__(self) -> bytes:
        """The next request."""
        requests = self._requests
        try:
            if isinstance(requests, AsyncIterator):
                return self._serialize(await anext(requests))
            return self._serialize(next(requests))
        except StopIteration:
            raise StopAsyncIteration from None
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.failure = error
            raise

    def raise_failure(self) -> None:
        """Raises what ended the call, where grpc says that it was cancelled and nobody cancelled it."""
        task = asyncio.current_task()
        if self.failure is not None and (task is None or not task.cancelling()):
            raise self.failure
