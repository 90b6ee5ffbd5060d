"""The application around the routers: correlation, traces, problems for what no route answers, start and end.

`run` serves it: on SIGTERM the process first says that it is not ready, for as long as load balancers need
to see it, then ends what it has begun and stops.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from .. import correlation, telemetry
from .health import Health
from .problems import Failure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from types import FrameType

    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def create_app(
    *routers: APIRouter,
    title: str = "API",
    health: Health | None = None,
    around: Sequence[Callable[[], AbstractAsyncContextManager[object]]] = (),
) -> FastAPI:
    """An application of the routers of one or more versions.

    `around` are contexts that are entered when the application starts and left when it ends, in turn:
    connections, a registration with a registry. The application's `state.health` says whether it is well.
    """
    own = health or Health()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for one in around:
                await stack.enter_async_context(one())
            try:
                yield
            finally:
                own.draining = True

    app = FastAPI(title=title, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.health = own
    app.include_router(own.router())
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(HTTPException, _problem)
    app.add_middleware(Envelope)
    return app


async def _problem(_: Request, error: Exception) -> Response:
    """Errors of the framework, 404 and 405 among them, as problems."""
    if not isinstance(error, HTTPException):
        raise error
    return Failure(error.status_code, headers=error.headers).response()


class Envelope:
    """Around every request: its correlation id, in the context and in the answer, and its span."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        id_ = correlation.taken(carrier.get(correlation.HEADER.lower()))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = (correlation.HEADER.lower().encode(), id_.encode())
                message["headers"] = [*message.get("headers", ()), own]
            await send(message)

        name = f"{scope['method']} {scope['path']}"
        with correlation.under(id_), telemetry.span(name, {}, kind="server", carrier=carrier):
            await self._app(scope, receive, told)


def run(
    app: FastAPI, *, host: str = "127.0.0.1", port: int = 8000, drain: float = 5.0, grace: int = 30
) -> None:
    """Serves until SIGTERM or SIGINT.

    `drain` seconds not ready but answering, then at most `grace` to finish.
    """
    server = _Draining(
        uvicorn.Config(app, host=host, port=port, timeout_graceful_shutdown=grace, server_header=False),
        app.state.health,
        drain,
    )
    server.run()


class _Draining(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, health: Health, drain: float) -> None:
        super().__init__(config)
        self._health = health
        self._drain = drain

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._health.draining or sig == signal.SIGINT or self._drain <= 0:
            super().handle_exit(sig, frame)
            return
        self._health.draining = True
        loop = asyncio.get_running_loop()
        loop.call_later(self._drain, super().handle_exit, sig, frame)
