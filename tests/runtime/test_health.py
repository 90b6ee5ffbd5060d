"""Clients ask their instances whether they are well: processes are killed, drained, started again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest
import registries
from misbehaving import Misbehaving, drip, hang, status, took, well
from runtime.calls import Call, Dependency
from runtime.discovery import Instance
from runtime.discovery.balancing import Balancer
from runtime.discovery.consul import ConsulRegistration, consul, consul_registry
from runtime.discovery.health import HealthCheck, Watch
from runtime.discovery.static import Static
from runtime.http.judging import judge_http
from runtime.http.messages import Request
from runtime.http.transport import AsyncHttpxTransport, HttpxTransport
from runtime.policy import Policy

SOON = HealthCheck(every=0.1, patience=1.0)
SERVER = """
import signal, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
draining = []
signal.signal(signal.SIGUSR1, lambda *_: draining.append(1))
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        ready = self.path == "/health/ready"
        self.send_response(503 if ready and draining else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *_): pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


class Process:
    """A server in a process of its own, which can be killed and started again on its port."""

    def __init__(self):
        self.port = registries.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen([sys.executable, "-c", SERVER, str(self.port)])
        registries.answers(f"{self.url}/health/ready")

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def processes():
    made = [Process(), Process(), Process()]
    yield made
    for one in made:
        one.kill()


