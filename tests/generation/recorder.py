"""A server that writes down what it is asked and answers what it was told to: by method and path, in turn."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Recorder:
    """Answers: by `GET /path` a list of (status, content type, body); the last one stays."""

    def __init__(self, answers):
        self.answers = {key: list(value) for key, value in answers.items()}
        self.asked = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                path = self.path.partition("?")[0]
                body = self.body()
                recorder.asked.append((self.command, self.path, dict(self.headers.items()), body))
                queue = recorder.answers.get(f"{self.command} {path}", [(404, "text/plain", b"nothing here")])
                status, kind, said, *more = queue.pop(0) if len(queue) > 1 else queue[0]
                said = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                if status != 204:
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(said)))
                for name, value in more:
                    self.send_header(name, value)
                self.end_headers()
                if status != 204:
                    self.wfile.write(said)

            def body(self):
                if self.headers.get("Transfer-Encoding") == "chunked":
                    found = b""
                    while size := int(self.rfile.readline(), 16):
                        found += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                    return found
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
