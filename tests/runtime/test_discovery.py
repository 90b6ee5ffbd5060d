"""Discovery and registration against registries: real ones where they are installed."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
import registries
from misbehaving import Misbehaving, took
from runtime.calls import Call, Dependency
from runtime.discovery import Instance
from runtime.discovery.balancing import Balancer
from runtime.discovery.consul import ConsulRegistration, consul, consul_registry
from runtime.discovery.dns import dns
from runtime.discovery.etcd import EtcdRegistration, etcd
from runtime.discovery.refreshed import Refreshed
from runtime.discovery.registration import registered
from runtime.discovery.registry import Registry
from runtime.failures import CallFailed, ConnectionFailed, MalformedAnswer, NoInstances
from runtime.http.judging import judge_http
from runtime.http.messages import Request
from runtime.http.transport import HttpxTransport
from runtime.policy import Policy, Retry

NO_ETCD = "no etcd here: install Debian's etcd-server, or name the program in ETCD"
NO_CONSUL = "no consul here: name the program in CONSUL"


class EtcdWorld:
    def __init__(self, folder):
        self.server = registries.Etcd(folder)
        self.registry = Registry(self.server.url)

    def discovery(self, **options):
        return etcd("orders", registry=self.registry, **options)

    def registration(self, port, ttl=2.0):
        return EtcdRegistration("orders", f"http://127.0.0.1:{port}", registry=self.registry, ttl=ttl)

    def forget(self):
        self.registry.ask("POST", "/v3/kv/deleterange", {"key": "AA==", "range_end": "AA=="})
        for lease in self.registry.ask("POST", "/v3/lease/leases", {}).get("leases", []):
            self.registry.ask("POST", "/v3/lease/revoke", {"ID": lease["ID"]})


class ConsulWorld:
    def __init__(self, server):
        self.server = server
        self.registry = consul_registry(server.url)

    def discovery(self, **options):
        return consul("orders", registry=self.registry, **options)

    def registration(self, port, ttl=1.0):
        return ConsulRegistration("orders", "127.0.0.1", port, self.registry, ttl)

    def forget(self):
        for entry in self.registry.ask("GET", "/v1/health/service/orders"):
            self.registry.ask("PUT", f"/v1/agent/service/deregister/{entry['Service']['ID']}")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("etcd", marks=pytest.mark.skipif(not registries.etcd_binary(), reason=NO_ETCD)),
        pytest.param("consul", marks=pytest.mark.skipif(not registries.consul_binary(), reason=NO_CONSUL)),
        "consul's endpoints",
    ],
)
def world(request, tmp_path_factory):
    if request.param == "etcd":
        one = EtcdWorld(tmp_path_factory.mktemp("etcd"))
    elif request.param == "consul":
        one = ConsulWorld(registries.Consul(tmp_path_factory.mktemp("consul")))
    else:
        one = ConsulWorld(registries.LocalAgent())
    yield one
    one.server.stop()


def ports(discovery, times=6):
    found = set()
    for _ in range(times):
        instance = discovery.pick()
        found.add(int(instance.address.rpartition(":")[2]))
        discovery.done(instance, well=True)
    return found


def eventually(check, within=6.0):
    until = time.monotonic() + within
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.05)
    return False


def known(world):
    try:
        return ports(world.discovery(every=0.0))
    except NoInstances:
        return set()


def test_who_registers_is_found_and_who_leaves_is_not(world):
    async def run():
        async with registered(world.registration(8001)), registered(world.registration(8002)):
            assert known(world) == {8001, 8002}
            assert {(await world.discovery().apick()).address} <= {
                "http://127.0.0.1:8001",
                "http://127.0.0.1:8002",
            }
        assert known(world) == set()

    asyncio.run(run())


def test_heartbeats_keep_an_instance_and_their_end_drops_it(world):
    async def run():
        registration = world.registration(8003)
        async with registered(registration):
            await asyncio.sleep(registration.ttl * 1.6)
            assert known(world) == {8003}
        await registration.register()  # and then it dies: no heartbeat, no farewell

    asyncio.run(run())
    assert known(world) == {8003}
    assert eventually(lambda: known(world) == set())
    world.forget()


def test_who_was_forgotten_registers_again(world):
    async def run():
        async with registered(world.registration(8004)):
            world.forget()
            assert known(world) == set()
            for _ in range(60):
                await asyncio.sleep(0.05)
                if known(world) == {8004}:
                    return True
        return False

    assert asyncio.run(run())


def test_what_is_known_lasts_while_the_registry_is_down():
    agent = registries.LocalAgent()
    world = ConsulWorld(agent)
    asyncio.run(world.registration(8005, ttl=60).register())
    discovery = world.discovery(every=0.0)
    assert ports(discovery, 1) == {8005}
    agent.stop()
    assert ports(discovery, 1) == {8005}
    assert isinstance(discovery.failure, ConnectionFailed)
    assert asyncio.run(discovery.apick()).address == "http://127.0.0.1:8005"
    with pytest.raises(ConnectionFailed):
        world.discovery().pick()
    with pytest.raises(ConnectionFailed):
        asyncio.run(world.discovery().apick())


def test_a_server_starts_although_the_registry_is_down_and_is_registered_later():
    agent = registries.LocalAgent()
    world = ConsulWorld(agent)

    async def run():
        agent.token = "none may"  # noqa: S105 - of a registry in this process
        async with registered(world.registration(8006, ttl=0.3)):
            assert not agent.services
            agent.token = ""
            await asyncio.sleep(0.3)
            assert len(agent.services) == 1
        assert not agent.services

    asyncio.run(run())
    agent.stop()


def test_the_registry_is_asked_as_seldom_as_was_said():
    agent = registries.LocalAgent("secret")
    registry = consul_registry(agent.url, token="secret")
    asyncio.run(ConsulRegistration("orders", "127.0.0.1", 1, registry, tags=("blue",)).register())
    discovery = consul("orders", registry=registry, tag="blue", every=60, base="/v1")
    assert {discovery.pick().address for _ in range(50)} == {"http://127.0.0.1:1/v1"}
    assert agent.asked == 2
    with pytest.raises(NoInstances):
        consul("orders", registry=registry, tag="green").pick()
    with pytest.raises(MalformedAnswer, match="403"):
        consul("orders", registry=consul_registry(agent.url)).pick()
    agent.stop()


def test_calls_go_round_the_instances_and_past_one_that_is_down():
    servers = [Misbehaving(), Misbehaving()]
    agent = registries.LocalAgent()
    registry = consul_registry(agent.url)
    for port in (servers[0].port, servers[1].port, registries.free_port()):
        asyncio.run(ConsulRegistration("orders", "127.0.0.1", port, registry, 60).register())
    one = Dependency(
        "orders", discovery=consul("orders", registry=registry), policy=Policy(retry=Retry(3, 0.001, 0.001))
    )
    transport = HttpxTransport()
    for _ in range(12):
        one.call(Call("a", safe=True), lambda at: transport.send(Request("GET", "/"), at), judge_http)
    assert sum(len(server.seen) for server in servers) == 12
    assert min(len(server.seen) for server in servers) >= 4
    transport.close()
    for server in (*servers, agent):
        server.stop()


def test_the_least_busy_instance_is_asked():
    balancer = Balancer("least_outstanding")
    instances = [Instance("a"), Instance("b"), Instance("c")]
    first = balancer.pick(instances)
    second = balancer.pick(instances)
    third = balancer.pick(instances)
    assert {first.address, second.address, third.address} == {"a", "b", "c"}
    balancer.done(second, well=True)
    assert balancer.pick(instances) == second
    assert balancer.outstanding(second) == 1
    with pytest.raises(NoInstances):
        balancer.pick([])


def test_an_instance_that_failed_is_passed_over_unless_there_is_no_other():
    balancer = Balancer()
    instances = [Instance("a"), Instance("b")]
    chosen = balancer.pick(instances)
    balancer.done(chosen, well=False)
    others = {balancer.pick(instances).address for _ in range(6)}
    assert others == {"a", "b"} - {chosen.address}
    assert balancer.pick([chosen]) == chosen


def test_names_are_resolved(monkeypatch):
    def resolve(host, port, **_):
        assert (host, port) == ("orders", 8080)
        return [
            (socket.AF_INET, 1, 6, "", (address, port)) for address in ("10.0.0.2", "10.0.0.1", "10.0.0.1")
        ] + [(socket.AF_INET6, 1, 6, "", ("fd00::1", port, 0, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    discovery = dns("http://orders:8080/v1/")
    addresses = {discovery.pick().address for _ in range(6)}
    assert addresses == {"http://10.0.0.1:8080/v1", "http://10.0.0.2:8080/v1", "http://[fd00::1]:8080/v1"}
    assert asyncio.run(dns("orders:8080").apick()).address in (
        "10.0.0.1:8080",
        "10.0.0.2:8080",
        "[fd00::1]:8080",
    )


def test_names_that_cannot_be():
    for address, why in (("https://orders", "Static"), ("orders", "no port"), ("http://:80", "no host")):
        with pytest.raises(ValueError, match=why):
            dns(address)
    with pytest.raises(ConnectionFailed):
        dns("http://name.invalid:1").pick()
    assert dns("http://localhost").pick().address.endswith(":80")


def test_one_thread_asks_and_the_others_do_not_wait():
    class Slow:
        name = "slow"
        asked = 0

        def fetch(self):
            self.asked += 1
            if self.asked > 1:
                time.sleep(0.3)
            return (Instance("a"),)

        async def afetch(self):
            return self.fetch()

    import threading

    source = Slow()
    discovery = Refreshed(source, every=0.0)
    discovery.pick()
    asking = threading.Thread(target=discovery.pick)
    asking.start()
    time.sleep(0.05)
    _, seconds = took(discovery.pick)
    assert seconds < 0.1
    asking.join()
    assert source.asked == 2


@pytest.mark.parametrize("body", ["[1]", "{}", '[{"Service": {}}]', "no", "null"])
def test_answers_that_are_none_are_told(body, server):
    from misbehaving import well

    server.script = [well(body.encode())]
    with pytest.raises(CallFailed):
        consul("orders", registry=consul_registry(server.url)).pick()
    if body != "{}":
        with pytest.raises(CallFailed):
            etcd("orders", registry=Registry(server.url)).pick()
