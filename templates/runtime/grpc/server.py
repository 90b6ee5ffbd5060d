"""A server of gRPC services: health, reflection, limits, TLS, and an end that lets calls finish.

The standard health service answers per service and for the whole; it says NOT_SERVING as soon as the
server is asked to end, and calls under way may then still finish. Source: grpc/doc/health-checking.md,
grpc/doc/server-reflection.md.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
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


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server runs; `from_environment` reads them from variables.

    address: `host:port`; port 0 takes a free one. certificate, key: paths of PEM files; both or none.
    client_ca: a PEM file; then only clients with a certificate of that authority are let in (mTLS).
    deadline: seconds for calls that bring none. limit: calls of one method at once; limits: by path. drain:
    seconds between saying NOT_SERVING and taking no more calls, so that load balancers notice. grace: seconds
    that calls under way have after that. reflection: whether clients may ask for the contract.
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

    @classmethod
    def from_environment(cls, prefix: str = "GRPC_") -> ServerSettings:
        """Settings from variables: GRPC_ADDRESS, GRPC_LIMIT, ... ValueError if one is wrong."""
        found: dict[str, str | float | int | bool] = {}
        for name, kind in _SETTINGS.items():
            text = os.environ.get(f"{prefix}{name.upper()}")
            if text is not None:
                try:
                    found[name] = kind(text)
                except ValueError:
                    raise ValueError(f"{prefix}{name.upper()}: {text!r} is not what is expected") from None
        return cls(**found)  # type: ignore[arg-type]

    def credentials(self) -> grpc.ServerCredentials | None:
        """What TLS needs; None without a certificate. OSError if a file cannot be read."""
        if not self.certificate:
            if self.key or self.client_ca:
                raise ValueError("a key or a client authority needs a certificate beside it")
            return None
        pair = (Path(self.key or self.certificate).read_bytes(), Path(self.certificate).read_bytes())
        authority = Path(self.client_ca).read_bytes() if self.client_ca else None
        return grpc.ssl_server_credentials([pair], authority, bool(self.client_ca))


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
}


class Server:
    """Services under one address. `add` them, then `run`, or `start` and `stop`."""

    def __init__(
        self,
        settings: ServerSettings | None = None,
        *,
        interceptors: Sequence[grpc.aio.ServerInterceptor] = (),
        options: Sequence[tuple[str, object]] = (),
    ) -> None:
        self.settings = settings or ServerSettings()
        around = Around(
            deadline=self.settings.deadline, limit=self.settings.limit, limits=dict(self.settings.limits)
        )
        self.server = grpc.aio.server(interceptors=[around, *interceptors], options=list(options))
        self.health = health.aio.HealthServicer()
        self.port = 0
        self._services: list[str] = []

    def add(self, register: Callable[[grpc.aio.Server], str]) -> None:
        """Adds a service: what the generated `register(handler)` gives."""
        self._services.append(register(self.server))

    async def set_healthy(self, service: str, healthy: bool) -> None:
        """Says whether one service can be used: what the standard health service answers."""
        status = (
            health_pb2.HealthCheckResponse.SERVING if healthy else health_pb2.HealthCheckResponse.NOT_SERVING
        )
        await self.health.set(service, status)

    async def start(self) -> int:
        """Begins to serve; the port. OSError or RuntimeError if the address cannot be had."""
        health_pb2_grpc.add_HealthServicer_to_server(self.health, self.server)
        names = [*self._services, health.SERVICE_NAME]
        if self.settings.reflection:
            names.append(reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, self.server)
        credentials = self.settings.credentials()
        if credentials is None:
            self.port = self.server.add_insecure_port(self.settings.address)
        else:
            self.port = self.server.add_secure_port(self.settings.address, credentials)
        await self.server.start()
        for name in ("", *self._services):
            await self.set_healthy(name, healthy=True)
        return self.port

    async def stop(self) -> None:
        """Says NOT_SERVING, waits the drain, then ends; calls under way have the grace to finish."""
        await self.health.enter_graceful_shutdown()
        if self.settings.drain:
            await asyncio.sleep(self.settings.drain)
        await self.server.stop(self.settings.grace)

    async def run(self) -> None:
        """Serves until the process is asked to end (SIGTERM, SIGINT), then stops in good order."""
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(name, asked.set)
        await self.start()
        await asked.wait()
        await self.stop()
