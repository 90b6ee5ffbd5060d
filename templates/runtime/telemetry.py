"""Traces and metrics through OpenTelemetry's API, if the program uses it; nothing otherwise.

Whoever configures OpenTelemetry has imported it. So it is looked up among the loaded modules and never
imported from here: a program without it pays nothing.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

NAME = "apicontract.generated"
_NOTHING: AbstractContextManager[object] = nullcontext()


def span(
    name: str,
    attributes: Mapping[str, str | int],
    *,
    kind: Literal["client", "server"] = "client",
    carrier: Mapping[str, str] | None = None,
) -> AbstractContextManager[object]:
    """A span around what is inside; for a server, the child of what the incoming headers (`carrier`) name."""
    if "opentelemetry.trace" not in sys.modules:
        return _NOTHING
    from opentelemetry import propagate, trace  # type: ignore[import-not-found, unused-ignore]

    parent = None if carrier is None else propagate.extract(carrier)
    kinds = {"client": trace.SpanKind.CLIENT, "server": trace.SpanKind.SERVER}
    entered: AbstractContextManager[object] = trace.get_tracer(NAME).start_as_current_span(
        name, parent, kinds[kind], attributes
    )
    return entered


def listening() -> bool:
    """Whether the program uses OpenTelemetry."""
    return "opentelemetry.trace" in sys.modules


def note(name: str, attributes: Mapping[str, str | int]) -> None:
    """An event of the current span: a retry, a circuit that opened."""
    if listening():
        from opentelemetry import trace  # type: ignore[import-not-found, unused-ignore]

        trace.get_current_span().add_event(name, attributes)


def inject(carrier: MutableMapping[str, str]) -> None:
    """Adds the headers by which the other side continues the trace."""
    if listening():
        from opentelemetry import propagate  # type: ignore[import-not-found, unused-ignore]

        propagate.inject(carrier)
