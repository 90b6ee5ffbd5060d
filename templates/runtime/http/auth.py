"""Credentials on a request: one value per security scheme of a contract.

A key or token is a text or a function that gives one, asked before every attempt, so that a token may be
renewed. Which schemes an operation needs is the generated client's to know.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote

import httpx

from ..failures import CallFailed, ConnectionFailed, MalformedAnswer

if TYPE_CHECKING:
    from .messages import Request

Secret = str | Callable[[], str] | Callable[[], Awaitable[str]]


class Auth(Protocol):
    """Puts credentials on a request. `apply` may block; `aapply` must not."""

    def apply(self, request: Request) -> Request:
        """The request with credentials."""
        ...

    async def aapply(self, request: Request) -> Request:
        """The request with credentials."""
        ...


def _asked(secret: Secret, *, empty: bool = False) -> str:
    value = secret if isinstance(secret, str) else secret()
    if not isinstance(value, str):
        close = getattr(value, "close", None)
        if close is not None:
            close()
        raise TypeError("the function that gives the credential is asynchronous; use the asynchronous client")
    return _checked(value, empty=empty)


async def _aasked(secret: Secret, *, empty: bool = False) -> str:
    value = secret if isinstance(secret, str) else secret()
    return _checked(await value if isawaitable(value) else value, empty=empty)


def _checked(value: str, *, empty: bool) -> str:
    """The credential without the line break at its end that a file has.

    ValueError, which does not show it, for one that has another line break, or is empty and may not be.
    """
    value = value.rstrip("\r\n")
    if not value and not empty:
        raise ValueError("the credential is empty")
    if any(sign in value for sign in "\r\n\0"):
        raise ValueError("the credential has a line break within it")
    return value


def _in_header(value: str) -> str:
    if not value.isascii():
        raise ValueError("the credential has signs that a header cannot carry: it must be ASCII")
    return value


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header, the query or a cookie, under the scheme's name."""

    name: str
    key: Secret = field(repr=False)
    place: Literal["header", "query", "cookie"] = "header"

    def apply(self, request: Request) -> Request:
        """The request with the key."""
        return self._with(request, _asked(self.key))

    async def aapply(self, request: Request) -> Request:
        """The request with the key."""
        return self._with(request, await _aasked(self.key))

    def _with(self, request: Request, key: str) -> Request:
        if self.place == "query":
            return request.with_query(f"{quote(self.name, safe='')}={quote(key, safe='')}")
        if self.place == "cookie":
            return request.with_cookie(self.name, quote(key, safe="!#$&'()*+-./:<=>?@[]^_`{|}~"))
        return request.with_header(self.name, _in_header(key))


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token in the Authorization header: `http` bearer, `oauth2` and `openIdConnect` (RFC 6750)."""

    token: Secret = field(repr=False)
    scheme: str = "Bearer"

    def apply(self, request: Request) -> Request:
        """The request with the token."""
        return request.with_header("Authorization", f"{self.scheme} {_in_header(_asked(self.token))}")

    async def aapply(self, request: Request) -> Request:
        """The request with the token."""
        return request.with_header("Authorization", f"{self.scheme} {_in_header(await _aasked(self.token))}")


@dataclass(frozen=True, slots=True)
class Basic:
    """User and password in the Authorization header (RFC 7617)."""

    user: str
    password: Secret = field(repr=False)

    def apply(self, request: Request) -> Request:
        """The request with user and password."""
        return self._with(request, _asked(self.password, empty=True))

    async def aapply(self, request: Request) -> Request:
        """The request with user and password."""
        return self._with(request, await _aasked(self.password, empty=True))

    def _with(self, request: Request, password: str) -> Request:
        if ":" in self.user:
            raise ValueError("a user name must not hold a colon (RFC 7617)")
        pair = base64.b64encode(f"{self.user}:{password}".encode()).decode("ascii")
        return request.with_header("Authorization", f"Basic {pair}")


class ClientCredentials:
    """An OAuth 2.0 token for the client itself (RFC 6749.

    Section 4.4), fetched when needed and kept until it ends.

    `early` seconds before its end a new one is fetched. `client` and `aclient` are httpx clients to fetch
    with.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: Secret,
        *,
        scopes: tuple[str, ...] = (),
        early: float = 30.0,
        timeout: float = 10.0,
        client: httpx.Client | None = None,
        aclient: httpx.AsyncClient | None = None,
    ) -> None:
        self._url = token_url
        self._id = client_id
        self._secret = client_secret
        self._scopes = scopes
        self._early = early
        self._timeout = timeout
        self._client = client
        self._aclient = aclient
        self._token = ""
        self._ends = 0.0
        self._lock = threading.Lock()

    def apply(self, request: Request) -> Request:
        """The request with a token that is still good."""
        with self._lock:
            if time.monotonic() >= self._ends:
                form = self._form()
                pair = (quote(self._id, safe=""), quote(_asked(self._secret), safe=""))
                try:
                    if self._client is not None:
                        answer = self._client.post(self._url, data=form, auth=pair, timeout=self._timeout)
                    else:
                        answer = httpx.post(self._url, data=form, auth=pair, timeout=self._timeout)
                except httpx.TransportError as error:
                    raise ConnectionFailed(f"no token from {self._url}: {error}", unsent=True) from error
                self._keep(answer)
            return request.with_header("Authorization", f"Bearer {self._token}")

    async def aapply(self, request: Request) -> Request:
        """The request with a token that is still good.

        Tasks that need one at once may fetch more than one.
        """
        if time.monotonic() >= self._ends:
            form = self._form()
            pair = (quote(self._id, safe=""), quote(await _aasked(self._secret), safe=""))
            try:
                if self._aclient is not None:
                    answer = await self._aclient.post(self._url, data=form, auth=pair, timeout=self._timeout)
                else:
                    async with httpx.AsyncClient() as once:
                        answer = await once.post(self._url, data=form, auth=pair, timeout=self._timeout)
            except httpx.TransportError as error:
                raise ConnectionFailed(f"no token from {self._url}: {error}", unsent=True) from error
            self._keep(answer)
        return request.with_header("Authorization", f"Bearer {self._token}")

    def _form(self) -> dict[str, str]:
        form = {"grant_type": "client_credentials"}
        if self._scopes:
            form["scope"] = " ".join(self._scopes)
        return form

    def _keep(self, answer: httpx.Response) -> None:
        if answer.status_code != httpx.codes.OK:
            raise CallFailed(f"no token from {self._url}: status {answer.status_code}")
        try:
            members = answer.json()
            token, lasts = members["access_token"], float(members.get("expires_in", 300))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise MalformedAnswer(f"no token in what {self._url} answered") from error
        if not isinstance(token, str):
            raise MalformedAnswer(f"no token in what {self._url} answered")
        self._token = token
        self._ends = time.monotonic() + max(0.0, lasts - self._early)
