"""A foreign client, grpcurl, asks a generated server: by reflection alone, every kind of call, errors, health, TLS."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import corpora
import pytest

import apicontract

pytestmark = pytest.mark.corpus
ROOT = Path(__file__).parents[2]
CERTIFICATES = ROOT / "tests" / "generation" / "grpc" / "certificates"
GRPCURL = ("github.com/fullstorydev/grpcurl/cmd/grpcurl", "v1.9.4")
SERVICE = "acme.clinic.v1.AppointmentsService"
PROGRAM = """
import asyncio, sys
from google.rpc import error_details_pb2
import handlers
from clinic_server import v1
from clinic_server._runtime.grpc.server import Server, ServerSettings
from clinic_server._runtime.grpc.statuses import NotFoundError
from clinic_server.v1.server import appointments_service

class Handler(handlers.AppointmentsService):
    async def get_appointment(self, request, context):
        detail = error_details_pb2.ErrorInfo(reason="NO_SUCH_APPOINTMENT", domain="clinic")
        raise NotFoundError("there is none", details=[detail])

    async def book_appointment(self, request, context):
        return v1.Appointment(patient=request.appointment.patient, state="APPOINTMENT_STATE_BOOKED")

    async def cancel_appointment(self, request, context):
        await asyncio.sleep(30)

    async def watch_appointments(self, request, context):
        for number in range(3):
            yield v1.AppointmentEvent(appointment=v1.Appointment(appointment_id=f"{request.doctor}{number}"))

    async def import_appointments(self, requests, context):
        return v1.ImportAppointmentsResponse(imported=len([one async for one in requests]))

    async def talk(self, requests, context):
        async for note in requests:
            yield v1.Note(text=note.text.upper())

async def main():
    server = Server(ServerSettings(address="127.0.0.1:0", **dict(one.split("=") for one in sys.argv[1:])))
    server.add(appointments_service.register(Handler()))
    print(await server.start(), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def grpcurl():
    """Runs it: (exit code, what it printed, what it said of errors)."""
    try:
        program = corpora.go_tool(*GRPCURL)
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))

    def run(*arguments, given=""):
        done = subprocess.run(
            [program, *arguments], input=given, capture_output=True, text=True, check=False, timeout=60
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("clinic")
    apicontract.generate("grpc-server", str(ROOT / "examples" / "clinic-protos"), str(made))
    (made / "serve.py").write_text(PROGRAM)
    return made


def serving(folder, *settings):
    process = subprocess.Popen(
        [sys.executable, "serve.py", *settings], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    return process, f"127.0.0.1:{int(process.stdout.readline())}"


def ended(process):
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def address(folder):
    process, found = serving(folder)
    yield found
    ended(process)


def values(text):
    """The JSON values that stand one after another in a text."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


def test_the_contract_is_found_by_reflection(grpcurl, address):
    _, listed, _ = grpcurl("-plaintext", address, "list")
    assert {SERVICE, "grpc.health.v1.Health"} <= set(listed.split())
    code, described, _ = grpcurl("-plaintext", address, "describe", SERVICE)
    assert code == 0
    assert "returns ( stream .acme.clinic.v1.AppointmentEvent )" in described
    assert 'option (.google.api.http) = { get: "/v1/slots" };' in described
    assert 'deadline: "1h"' in described  # of our own options too
    code, described, _ = grpcurl("-plaintext", address, "describe", "acme.clinic.v1.Slot")
    assert code == 0
    assert ".google.protobuf.Timestamp" in described  # what is imported is found too


@pytest.mark.parametrize(
    ("method", "given", "answers"),
    [
        (
            "BookAppointment",
            '{"appointment": {"patient": "P-7"}}',
            [{"patient": "P-7", "state": "APPOINTMENT_STATE_BOOKED"}],
        ),
        (
            "WatchAppointments",
            '{"doctor": "D"}',
            [{"appointment": {"appointmentId": f"D{number}"}} for number in range(3)],
        ),
        ("ImportAppointments", '{"patient": "a"} {"patient": "b"} {}', [{"imported": 3}]),
        ("Talk", '{"text": "a"} {"text": "b"}', [{"text": "A"}, {"text": "B"}]),
    ],
)
def test_every_kind_of_call(grpcurl, address, method, given, answers):
    code, said, errors = grpcurl("-plaintext", "-d", "@", address, f"{SERVICE}/{method}", given=given)
    assert (code, errors) == (0, "")
    assert values(said) == answers


def test_errors_have_their_status_and_details(grpcurl, address):
    code, _, errors = grpcurl("-plaintext", "-format-error", "-d", "{}", address, f"{SERVICE}/GetAppointment")
    assert code == 64 + 5  # NOT_FOUND
    error = json.loads(errors[errors.index("{") :])
    assert error["message"] == "there is none"
    assert error["details"][0]["reason"] == "NO_SUCH_APPOINTMENT"
    code, _, errors = grpcurl("-plaintext", "-d", "{}", address, f"{SERVICE}/ListSlots")
    assert code == 64 + 12  # UNIMPLEMENTED: its handler is as it was generated
    assert "is not implemented" in errors


def test_a_deadline_and_a_correlation_id_of_a_foreign_client(grpcurl, address):
    code, _, errors = grpcurl(
        "-plaintext", "-max-time", "0.3", "-d", "{}", address, f"{SERVICE}/CancelAppointment"
    )
    assert code == 64 + 4, errors  # DEADLINE_EXCEEDED
    code, said, _ = grpcurl(
        "-plaintext", "-v", "-H", "x-correlation-id: case-7", "-d", "{}", address, f"{SERVICE}/GetAppointment"
    )
    assert "x-correlation-id: case-7" in said


@pytest.mark.parametrize(
    ("service", "code", "said"), [("", 0, "SERVING"), (SERVICE, 0, "SERVING"), ("acme.nothing", 64 + 5, "")]
)
def test_health(grpcurl, address, service, code, said):
    asked = json.dumps({"service": service})
    found, answer, _ = grpcurl("-plaintext", "-d", asked, address, "grpc.health.v1.Health/Check")
    assert found == code
    assert [one["status"] for one in values(answer)] == ([said] if said else [])


def test_both_sides_certificates(grpcurl, folder):
    pem = {
        name: str(CERTIFICATES / name)
        for name in ("ca.pem", "server.pem", "server.key", "client.pem", "client.key")
    }
    process, found = serving(
        folder, f"certificate={pem['server.pem']}", f"key={pem['server.key']}", f"client_ca={pem['ca.pem']}"
    )
    try:
        address = found.replace("127.0.0.1", "localhost")
        known = ("-cacert", pem["ca.pem"], "-cert", pem["client.pem"], "-key", pem["client.key"])
        code, listed, _ = grpcurl(*known, address, "list")
        assert code == 0
        assert SERVICE in listed
        code, _, _ = grpcurl("-cacert", pem["ca.pem"], "-connect-timeout", "3", address, "list")
        assert code != 0
    finally:
        ended(process)


def test_a_server_without_reflection_tells_nothing(grpcurl, folder):
    process, address = serving(folder, "reflection=")
    try:
        code, _, errors = grpcurl("-plaintext", address, "list")
        assert code != 0
        assert "does not support the reflection API" in errors
    finally:
        ended(process)
