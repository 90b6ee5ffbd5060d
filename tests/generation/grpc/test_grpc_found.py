"""What strangers found in generated clients and servers, over a real socket: each stays mended."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time

import grpc
import pytest
from calling import closed_port, handler, serving

CALL_TIME = 0.3


def client_of(api, target, **settings):
    return api.messages.AsyncAppointmentsServiceClient(api.Settings(target, **settings))


def asleep(seconds):
    async def act(request, number):
        await asyncio.sleep(seconds)

    return act


def started(folder, **variables):
    """The generated `app.py` as a process, and the first line that it logs."""
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=folder,
        env={**os.environ, **variables},
        stderr=subprocess.PIPE,
        text=True,
    )
    return process, process.stderr.readline()


def test_the_generated_program_starts_says_where_and_ends_when_it_is_asked(clinic, api):
    process, said = started(clinic, GRPC_ADDRESS="127.0.0.1:0")
    try:
        assert "serving acme.clinic.v1.AppointmentsService at 127.0.0.1:" in said
        port = int(said.rpartition(":")[2])
        with (
            api.messages.AppointmentsServiceClient(f"127.0.0.1:{port}") as client,
            pytest.raises(api.statuses.UnimplementedError),
        ):
            client.get_appointment(api.messages.GetAppointmentRequest())
        other, refused = started(clinic, GRPC_ADDRESS=f"127.0.0.1:{port}")  # two servers do not share a port
        rest = refused + other.stderr.read()
        other.stderr.close()
        assert "cannot be had" in rest
        assert other.wait(10) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stderr.close()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LIMIT", "0"), ("LIMIT", "-3"), ("DEADLINE", "nan"), ("DEADLINE", "-5"), ("DRAIN", "-1"), ("GRACE", "-1"),
     ("CERTIFICATE", "/nowhere.pem"), ("KEY", "/nowhere.pem"), ("REFLECTION", "perhaps")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_named(api, monkeypatch, variable, value):
    monkeypatch.setenv(f"GRPC_{variable}", value)
    with pytest.raises(ValueError, match=f"GRPC_{variable}"):
        api.ServerSettings.from_environment()


def test_the_callers_time_goes_before_the_contracts(api):
    async def run():
        one = handler(api, cancel_appointment=asleep(3), book_appointment=asleep(3))
        async with serving(api, one) as at, client_of(api, at.address) as client:
            begun = time.monotonic()
            await asyncio.gather(  # the contract says 2 s
                client.book_appointment(api.messages.BookAppointmentRequest(), timeout=20),
                client.cancel_appointment(api.messages.CancelAppointmentRequest(), timeout=20),
                client.book_appointment(
                    api.messages.BookAppointmentRequest(), policy=api.Policy(timeout=20, deadline=30)
                ),
            )
            assert 2.9 < time.monotonic() - begun < 6

    asyncio.run(run())


def test_one_attempt_with_a_hung_server_takes_its_own_time_and_no_more(api):
    async def run():
        one = handler(api, get_appointment=asleep(30), book_appointment=asleep(30))
        async with serving(api, one) as at:
            policy = api.Policy(
                timeout=CALL_TIME, deadline=10, retry=api.Retry(attempts=3, wait_initial=0.01)
            )
            async with client_of(api, at.address, policy=policy) as client:
                for call, request, tries in (
                    (client.get_appointment, api.messages.GetAppointmentRequest(), 3),
                    (client.book_appointment, api.messages.BookAppointmentRequest(), 1),
                ):
                    before, begun = len(one.seen), time.monotonic()
                    with pytest.raises(api.failures.AttemptTimedOut) as caught:
                        await call(request)
                    taken = time.monotonic() - begun
                    assert CALL_TIME * tries * 0.9 < taken < CALL_TIME * tries + 1.5
                    assert caught.value.attempts == tries
                    assert len(one.seen) - before == tries

    asyncio.run(run())


def test_a_hung_instance_is_left_for_one_that_answers(api):
    async def run():
        hung, well = handler(api, get_appointment=asleep(30)), handler(api)
        async with serving(api, hung) as first, serving(api, well) as second:
            policy = api.Policy(timeout=CALL_TIME, deadline=10, breaker=None)
            target = api.Static(first.address, second.address)
            async with client_of(api, target, policy=policy) as client:
                for _ in range(4):
                    await client.get_appointment(api.messages.GetAppointmentRequest())
        assert len(hung.seen) == 1
        assert len(well.seen) == 4

    asyncio.run(run())


def test_one_calls_policy_can_turn_repetitions_off(api):
    async def flaky(request, number):
        raise api.server_statuses.UnavailableError("no")

    async def run():
        one = handler(api, list_slots=flaky)
        async with serving(api, one) as at, client_of(api, at.address) as client:
            for policy, calls in ((None, 4), (api.Policy(retry=None), 1)):
                before = len(one.seen)
                with pytest.raises(api.statuses.UnavailableError):
                    await client.list_slots(api.messages.ListSlotsRequest(), policy=policy)
                assert len(one.seen) - before == calls

    asyncio.run(run())


def test_nobody_gets_an_answer_that_was_given_to_somebody_else(api):
    async def run():
        async def slots(request, number):
            return api.served.ListSlotsResponse(slots=[api.served.Slot(doctor="alice's")])

        request = api.messages.ListSlotsRequest(doctor="D")
        async with serving(api, handler(api, list_slots=slots)) as at:
            client = client_of(api, at.address)
            alice = [("authorization", "Bearer alice")]
            good = await client.list_slots(request, metadata=alice)
        assert await client.list_slots(request, metadata=alice) == good  # the server is gone
        for metadata in ((), [("authorization", "Bearer bob")]):
            with pytest.raises(api.failures.CallFailed):
                await client.list_slots(request, metadata=metadata)
        await client.close()

    asyncio.run(run())


def test_a_cancelled_stream_ends_its_handler_there_and_then_without_a_word(api, caplog):
    ended = []

    class Watched(type(handler(api))):
        async def watch_appointments(self, request, context):
            try:
                while True:
                    yield api.served.AppointmentEvent()
                    await asyncio.sleep(0.01)
            finally:
                ended.append(asyncio.current_task().cancelling())

    async def run():
        one = Watched()
        one.seen = []
        async with serving(api, one, limit=5) as at, client_of(api, at.address) as client:
            for _ in range(12):  # more than the limit: each gives back its place
                async with client.watch_appointments(api.messages.WatchAppointmentsRequest()) as stream:
                    await anext(stream)
            for _ in range(100):
                if len(ended) == 12:
                    break
                await asyncio.sleep(0.02)

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert len(ended) == 12
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "way",
    ["a wrong type", "an illegal key", "a text that is none", "the caller's iterator", "too large an answer"],
)
def test_the_callers_own_mistakes_leave_the_circuit_closed(api, way):
    async def large(request, number):
        return api.served.Appointment(patient="x" * 5_000_000)

    async def mine():
        yield api.messages.Appointment()
        raise KeyError("mine")

    async def made(client):
        request = api.messages.BookAppointmentRequest()
        if way == "a wrong type":
            with pytest.raises(TypeError):
                await client.book_appointment("hello")
        elif way == "an illegal key":
            with pytest.raises(ValueError, match="no key of metadata"):
                await client.book_appointment(request, metadata=[("Bad Key", "x")])
        elif way == "a text that is none":
            with pytest.raises(ValueError, match="must be a text"):
                await client.book_appointment(request, metadata=[("key", "naïve")])
        elif way == "the caller's iterator":
            with pytest.raises(KeyError, match="mine"):
                await client.import_appointments(mine())
            with pytest.raises(KeyError, match="mine"):
                async for _ in client.talk(mine()):
                    pass
        else:
            with pytest.raises(api.statuses.ResourceExhaustedError, match="CLIENT: "):
                await client.book_appointment(request)

    async def run():
        one = handler(api, book_appointment=large) if way == "too large an answer" else handler(api)
        async with serving(api, one) as at, client_of(api, at.address) as client:
            for _ in range(4):  # three failures would open it
                await made(client)
            assert client.connection.circuit("BookAppointment") == "closed"
            await client.get_appointment(api.messages.GetAppointmentRequest())
            assert client.connection.outstanding() == 0

    asyncio.run(run())


def test_mistakes_of_an_iterator_that_is_waited_for(api):
    def mine():
        yield api.messages.Appointment()
        raise KeyError("mine")

    def wait(address):
        with api.messages.AppointmentsServiceClient(address) as client:
            for _ in range(4):
                with pytest.raises(KeyError, match="mine"):
                    client.import_appointments(mine())
                with pytest.raises(TypeError):
                    client.import_appointments(None)
            assert client.connection.circuit() == "closed"

    async def run():
        async with serving(api, handler(api)) as at:
            await asyncio.to_thread(wait, at.address)

    asyncio.run(run())


def test_a_stream_lasts_beyond_the_time_of_one_attempt(api):
    async def run():
        one = handler(api)
        async with serving(api, one) as at:
            policy = api.Policy(timeout=0.2, deadline=20)
            async with client_of(api, at.address, policy=policy) as client:

                async def notes():
                    for text in "abc":
                        yield api.messages.Note(text=text)
                        await asyncio.sleep(0.3)

                assert [one.text async for one in client.talk(notes())] == ["A", "B", "C"]
                begun = time.monotonic()
                with pytest.raises(api.statuses.DeadlineExceededError) as caught:
                    request = api.messages.WatchAppointmentsRequest(doctor="for ever")
                    async for _ in client.watch_appointments(request, timeout=0.5):
                        pass
                assert 0.4 < time.monotonic() - begun < 2
                assert "WatchAppointments" in str(caught.value)

    asyncio.run(run())


def test_state_is_told_of_the_circuit_and_compartment_that_the_contract_names(api):
    async def run():
        client = client_of(api, closed_port())
        for _ in range(3):
            with pytest.raises(api.failures.ConnectionFailed):
                await client.book_appointment(api.messages.BookAppointmentRequest())
        assert client.connection.circuit() == "open"
        assert client.connection.circuit("BookAppointment") == "open"
        assert client.connection.dependency.circuit() == "open"
        await client.close()
        async with serving(api, handler(api)) as at, client_of(api, at.address) as other:
            async with other.watch_appointments(
                api.messages.WatchAppointmentsRequest(doctor="for ever")
            ) as stream:
                await anext(stream)
                assert other.connection.outstanding() == 1
                assert other.connection.outstanding("WatchAppointments") == 1
            assert other.connection.outstanding() == 0

    asyncio.run(run())


def test_a_client_that_cannot_be_is_refused_when_it_is_made(api):
    make = api.messages.AppointmentsServiceClient
    with pytest.raises(ValueError, match="has no method 'BookApointment'"):
        make(api.Settings("a:1", policies={"BookApointment": api.Policy()}))
    with pytest.raises(TypeError, match="an address or a discovery"):
        make(None)
    with pytest.raises(ValueError, match="the default answer of ListSlots is none"):
        make(
            api.Settings(
                "a:1", policies={"ListSlots": api.Policy(fallback=api.Fallback.default({"nope": 1}))}
            )
        )
    client = make("a:1")
    with pytest.raises(ValueError, match="not a number"):
        client.book_appointment(api.messages.BookAppointmentRequest(), timeout=float("nan"))
    client.close()
    with pytest.raises(ValueError, match="closed"):
        client.book_appointment(api.messages.BookAppointmentRequest())


@pytest.mark.parametrize(
    ("mistake", "status"),
    [
        (TimeoutError("the database"), "InternalError"),
        (OSError(110, "timed out"), "InternalError"),
        (KeyError("x"), "InternalError"),
    ],
)
def test_a_handlers_own_timeout_is_not_the_calls(api, caplog, mistake, status):
    async def failing(request, number):
        raise mistake

    async def run():
        async with (
            serving(api, handler(api, book_appointment=failing)) as at,
            client_of(api, at.address) as client,
        ):
            with pytest.raises(getattr(api.statuses, status)):
                await client.book_appointment(api.messages.BookAppointmentRequest())

    asyncio.run(run())
    assert "failed (correlation" in caplog.text


def test_only_a_handler_itself_is_not_implemented(api, caplog):
    async def library(request, number):
        raise NotImplementedError("in a library")

    class Unwritten(type(handler(api))):
        async def get_appointment(self, request, context):
            raise NotImplementedError

    async def run():
        one = Unwritten()
        one.seen = []
        async with serving(api, one) as at, client_of(api, at.address) as client:
            with pytest.raises(api.statuses.UnimplementedError):
                await client.get_appointment(api.messages.GetAppointmentRequest())
        async with (
            serving(api, handler(api, book_appointment=library)) as at,
            client_of(api, at.address) as client,
        ):
            with pytest.raises(api.statuses.InternalError):
                await client.book_appointment(api.messages.BookAppointmentRequest())

    asyncio.run(run())
    assert "in a library" in caplog.text


def test_details_that_no_client_would_read_are_left_out_and_the_status_stays(api):
    from google.rpc import error_details_pb2

    async def many(request, number):
        violation = error_details_pb2.BadRequest.FieldViolation(field="a", description="x" * 50)
        detail = error_details_pb2.BadRequest(field_violations=[violation] * 500)
        raise api.server_statuses.InvalidArgumentError("many", details=[detail])

    async def run():
        async with (
            serving(api, handler(api, book_appointment=many)) as at,
            client_of(api, at.address) as client,
        ):
            with pytest.raises(api.statuses.InvalidArgumentError) as caught:
                await client.book_appointment(api.messages.BookAppointmentRequest())
            assert caught.value.message == "many"
            assert caught.value.details == ()

    asyncio.run(run())


def test_a_handler_may_end_a_call_itself(api):
    class Ending(type(handler(api))):
        async def watch_appointments(self, request, context):
            yield api.served.AppointmentEvent()
            await context.abort(grpc.StatusCode.ABORTED, "as I like")

    async def run():
        one = Ending()
        one.seen = []
        async with serving(api, one) as at, client_of(api, at.address) as client:
            with pytest.raises(api.statuses.AbortedError, match="as I like"):
                async for _ in client.watch_appointments(api.messages.WatchAppointmentsRequest()):
                    pass

    asyncio.run(run())


def test_a_handler_passes_on_deadline_and_correlation_and_lets_errors_through(api):
    async def run():
        upstream = handler(api, get_appointment=fails(api.server_statuses.NotFoundError("not here")))
        async with serving(api, upstream) as behind, client_of(api, behind.address) as inner:

            async def asks(request, number):
                return await inner.get_appointment(api.messages.GetAppointmentRequest())

            front = handler(api, book_appointment=asks)
            async with serving(api, front) as at, client_of(api, at.address) as client:
                with (
                    api.correlation.under("case-9"),
                    pytest.raises(api.statuses.NotFoundError, match="not here"),
                ):
                    await client.book_appointment(api.messages.BookAppointmentRequest(), timeout=1.5)
            assert 0.5 < upstream.seen[0].left < 1.6  # grpc's core rounds what it sends up; without it 10 s
            assert upstream.seen[0].correlation == "case-9"

        gone = client_of(api, closed_port())

        async def asks_nobody(request, number):
            return await gone.get_appointment(api.messages.GetAppointmentRequest())

        async with (
            serving(api, handler(api, book_appointment=asks_nobody)) as at,
            client_of(api, at.address, policy=api.Policy(breaker=None)) as client,
        ):
            for _ in range(4):
                with pytest.raises(api.statuses.UnavailableError):
                    await client.book_appointment(api.messages.BookAppointmentRequest())
            with pytest.raises(api.statuses.UnavailableError, match="a dependency is down") as caught:
                await client.book_appointment(api.messages.BookAppointmentRequest())
            assert caught.value.details[0].retry_delay.nanos > 0
        await gone.close()

    asyncio.run(run())


def fails(error):
    async def act(request, number):
        raise error

    return act
