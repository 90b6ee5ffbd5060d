"""What the layers of a generated gRPC client cost: a unary call on loopback beside the bare stub of grpc.aio.

    python benchmarks/grpc_calls.py [CALLS]

Client and server are generated from the clinic's protos and run in processes of their own; calls of both
kinds are made in turns, a hundred at a time, against one server. Prints p50 and p99 of each, and their ratio.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLINIC = Path(__file__).parents[1] / "examples" / "clinic-protos"
_ROUND = 100
_SERVER = """
import asyncio, sys
from clinic_server.v1.server.appointments_service import AppointmentsServiceHandler, register
from clinic_server._runtime.grpc.server import Server, ServerSettings

class Handler(AppointmentsServiceHandler):
    async def book_appointment(self, request, context):
        return request.appointment

Handler.__abstractmethods__ = frozenset()  # the others are not called

async def main():
    server = Server(ServerSettings(address="127.0.0.1:0"))
    server.add(register(Handler()))
    print(await server.start(), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def generate(folder: str) -> None:
    """Both sides, as a user generates them."""
    import apicontract

    for target in ("grpc-client", "grpc-server"):
        [contract] = apicontract.find(str(CLINIC)).values()
        apicontract.generate(target, contract, folder)


async def measure(port: int, calls: int) -> tuple[list[float], list[float]]:
    """(seconds of each call through the layers, of each call of the bare stub)."""
    import grpc.aio
    from clinic_client.v1 import (  # type: ignore[import-not-found]  # generated just now
        Appointment,
        AsyncAppointmentsServiceClient,
        BookAppointmentRequest,
    )

    request = BookAppointmentRequest(appointment=Appointment(patient="P-7"))
    address = f"127.0.0.1:{port}"
    ours: list[float] = []
    bare: list[float] = []
    async with (
        AsyncAppointmentsServiceClient(address) as client,
        grpc.aio.insecure_channel(address) as channel,
    ):
        stub = channel.unary_unary(
            "/acme.clinic.v1.AppointmentsService/BookAppointment",
            BookAppointmentRequest.SerializeToString,
            Appointment.FromString,
        )
        for _ in range(-(-calls // _ROUND) + 2):
            for _ in range(_ROUND):
                begun = time.perf_counter()
                await client.book_appointment(request)
                ours.append(time.perf_counter() - begun)
            for _ in range(_ROUND):
                begun = time.perf_counter()
                await stub(request, timeout=2)
                bare.append(time.perf_counter() - begun)
    return ours[2 * _ROUND :], bare[2 * _ROUND :]  # the first two rounds warm up


def main() -> None:
    """Measure and print."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        sys.path.insert(0, folder)
        server = subprocess.Popen(
            [sys.executable, "-c", _SERVER], cwd=folder, stdout=subprocess.PIPE, text=True
        )
        try:
            port = int(server.stdout.readline()) if server.stdout else 0
            ours, bare = asyncio.run(measure(port, calls))
        finally:
            server.kill()
            server.wait()
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        one, other = (sorted(times)[int(len(times) * share)] * 1e6 for times in (ours, bare))
        print(f"{name}: layers {one:.0f} us, bare stub {other:.0f} us, {one / other - 1:+.0%}")


if __name__ == "__main__":
    main()
