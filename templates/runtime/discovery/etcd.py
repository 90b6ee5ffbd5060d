"""etcd, over the JSON gateway of its version 3: instances are keys below a prefix, each under a lease.

A lease is the heartbeat: who does not keep it alive is gone when it ends. Keys are `PREFIX/SERVICE/ID`,
values `{"address": "http://10.0.0.7:8080"}`.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from ..failures import MalformedAnswer
from . import Instance
from .refreshed import Refreshed
from .registry import Registry, RegistryError

if TYPE_CHECKING:
    from .balancing import Choice
    from .health import HealthCheck
    from .registry import Json

PREFIX = "/services"
SERVER = "http://127.0.0.1:2379"


def etcd(
    service: str,
    *,
    registry: Registry | None = None,
    prefix: str = PREFIX,
    every: float = 5.0,
    choice: Choice = "round_robin",
    health: HealthCheck | None = None,
) -> Refreshed:
    """A discovery of the instances of a service that keep their lease, looked up every `every` seconds."""
    return Refreshed(
        _Keys(service, registry or Registry(SERVER), prefix), every=every, choice=choice, health=health
    )


class _Keys:
    def __init__(self, service: str, registry: Registry, prefix: str) -> None:
        self.name = service
        self._registry = registry
        start = f"{prefix}/{service}/".encode()
        self._range: Json = {
            "key": _text(start),
            "range_end": _text(start[:-1] + bytes([start[-1] + 1])),
        }

    def fetch(self) -> tuple[Instance, ...]:
        """Every instance."""
        return _instances(self._registry.ask("POST", "/v3/kv/range", self._range))

    async def afetch(self) -> tuple[Instance, ...]:
        """The same, awaited."""
        return _instances(await self._registry.aask("POST", "/v3/kv/range", self._range))


def _instances(found: Json) -> tuple[Instance, ...]:
    try:
        pairs = found.get("kvs") or []  # type: ignore[union-attr]
        return tuple(
            Instance(
                str(json.loads(base64.b64decode(pair["value"]))["address"]).rstrip("/"),  # type: ignore[index, call-overload, arg-type]
                base64.b64decode(pair["key"]).decode().rpartition("/")[2],  # type: ignore[index, call-overload, arg-type]
            )
            for pair in pairs  # type: ignore[union-attr]
        )
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise MalformedAnswer("this is no list of instances as they are kept in etcd") from error


class EtcdRegistration:
    """This process as an instance of a service, under a lease of `ttl` seconds."""

    def __init__(
        self,
        service: str,
        address: str,
        *,
        registry: Registry | None = None,
        prefix: str = PREFIX,
        ttl: float = 10.0,
    ) -> None:
        self.ttl = ttl
        self._registry = registry or Registry(SERVER)
        self._address = address
        self._key = f"{prefix}/{service}/{address.partition('//')[2] or address}".encode()
        self._lease = ""

    async def register(self) -> None:
        """Takes a lease and puts the address under it."""
        granted = await self._registry.aask("POST", "/v3/lease/grant", {"TTL": max(1, round(self.ttl))})
        lease = granted.get("ID") if isinstance(granted, dict) else None
        if not isinstance(lease, str):
            raise MalformedAnswer("etcd granted no lease")
        value = json.dumps({"address": self._address}).encode()
        pair: Json = {"key": _text(self._key), "value": _text(value), "lease": lease}
        await self._registry.aask("POST", "/v3/kv/put", pair)
        self._lease = lease

    async def beat(self) -> bool:
        """Keeps the lease alive; false if it is gone."""
        answer = await self._registry.aask("POST", "/v3/lease/keepalive", {"ID": self._lease})
        result = answer.get("result") if isinstance(answer, dict) else None
        return isinstance(result, dict) and int(str(result.get("TTL", 0))) > 0

    async def deregister(self) -> None:
        """Gives the lease back, and with it the key."""
        if self._lease:
            lease, self._lease = self._lease, ""
            try:
                await self._registry.aask("POST", "/v3/lease/revoke", {"ID": lease})
            except RegistryError as error:
                if error.status != 404:
                    raise


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
