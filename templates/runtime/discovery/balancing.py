"""Which of several instances is asked next: in turn, or the one with the fewest outstanding calls.

An instance that failed is passed over for a short while, and one that says that it is not well as long as it
says so, unless there is no other. Knows no registry.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Literal

from ..failures import NoInstances
from .health import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Instance
    from .health import HealthCheck

Choice = Literal["round_robin", "least_outstanding"]
REST = 2.0
"""Seconds that an instance is passed over after a failure."""


class Balancer:
    """Chooses among instances, and remembers what is outstanding with each.

    health: how they are asked whether they are well; None asks nobody.
    """

    def __init__(self, choice: Choice = "round_robin", health: HealthCheck | None = None) -> None:
        self._choice = choice
        self._watch = Watch(health) if health is not None else None
        self._next = 0
        self._busy: dict[str, int] = {}
        self._resting: dict[str, float] = {}
        self._lock = threading.Lock()

    def pick(self, instances: Sequence[Instance], dependency: str = "") -> Instance:
        """The instance to ask next. NoInstances if there are none."""
        if not instances:
            raise NoInstances(f"no instance of {dependency or 'the dependency'} is known")
        known = self._watch.well(instances) if self._watch is not None else instances
        with self._lock:
            now = time.monotonic()
            well = [one for one in known if self._resting.get(one.address, 0.0) <= now] or list(known)
            self._next += 1
            turn = [well[(self._next + offset) % len(well)] for offset in range(len(well))]
            chosen = turn[0]
            if self._choice == "least_outstanding":
                chosen = min(turn, key=lambda one: self._busy.get(one.address, 0))
            self._busy[chosen.address] = self._busy.get(chosen.address, 0) + 1
        return chosen

    def done(self, instance: Instance, *, well: bool) -> None:
        """An attempt with this instance is over."""
        with self._lock:
            busy = self._busy.get(instance.address, 0) - 1
            if busy > 0:
                self._busy[instance.address] = busy
            else:
                self._busy.pop(instance.address, None)
            if well:
                self._resting.pop(instance.address, None)
            else:
                self._resting[instance.address] = time.monotonic() + REST

    def unwell(self) -> frozenset[str]:
        """The addresses of instances that were not well when they were last asked."""
        return self._watch.unwell() if self._watch is not None else frozenset()

    def outstanding(self, instance: Instance) -> int:
        """Attempts under way with this instance."""
        return self._busy.get(instance.address, 0)
