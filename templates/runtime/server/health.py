"""Liveness and readiness: whether a process is to be restarted, and whether it is to be sent requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from fastapi import APIRouter
from starlette.responses import Response

Check = Callable[[], Awaitable[bool]]


class Health:
    """What the process says of itself.

    `checks` are asked for readiness, each for at most `patience` seconds.
    """

    def __init__(self, checks: Mapping[str, Check] | None = None, *, patience: float = 2.0) -> None:
        self.checks = dict(checks or {})
        self.draining = False
        self._patience = patience

    async def ready(self) -> dict[str, bool]:
        """Each check with its outcome; `draining` is one of them."""
        names = list(self.checks)
        outcomes = await asyncio.gather(*(self._asked(self.checks[name]) for name in names))
        return {"serving": not self.draining, **dict(zip(names, outcomes, strict=True))}

    async def _asked(self, check: Check) -> bool:
        with suppress(Exception):  # what raises is not well
            return await asyncio.wait_for(check(), self._patience)
        return False

    def router(self) -> APIRouter:
        """`/health/live` and `/health/ready`: 200, or 503 with what is not well."""
        router = APIRouter()

        async def live() -> Response:
            return _said({"alive": True})

        async def ready() -> Response:
            return _said(await self.ready())

        for path, endpoint in (("/health/live", live), ("/health/ready", ready)):
            router.add_api_route(
                path, endpoint, methods=["GET"], include_in_schema=False, response_model=None
            )
        return router


def _said(outcomes: Mapping[str, bool]) -> Response:
    well = all(outcomes.values())
    body = json.dumps({"status": "pass" if well else "fail", "checks": dict(outcomes)})
    return Response(body, 200 if well else 503, {"cache-control": "no-store"}, "application/health+json")
