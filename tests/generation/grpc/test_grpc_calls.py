"""A generated client and a generated server over a real socket: every kind of call, and every layer under faults."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import grpc
import grpc.aio
import pytest
from calling import closed_port, handler, serving

CERTIFICATES = Path(__file__).parent / "certificates"


def test_every_kind_of_call_awaited(api) -> None:
    async def run() -> None:
        async with (
            serving(api, handler(api)) as at,
            api.messages.AsyncAppointmentsServiceClient(at.address) as client,
        ):
            booked = await client.book_appointment(
                api.messages.BookAppointmentRequest(appointment=api.messages.Appointment(patient="P-7"))
            )
            assert booked.patient == "P-7"
            events = [one async for one in client.watch_appointments(api.messages.WatchAppointmentsRequest())]
            assert [one.appointment.appointment_id for one in events] == ["0", "1", "2"]
            many = [api.messages.Appointment(appointment_id=str(number)) for number in range(4)]
            assert (await client.import_appointments(many)).imported == 4
            notes = [one.text async for one in client.talk(api.messages.Note(text=text) for text in "abc")]
            assert notes == ["A", "B", "C"]

            async def slowly():
                for text in "de":
                    await asyncio.sleep(0)
                    yield api.messages.Note(text=text)

            assert [one.text async for one in client.talk(slowly())] == ["D", "E"]

    asyncio.run(run())


def test_every_kind_of_call_waited_for(api) -> None:
    def wait(address: str) -> None:
        with api.messages.AppointmentsServiceClient(address) as client:
            booked = client.book_appointment(
                api.messages.BookAppointmentRequest(appointment=api.messages.Appointment(patient="P-7"))
            )
            assert booked.patient == "P-7"
            events = client.watch_appointments(api.messages.WatchAppointmentsRequest())
            assert [one.appointment.appointment_id for one in events] == ["0", "1", "2"]
            many = (api.messages.Appointment(appointment_id=str(number)) for number in range(4))
            assert client.import_appointments(many).imported == 4
            assert [one.text for one in client.talk(api.messages.Note(text=text) for text in "abc")] == [
                "A",
                "B",
                "C",
            ]

    async def run() -> None:
        async with serving(api, handler(api)) as at:
            await asyncio.to_thread(wait, at.address)

    asyncio.run(run())


def test_a_call_has_a_deadline_whoever_forgets_it(api) -> None:
    async def sleep(request, number):
        await asyncio.sleep(30)

    async def run() -> None:
        one = handler(api, cancel_appointment=sleep, get_appointment=sleep)
        async with serving(api, one, deadline=0.2) as at:
            async with api.messages.AsyncAppointmentsServiceClient(at.address) as client:
                begun = time.monotonic()
                with pytest.raises(api.failures.DeadlineExceeded):
                    await client.cancel_appointment(api.messages.CancelAppointmentRequest(), timeout=0.1)
                assert time.monotonic() - begun < 1
            assert one.seen[0].left == pytest.approx(0.1, abs=0.09)
            async with grpc.aio.insecure_channel(
                at.address
            ) as channel:  # a foreign client without a deadline
                path = "/acme.clinic.v1.AppointmentsService/GetAppointment"
                bare = channel.unary_unary(path, api.messages.GetAppointmentRequest.SerializeToString)
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await bare(api.messages.GetAppointmentRequest())
                assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED

    asyncio.run(run())


def test_an_inherited_deadline_bounds_the_calls_made_within_it(api) -> None:
    async def sleep(request, number):
        await asyncio.sleep(30)

    async def run() -> None:
        one = handler(api, get_appointment=sleep)
        async with serving(api, one) as at, api.messages.AsyncAppointmentsServiceClient(at.address) as client:
            begun = time.monotonic()
            with api.deadlines.within(0.15), pytest.raises(api.failures.DeadlineExceeded):
                await client.get_appointment(api.messages.GetAppointmentRequest())
            assert time.monotonic() - begun < 1
            assert (
                client.connection.dependency.circuit() == "closed"
            )  # the hurry was ours, not the server's fault

    asyncio.run(run())


def test_only_what_is_safe_is_repeated(api) -> None:
    async def flaky(request, number):
        if number < 3:
            raise api.server_statuses.UnavailableError("not yet")

    async def run() -> None:
        one = handler(api, list_slots=flaky)
        async with serving(api, one) as at, api.messages.AsyncAppointmentsServiceClient(at.address) as client:
            await client.list_slots(api.messages.ListSlotsRequest())
            assert [call.attempts for call in one.seen] == [0, 1, 2]
        other = handler(api, book_appointment=flaky)
        async with (
            serving(api, other) as at,
            api.messages.AsyncAppointmentsServiceClient(at.address) as client,
        ):
            with pytest.raises(api.statuses.UnavailableError):
                await client.book_appointment(api.messages.BookAppointmentRequest())
            assert [call.attempts for call in other.seen] == [0]

    asyncio.run(run())


def test_an_open_circuit_fails_at_once_and_closes_again(api) -> None:
    async def run() -> None:
        events = []
        settings = api.Settings(closed_port(), listeners=(events.append,))
        async with api.messages.AsyncAppointmentsServiceClient(settings) as client:
            request = api.messages.BookAppointmentRequest()
            for _ in range(3):
                with pytest.raises(api.failures.ConnectionFailed):
                    await client.book_appointment(request)
            begun = time.monotonic()
            with pytest.raises(api.failures.CircuitOpen) as caught:
                await client.book_appointment(request)
            assert time.monotonic() - begun < 0.05
            assert caught.value.attempts == 0
            assert 0 < caught.value.retry_after <= 1
        assert [one.kind for one in events] == ["failed", "failed", "failed", "circuit", "rejected"]

    asyncio.run(run())


def test_a_full_bulkhead_refuses_at_once(api) -> None:
    async def sleep(request, number):
        await asyncio.sleep(0.3)

    async def run() -> None:
        one = handler(api, book_appointment=sleep)
        async with serving(api, one) as at:
            policy = api.Policy(bulkhead=api.Bulkhead(limit=2))
            settings = api.Settings(at.address, policy=policy)
            async with api.messages.AsyncAppointmentsServiceClient(settings) as client:
                calls = [client.book_appointment(api.messages.BookAppointmentRequest()) for _ in range(5)]
                results = await asyncio.gather(*calls, return_exceptions=True)
            refused = [one for one in results if isinstance(one, api.failures.BulkheadFull)]
            assert len(refused) == 3
            assert refused[0].limit == 2
            assert len(one.seen) == 2
            assert client.connection.dependency.outstanding() == 0

    asyncio.run(run())


def test_a_stream_holds_its_place_until_it_ends(api) -> None:
    async def run() -> None:
        async with (
            serving(api, handler(api)) as at,
            api.messages.AsyncAppointmentsServiceClient(at.address) as client,
        ):
            dependency = client.connection.dependency
            async with client.watch_appointments(
                api.messages.WatchAppointmentsRequest(doctor="for ever")
            ) as stream:
                assert (await anext(stream)).appointment.appointment_id == "0"
                assert dependency.outstanding() == 1
            assert dependency.outstanding() == 0
            stream = client.watch_appointments(
                api.messages.WatchAppointmentsRequest(doctor="for ever"), timeout=0.2
            )
            with pytest.raises(api.statuses.DeadlineExceededError):
                async for _ in stream:
                    pass
            assert dependency.outstanding() == 0

    asyncio.run(run())


def test_a_server_refuses_more_than_its_limit_and_says_when_to_come_back(api) -> None:
    async def sleep(request, number):
        await asyncio.sleep(0.2)

    async def run() -> None:
        async with serving(api, handler(api, cancel_appointment=sleep), limit=1) as at:
            policy = api.Policy(retry=None)
            async with api.messages.AsyncAppointmentsServiceClient(
                api.Settings(at.address, policy=policy)
            ) as client:
                calls = [client.cancel_appointment(api.messages.CancelAppointmentRequest()) for _ in range(3)]
                results = await asyncio.gather(*calls, return_exceptions=True)
        refused = [one for one in results if isinstance(one, api.statuses.ResourceExhaustedError)]
        assert len(refused) == 2
        assert refused[0].details[0].retry_delay.seconds == 1

    asyncio.run(run())


def test_fallbacks_give_the_operations_own_type(api) -> None:
    async def run() -> None:
        async def slots(request, number):
            return api.served.ListSlotsResponse(slots=[api.served.Slot(doctor=request.doctor)])

        request = api.messages.ListSlotsRequest(doctor="D")
        async with serving(api, handler(api, list_slots=slots)) as at:
            client = api.messages.AsyncAppointmentsServiceClient(at.address)
            good = await client.list_slots(request)
        assert (
            await client.list_slots(request) == good
        )  # the server is gone; the answer is younger than five minutes
        with pytest.raises(api.failures.CallFailed):
            await client.list_slots(api.messages.ListSlotsRequest(doctor="never asked for"))
        default = api.Policy(fallback=api.Fallback.default({"appointmentId": "none"}), retry=None)
        answer = await client.get_appointment(api.messages.GetAppointmentRequest(), policy=default)
        assert answer == api.messages.Appointment(appointment_id="none")
        await client.close()

    asyncio.run(run())


def test_errors_are_statuses_with_details_and_tell_no_secrets(api, caplog) -> None:
    from google.rpc import error_details_pb2

    async def missing(request, number):
        detail = error_details_pb2.ErrorInfo(reason="NO_SUCH_APPOINTMENT", domain="clinic")
        raise api.server_statuses.NotFoundError("there is none", details=[detail])

    async def broken(request, number):
        raise KeyError("the password")

    async def run() -> None:
        one = handler(api, get_appointment=missing, cancel_appointment=broken)
        async with serving(api, one) as at, api.messages.AsyncAppointmentsServiceClient(at.address) as client:
            with pytest.raises(api.statuses.NotFoundError) as caught:
                await client.get_appointment(api.messages.GetAppointmentRequest())
            assert caught.value.message == "there is none"
            assert caught.value.details[0].reason == "NO_SUCH_APPOINTMENT"
            assert client.connection.dependency.circuit() == "closed"
            with api.correlation.under("case-7"), pytest.raises(api.statuses.InternalError) as failed:
                await client.cancel_appointment(api.messages.CancelAppointmentRequest())
            assert "password" not in str(failed.value)
            assert failed.value.metadata["x-correlation-id"] == "case-7"
            assert one.seen[-1].correlation == "case-7"
        assert "case-7" in caplog.text

    asyncio.run(run())


def test_a_server_that_ends_says_so_and_lets_calls_finish(api) -> None:
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    async def run() -> None:
        begun, may_end = asyncio.Event(), asyncio.Event()

        async def wait(request, number):
            begun.set()
            await may_end.wait()

        server = api.Server(api.ServerSettings(address="127.0.0.1:0", drain=0.5, grace=5))
        server.add(api.register(handler(api, book_appointment=wait)))
        port = await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            health = health_pb2_grpc.HealthStub(channel)
            asked = health_pb2.HealthCheckRequest(service="acme.clinic.v1.AppointmentsService")
            assert (await health.Check(asked)).status == health_pb2.HealthCheckResponse.SERVING
            async with api.messages.AsyncAppointmentsServiceClient(f"127.0.0.1:{port}") as client:
                under_way = asyncio.create_task(
                    client.book_appointment(
                        api.messages.BookAppointmentRequest(
                            appointment=api.messages.Appointment(patient="last")
                        )
                    )
                )
                await asyncio.wait_for(begun.wait(), 5)
                ending = asyncio.create_task(server.stop())
                await asyncio.sleep(0.05)
                assert (await health.Check(asked)).status == health_pb2.HealthCheckResponse.NOT_SERVING
                may_end.set()
                assert (await under_way).patient == "last"
                await ending
                with pytest.raises(api.failures.CallFailed):
                    await client.book_appointment(api.messages.BookAppointmentRequest(), timeout=0.5)

    asyncio.run(run())


def test_a_server_killed_in_the_middle_of_a_stream(api) -> None:
    async def run() -> None:
        async with serving(api, handler(api), grace=0) as at:
            client = api.messages.AsyncAppointmentsServiceClient(at.address)
            stream = client.watch_appointments(api.messages.WatchAppointmentsRequest(doctor="for ever"))
            assert [(await anext(stream)).appointment.appointment_id for _ in range(3)] == ["0", "1", "2"]
        with pytest.raises(api.statuses.StatusError):
            await anext(stream)
        assert client.connection.dependency.outstanding() == 0
        await client.close()

    asyncio.run(run())


def test_of_two_addresses_the_one_that_answers_is_asked(api) -> None:
    async def run() -> None:
        async with serving(api, handler(api)) as at:
            settings = api.Settings(
                api.Static(closed_port(), at.address), policy=api.Policy(retry=None, breaker=None)
            )
            async with api.messages.AsyncAppointmentsServiceClient(settings) as client:
                failed = 0
                for _ in range(6):
                    try:
                        await client.get_appointment(api.messages.GetAppointmentRequest())
                    except api.failures.ConnectionFailed:
                        failed += 1
        assert failed <= 1  # then the dead address rests

    asyncio.run(run())


def test_a_foreign_client_finds_the_contract_by_reflection(api) -> None:
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

    async def run() -> list[str]:
        async with serving(api, handler(api)) as at, grpc.aio.insecure_channel(at.address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)

            async def asked():
                yield reflection_pb2.ServerReflectionRequest(list_services="")
                yield reflection_pb2.ServerReflectionRequest(
                    file_containing_symbol="acme.clinic.v1.AppointmentsService"
                )

            answers = [one async for one in stub.ServerReflectionInfo(asked())]
            assert answers[1].file_descriptor_response.file_descriptor_proto
            return [one.name for one in answers[0].list_services_response.service]

    assert {"acme.clinic.v1.AppointmentsService", "grpc.health.v1.Health"} <= set(asyncio.run(run()))


def test_certificates_of_both_sides_are_asked_for(api) -> None:
    def pem(name: str) -> bytes:
        return (CERTIFICATES / name).read_bytes()

    async def run() -> None:
        settings = {
            "certificate": str(CERTIFICATES / "server.pem"),
            "key": str(CERTIFICATES / "server.key"),
            "client_ca": str(CERTIFICATES / "ca.pem"),
        }
        async with serving(api, handler(api), **settings) as at:
            address = at.address.replace("127.0.0.1", "localhost")
            known = grpc.ssl_channel_credentials(pem("ca.pem"), pem("client.key"), pem("client.pem"))
            async with api.messages.AsyncAppointmentsServiceClient(
                api.Settings(address, credentials=known)
            ) as client:
                await client.get_appointment(api.messages.GetAppointmentRequest())
            unknown = grpc.ssl_channel_credentials(pem("ca.pem"))
            settings = api.Settings(address, credentials=unknown, policy=api.Policy(retry=None))
            async with api.messages.AsyncAppointmentsServiceClient(settings) as client:
                with pytest.raises(api.failures.CallFailed):
                    await client.get_appointment(api.messages.GetAppointmentRequest(), timeout=2)

    asyncio.run(run())


def test_settings_from_the_environment(api, monkeypatch) -> None:
    monkeypatch.setenv("GRPC_LIMIT", "7")
    monkeypatch.setenv("GRPC_REFLECTION", "no")
    found = api.ServerSettings.from_environment()
    assert (found.limit, found.reflection) == (7, False)
    monkeypatch.setenv("GRPC_LIMIT", "many")
    with pytest.raises(ValueError, match="GRPC_LIMIT: 'many'"):
        api.ServerSettings.from_environment()
    with pytest.raises(ValueError, match="needs a certificate"):
        api.ServerSettings(client_ca="x").credentials()


def test_the_service_config_repeats_what_is_safe_only(api) -> None:
    import json

    client = api.messages.AppointmentsServiceClient("dns:///nowhere:1")
    config = json.loads(client.connection.service_config)
    by_name = {entry["name"][0]["method"]: entry for entry in config["methodConfig"]}
    assert by_name["ListSlots"]["retryPolicy"]["maxAttempts"] == 4
    assert "retryPolicy" not in by_name["BookAppointment"]
    assert not any("timeout" in entry for entry in by_name.values())  # it would bound what a caller asks for
    assert config["loadBalancingConfig"] == [{"round_robin": {}}]
    assert config["retryThrottling"]["maxTokens"] == 10
    watched = api.messages.AppointmentsServiceClient(api.Settings("dns:///nowhere:1", health=True))
    health = json.loads(watched.connection.service_config)["healthCheckConfig"]
    assert health == {"serviceName": "acme.clinic.v1.AppointmentsService"}
