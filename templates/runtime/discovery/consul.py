"""Consul, over its HTTP API.

Healthy instances for clients, and a registration with a TTL check for servers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from ..failures import MalformedAnswer
from . import Instance
from .refreshed import Refreshed
from .registry import Registry, RegistryError

if TYPE_CHECKING:
    from .balancing import Choice
    from .health import HealthCheck
    from .registry import Json

AGENT = "http://127.0.0.1:8500"


def consul_registry(url: str = AGENT, *, token: str = "") -> Registry:
    """Consul's agent at an address; `token` is an ACL token."""
    return Registry(url, headers={"X-Consul-Token": token} if token else {})


def consul(
    service: str,
    *,
    registry: Registry | None = None,
    tag: str = "",
    datacenter: str = "",
    scheme: str = "http",
    base: str = "",
    every: float = 5.0,
    choice: Choice = "round_robin",
    health: HealthCheck | None = None,
) -> Refreshed:
    """A discovery of the instances of a service whose checks pass, looked up every `every` seconds.

    Addresses are `scheme://host:port` and `base`; an empty scheme gives `host:port`, for gRPC.
    """
    asked = registry or consul_registry()
    query = {"passing": "true", "tag": tag, "dc": datacenter}
    path = f"/v1/health/service/{quote(service, safe='')}?{urlencode({k: v for k, v in query.items() if v})}"
    return Refreshed(
        _Healthy(service, asked, path, scheme, base.rstrip("/")), every=every, choice=choice, health=health
    )


@dataclass(frozen=True, slots=True)
class _Healthy:
    name: str
    registry: Registry
    path: str
    scheme: str
    base: str

    def fetch(self) -> tuple[Instance, ...]:
        """Every healthy instance."""
        return self._instances(self.registry.ask("GET", self.path))

    async def afetch(self) -> tuple[Instance, ...]:
        """The same, awaited."""
        return self._instances(await self.registry.aask("GET", self.path))

    def _instances(self, found: Json) -> tuple[Instance, ...]:
        try:
            return tuple(self._instance(entry) for entry in found)  # type: ignore[union-attr, arg-type]
        except (TypeError, KeyError) as error:
            raise MalformedAnswer("this is no list of services as Consul gives it") from error

    def _instance(self, entry: dict[str, dict[str, Json]]) -> Instance:
        service = entry["Service"]
        host, port = str(service["Address"] or entry["Node"]["Address"]), service["Port"]
        host = f"[{host}]" if ":" in host else host
        before = f"{self.scheme}://" if self.scheme else ""
        return Instance(f"{before}{host}:{port}{self.base}", str(service["ID"]))


@dataclass(frozen=True, slots=True)
class ConsulRegistration:
    """This process as an instance of a service.

    Consul drops it `forgotten` seconds after it stopped beating.
    """

    service: str
    host: str
    port: int
    registry: Registry = field(default_factory=consul_registry)
    ttl: float = 10.0
    tags: tuple[str, ...] = ()
    forgotten: float = 60.0

    @property
    def id(self) -> str:
        """What tells this instance from others."""
        return f"{self.service}-{self.host}-{self.port}"

    async def register(self) -> None:
        """Tells the agent, with a check that passes until a heartbeat is missed."""
        await self.registry.aask(
            "PUT",
            "/v1/agent/service/register",
            {
                "ID": self.id,
                "Name": self.service,
                "Address": self.host,
                "Port": self.port,
                "Tags": list(self.tags),
                "Check": {
                    "CheckID": f"service:{self.id}",
                    "TTL": f"{self.ttl:g}s",
                    "Status": "passing",
                    "DeregisterCriticalServiceAfter": f"{self.forgotten:g}s",
                },
            },
        )

    async def beat(self) -> bool:
        """One heartbeat; false if the agent does not know this instance any more."""
        try:
            await self.registry.aask("PUT", f"/v1/agent/check/pass/{quote(f'service:{self.id}', safe='')}")
        except RegistryError as error:
            if error.status in (404, 500):  # older agents answer 500 for a check that they do not know
                return False
            raise
        return True

    async def deregister(self) -> None:
        """Takes this instance out."""
        await self.registry.aask("PUT", f"/v1/agent/service/deregister/{quote(self.id, safe='')}")
