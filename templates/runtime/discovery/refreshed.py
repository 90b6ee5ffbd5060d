"""Instances that are looked up now and then: kept for a while, and beyond it while nobody can be asked.

A registry that is down must not take down those who know from before where to go. Knows no registry.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

import anyio

from ..failures import CallFailed
from .balancing import Balancer, Choice

if TYPE_CHECKING:
    from . import Instance
    from .health import HealthCheck


class Source(Protocol):
    """Where instances are looked up. `ConnectionFailed` or `MalformedAnswer` if that does not work."""

    @property
    def name(self) -> str:
        """What is looked up."""
        ...

    def fetch(self) -> tuple[Instance, ...]:
        """The instances that are well now."""
        ...

    async def afetch(self) -> tuple[Instance, ...]:
        """The same, awaited."""
        ...


class Refreshed:
    """A discovery that asks its source at most every `every` seconds; one asks, the others use what is known.

    `choice`: in turn, or the instance with the fewest outstanding calls. `health`: how the instances
    are asked whether they are well; None asks nobody but the source.
    """

    def __init__(
        self,
        source: Source,
        *,
        every: float = 5.0,
        choice: Choice = "round_robin",
        health: HealthCheck | None = None,
    ) -> None:
        self._source = source
        self._every = every
        self._balancer = Balancer(choice, health)
        self._known: tuple[Instance, ...] = ()
        self._next = 0.0
        self._lock = threading.Lock()
        self.failure: CallFailed | None = None
        """Why the last look-up failed; None if it did not."""

    def pick(self) -> Instance:
        """The instance to ask next. What the source raises, if nothing is known from before; NoInstances."""
        if time.monotonic() >= self._next and self._lock.acquire(blocking=not self._known):
            try:
                if time.monotonic() >= self._next:
                    self._took(self._source.fetch())
            except CallFailed as failure:
                self._failed(failure)
            finally:
                self._lock.release()
        return self._balancer.pick(self._known, self._source.name)

    async def apick(self) -> Instance:
        """The same, awaited. Tasks that find nothing known may ask at once."""
        if time.monotonic() >= self._next:
            if self._known:
                self._next = time.monotonic() + 1.0  # others use what is known meanwhile
            try:
                self._took(await self._source.afetch())
            except CallFailed as failure:
                self._failed(failure)
            except anyio.get_cancelled_exc_class():
                self._next = 0.0
                raise
        return self._balancer.pick(self._known, self._source.name)

    def done(self, instance: Instance, *, well: bool) -> None:
        """An attempt with this instance is over."""
        self._balancer.done(instance, well=well)

    def unwell(self) -> frozenset[str]:
        """The addresses of instances that were not well when they were last asked."""
        return self._balancer.unwell()

    def _took(self, found: tuple[Instance, ...]) -> None:
        self._known = found
        self._next = time.monotonic() + self._every
        self.failure = None

    def _failed(self, failure: CallFailed) -> None:
        self.failure = failure
        if not self._known:
            raise failure
        self._next = time.monotonic() + min(self._every, 1.0)
