from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from misbehaving import Misbehaving, status, well
from runtime import telemetry
from runtime.calls import Call, Dependency
from runtime.discovery.static import Static
from runtime.http.judging import judge_http
from runtime.http.messages import Request
from runtime.http.transport import HttpxTransport
from runtime.policy import Policy, Retry

assert not telemetry.listening()
server = Misbehaving([status(500), well()])
one = Dependency("shop", discovery=Static(server.url), policy=Policy(retry=Retry(2, 0.001, 0.001)))
transport = HttpxTransport()
def call():
    one.call(Call("getThing", safe=True), lambda at: transport.send(Request("GET", "/"), at), judge_http)

call()
assert server.seen[-1].header("traceparent") is None
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
server.script = [status(500), well()]
call()
[span] = spans.get_finished_spans()
assert span.name == "getThing" and span.attributes["peer.service"] == "shop", span
assert [event.name for event in span.events] == ["failed", "retry"], span.events
assert f"{span.context.trace_id:032x}" in server.seen[-1].header("traceparent")
"""


def test_a_call_is_traced_where_opentelemetry_is_used_and_only_there():
    here = Path(__file__).parent
    path = [str(here), str(here.parent.parent / "templates")]
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{SCRIPT}"], check=True, timeout=30
    )
