"""A client and a server generated from the clinic's protos, importable for the whole session."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from apicontract.formats.proto import FORMAT
from apicontract.generation.grpc.target import Making, grpc_tree, package_called
from apicontract.generation.rendering import Templates
from apicontract.generation.tree import write
from apicontract.sources import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLINIC = Path(__file__).parents[3] / "examples" / "clinic-protos"


def _generate(source: str, side: str, out: Path, *, includes: tuple[str, ...] = (), **options: str) -> Path:
    [contract] = FORMAT.find([source], ReadOptions(includes=includes), _fail).values()
    making = Making(side, options.get("package") or package_called(contract, side), "1.2.3")  # type: ignore[arg-type]
    write(grpc_tree(contract, making, Templates("grpc")), str(out))
    return out


def _fail(error: Exception) -> None:
    raise error


@pytest.fixture(scope="session")
def generate() -> Callable[..., Path]:
    """Generates a side of the protos of a folder into another."""
    return _generate


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with `clinic_client`, `clinic_server` and the scaffold; it is on the path."""
    out = tmp_path_factory.mktemp("clinic")
    _generate(str(CLINIC), "client", out)
    _generate(str(CLINIC), "server", out)
    sys.path.insert(0, str(out))
    yield out
    sys.path.remove(str(out))
    for name in [one for one in sys.modules if one.partition(".")[0] in ("clinic_client", "clinic_server")]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def api(clinic):
    """The names that a user imports."""
    import clinic_client.v1 as messages
    from clinic_client._runtime import correlation, deadlines, failures
    from clinic_client._runtime.discovery.consul import consul, consul_registry
    from clinic_client._runtime.discovery.etcd import etcd
    from clinic_client._runtime.discovery.registry import Registry
    from clinic_client._runtime.discovery.static import Static
    from clinic_client._runtime.grpc import statuses
    from clinic_client._runtime.grpc.client import Settings
    from clinic_client._runtime.policy import Breaker, Bulkhead, Fallback, Policy, Retry
    from clinic_server import v1 as served
    from clinic_server._runtime import deadlines as server_deadlines
    from clinic_server._runtime.correlation import current
    from clinic_server._runtime.discovery.announcing import registration_at
    from clinic_server._runtime.discovery.consul import ConsulRegistration
    from clinic_server._runtime.discovery.registration import registered
    from clinic_server._runtime.grpc import statuses as server_statuses
    from clinic_server._runtime.grpc.server import Server, ServerSettings
    from clinic_server.v1.server.appointments_service import AppointmentsServiceHandler, register

    return SimpleNamespace(**locals())
