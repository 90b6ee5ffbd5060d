"""A server that does what a test tells it, byte by byte: it answers, waits, drips, breaks off, or talks nonsense.

Each request takes the next behaviour of the script; the last one stays. What came in is kept.
"""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Seen:
    head: str
    body: bytes

    @property
    def line(self):
        return self.head.split("\r\n", 1)[0]

    def header(self, name):
        for line in self.head.split("\r\n")[1:]:
            known, _, value = line.partition(":")
            if known.strip().lower() == name.lower():
                return value.strip()
        return None


def answer(status=200, body=b'{"ok": true}', media="application/json", **headers):
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def well(body=b'{"ok": true}', **headers):
    return lambda _, peer: peer.sendall(answer(200, body, **headers))


def status(code, body=b"{}", **headers):
    return lambda _, peer: peer.sendall(answer(code, body, **headers))


def slow(seconds, then=None):
    def act(server, peer):
        server.stopped.wait(seconds)
        (then or well())(server, peer)

    return act


def hang(server, peer):
    server.stopped.wait(30)


def drip(seconds=0.05):
    """One byte of the header now and then, for ever."""

    def act(server, peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not server.stopped.wait(seconds):
            peer.sendall(b"x")

    return act


def drip_body(seconds=0.05):
    def act(server, peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not server.stopped.wait(seconds):
            peer.sendall(b"x")

    return act


def reset(server, peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    peer.close()


def half(server, peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    peer.close()


def nonsense(server, peer):
    peer.sendall(b"\x00\x01 this is no HTTP at all\r\n\r\n")
    peer.close()


def held(event):
    """Answers when the test says so."""

    def act(server, peer):
        event.wait(10)
        well()(server, peer)

    return act


@dataclass
class Misbehaving:
    script: list = field(default_factory=lambda: [well()])
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self):
        self.stopped = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.lock = threading.Lock()
        self.peers = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.stopped.is_set():
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.peers.append(peer)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        rest = b""
        try:
            while not self.stopped.is_set():
                while b"\r\n\r\n" not in rest:
                    more = peer.recv(65536)
                    if not more:
                        return
                    rest += more
                head, _, rest = rest.partition(b"\r\n\r\n")
                seen = Seen(head.decode("latin-1"), b"")
                length = int(seen.header("content-length") or 0)
                while len(rest) < length:
                    rest += peer.recv(65536)
                seen.body, rest = rest[:length], rest[length:]
                with self.lock:
                    self.seen.append(seen)
                    act = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                act(self, peer)
        except OSError:
            return

    def stop(self):
        self.stopped.set()
        self.socket.close()
        for peer in self.peers:
            peer.close()


def took(run):
    """What `run` gives or raises, and the seconds that it took."""
    start = time.perf_counter()
    try:
        outcome = run()
    except Exception as error:
        outcome = error
    return outcome, time.perf_counter() - start
