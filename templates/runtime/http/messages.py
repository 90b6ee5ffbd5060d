"""A request and its answer as plain values, apart from the library that carries them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

Content = bytes | Iterable[bytes] | AsyncIterable[bytes] | None
Pairs = tuple[tuple[str, str], ...]


class Headers(Mapping[str, str]):
    """Header fields by name, whatever the case; a name that occurs more than once gives its first value.

    `all` gives every value (RFC 9110, section 5.3).
    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs = tuple(pairs)

    def __getitem__(self, name: str) -> str:
        """The first value of a field. KeyError if there is none."""
        folded = name.lower()
        for known, value in self._pairs:
            if known.lower() == folded:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Every name once, in lower case."""
        return iter(dict.fromkeys(name.lower() for name, _ in self._pairs))

    def __len__(self) -> int:
        """How many names there are."""
        return len({name.lower() for name, _ in self._pairs})

    def __repr__(self) -> str:
        return f"Headers({self._pairs!r})"

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        folded = name.lower()
        return [value for known, value in self._pairs if known.lower() == folded]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent below an instance's address.

    `path` is encoded and begins with a slash; `query` is the encoded query without its question mark;
    `headers` and `cookies` are pairs of text. `content` that is an iterator can be sent once only, which is
    why such a request is not repeated: `repeatable` says so.
    """

    method: str
    path: str
    query: str = ""
    headers: Pairs = ()
    cookies: Pairs = ()
    content: Content = None

    @property
    def repeatable(self) -> bool:
        """Whether the content can be sent a second time."""
        return self.content is None or isinstance(self.content, bytes)

    def with_header(self, name: str, value: str) -> Request:
        """The same request with this field in place of what it had."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))

    def with_query(self, encoded: str) -> Request:
        """The same request with more query."""
        return replace(self, query=f"{self.query}&{encoded}" if self.query else encoded)

    def with_cookie(self, name: str, value: str) -> Request:
        """The same request with one more cookie."""
        return replace(self, cookies=(*self.cookies, (name, value)))

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that was read as a whole; `url` is what it answers, which its links are relative to."""

    status: int
    headers: Headers
    body: bytes
    url: str = ""

    @property
    def media_type(self) -> str:
        """The content's type without parameters, in lower case; empty if none is stated."""
        return media_type(self.headers)


def media_type(headers: Mapping[str, str]) -> str:
    """The content's type without parameters, in lower case; empty if none is stated."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class StreamedResponse:
    """An answer that is still coming. Close it, or leave its `with` block, when enough was read."""

    status: int
    headers: Headers
    chunks: Callable[[], Iterator[bytes]]
    closing: Callable[[], None]
    closed: list[bool] = field(default_factory=list)

    def iter_bytes(self) -> Iterator[bytes]:
        """The body, decoded from its content encoding, in pieces as they come."""
        try:
            yield from self.chunks()
        finally:
            self.close()

    def read(self) -> bytes:
        """The whole body."""
        return b"".join(self.iter_bytes())

    def close(self) -> None:
        """Gives the connection back, and the place in the bulkhead."""
        if not self.closed:
            self.closed.append(True)
            self.closing()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class AsyncStreamedResponse:
    """The same, awaited."""

    status: int
    headers: Headers
    chunks: Callable[[], AsyncIterator[bytes]]
    closing: Callable[[], Awaitable[None]]
    closed: list[bool] = field(default_factory=list)

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        """The body, decoded from its content encoding, in pieces as they come."""
        try:
            async for chunk in self.chunks():
                yield chunk
        finally:
            await self.aclose()

    async def aread(self) -> bytes:
        """The whole body."""
        return b"".join([chunk async for chunk in self.aiter_bytes()])

    async def aclose(self) -> None:
        """Gives the connection back, and the place in the bulkhead."""
        if not self.closed:
            self.closed.append(True)
            await self.closing()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
