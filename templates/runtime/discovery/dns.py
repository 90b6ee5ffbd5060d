"""Instances behind a name: every address that DNS has for it, as headless services and compose files give.

Where the name stands for a balancer (a Service of Kubernetes, a load balancer), `static` with that name is
all that is needed: the platform does the choosing.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio

from ..failures import ConnectionFailed
from . import Instance
from .refreshed import Refreshed

if TYPE_CHECKING:
    from .balancing import Choice
    from .health import HealthCheck

_PORTS = {"http": 80, "": 0}


def dns(
    address: str,
    *,
    every: float = 10.0,
    choice: Choice = "round_robin",
    health: HealthCheck | None = None,
) -> Refreshed:
    """A discovery of the addresses behind `http://name:port/base`.

    Or `name:port`, looked up every `every` seconds.

    ValueError for https: a certificate is for a name, so give the name itself to `Static`.
    """
    return Refreshed(_Names(address), every=every, choice=choice, health=health)


class _Names:
    def __init__(self, address: str) -> None:
        split = urlsplit(address if "//" in address else f"//{address}")
        if split.scheme not in _PORTS:
            raise ValueError(f"{split.scheme} needs the name itself; use Static({address!r})")
        port = split.port or _PORTS[split.scheme]
        if not split.hostname or not port:
            raise ValueError(f"{address!r} has no host or no port")
        self.name = split.hostname
        self._port = port
        self._before = f"{split.scheme}://" if split.scheme else ""
        self._after = split.path.rstrip("/")

    def fetch(self) -> tuple[Instance, ...]:
        """Every address of the name."""
        try:
            found = socket.getaddrinfo(self.name, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ConnectionFailed(
                f"the name {self.name} cannot be resolved: {error}", unsent=True
            ) from error
        return self._instances([str(entry[4][0]) for entry in found])

    async def afetch(self) -> tuple[Instance, ...]:
        """The same, awaited."""
        return await anyio.to_thread.run_sync(self.fetch)

    def _instances(self, hosts: list[str]) -> tuple[Instance, ...]:
        written = [f"[{host}]" if ":" in host else host for host in sorted(set(hosts))]
        return tuple(
            Instance(f"{self._before}{host}:{self._port}{self._after}", self.name) for host in written
        )
