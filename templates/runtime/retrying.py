"""When to try again: stamina's loop, with waits that fit into the deadline and a budget per dependency.

Knows whether and how long to wait; whether a failure is one is judged by who knows the protocol.
"""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .policy import Retry


class Budget:
    """Retries that a dependency has left: each costs one, each answer gives part of one back.

    The sizes are the caller's policy; what was spent belongs to the dependency.
    """

    def __init__(self) -> None:
        self._spent = 0.0
        self._lock = threading.Lock()

    def spend(self, policy: Retry) -> bool:
        """Takes one retry, if there is one."""
        with self._lock:
            if self._spent + 1 > policy.budget:
                return False
            self._spent += 1
            return True

    def refund(self, policy: Retry) -> None:
        """An answer came."""
        if self._spent:
            with self._lock:
                self._spent = max(0.0, self._spent - policy.refund)


def wait(policy: Retry, number: int, retry_after: float | None) -> float:
    """Seconds to wait after attempt `number` (from 1): what the server asks for, else doubling.

    Half of it is jitter, so that callers who failed together do not come back together.
    """
    backoff = min(policy.wait_max, policy.wait_initial * 2.0 ** min(number - 1, 30))
    jittered = backoff * random.uniform(0.5, 1.0)
    return jittered if retry_after is None else max(retry_after, jittered)
