"""Generated servers register themselves with Consul and etcd, and generated clients find them there, faults and all."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager

import pytest
import registries
from calling import handler

SERVICE = "clinic"
TTL = 1.0


class EtcdWorld:
    def __init__(self, folder):
        self.server = registries.Etcd(folder)
        self.name = f"etcd+{self.server.url}"

    def found(self, api):
        return api.etcd(SERVICE, registry=api.Registry(self.server.url), every=0.0)

    def known(self, api):
        return {one.address for one in self.found(api)._source.fetch()}

    def forget(self, api):
        api.Registry(self.server.url).ask("POST", "/v3/kv/deleterange", {"key": "AA==", "range_end": "AA=="})
        for lease in api.Registry(self.server.url).ask("POST", "/v3/lease/leases", {}).get("leases", []):
            api.Registry(self.server.url).ask("POST", "/v3/lease/revoke", {"ID": lease["ID"]})


class ConsulWorld:
    def __init__(self, server):
        self.server = server
        self.name = f"consul+{server.url}"

    def found(self, api, **options):
        return api.consul(
            SERVICE, registry=api.consul_registry(self.server.url), scheme="", every=0.0, **options
        )

    def known(self, api, **options):
        return {one.address for one in self.found(api, **options)._source.fetch()}

    def forget(self, api):
        registry = api.consul_registry(self.server.url)
        for entry in registry.ask("GET", f"/v1/health/service/{SERVICE}"):
            registry.ask("PUT", f"/v1/agent/service/deregister/{entry['Service']['ID']}")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("etcd", marks=pytest.mark.skipif(not registries.etcd_binary(), reason="no etcd here: name it in ETCD")),
        pytest.param("consul", marks=pytest.mark.skipif(not registries.consul_binary(), reason="no consul here: name it in CONSUL")),
        "consul's endpoints",
    ],
)  # fmt: skip
def world(request, tmp_path_factory):
    if request.param == "etcd":
        one = EtcdWorld(tmp_path_factory.mktemp("etcd"))
    elif request.param == "consul":
        one = ConsulWorld(registries.Consul(tmp_path_factory.mktemp("consul")))
    else:
        one = ConsulWorld(registries.LocalAgent())
    yield one
    one.server.stop()


def registration(api, world, host, port):
    """What the scaffold makes, with short heartbeats."""
    made = api.registration_at(world.name, SERVICE, host, port, scheme="", tags=("blue",))
    if isinstance(made, api.ConsulRegistration):
        return api.ConsulRegistration(SERVICE, host, port, made.registry, TTL, made.tags)
    made.ttl = TTL
    return made


@asynccontextmanager
async def registered(api, world, one, *, port=0):
    """The address of a server that registers itself as the scaffold does, with short heartbeats."""
    settings = api.ServerSettings(
        address=f"127.0.0.1:{port}", registry=world.name, grace=0.2, drain=0.1, advertised="127.0.0.1"
    )

    def around(bound):
        return api.registered(registration(api, world, *settings.advertised_at(bound)))

    server = api.Server(settings, around=[around])
    server.add(api.register(one))
    await server.start()
    try:
        yield f"127.0.0.1:{server.port}", server
    finally:
        await server.stop()


def answering(api, name):
    async def slots(request, number):
        return api.served.ListSlotsResponse(slots=[api.served.Slot(doctor=name)])

    return handler(api, list_slots=slots)


async def eventually(check, within=8.0):
    until = time.monotonic() + within
    while time.monotonic() < until:
        if await asyncio.to_thread(check):
            return True
        await asyncio.sleep(0.05)
    return False


async def asked(api, client, times):
    """(who answered how often, how often nobody did)."""
    answers, failed = Counter(), 0
    for _ in range(times):
        try:
            answer = await client.list_slots(api.messages.ListSlotsRequest())
            answers[answer.slots[0].doctor] += 1
        except api.failures.CallFailed:
            failed += 1
    return answers, failed


def test_calls_go_to_those_who_are_registered_and_to_nobody_who_has_left(api, world):
    async def run():
        policy = api.Policy(retry=None, breaker=None, timeout=1)
        async with registered(api, world, answering(api, "one")) as (first, _):
            second = registered(api, world, answering(api, "two"))
            address, _ = await second.__aenter__()
            assert await asyncio.to_thread(world.known, api) == {first, address}
            settings = api.Settings(world.found(api), policy=policy)
            async with api.messages.AsyncAppointmentsServiceClient(settings) as client:
                answers, failed = await asked(api, client, 20)
                assert failed == 0
                assert min(answers["one"], answers["two"]) >= 8

                leaving = asyncio.create_task(second.__aexit__(None, None, None))  # while calls go on
                answers, failed = await asked(api, client, 60)
                await leaving
                assert failed == 0  # it is taken out before it stops to answer
                assert await asyncio.to_thread(world.known, api) == {first}
                answers, failed = await asked(api, client, 20)
                assert (answers, failed) == ({"one": 20}, 0)
        assert await asyncio.to_thread(world.known, api) == set()

    asyncio.run(run())


def test_a_server_that_died_is_passed_over_and_then_forgotten(api, world):
    async def run():
        async with registered(api, world, answering(api, "one")) as (first, _):
            died = api.Server(api.ServerSettings(address="127.0.0.1:0", grace=0))
            died.add(api.register(answering(api, "two")))
            await registration(api, world, "127.0.0.1", await died.start()).register()
            settings = api.Settings(world.found(api), policy=api.Policy(breaker=None, retry=None, timeout=1))
            async with api.messages.AsyncAppointmentsServiceClient(settings) as client:
                answers, failed = await asked(api, client, 4)
                assert (answers, failed) == ({"one": 2, "two": 2}, 0)
                await died.stop()  # it answers nobody, and beats no more, without a farewell
                answers, failed = await asked(api, client, 20)
                assert answers["one"] >= 18
                assert failed <= 2  # the first call finds it dead, and it is passed over from then on
                assert await eventually(lambda: world.known(api) == {first})
                answers, failed = await asked(api, client, 20)
                assert (answers, failed) == ({"one": 20}, 0)

    asyncio.run(run())


def test_a_registry_that_lost_everything_is_told_again(api, world):
    async def run():
        async with registered(api, world, answering(api, "one")) as (first, _):
            await asyncio.to_thread(world.forget, api)
            assert await eventually(lambda: world.known(api) == {first})

    asyncio.run(run())


def test_the_generated_program_registers_itself_and_leaves_when_it_is_asked_to_end(clinic, api, world):
    environment = {
        **os.environ,
        "GRPC_ADDRESS": "127.0.0.1:0",
        "GRPC_REGISTRY": world.name,
        "GRPC_ADVERTISED": "127.0.0.1",
    }
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=clinic, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stderr.readline()
        while "serving" not in line:
            assert line, "it ended"
            line = process.stderr.readline()
        address = line.strip().rpartition(" at ")[2]
        assert world.known(api) == {address}
        if isinstance(world, ConsulWorld):
            assert world.known(api, tag="acme.clinic.v1.AppointmentsService") == {address}
            assert world.known(api, tag="acme.other.v1.Service") == set()
        with (
            api.messages.AppointmentsServiceClient(world.found(api)) as client,
            pytest.raises(api.statuses.UnimplementedError),
        ):
            client.get_appointment(api.messages.GetAppointmentRequest())
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stderr.close()
    assert world.known(api) == set()


@pytest.mark.parametrize(
    ("registry", "advertised", "said"),
    [
        ("zookeeper+http://127.0.0.1:1", "10.0.0.7", "no registry that is known"),
        ("consul", "10.0.0.7", "names no registry"),
        ("etcd+http://127.0.0.1:1", "", "advertised: say at which host"),
        ("etcd+http://127.0.0.1:1", "host:http", "'http' is no port"),
    ],
)
def test_what_is_no_registry_is_said_before_anything_is_served(clinic, registry, advertised, said):
    variables = {"GRPC_ADDRESS": "0.0.0.0:0", "GRPC_REGISTRY": registry, "GRPC_ADVERTISED": advertised}
    run = subprocess.run(
        [sys.executable, "app.py"], cwd=clinic, env={**os.environ, **variables},
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert run.returncode == 1
    assert said.lower() in run.stderr.lower()
    assert "Traceback" not in run.stderr


def test_where_a_server_is_found(api):
    for address, advertised, port, found in (
        ("10.0.0.1:50051", "", 50051, ("10.0.0.1", 50051)),
        ("0.0.0.0:0", "orders", 7000, ("orders", 7000)),
        ("0.0.0.0:50051", "orders:8443", 50051, ("orders", 8443)),
        ("[::]:50051", "[fd00::1]:9", 50051, ("[fd00::1]", 9)),
        ("[::]:50051", "[fd00::1]", 50051, ("[fd00::1]", 50051)),
    ):
        assert api.ServerSettings(address=address, advertised=advertised).advertised_at(port) == found


def test_a_server_starts_and_ends_although_its_registry_is_down(api, caplog):
    class Nowhere:
        name = "etcd+http://127.0.0.1:1"

    async def run():
        begun = time.monotonic()
        async with (
            registered(api, Nowhere, answering(api, "one")) as (address, _),
            api.messages.AsyncAppointmentsServiceClient(address) as client,
        ):
            answers, failed = await asked(api, client, 3)
            assert (answers, failed) == ({"one": 3}, 0)
        assert time.monotonic() - begun < 5

    asyncio.run(run())
    assert "not registered yet" in caplog.text
