"""Documents from a server: read where allowed, and not waited for without end."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from apicontract.sources import ContractError, ReadOptions, read, remote

TEXT = b"openapi: 3.1.0\n" + b"# " + b"x" * 500 + b"\n"


class Dripping(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        try:
            for at in range(len(TEXT)):
                self.wfile.write(TEXT[at : at + 1])
                if self.path == "/slow":
                    self.server.stopped.wait(0.02)
        except OSError:
            pass

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Dripping) as running:
        running.stopped = threading.Event()
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.stopped.set()
        running.shutdown()
        thread.join()


def test_a_document_is_read_whole(server):
    assert read(f"{server}/fast", ReadOptions(allow_remote=True)).root.text == TEXT


def test_a_server_that_drips_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(remote, "_WHOLE_TIME", 0.2)
    with pytest.raises(ContractError, match="has not sent it all"):
        read(f"{server}/slow", ReadOptions(allow_remote=True))


def test_a_document_that_is_too_large_is_refused(server):
    with pytest.raises(ContractError, match="more than 100 bytes"):
        read(f"{server}/fast", ReadOptions(allow_remote=True, max_bytes=100))
