"""Registries for tests: a real etcd where there is one, and the few endpoints of Consul's agent, faithfully.

The endpoints of Consul are those of its HTTP API documentation (agent/service/register, agent/check/pass,
agent/service/deregister, health/service); TTL checks turn critical, and services are dropped, as time goes by.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def etcd_binary():
    """Debian's etcd-server, or whatever ETCD names."""
    return os.environ.get("ETCD") or shutil.which("etcd")


def consul_binary():
    return os.environ.get("CONSUL") or shutil.which("consul")


class Etcd:
    def __init__(self, folder):
        self.port, peer = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [
            etcd_binary(), "--data-dir", str(folder / "etcd"), "--listen-client-urls", self.url,
            "--advertise-client-urls", self.url, "--listen-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-cluster", f"default=http://127.0.0.1:{peer}",
        ]  # fmt: skip
        self.process = None
        self.start()

    def start(self):
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=quiet, stderr=quiet)
        answers(f"{self.url}/health")

    def stop(self):
        self.process.kill()
        self.process.wait()


class Consul:
    """A real agent in development mode."""

    def __init__(self, folder):
        ports = [free_port() for _ in range(5)]
        self.url = f"http://127.0.0.1:{ports[0]}"
        names = ("http", "dns", "server", "serf-lan", "serf-wan")
        flags = [f"-{name}-port={port}" for name, port in zip(names, ports, strict=True)]
        command = [
            consul_binary(),
            "agent",
            "-dev",
            "-bind=127.0.0.1",
            "-grpc-port=-1",
            "-grpc-tls-port=-1",
            *flags,
        ]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
        answers(f"{self.url}/v1/status/leader", contains=b":")

    def stop(self):
        self.process.kill()
        self.process.wait()


def answers(url, contains=b"", within=20):
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - our own server
                if contains in answer.read():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.05)
    raise TimeoutError(url)


class LocalAgent:
    """Consul's endpoints, in this process."""

    def __init__(self, token=""):
        self.services = {}
        self.token = token
        self.asked = 0
        agent = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                agent.serve(self, "GET")

            def do_PUT(self):
                agent.serve(self, "PUT")

            def log_message(self, *_):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def forget(self):
        """What an agent that was restarted without its data knows."""
        self.services.clear()

    def serve(self, handler, method):
        self.asked += 1
        split = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        if self.token and handler.headers.get("x-consul-token") != self.token:
            status, answer = 403, "Permission denied"
        else:
            status, answer = self.answer(method, split.path, parse_qs(split.query), body)
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        handler.send_response(status)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def answer(self, method, path, query, body):
        self.drop_old()
        if method == "PUT" and path == "/v1/agent/service/register":
            service = json.loads(body)
            self.services[service["ID"]] = (service, time.monotonic())
            return 200, ""
        if method == "PUT" and path.startswith("/v1/agent/check/pass/"):
            check = unquote(path.rpartition("/")[2])
            for id_, (service, _) in self.services.items():
                if service["Check"]["CheckID"] == check:
                    self.services[id_] = (service, time.monotonic())
                    return 200, ""
            return 404, f"Unknown check ID {check!r}"
        if method == "PUT" and path.startswith("/v1/agent/service/deregister/"):
            known = self.services.pop(unquote(path.rpartition("/")[2]), None)
            return (200, "") if known else (404, "Unknown service ID")
        if method == "GET" and path.startswith("/v1/health/service/"):
            return 200, list(self.found(unquote(path.rpartition("/")[2]), query))
        return 404, ""

    def found(self, name, query):
        for service, beat in self.services.values():
            passing = time.monotonic() - beat <= seconds(service["Check"]["TTL"])
            if service["Name"] == name and (passing or "passing" not in query):
                tags = service.get("Tags", [])
                if all(tag in tags for tag in query.get("tag", [])):
                    own = {
                        "ID": service["ID"],
                        "Address": service["Address"],
                        "Port": service["Port"],
                        "Tags": tags,
                    }
                    yield {"Node": {"Address": "127.0.0.1"}, "Service": own, "Checks": []}

    def drop_old(self):
        now = time.monotonic()
        for id_, (service, beat) in list(self.services.items()):
            check = service["Check"]
            if now - beat > seconds(check["TTL"]) + seconds(check["DeregisterCriticalServiceAfter"]):
                del self.services[id_]


def seconds(text):
    return float(re.fullmatch(r"([0-9.]+)s", text)[1])
