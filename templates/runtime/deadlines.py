"""By when an answer is of use: travels from an incoming request to the calls that it makes.

The deadline is a point in time on the monotonic clock, kept in a context variable, so that threads and
tasks inherit it as they inherit others. Between processes it is the time left, in a header. Knows no
policy.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from .shared import variable

if TYPE_CHECKING:
    from contextvars import Token

HEADER = "Request-Timeout"
"""Seconds that the caller will still wait, as a decimal number.

No standard has such a header; proxies and frameworks
use this name."""

_ends = variable("deadline", float)
_HEADER_VALUE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s)?", re.ASCII)


def ends() -> float | None:
    """When the current deadline falls, on `time.monotonic()`'s clock; None without one."""
    return _ends.get()


def remaining() -> float | None:
    """How many seconds are left; never below 0; None without a deadline."""
    end = _ends.get()
    return None if end is None else max(0.0, end - time.monotonic())


class within:
    """Everything inside has at most so many seconds; a deadline that falls earlier stays in force.

    None: no bound.
    """

    __slots__ = ("_seconds", "_token")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._token: Token[float | None] | None = None

    def __enter__(self) -> None:
        if self._seconds is not None:
            end = time.monotonic() + self._seconds
            outer = _ends.get()
            self._token = _ends.set(end if outer is None else min(end, outer))

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _ends.reset(self._token)


def to_header(seconds: float) -> str:
    """The header's value for so many seconds left."""
    return f"{max(0.0, seconds):.3f}"


def from_header(value: str) -> float | None:
    """Seconds that an incoming header grants, also with a unit (`1500ms`, `2s`).

    None where it says nothing.
    """
    match = _HEADER_VALUE.fullmatch(value.strip())
    if match is None:
        return None
    return float(match[1]) * (0.001 if match[2] == "ms" else 1.0)
