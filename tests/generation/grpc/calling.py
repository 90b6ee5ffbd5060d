"""Handlers of the clinic that answer as told, and servers of them."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from types import SimpleNamespace


def handler(api, **behaviour):
    """A handler that answers as told, and remembers what it was called with."""
    seen = []

    class Handler(api.AppointmentsServiceHandler):
        async def _answer(self, name, request, context):
            left = api.server_deadlines.remaining()
            attempts = dict(context.invocation_metadata()).get("grpc-previous-rpc-attempts", "0")
            seen.append(
                SimpleNamespace(name=name, left=left, attempts=int(attempts), correlation=api.current())
            )
            act = behaviour.get(name)
            return await act(request, len(seen)) if act is not None else None

        async def list_slots(self, request, context):
            return await self._answer("list_slots", request, context) or api.served.ListSlotsResponse()

        async def get_appointment(self, request, context):
            return await self._answer("get_appointment", request, context) or api.served.Appointment()

        async def book_appointment(self, request, context):
            return await self._answer("book_appointment", request, context) or request.appointment

        async def cancel_appointment(self, request, context):
            return await self._answer("cancel_appointment", request, context) or api.served.Appointment()

        async def watch_appointments(self, request, context):
            await self._answer("watch_appointments", request, context)
            for number in range(3):
                yield api.served.AppointmentEvent(
                    appointment=api.served.Appointment(appointment_id=str(number))
                )
            if request.doctor == "for ever":
                await asyncio.sleep(30)

        async def import_appointments(self, requests, context):
            ids = [one.appointment_id async for one in requests]
            return api.served.ImportAppointmentsResponse(imported=len(ids))

        async def talk(self, requests, context):
            async for note in requests:
                yield api.served.Note(text=note.text.upper())

    one = Handler()
    one.seen = seen
    return one


@asynccontextmanager
async def serving(api, one, **settings):
    """The address of a server with that handler."""
    server = api.Server(api.ServerSettings(address="127.0.0.1:0", **{"grace": 0.2, **settings}))
    server.add(api.register(one))
    port = await server.start()
    try:
        yield SimpleNamespace(address=f"127.0.0.1:{port}", server=server)
    finally:
        await server.stop()


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"
