"""Each layer is seen to act, in order, with numbers, against a server that misbehaves."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
from misbehaving import (
    Misbehaving,
    drip,
    drip_body,
    half,
    hang,
    held,
    nonsense,
    reset,
    slow,
    status,
    took,
    well,
)
from runtime import deadlines
from runtime.calls import Call, Dependency
from runtime.discovery.static import Static
from runtime.failures import (
    AttemptTimedOut,
    BulkheadFull,
    CircuitOpen,
    ConnectionFailed,
    DeadlineExceeded,
    MalformedAnswer,
)
from runtime.http.errors import StatusError
from runtime.http.judging import judge_http
from runtime.http.messages import Request
from runtime.http.transport import AsyncHttpxTransport, HttpxTransport
from runtime.policy import Breaker, Bulkhead, Fallback, Policy, Retry

QUICK = Retry(attempts=3, wait_initial=0.01, wait_max=0.02)
ONCE = Policy(retry=None, breaker=None)


def test_a_good_answer_takes_one_attempt(server, caller):
    one = caller()
    assert one.call() == {"ok": True}
    assert len(server.seen) == 1
    assert one.dependency.outstanding() == 0
    assert one.events == []


# --- timeout


@pytest.mark.parametrize(
    "behaviour", [hang, slow(5), drip(), drip_body()], ids=["hang", "slow", "drip", "drip body"]
)
def test_an_attempt_ends_on_time_whatever_the_server_does(server, caller, behaviour):
    server.script = [behaviour]
    failure, seconds = took(lambda: caller(ONCE.override(timeout=0.3)).call())
    assert isinstance(failure, AttemptTimedOut)
    assert 0.25 < seconds < 0.6
    assert "getThing of shop" in str(failure)
    assert failure.attempts == 1


def test_a_late_sign_of_life_gives_no_more_time(server, caller):
    def act(_, peer):
        time.sleep(0.45)
        peer.sendall(b"HTTP/1.1 200 OK\r\nX-Long: x")
        server.stopped.wait(5)

    server.script = [act]
    failure, seconds = took(lambda: caller(ONCE.override(timeout=0.5)).call())
    assert isinstance(failure, AttemptTimedOut)
    assert seconds < 0.8


def test_refused_connections_fail_at_once_and_say_so(server, caller):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    failure, seconds = took(lambda: caller(ONCE, url=f"http://127.0.0.1:{port}").call())
    assert isinstance(failure, ConnectionFailed)
    assert failure.unsent
    assert seconds < 0.3


@pytest.mark.parametrize("behaviour", [reset, half, nonsense], ids=["reset", "half", "nonsense"])
def test_a_broken_connection_is_a_failed_connection(server, caller, behaviour):
    server.script = [behaviour]
    failure, _ = took(lambda: caller(ONCE).call())
    assert isinstance(failure, ConnectionFailed)
    assert not failure.unsent


def test_a_body_that_is_none_is_malformed(server, caller):
    server.script = [well(b"<html>")]
    failure, _ = took(lambda: caller(ONCE).call())
    assert isinstance(failure, MalformedAnswer)


# --- retry


@pytest.mark.parametrize(
    "behaviour",
    [status(500), status(503), status(429), status(408), reset, half, nonsense, well(b"{")],
    ids=["500", "503", "429", "408", "reset", "half", "nonsense", "malformed"],
)
def test_failures_are_tried_again_until_an_answer_comes(server, caller, behaviour):
    server.script = [behaviour, behaviour, well()]
    one = caller(Policy(retry=QUICK))
    assert one.call() == {"ok": True}
    assert len(server.seen) == 3
    assert one.kinds() == ["failed", "retry", "failed", "retry"]


def test_attempts_are_counted_and_the_last_failure_is_raised(server, caller):
    server.script = [status(500, b'{"title": "down"}', media="application/problem+json")]
    failure, _ = took(lambda: caller(Policy(retry=QUICK)).call())
    assert isinstance(failure, StatusError)
    assert failure.status == 500
    assert failure.problem.title == "down"
    assert failure.attempts == 3
    assert len(server.seen) == 3
    assert str(failure) == "getThing of shop: status 500: down (after 3 attempts)"


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 422, 501])
def test_what_blames_the_caller_is_not_tried_again(server, caller, code):
    server.script = [status(code)]
    one = caller(Policy(retry=QUICK, breaker=Breaker(failures=1)))
    failure, _ = took(one.call)
    assert failure.status == code
    assert len(server.seen) == 1
    assert one.dependency.circuit() == "closed"


def test_what_is_not_safe_is_not_tried_again(server, caller):
    server.script = [status(503)]
    failure, _ = took(lambda: caller(Policy(retry=QUICK)).call(safe=False, method="POST", body=b"{}"))
    assert failure.status == 503
    assert len(server.seen) == 1


def test_what_never_left_is_tried_again_even_if_it_is_not_safe(server, caller):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    one = caller(Policy(retry=QUICK), server.url, url=f"http://127.0.0.1:{port}")
    for _ in range(4):
        assert one.call(safe=False, method="POST", body=b"{}") == {"ok": True}
    assert "retry" in one.kinds()


def test_retry_after_is_honoured(server, caller):
    server.script = [status(503, Retry_After="1"), well()]
    answer, seconds = took(lambda: caller(Policy(retry=QUICK)).call())
    assert answer == {"ok": True}
    assert 0.98 < seconds < 1.5


def test_a_wait_that_does_not_fit_into_the_deadline_is_not_begun(server, caller):
    server.script = [status(503, Retry_After="60")]
    failure, seconds = took(lambda: caller(Policy(retry=QUICK, deadline=5)).call())
    assert failure.status == 503
    assert seconds < 0.5


def test_the_budget_bounds_retries_across_calls(server, caller):
    server.script = [status(500)]
    one = caller(Policy(retry=Retry(3, 0.001, 0.001, budget=3, refund=0.1), breaker=None))
    for _ in range(5):
        took(one.call)
    assert len(server.seen) == 5 + 3


def test_answers_refill_the_budget(server, caller):
    one = caller(Policy(retry=Retry(2, 0.001, 0.001, budget=1, refund=0.5), breaker=None))
    server.script = [status(500), status(500), status(500), well()]
    took(one.call)  # two attempts: the one retry is spent
    took(one.call)  # one attempt
    assert len(server.seen) == 3
    one.call()
    one.call()  # two answers give back one retry
    server.script = [status(500)]
    took(one.call)
    assert len(server.seen) == 3 + 2 + 2


# --- breaker


def test_an_open_circuit_fails_at_once_and_sends_nothing(server, caller):
    server.script = [status(500)]
    one = caller(Policy(retry=None, breaker=Breaker(failures=3, recovery=30)))
    for _ in range(3):
        took(one.call)
    assert one.dependency.circuit() == "open"
    failure, seconds = took(one.call)
    assert isinstance(failure, CircuitOpen)
    assert 29 < failure.retry_after <= 30
    assert len(server.seen) == 3
    limit = 0.005 if one.world == "sync" else 0.1  # starting an event loop is part of the call here
    assert seconds < limit
    assert one.kinds()[-1] == "rejected"


def test_each_attempt_counts_and_an_open_circuit_ends_the_retries(server, caller):
    server.script = [status(500)]
    one = caller(Policy(retry=Retry(10, 0.01, 0.01), breaker=Breaker(failures=3)))
    failure, _ = took(one.call)
    assert failure.status == 500
    assert len(server.seen) == 3
    assert isinstance(took(one.call)[0], CircuitOpen)
    assert len(server.seen) == 3


def test_a_circuit_closes_after_one_good_probe(server, caller):
    server.script = [status(500), status(500), well()]
    one = caller(Policy(retry=None, breaker=Breaker(failures=2, recovery=0.1)))
    took(one.call)
    took(one.call)
    assert one.dependency.circuit() == "open"
    time.sleep(0.12)
    assert one.call() == {"ok": True}
    assert one.dependency.circuit() == "closed"
    assert [event.reason for event in one.events if event.kind == "circuit"] == [
        "open",
        "half-open",
        "closed",
    ]


def test_a_bad_probe_opens_it_again(server, caller):
    server.script = [status(500)]
    one = caller(Policy(retry=None, breaker=Breaker(failures=2, recovery=0.1)))
    took(one.call)
    took(one.call)
    time.sleep(0.12)
    took(one.call)
    assert one.dependency.circuit() == "open"
    assert isinstance(took(one.call)[0], CircuitOpen)
    assert len(server.seen) == 3


def test_only_one_call_probes(server):
    one = Dependency(
        "shop",
        discovery=Static(server.url),
        policy=Policy(retry=None, breaker=Breaker(failures=1, recovery=0.05)),
    )
    transport = HttpxTransport()
    open_, goes_on = threading.Event(), threading.Event()

    def fails(attempt):
        raise ConnectionFailed("down")

    def waits(attempt):
        open_.set()
        goes_on.wait(5)
        return "well"

    took(lambda: one.call(Call("a", safe=False), fails, judge_http))
    time.sleep(0.06)
    answers = []
    probe = threading.Thread(
        target=lambda: answers.append(one.call(Call("b", safe=False), waits, judge_http))
    )
    probe.start()
    open_.wait(5)
    second, _ = took(lambda: one.call(Call("c", safe=False), waits, judge_http))
    assert isinstance(second, CircuitOpen)
    goes_on.set()
    probe.join()
    assert answers == ["well"]
    assert one.circuit() == "closed"
    transport.close()


def test_who_began_before_it_opened_says_nothing_of_a_circuit_that_probes(server):
    one = Dependency(
        "shop",
        discovery=Static(server.url),
        policy=Policy(retry=None, breaker=Breaker(failures=1, recovery=0.05)),
    )
    release = threading.Event()

    def fails(attempt):
        raise ConnectionFailed("down")

    def fails_late(attempt):
        release.wait(5)
        raise ConnectionFailed("down")

    def probes(attempt):
        release.set()
        late.join()
        assert one.circuit() == "half-open"
        return "well"

    late = threading.Thread(
        target=lambda: took(lambda: one.call(Call("late", safe=False), fails_late, judge_http))
    )
    late.start()
    while not one.outstanding():
        time.sleep(0.005)
    took(lambda: one.call(Call("a", safe=False), fails, judge_http))
    time.sleep(0.06)
    assert one.call(Call("b", safe=False), probes, judge_http) == "well"
    assert one.circuit() == "closed"


def test_a_caller_in_a_hurry_does_not_open_the_circuit_for_others(server, caller):
    server.script = [hang]
    one = caller(Policy(retry=None, breaker=Breaker(failures=1), timeout=5))
    with deadlines.within(0.05):
        failure, seconds = took(one.call)
    assert isinstance(failure, DeadlineExceeded)
    assert seconds < 0.4
    assert one.dependency.circuit() == "closed"


# --- bulkhead


def test_what_is_too_much_is_refused_at_once_in_threads(server):
    release = threading.Event()
    server.script = [held(release)]
    one = Dependency("shop", discovery=Static(server.url), policy=Policy(bulkhead=Bulkhead(3), retry=QUICK))
    transport = HttpxTransport()
    outcomes = []

    def call():
        outcomes.append(
            took(
                lambda: one.call(
                    Call("a", safe=True), lambda at: transport.send(Request("GET", "/"), at), judge_http
                )
            )
        )

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    while len(outcomes) < 7:
        time.sleep(0.01)
    assert one.outstanding() == 3
    assert all(isinstance(outcome, BulkheadFull) and seconds < 0.2 for outcome, seconds in outcomes)
    assert {outcome.limit for outcome, _ in outcomes} == {3}
    release.set()
    for thread in threads:
        thread.join()
    assert len(server.seen) == 3
    assert one.outstanding() == 0
    transport.close()


def test_what_is_too_much_is_refused_at_once_in_tasks(server):
    release = threading.Event()
    server.script = [held(release)]
    one = Dependency("shop", discovery=Static(server.url), policy=Policy(bulkhead=Bulkhead(3)))

    async def run():
        transport = AsyncHttpxTransport()

        async def call():
            return await one.acall(
                Call("a", safe=True), lambda at: transport.send(Request("GET", "/"), at), judge_http
            )

        tasks = [asyncio.create_task(call()) for _ in range(10)]
        await asyncio.wait(tasks, timeout=0.3)
        assert one.outstanding() == 3
        refused = [task.exception() for task in tasks if task.done()]
        assert len(refused) == 7
        assert all(isinstance(error, BulkheadFull) for error in refused)
        release.set()
        await asyncio.wait(tasks)
        await transport.aclose()

    asyncio.run(run())
    assert len(server.seen) == 3
    assert one.outstanding() == 0


def test_a_cancelled_task_gives_its_place_back_and_blames_nobody(server):
    server.script = [hang]
    one = Dependency("shop", discovery=Static(server.url), policy=Policy(breaker=Breaker(failures=1)))

    async def run():
        transport = AsyncHttpxTransport()
        task = asyncio.create_task(
            one.acall(Call("a", safe=True), lambda at: transport.send(Request("GET", "/"), at), judge_http)
        )
        await asyncio.sleep(0.1)
        assert one.outstanding() == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await transport.aclose()

    asyncio.run(run())
    assert one.outstanding() == 0
    assert one.circuit() == "closed"


def test_a_stream_keeps_its_place_until_it_is_closed(server):
    one = Dependency("shop", discovery=Static(server.url), policy=Policy(bulkhead=Bulkhead(1)))
    transport = HttpxTransport()

    def stream():
        return one.call(
            Call("a", safe=True), lambda at: transport.stream(Request("GET", "/"), at), judge_http
        )

    with stream() as first:
        assert one.outstanding() == 1
        assert isinstance(took(stream)[0], BulkheadFull)
        assert first.read() == b'{"ok": true}'
    first.close()
    assert one.outstanding() == 0
    stream().close()
    assert one.outstanding() == 0
    transport.close()


# --- deadline


def test_the_deadline_bounds_all_attempts_together(server, caller):
    server.script = [hang]
    one = caller(Policy(timeout=0.2, deadline=0.5, retry=Retry(10, 0.01, 0.01), breaker=None))
    failure, seconds = took(one.call)
    assert isinstance(failure, DeadlineExceeded)
    assert 0.4 < seconds < 0.8
    assert 2 <= len(server.seen) <= 3


def test_a_deadline_travels_and_the_earlier_one_counts(server, caller):
    with deadlines.within(1.0):
        caller(Policy(timeout=5, deadline=20)).call()
    granted = deadlines.from_header(server.seen[0].header("request-timeout"))
    assert 0.5 < granted <= 1.0
    assert deadlines.remaining() is None


def test_nothing_is_sent_after_the_deadline(server, caller):
    with deadlines.within(0.0):
        failure, _ = took(caller().call)
    assert isinstance(failure, DeadlineExceeded)
    assert failure.attempts == 0
    assert server.seen == []


# --- fallback


def test_a_failure_that_is_raised_is_not_its_own_cause(server, caller):
    for code in (404, 500):
        server.script = [status(code)]
        failure, _ = took(caller(Policy(retry=None)).call)
        assert failure.__cause__ is not failure


def test_a_default_stands_in_for_a_failure_but_not_for_a_refusal(server, caller):
    policy = Policy(retry=None, fallback=Fallback.default([1]))
    server.script = [status(500), status(404)]
    one = caller(policy)
    assert one.call(revive=tuple) == (1,)
    assert one.kinds()[-1] == "fallback"
    assert took(one.call)[0].status == 404


def test_a_default_stands_in_when_the_circuit_is_open(server, caller):
    server.script = [status(500)]
    one = caller(Policy(retry=None, breaker=Breaker(failures=1), fallback=Fallback.default("calm")))
    assert [one.call(), one.call(), one.call()] == ["calm"] * 3
    assert len(server.seen) == 1


def test_the_last_good_answer_stands_in_while_it_is_young(server, caller):
    server.script = [well(), status(500)]
    one = caller(Policy(retry=None, breaker=None, fallback=Fallback.cached(0.4)))
    first = one.call(cache_key="a")
    first["ok"] = "changed by the caller"
    second = one.call(cache_key="a")
    assert second == {"ok": True}
    second["ok"] = "changed by another"
    assert one.call(cache_key="a") == {"ok": True}
    assert took(lambda: one.call(cache_key="b"))[0].status == 500
    time.sleep(0.45)
    assert took(lambda: one.call(cache_key="a"))[0].status == 500


# --- one dependency, many policies


def test_a_policy_of_one_call_overrides_and_leaves_no_trace(server, caller):
    server.script = [status(500)]
    one = caller(Policy(retry=QUICK, breaker=None))
    took(lambda: one.call(policy=one.dependency.policy.override(retry=None)))
    assert len(server.seen) == 1
    took(one.call)
    assert len(server.seen) == 4


def test_another_instance_is_asked_after_a_failure(server, caller):
    second = Misbehaving()
    server.script, second.script = [status(500)], [well()]
    one = caller(Policy(retry=QUICK), second.url)
    for _ in range(6):
        assert one.call() == {"ok": True}
    assert len(server.seen) == 1
    second.stop()
