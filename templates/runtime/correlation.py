"""One id for all that one request causes.

Taken from the incoming request or made, and passed on to every call.
"""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .shared import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = "X-Correlation-Id"

_current = variable("correlation", str)
_PLAIN = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}", re.ASCII)


def current() -> str | None:
    """The id of what is being done, if there is one."""
    return _current.get()


def made() -> str:
    """A new id."""
    return uuid.uuid4().hex


def taken(value: str | None) -> str:
    """The id that a request brought.

    Or a new one if it brought none or one that does not belong into a log line.
    """
    return value if value is not None and _PLAIN.fullmatch(value) else made()


@contextmanager
def under(correlation: str) -> Iterator[None]:
    """Everything inside belongs to this id."""
    token = _current.set(correlation)
    try:
        yield
    finally:
        _current.reset(token)
