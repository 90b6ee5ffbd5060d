"""Which registry a server announces itself in, by the one text that its settings have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .registration import Registration

_HOW = "write consul+http://HOST:8500 or etcd+http://HOST:2379"


def registration_at(
    registry: str,
    service: str,
    host: str,
    port: int,
    *,
    scheme: str = "http",
    tags: Sequence[str] = (),
) -> Registration:
    """This process as an instance of a service, in `consul+URL` or `etcd+URL`.

    scheme: of the address that clients of etcd get; empty gives `host:port`, for gRPC. tags: what Consul lets
    clients choose by. ValueError for a registry of another kind.
    """
    kind, _, url = registry.partition("+")
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{registry!r} names no registry: {_HOW}")
    if kind == "consul":
        from .consul import ConsulRegistration, consul_registry

        bare = host.strip("[]")  # Consul has addresses without the brackets of URLs
        return ConsulRegistration(service, bare, port, consul_registry(url), tags=tuple(tags))
    if kind == "etcd":
        from .etcd import EtcdRegistration
        from .registry import Registry

        before = f"{scheme}://" if scheme else ""
        return EtcdRegistration(service, f"{before}{host}:{port}", registry=Registry(url))
    raise ValueError(f"{kind!r} is no registry that is known: {_HOW}")
