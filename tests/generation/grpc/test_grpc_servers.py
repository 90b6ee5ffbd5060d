"""A generated server as a program, with what its project brings, and as one that calls others."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import grpc
import grpc.aio
import pytest
from calling import handler, serving

ORDERS = """
syntax = "proto3";
package acme.orders.{version};
message Order {{ string id = 1; }}
service Orders {{
  rpc Get(Order) returns (Order);
  rpc {more}(Order) returns (stream Order);
}}
"""
HANDLERS = """
import asyncio
from orders_server import v1, v2
from orders_server.v1 import OrdersHandler as First
from orders_server.v2 import OrdersHandler as Second

class OrdersV1(First):
    async def get(self, request, context):
        return v1.Order(id="one")
    async def watch(self, request, context):
        yield v1.Order(id="one")

class OrdersV2(Second):
    async def get(self, request, context):
        return v2.Order(id="two")
    async def follow(self, request, context):
        yield v2.Order(id="two")
"""


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory, generate) -> Path:
    """The project of a server with two majors of a service."""
    top = tmp_path_factory.mktemp("orders")
    for version, more in (("v1", "Watch"), ("v2", "Follow")):
        path = top / "in" / "acme" / "orders" / version / "orders.proto"
        path.parent.mkdir(parents=True)
        path.write_text(ORDERS.format(version=version, more=more), "utf-8")
    return generate(str(top / "in"), "server", top / "out")


@contextmanager
def running(folder: Path, **settings: str):
    """`python app.py` in a folder: its port and its process."""
    environment = {**os.environ, "GRPC_ADDRESS": "127.0.0.1:0", "GRPC_GRACE": "1", **settings}
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                found = re.search(r" at 127\.0\.0\.1:(\d+)$", line.strip())
                if found:
                    break
            else:
                pytest.fail(f"it did not start: {''.join(said)}")
            yield SimpleNamespace(port=int(found[1]), process=process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, process.stderr.read()


def test_the_program_starts_and_each_major_has_a_handler_of_its_own(orders: Path) -> None:
    scaffolded = (orders / "handlers.py").read_text("utf-8")
    try:
        (orders / "handlers.py").write_text(HANDLERS, "utf-8")
        with running(orders) as one, grpc.insecure_channel(f"127.0.0.1:{one.port}") as channel:
            for version, answer in (("v1", b"\n\x03one"), ("v2", b"\n\x03two")):
                call = channel.unary_unary(f"/acme.orders.{version}.Orders/Get")
                assert call(b"", timeout=10) == answer
    finally:
        (orders / "handlers.py").write_text(scaffolded, "utf-8")


def test_the_scaffold_of_two_majors_is_clean_and_says_what_is_not_written_yet(orders: Path) -> None:
    """With what its own `dev` dependencies are."""
    for command in (["mypy", "--strict", "--cache-dir", ".mypy", "."], ["ruff", "check", "--isolated", "."]):
        run = subprocess.run(
            [sys.executable, "-m", *command], cwd=orders, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout
    with running(orders) as one, grpc.insecure_channel(f"127.0.0.1:{one.port}") as channel:
        with pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary("/acme.orders.v2.Orders/Get")(b"", timeout=10)
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"GRPC_LIMIT": "0"}, "GRPC_LIMIT: 0 "),
        ({"GRPC_LIMIT": "many"}, "GRPC_LIMIT: 'many' "),
        ({"GRPC_DEADLINE": "nan"}, "GRPC_DEADLINE: nan "),
        ({"GRPC_CLIENT_CA": "ca.pem"}, "GRPC_CLIENT_CA: needs a certificate"),
        ({"GRPC_CERTIFICATE": "none.pem", "GRPC_KEY": "none.pem"}, "GRPC_KEY: none.pem cannot be read"),
    ],
)
def test_settings_that_make_no_sense_are_named(orders: Path, settings: dict[str, str], said: str) -> None:
    run = _refused(orders, {"GRPC_ADDRESS": "127.0.0.1:0", **settings})
    assert f"the server cannot start: {said}" in run


def test_an_address_that_is_in_use_is_refused(orders: Path) -> None:
    with running(orders) as one:
        address = f"127.0.0.1:{one.port}"
        assert f"the address {address} cannot be had" in _refused(orders, {"GRPC_ADDRESS": address})


def _refused(folder: Path, settings: dict[str, str]) -> str:
    run = subprocess.run(
        [sys.executable, "app.py"],
        cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    return run.stderr


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (lambda failures: failures.CircuitOpen("it failed", 3.0), "UNAVAILABLE", "a dependency is down"),
        (lambda failures: failures.ConnectionFailed("no way"), "UNAVAILABLE", "a dependency does not answer"),
        (lambda failures: failures.BulkheadFull("full", 3), "UNAVAILABLE", "a dependency does not answer"),
        (lambda failures: failures.DeadlineExceeded("late"), "DEADLINE_EXCEEDED", "the deadline is over"),
        (lambda _: ValueError("secret"), "INTERNAL", "the server failed"),
    ],
)
def test_what_another_packages_client_raises_is_no_defect_of_the_server(api, failure, code, said) -> None:
    raised = failure(api.failures)

    async def fail(request, number):
        raise raised

    async def run() -> None:
        async with (
            serving(api, handler(api, get_appointment=fail)) as at,
            grpc.aio.insecure_channel(at.address) as channel,
        ):
            call = channel.unary_unary("/acme.clinic.v1.AppointmentsService/GetAppointment")
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(b"", timeout=5)
        assert caught.value.code().name == code
        assert said in caught.value.details()
        if code == "UNAVAILABLE" and "down" in said:
            [wait] = api.statuses.of_rpc_error(caught.value).details
            assert wait.retry_delay.seconds == 3

    asyncio.run(run())
