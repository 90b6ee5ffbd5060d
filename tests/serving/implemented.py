"""Handlers for the contract that has everything: they tell what they were given. Imported once it is generated."""

from __future__ import annotations

import asyncio
import threading

from every_server import v1
from every_server._runtime.failures import CircuitOpen, ConnectionFailed
from every_server._runtime.http.streams import ServerEvent
from every_server._runtime.server.application import create_app
from every_server._runtime.server.context import Reply
from every_server._runtime.server.health import Health
from every_server._runtime.server.idempotency import IdempotencyStore
from every_server._runtime.server.problems import Failure
from every_server._runtime.server.serving import Serving


class Styles(v1.StylesHandler):
    async def simple(self, *, id, list, obj, context):
        return {"id": id, "list": list, "obj": type(obj).__name__, "x": obj.x, "y": obj.y}

    async def labelled(self, *, a, b, c, d, context):
        return {"a": a, "b": b.model_dump(), "c": c, "d": d}

    async def queries(self, *, request_context=None, **given):
        return {name: value for name, value in given.items() if name != "context_2"}

    async def fixed(self, *, context):
        return "fixed"

    async def variable(self, *, id, context):
        return f"variable {id}"


class Bodies(v1.BodiesHandler):
    async def create_account(self, *, body, context):
        if body.name == "taken":
            raise Failure(409, "There is one of that name.", hint="another")
        return Reply(v1.models.Account(id=1, name=body.name), headers={"Location": "/v1/accounts/1"})

    async def put_tree(self, *, body=None, context):
        return body or v1.models.Tree(name="none")

    async def send_form(self, *, body, context):
        return body.model_dump(exclude_unset=True)

    async def upload(self, *, body, context):
        return {
            "size": len(body.file),
            "more": [len(one) for one in body.more or []],
            "count": body.count,
            "meta": body.meta.model_dump() if body.meta else None,
            "name": context.files["file"][0].filename,
        }

    async def put_blob(self, *, name, body, context):
        size = 0
        async for piece in body.pieces():
            size += len(piece)
        if str(size) != name:
            raise Failure(400, f"{size} bytes came")


class Answers(v1.AnswersHandler):
    async def get_blob(self, *, name, context):
        async def pieces():
            for _ in range(int(name)):
                yield b"x" * 1000

        return pieces()

    async def events(self, *, context):
        async def pieces():
            yield ServerEvent("one\ntwo", id="7")
            yield {"three": 3}

        return pieces()

    async def lines(self, *, context):
        async def pieces():
            for number in range(3):
                yield v1.models.Point(x=number, y=1)

        return pieces()

    async def either(self, *, context):
        return "text" if context.accept == "text/plain" else v1.models.Point(x=1, y=2)

    async def old(self, *, context):
        return None

    async def wrong(self, *, how, context):
        if how == "value":
            return v1.models.Point(x=1, y=1000)
        if how == "status":
            return Reply(v1.models.Point(x=1, y=1), status=299)
        if how == "circuit":
            raise CircuitOpen("down", 7.5)
        if how == "connection":
            raise ConnectionFailed("10.0.0.1 refused")
        raise KeyError("internal detail")


class Guards(v1.GuardsHandler):
    def __init__(self):
        self.release = threading.Event()
        self.waiting = 0
        self.cancelled = False
        self.paid = 0
        self.remaining = None

    async def busy(self, *, context):
        self.waiting += 1
        while not self.release.is_set():
            await asyncio.sleep(0.005)

    async def slow(self, *, context):
        self.remaining = context.remaining
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def secret(self, *, context):
        return {"who": context.principal}

    async def both_secret(self, *, context):
        return None

    async def public(self, *, context):
        return {"who": context.principal}

    async def pay(self, *, idempotency_key, body, context):
        if body.x == 500:
            raise RuntimeError("nothing was paid")
        self.paid += 1
        await asyncio.sleep(0.1)
        return {"number": self.paid}


class Verifier:
    async def verify(self, presented, request):
        if presented.credential == "weak":
            raise Failure(403, "This is not enough.")
        good = presented.credential == "good"
        return f"{presented.kind}:{presented.user}:{','.join(presented.scopes)}" if good else None


class World:
    def __init__(self):
        self.guards = Guards()
        self.well = True
        serving = Serving(
            verifier=Verifier(), idempotency=IdempotencyStore("sqlite://"), debug=True, largest=200_000
        )

        async def check():
            if self.well is None:
                await asyncio.sleep(30)
            return self.well

        self.health = Health({"database": check}, patience=0.1)
        self.app = create_app(
            v1.router(
                answers=Answers(), bodies=Bodies(), guards=self.guards, styles=Styles(), serving=serving
            ),
            health=self.health,
        )
