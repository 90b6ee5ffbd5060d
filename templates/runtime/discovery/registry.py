"""Asks a registry over HTTP, in JSON: the one way that Consul's and etcd's modules share. Knows neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from ..failures import ConnectionFailed, MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class RegistryError(MalformedAnswer):
    """The registry answered with an error status."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Registry:
    """A registry at an address. `client` and `aclient` are httpx clients of your own, with their settings."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 2.0,
        client: httpx.Client | None = None,
        aclient: httpx.AsyncClient | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = dict(headers or {})
        self._timeout = timeout
        self._client = client
        self._aclient = aclient

    def ask(self, method: str, path: str, content: Json = None) -> Json:
        """What the registry answers; ConnectionFailed, RegistryError or MalformedAnswer."""
        request = self._request(method, path, content)
        try:
            if self._client is not None:
                return _read(self._client.send(request))
            with httpx.Client() as once:
                return _read(once.send(request))
        except httpx.TransportError as error:
            raise ConnectionFailed(
                f"the registry at {self.url} cannot be asked: {error}", unsent=True
            ) from error

    async def aask(self, method: str, path: str, content: Json = None) -> Json:
        """The same, awaited."""
        request = self._request(method, path, content)
        try:
            if self._aclient is not None:
                return _read(await self._aclient.send(request))
            async with httpx.AsyncClient() as once:
                return _read(await once.send(request))
        except httpx.TransportError as error:
            raise ConnectionFailed(
                f"the registry at {self.url} cannot be asked: {error}", unsent=True
            ) from error

    def _request(self, method: str, path: str, content: Json) -> httpx.Request:
        extensions = {"timeout": httpx.Timeout(self._timeout).as_dict()}
        url, headers = self.url + path, self._headers
        if content is None:
            return httpx.Request(method, url, headers=headers, extensions=extensions)
        return httpx.Request(method, url, headers=headers, json=content, extensions=extensions)


def _read(answer: httpx.Response) -> Json:
    if answer.is_error:
        said = answer.text[:200].strip()
        raise RegistryError(f"the registry answered {answer.status_code}: {said}", answer.status_code)
    if not answer.content.strip():
        return None
    try:
        found: Json = answer.json()
    except ValueError as error:
        raise MalformedAnswer(f"the registry's answer is no JSON: {error}") from error
    return found
