"""What all generated packages of one process have in common, each with a runtime of its own.

A server and the clients that its handlers use are packages of different contracts; the deadline and the
correlation id of a request must reach from one to the other. Knows no contents.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")
_PLACE = "apicontract_generated_shared"


def variable(name: str, kind: type[T]) -> ContextVar[T | None]:
    """The process's context variable of that name, None by default, made by whoever asks first.

    A name stands for one meaning for ever: packages of several versions of this runtime share it.
    """
    place = sys.modules.setdefault(_PLACE, ModuleType(_PLACE))
    found: Any = place.__dict__.setdefault(name, ContextVar(name, default=None))
    shared: ContextVar[T | None] = found
    return shared


def is_failure(error: BaseException, name: str) -> bool:
    """Whether an error is the failure of that name, of this runtime or of another package's."""
    return any(
        kind.__name__ == name and kind.__module__.endswith("runtime.failures") for kind in type(error).__mro__
    )
