"""The circuit breaker: purgatory's states, made safe for threads and for many calls at once.

purgatory decides when to open and when to close. What it leaves open is decided here: only one call probes
a circuit that may close again, and a call that was given up by its caller says nothing about the
dependency.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Literal

from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from .failures import CircuitOpen

if TYPE_CHECKING:
    from collections.abc import Callable

    from purgatory.service._sync.circuitbreaker import SyncCircuitBreaker

    from .policy import Breaker

State = Literal["closed", "open", "half-open"]
_NAMES: dict[str, State] = {"closed": "closed", "opened": "open", "half-opened": "half-open"}


class Circuit:
    """One circuit. `changed(old, new)` is told when its state changes, outside the lock."""

    def __init__(self, policy: Breaker, changed: Callable[[State, State], None]) -> None:
        self._policy = policy
        self._changed = changed
        self._lock = threading.Lock()
        self._probing = False
        factory = SyncCircuitBreakerFactory(policy.failures, policy.recovery)
        self._breaker: SyncCircuitBreaker = factory.get_breaker(policy.name or "dependency")

    @property
    def state(self) -> State:
        """What the circuit is now. An open one says so until a call finds that it may probe."""
        return _NAMES[self._breaker.context.state]

    def enter(self) -> Passage:
        """Lets one call through. CircuitOpen if the dependency is to be left alone."""
        with self._lock:
            before = self.state
            try:
                self._breaker.__enter__()
            except OpenedState as opened:
                left = opened.opened_at + self._policy.recovery - time.time()
                raise CircuitOpen(self._reason(left), max(0.0, left)) from None
            if self.state == "half-open":
                if self._probing:
                    raise CircuitOpen("one call is finding out whether it is well again", 1.0)
                self._probing = True
            passage = Passage(self, probe=self._probing and self.state == "half-open")
        self._tell(before)
        return passage

    def leave(self, passage: Passage, failure: Exception | None) -> None:
        """A call has ended; `failure` is what speaks against the dependency."""
        with self._lock:
            before = self.state
            if passage.probe:
                self._probing = False
            elif before == "half-open":
                return  # it began before the circuit opened: the probe decides
            self._breaker.__exit__(type(failure) if failure else None, failure, None)
        self._tell(before)

    def abandon(self, passage: Passage) -> None:
        """A call has ended without an answer because its caller went away."""
        if passage.probe:
            with self._lock:
                self._probing = False

    def _reason(self, left: float) -> str:
        times = self._policy.failures
        return f"it failed {times} times in a row and is left alone for {max(0.0, left):.1f} s more"

    def _tell(self, before: State) -> None:
        now = self.state
        if now != before:
            self._changed(before, now)


class Passage:
    """One call on its way through a circuit; `probe` if it decides whether the circuit closes."""

    __slots__ = ("_circuit", "probe")

    def __init__(self, circuit: Circuit, *, probe: bool) -> None:
        self._circuit = circuit
        self.probe = probe

    def ended(self, failure: Exception | None) -> None:
        """The call has an outcome."""
        self._circuit.leave(self, failure)

    def abandoned(self) -> None:
        """The call has none."""
        self._circuit.abandon(self)
