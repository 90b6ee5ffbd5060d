"""What a generated client costs: import, first call, and every call beside bare httpx on loopback.

python benchmarks/generated_client.py [CONTRACT]

Without a contract, GitHub's ghes-3.18. The medians of several runs, each in a process of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import corpora

import apicontract

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
_IMPORT = """
import time, httpx, pydantic
start = time.perf_counter()
import {package}.{major}
{package}.{major}.Client
print((time.perf_counter() - start) * 1000)
"""
_SERVER = """
import http.server, json
body = json.dumps({"items": []}).encode()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, wbufsize = "HTTP/1.1", 1 << 16  # head and body in one piece
    def log_message(self, *_): pass
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
"""
_FIRST = """
import sys, time, httpx
from pydantic.plugin import _loader
from shop.v1 import Client
start = time.perf_counter()
list(_loader.get_plugins())
plugins = time.perf_counter() - start
url = f"http://127.0.0.1:{sys.argv[1]}"
bare, client = httpx.Client(), Client(url)
bare.get(url + "/orders")
start = time.perf_counter()
client.orders.list_orders()
first = time.perf_counter() - start
def timed(call, count=400):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return sorted(times)[count // 2]
timed(lambda: bare.get(url + "/orders").json(), 50), timed(client.orders.list_orders, 50)
without, layered = timed(lambda: bare.get(url + "/orders").json()), timed(client.orders.list_orders)
print((first - without) * 1000, plugins * 1000, without * 1e6, layered * 1e6)
"""


def _median(program: str, folder: str, *arguments: str) -> list[float]:
    """The medians of what a program prints, after a first run that leaves byte code behind, as pip does."""
    found = []
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", program, *arguments]
    for _ in range(RUNS + 1):
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True, env=environment
        )
        found.append([float(word) for word in done.stdout.split()])
    del found[0]
    return [statistics.median(row[column] for row in found) for column in range(len(found[0]))]


@contextmanager
def _serving() -> Iterator[str]:
    """The port of a server in a process of its own: in the client's it would share its interpreter's lock."""
    with subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield next(iter(server.stdout or ())).strip()
        finally:
            server.kill()


def main(arguments: list[str]) -> None:
    """Print what was measured."""
    contract = arguments[0] if arguments else str(corpora.github("23.0.2", "ghes-3.18"))
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        options = apicontract.GenerateOptions(package="measured")
        made = apicontract.generate("rest-client", contract, folder, options=options)
        print(
            f"generated: {made.operations} operations, {made.models} models in {time.perf_counter() - start:.1f} s"
        )
        start = time.perf_counter()
        apicontract.generate("rest-client", contract, folder, options=options)
        print(f"unchanged: {time.perf_counter() - start:.2f} s")
        [cost] = _median(_IMPORT.format(package="measured", major=made.major), folder)
        print(f"import over httpx and pydantic: {cost:.0f} ms")
        shop = apicontract.GenerateOptions(package="shop")
        apicontract.generate("rest-client", str(ROOT / "examples/orders-v1.yaml"), folder, options=shop)
        with _serving() as port:
            first, plugins, bare, layered = _median(_FIRST, folder, port)
        print(f"first call of an operation: {first:.1f} ms beyond a call of bare httpx")
        print(f"pydantic's search for plugins, once in a process before its first model: {plugins:.1f} ms")
        print(f"call: {layered:.0f} us, bare httpx {bare:.0f} us: {(layered / bare - 1) * 100:.0f} % more")


if __name__ == "__main__":
    main(sys.argv[1:])
