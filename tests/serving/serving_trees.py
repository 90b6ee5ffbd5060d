"""Generates servers into folders and starts them: shared by the tests of generated servers."""

from __future__ import annotations

import importlib
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import uvicorn

import apicontract

HERE = Path(__file__).parent
ORDERS = HERE.parent.parent / "examples" / "orders-v1.yaml"


def made(target, contract, folder, package, **options):
    """The tree of a contract, where Python finds it."""
    choices = apicontract.GenerateOptions(package=package, **options)
    apicontract.generate(target, str(contract), str(folder), options=choices)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    return folder


@contextmanager
def started(app):
    """The application on a port of its own; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
