from __future__ import annotations

import asyncio
import json

import pytest
from misbehaving import Misbehaving
from runtime.calls import Call, Dependency
from runtime.discovery.static import Static
from runtime.failures import MalformedAnswer
from runtime.http.errors import StatusError
from runtime.http.judging import judge_http
from runtime.http.messages import Request
from runtime.http.transport import AsyncHttpxTransport, HttpxTransport
from runtime.policy import Policy


@pytest.fixture
def server():
    one = Misbehaving()
    yield one
    one.stop()


def read(response):
    if response.status >= 400:
        raise StatusError(response)
    try:
        return json.loads(response.body)
    except ValueError as error:
        raise MalformedAnswer(f"the body is no JSON: {error}") from error


class Caller:
    """Calls the server through all layers, in one world or the other, with the same words."""

    def __init__(self, url, policy, world, *others):
        self.world = world
        self.events = []
        self.dependency = Dependency(
            "shop", discovery=Static(url, *others), policy=policy, listeners=[self.events.append]
        )
        self.transport = HttpxTransport() if world == "sync" else AsyncHttpxTransport()

    def call(self, *, safe=True, method="GET", body=None, policy=None, **options):
        request = Request(method, "/thing", content=body)
        call = Call("getThing", safe=safe)
        if self.world == "sync":
            return self.dependency.call(
                call,
                lambda attempt: read(self.transport.send(request, attempt)),
                judge_http,
                policy=policy,
                **options,
            )
        return asyncio.run(self.acall(request, call, policy, options))

    async def acall(self, request, call, policy, options):
        async def attempt(attempt):
            return read(await self.transport.send(request, attempt))

        try:
            return await self.dependency.acall(call, attempt, judge_http, policy=policy, **options)
        finally:
            await self.transport._client.aclose()  # a connection belongs to its event loop
            self.transport = AsyncHttpxTransport()

    def kinds(self):
        return [event.kind for event in self.events]

    def close(self):
        if self.world == "sync":
            self.transport.close()


@pytest.fixture(params=["sync", "async"])
def caller(request, server):
    made = []

    def make(policy=None, *others, **options):
        made.append(Caller(options.pop("url", server.url), policy or Policy(), request.param, *others))
        return made[-1]

    yield make
    for one in made:
        one.close()
