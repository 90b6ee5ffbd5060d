"""Schemathesis against a generated server whose handlers answer from the schema: `judged.py FOLDER PACKAGE`.

Prints what schemathesis says; its exit code is ours.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
import time
from pathlib import Path

import uvicorn

FOLDER, PACKAGE = sys.argv[1:3]
sys.path.insert(0, FOLDER)
v1 = importlib.import_module(f"{PACKAGE}.v1")
runtime = {
    name: importlib.import_module(f"{PACKAGE}._runtime.server.{name}")
    for name in ("application", "checking", "context", "idempotency", "serving")
}
SCALARS = {"integer": 1, "number": 1.5, "boolean": True, "null": None}


def sample(schema, definitions):
    """A value that a schema has, for the schemas of this contract."""
    if schema is True or not schema:
        return {"any": "thing"}
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    for keyword in ("const", "enum"):
        if keyword in schema:
            return schema[keyword] if keyword == "const" else schema[keyword][0]
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: sample(properties[name], definitions) for name in schema.get("required", ())}
    if kind == "array":
        return [sample(schema["items"], definitions)] * schema.get("minItems", 1)
    return SCALARS.get(kind, "x" * max(1, schema.get("minLength", 0)))


def stub(checks, operation):
    """A handler that answers from the schema of its first result."""
    answer = operation.success[0]

    async def stream(value):
        yield value

    async def handler(**given):
        body = given.get("body")
        if hasattr(body, "pieces"):
            async for _ in body.pieces():
                pass
        value = None
        if answer.kind != "none":
            definitions = checks._read["schemas"]["out"]
            value = sample(
                checks.schema(operation.title, "answers", answer.status, answer.media), definitions
            )
        if answer.kind in ("events", "lines"):
            value = stream(value)
        elif answer.kind == "bytes":
            value = b"bytes"
        return runtime["context"].Reply(value, headers={"Location": "/v1/x"}, media_type=answer.media)

    return handler


class Verifier:
    async def verify(self, presented, request):
        return presented.scheme if presented.credential == "good" else None


def application():
    checks = runtime["checking"].Checks(f"{PACKAGE}.v1")
    store = runtime["idempotency"].IdempotencyStore("sqlite://")
    serving = runtime["serving"].Serving(verifier=Verifier(), debug=True, idempotency=store)
    pairs = []
    for name in ("answers", "bodies", "guards", "styles"):
        module = importlib.import_module(f"{PACKAGE}.v1.operations.{name}")
        operations = [one for key, one in vars(module).items() if key.isupper() and hasattr(one, "title")]
        pairs += [(operation, stub(checks, operation)) for operation in operations]
    return runtime["application"].create_app(runtime["serving"].routed(pairs, checks, serving, "/v1"))


# What no server can do, by what the contract's own words mean:
SETTINGS = """
[[operations]]
include-name = ["POST /forms", "POST /uploads", "GET /label/{a}/{b}/matrix/{c}/{d}"]
# one text in a form, or in a path, is an array of one: nothing tells them apart
[operations.checks]
negative_data_rejection.enabled = false

[[operations]]
include-name = "POST /payments"
# the same key with another body is refused, as the standard's draft says, whatever the schema has
[operations.checks]
positive_data_acceptance.enabled = false
"""
Path("schemathesis.toml").write_text(SETTINGS)
server = uvicorn.Server(uvicorn.Config(application(), port=0, log_level="error"))
thread = threading.Thread(target=server.run)
thread.start()
while not server.started:
    time.sleep(0.01)
port = server.servers[0].sockets[0].getsockname()[1]
command = [
    sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", f"http://127.0.0.1:{port}/v1/openapi.json",
    "--url", f"http://127.0.0.1:{port}/v1", "--max-examples", "10", "--seed", "7",
    "--phases", "examples,coverage,fuzzing", "-H", "X-Key: good", "-H", "Authorization: Bearer good", "--no-color",
    *sys.argv[3:],
]  # fmt: skip
done = subprocess.run(command, check=False)
server.should_exit = True
thread.join()
sys.exit(done.returncode)
