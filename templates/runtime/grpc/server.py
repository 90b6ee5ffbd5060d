"""A server of gRPC services: health, reflection, limits, TLS, and an end that lets calls finish.

The standard health service answers per service and for the whole; it says NOT_SERVING as soon as the
server is asked to end, and calls under way may then still finish. Source: grpc/doc/health-checking.md,
grpc/doc/server-reflection.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from .interceptor import Around

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

_LOG = logging.getLogger("apicontract.generated")
_ANYWHERE = ("", "0.0.0.0", "[::]", "::", "*")


class SettingsError(ValueError):
    """A setting that makes no sense; `name` is the field's."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server runs; `from_environment` reads them from variables. SettingsError for what makes no sense.

    address: `host:port`; port 0 takes a free one. certificate, key: paths of PEM files; both or none.
    client_ca: a PEM file; then only clients with a certificate of that authority are let in (mTLS).
    deadline: seconds for calls that bring none. limit: calls of one method at once; limits: by path. drain:
    seconds between saying NOT_SERVING and taking no more calls, so that load balancers notice. grace: seconds
    that calls under way have after that. reflection: whether clients may ask for the contract. registry:
    where the server registers itself, `consul+URL` or `etcd+URL`. advertised: the `host` or `host:port` at
    which others find it there; by default `address`.
    """

    address: str = "0.0.0.0:50051"
    certificate: str = ""
    key: str = ""
    client_ca: str = ""
    deadline: float = 30.0
    limit: int = 100
    limits: Mapping[str, int] = field(default_factory=dict)
    drain: float = 0.0
    grace: float = 10.0
    reflection: bool = True
    registry: str = ""
    advertised: str = ""

    def __post_init__(self) -> None:
        """Refuses what makes no sense."""
        if not 0 < self.deadline < 1e9:
            raise SettingsError("deadline", f"{self.deadline} is no time above zero")
        for name in ("drain", "grace"):
            if not 0 <= getattr(self, name) < 1e9:
                raise SettingsError(name, f"{getattr(self, name)} is no time")
        for limit in (self.limit, *self.limits.values()):
            if limit < 1:
                raise SettingsError("limit", f"{limit} would let no call in; it is at least 1")
        if not self.certificate and (self.key or self.client_ca):
            name = "key" if self.key else "client_ca"
            raise SettingsError(name, "needs a certificate beside it")

    @classmethod
    def from_environment(cls, prefix: str = "GRPC_") -> ServerSettings:
        """Settings from variables: GRPC_ADDRESS, GRPC_LIMIT, ... ValueError, naming it, if one is wrong."""
        found: dict[str, str | float | int | bool] = {}
        for name, kind in _SETTINGS.items():
            text = os.environ.get(f"{prefix}{name.upper()}")
            if text is not None:
                try:
                    found[name] = kind(text)
                except ValueError:
                    raise ValueError(f"{prefix}{name.upper()}: {text!r} is not what is expected") from None
        try:
            settings = cls(**found)  # type: ignore[arg-type]
            settings.credentials()
            if settings.registry:
                settings.advertised_at(0)
        except SettingsError as error:
            raise ValueError(f"{prefix}{error.name.upper()}: {error.reason}") from None
        return settings

    def credentials(self) -> grpc.ServerCredentials | None:
        """What TLS needs; None without a certificate. SettingsError if a file cannot be read."""
        if not self.certificate:
            return None
        key = _pem("key", self.key) if self.key else _pem("certificate", self.certificate)
        pair = (key, _pem("certificate", self.certificate))
        authority = _pem("client_ca", self.client_ca) if self.client_ca else None
        return grpc.ssl_server_credentials([pair], authority, bool(self.client_ca))

    def advertised_at(self, port: int) -> tuple[str, int]:
        """The host and port at which others find a server that listens at `port`.

        SettingsError where nothing says at which host.
        """
        host, colon, stated = self.advertised.rpartition(":")
        if not colon or self.advertised.endswith("]"):
            host, stated = self.advertised, ""
        host = host or self.address.rpartition(":")[0]
        if host in _ANYWHERE:
            raise SettingsError(
                "advertised", f"say at which host others find this server, not {host or 'at none'}"
            )
        if stated and not stated.isdecimal():
            raise SettingsError("advertised", f"{stated!r} is no port")
        return host, int(stated or 0) or port


def _pem(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(name, f"{path} cannot be read: {error.strerror}") from None


def _flag(text: str) -> bool:
    if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
        raise ValueError(text)
    return text.lower() in ("1", "true", "yes")


_SETTINGS: dict[str, Callable[[str], str | float | int | bool]] = {
    "address": str,
    "certificate": str,
    "key": str,
    "client_ca": str,
    "deadline": float,
    "limit": int,
    "drain": float,
    "grace": float,
    "reflection": _flag,
    "registry": str,
    "advertised": str,
}


class Server:
    """Services under one address. `add` them, then `run`, or `start` and `stop`.

    around: contexts for the time in which it serves, made of the port: entered once calls are answered, left
    before the end is told, as a registration must be.
    """

    def __init__(
        self,
        settings: ServerSettings | None = None,
        *,
        interceptors: Sequence[grpc.aio.ServerInterceptor] = (),
        options: Sequence[tuple[str, object]] = (),
        around: Sequence[Callable[[int], AbstractAsyncContextManager[None]]] = (),
    ) -> None:
        self.settings = settings or ServerSettings()
        self.health = health.aio.HealthServicer()
        self.port = 0
        self._interceptors = interceptors
        self._options = options
        self._around = around
        self._registers: list[Callable[[grpc.aio.Server], str]] = []
        self._services: list[str] = []
        self._server: grpc.aio.Server | None = None
        self._entered = AsyncExitStack()

    def add(self, register: Callable[[grpc.aio.Server], str]) -> None:
        """Adds a service: what the generated `register(handler)` gives."""
        self._registers.append(register)

    async def set_healthy(self, service: str, healthy: bool) -> None:
        """Says whether one service can be used: what the standard health service answers."""
        status = (
            health_pb2.HealthCheckResponse.SERVING if healthy else health_pb2.HealthCheckResponse.NOT_SERVING
        )
        await self.health.set(service, status)

    async def start(self) -> int:
        """Begins to serve; the port. OSError if the address cannot be had."""
        server = self._server = self._made()
        await server.start()
        for name in ("", *self._services):
            await self.set_healthy(name, healthy=True)
        try:
            for make in self._around:
                await self._entered.enter_async_context(make(self.port))
        except BaseException:
            await self.stop()
            raise
        host = self.settings.address.rpartition(":")[0]
        _LOG.info("serving %s at %s:%s", ", ".join(self._services), host, self.port)
        return self.port

    def _made(self) -> grpc.aio.Server:
        """The server of grpc, which belongs to the event loop that runs now."""
        settings = self.settings
        credentials = settings.credentials()
        around = Around(deadline=settings.deadline, limit=settings.limit, limits=dict(settings.limits))
        server = grpc.aio.server(
            interceptors=[around, *self._interceptors],
            options=[("grpc.so_reuseport", 0), *self._options],  # one address, one server
        )
        self._services = [register(server) for register in self._registers]
        health_pb2_grpc.add_HealthServicer_to_server(self.health, server)
        names = [*self._services, health.SERVICE_NAME]
        if settings.reflection:
            names.append(reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, server)
        try:
            if credentials is None:
                self.port = server.add_insecure_port(settings.address)
            else:
                self.port = server.add_secure_port(settings.address, credentials)
        except RuntimeError:
            self.port = 0
        if not self.port:
            raise OSError(f"the address {settings.address} cannot be had: is something else there?")
        return server

    async def stop(self) -> None:
        """Says NOT_SERVING, waits the drain, then ends; calls under way have the grace to finish."""
        server, self._server = self._server, None
        if server is None:
            return
        try:
            await self._entered.aclose()
        finally:
            await self.health.enter_graceful_shutdown()
            if self.settings.drain:
                await asyncio.sleep(self.settings.drain)
            await server.stop(self.settings.grace)

    async def run(self) -> None:
        """Serves until the process is asked to end (SIGTERM, SIGINT), then stops in good order."""
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(name, asked.set)
        await self.start()
        await asked.wait()
        _LOG.info("asked to end")
        await self.stop()