class Callers:
    """Calls a dependency without retries, in one world or the other; tells which instances were asked."""

    def __init__(self, world, discovery):
        self.world = world
        self.dependency = Dependency("shop", discovery=discovery, policy=Policy(retry=None, breaker=None))

    def asked(self, times=12):
        if self.world == "async":
            return asyncio.run(self.aasked(times))
        found, transport = [], HttpxTransport()
        for _ in range(times):
            self.dependency.call(
                Call("get", safe=True), lambda at: self.sent(transport, at, found), judge_http
            )
        transport.close()
        return set(found)

    def sent(self, transport, attempt, found):
        found.append(attempt.address)
        return transport.send(Request("GET", "/thing"), attempt)

    async def aasked(self, times):
        found, transport = [], AsyncHttpxTransport()

        async def attempt(at):
            found.append(at.address)
            return await transport.send(Request("GET", "/thing"), at)

        for _ in range(times):
            await self.dependency.acall(Call("get", safe=True), attempt, judge_http)
        await transport.aclose()
        return set(found)

    def eventually(self, expected, within=5.0):
        """Whether from some point on calls go to exactly these, each of them well."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            try:
                if self.asked() == expected:
                    return True
            except Exception:  # noqa: S110 - before it is known, a dead instance may still be asked
                pass
            time.sleep(0.05)
        return False


@pytest.mark.parametrize("world", ["sync", "async"])
def test_who_is_killed_is_left_out_and_comes_back_with_its_next_start(world, processes):
    discovery = Static(*(one.url for one in processes), health=SOON)
    callers = Callers(world, discovery)
    everybody = {one.url for one in processes}
    assert callers.eventually(everybody)
    processes[1].kill()
    assert callers.eventually(everybody - {processes[1].url})
    assert discovery.unwell() == {processes[1].url}
    began = time.monotonic()
    failures = 0
    while time.monotonic() - began < 2.5:  # longer than an instance that failed is passed over for that alone
        failures += processes[1].url in callers.asked(3)
        time.sleep(0.02)
    assert failures == 0
    processes[1].start()
    assert callers.eventually(everybody)
    assert discovery.unwell() == set()


@pytest.mark.parametrize("world", ["sync", "async"])
def test_who_drains_is_left_out_although_it_still_answers(world, processes):
    import signal

    callers = Callers(world, Static(*(one.url for one in processes), health=SOON))
    processes[0].process.send_signal(signal.SIGUSR1)
    assert callers.eventually({processes[1].url, processes[2].url})


def test_without_a_check_a_dead_instance_is_asked_again_and_again(processes):
    """What the check is for: only its absence lets calls fail."""
    callers = Callers("sync", Static(*(one.url for one in processes)))
    processes[2].kill()
    failed = 0
    for _ in range(2):
        for _ in range(3):
            try:
                callers.asked(1)
            except Exception:
                failed += 1
        time.sleep(2.1)
    assert failed == 2


def test_a_registry_and_a_check_work_together(processes):
    agent = registries.LocalAgent()
    registry = consul_registry(agent.url)
    for one in processes:
        asyncio.run(ConsulRegistration("orders", "127.0.0.1", one.port, registry, 60).register())
    callers = Callers("sync", consul("orders", registry=registry, base="/v1", health=SOON))
    everybody = {f"{one.url}/v1" for one in processes}
    assert callers.eventually(everybody)
    processes[0].kill()  # the registry does not know yet: its heartbeat lasts for a minute
    assert callers.eventually(everybody - {f"{processes[0].url}/v1"})
    agent.stop()


def ended(watch):
    """Whether a round is over, within five seconds."""
    until = time.monotonic() + 5
    while watch._known_until == 0 and time.monotonic() < until:
        time.sleep(0.01)
    return watch._known_until > 0


@pytest.mark.parametrize(
    ("behaviour", "is_well"),
    [
        (well(), True),
        (status(404), True),
        (status(401), True),
        (status(302, location="https://elsewhere.example/"), True),
        (status(500), False),
        (status(503), False),
        (hang, False),
        (drip(), False),
        (lambda _, peer: peer.close(), False),
    ],
)
def test_what_an_answer_says_of_health(behaviour, is_well):
    good, other = Misbehaving(), Misbehaving([behaviour])
    watch = Watch(HealthCheck("/ready", every=60, patience=0.3))
    instances = [Instance(f"{good.url}/v1"), Instance(f"{other.url}/v1")]
    assert watch.well(instances) == instances
    assert ended(watch)
    assert [one.address for one in watch.well(instances)] == [
        one.address for one in instances if is_well or one is instances[0]
    ]
    assert other.seen[0].line == "GET /ready HTTP/1.1"
    assert (len(good.seen), len(other.seen)) == (1, 1)
    good.stop()
    other.stop()


def test_no_call_waits_for_a_check():
    server, stuck = Misbehaving(), Misbehaving([hang])
    watch = Watch(HealthCheck(every=60, patience=0.5))
    instances = [Instance(server.url), Instance(stuck.url)]
    _, seconds = took(lambda: [watch.well(instances) for _ in range(200)])
    assert seconds < 0.2
    assert ended(watch)
    assert len(stuck.seen) == 1  # one round at a time
    server.stop()
    stuck.stop()


def test_all_are_asked_if_none_is_well_and_nobody_if_there_is_one():
    watch = Watch(HealthCheck(every=0.0, patience=0.2))
    gone = [Instance(f"http://127.0.0.1:{registries.free_port()}") for _ in range(2)]
    watch.well(gone)
    until = time.monotonic() + 5
    while len(watch.unwell()) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert watch.unwell() == {one.address for one in gone}
    assert watch.well(gone) == gone
    alone = Watch(HealthCheck(every=0.0))
    before = threading.active_count()
    assert alone.well(gone[:1]) == gone[:1]
    assert threading.active_count() == before


def test_addresses_without_http_are_not_asked():
    balancer = Balancer(health=HealthCheck(every=0.0, patience=0.2))
    instances = [Instance("127.0.0.1:1"), Instance("127.0.0.1:2")]
    assert {balancer.pick(instances).address for _ in range(20)} == {"127.0.0.1:1", "127.0.0.1:2"}
    time.sleep(0.2)
    assert balancer.unwell() == set()


def test_what_was_known_long_ago_is_forgotten(monkeypatch):
    watch = Watch(HealthCheck(every=1.0, patience=0.2))
    watch._unwell, watch._known_until = frozenset({"http://a"}), time.monotonic() + 5
    assert watch.unwell() == {"http://a"}
    watch._known_until = time.monotonic() - 1
    assert watch.unwell() == set()
