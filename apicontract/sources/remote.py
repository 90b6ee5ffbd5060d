"""Documents by http and https, only where the user allows it; bounded in time, size and redirects."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    from http.client import HTTPMessage, HTTPResponse
    from typing import IO

_TIMEOUT = 30  # seconds without an answer
_WHOLE_TIME = 120  # seconds for a whole document
_PIECE = 1 << 20


def _all_of(answer: HTTPResponse, max_bytes: int, url: str) -> bytes:
    """The body; a server that sends a byte now and then is not waited for without end."""
    text = bytearray()
    ends = time.monotonic() + _WHOLE_TIME
    while len(text) <= max_bytes and (piece := answer.read1(_PIECE)):
        text += piece
        if time.monotonic() > ends:
            raise ContractError(f"the server has not sent it all within {_WHOLE_TIME} seconds", file=url)
    return bytes(text)


def is_url(spec: str) -> bool:
    """Whether it names something on the network."""
    return spec.lower().startswith(("http://", "https://"))


def read(url: str, max_bytes: int) -> bytes:
    """The bytes at `url`; ContractError if they cannot be had."""
    import urllib.error
    import urllib.request

    class Redirects(urllib.request.HTTPRedirectHandler):
        def redirect_request(  # the library's signature
            self,
            req: urllib.request.Request,
            fp: IO[bytes],
            code: int,
            msg: str,
            headers: HTTPMessage,
            newurl: str,
        ) -> urllib.request.Request | None:
            if not is_url(newurl):
                raise ContractError(f"the server sends us on to {newurl}, which is no http address", file=url)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    if not urlsplit(url).hostname:
        raise ContractError("this URL has no host", file=url)
    request = urllib.request.Request(  # noqa: S310  # only http and https come here
        url, headers={"Accept": "application/json, application/yaml, */*;q=0.5", "User-Agent": "apicontract"}
    )
    try:
        with urllib.request.build_opener(Redirects).open(request, timeout=_TIMEOUT) as answer:
            return _all_of(answer, max_bytes, url)
    except urllib.error.HTTPError as error:
        raise ContractError(f"the server answers {error.code} {error.reason}", file=url) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ContractError(f"it cannot be fetched: {reason}", file=url) from None
