"""What a handler is told beside its arguments, and what it may say beside its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from .. import correlation, deadlines

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.datastructures import UploadFile
    from starlette.requests import Request

T = TypeVar("T")


@dataclass(slots=True)
class Context:
    """The request around a call.

    `principal` is what the verifier gave for the credentials; None for an anonymous request. `accept` is
    the media type that was agreed on. `files` are the uploads of a form, by field, open until the handler
    is done.
    """

    request: Request
    principal: object = None
    accept: str = ""
    files: Mapping[str, list[UploadFile]] = field(default_factory=dict)

    @property
    def correlation_id(self) -> str:
        """The id of all that this request causes."""
        return correlation.current() or ""

    @property
    def remaining(self) -> float | None:
        """Seconds until nobody waits for the answer any more."""
        return deadlines.remaining()


class Reply(Generic[T]):
    """A result with a status, header fields, cookies or a media type other than the usual ones.

    `cookies` are whole values of Set-Cookie fields.
    """

    def __init__(
        self,
        value: T,
        *,
        status: int | None = None,
        headers: Mapping[str, object] | None = None,
        cookies: tuple[str, ...] = (),
        media_type: str = "",
    ) -> None:
        self.value = value
        self.status = status
        self.headers = dict(headers or {})
        self.cookies = cookies
        self.media_type = media_type


class Incoming:
    """A body of bytes that is read when the handler wants it: as a whole, or piece by piece."""

    def __init__(self, request: Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self.media_type = request.headers.get("content-type", "")

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes, without a bound on its size."""
        async for piece in self._request.stream():
            if piece:
                yield piece

    async def read(self) -> bytes:
        """The whole body. Failure 413 if it is larger than the server takes into memory."""
        from .bodies import whole

        return await whole(self._request, self._limit)
