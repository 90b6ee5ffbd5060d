"""Counts what is outstanding, and refuses at once what would be too many.

One counter serves threads and tasks alike: taking a slot never waits, so a plain lock does in both worlds,
and one dependency has one limit however it is called. (anyio's CapacityLimiter belongs to one event loop.)
"""

from __future__ import annotations

import threading

from .failures import BulkheadFull


class Compartment:
    """So many calls may be outstanding.

    The limit is the caller's, so that a policy can be overridden per call.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._outstanding = 0
        self._lock = threading.Lock()

    @property
    def outstanding(self) -> int:
        """Slots taken now."""
        return self._outstanding

    def enter(self, limit: int) -> Slot:
        """Takes a slot. BulkheadFull if `limit` are taken."""
        with self._lock:
            if self._outstanding >= limit:
                raise BulkheadFull(f"{limit} calls are outstanding already", limit)
            self._outstanding += 1
        return Slot(self)

    def leave(self) -> None:
        """Gives one slot back."""
        with self._lock:
            self._outstanding -= 1


class Slot:
    """A place in a compartment. It is given back once, however often that is asked for."""

    __slots__ = ("_compartment", "kept")

    def __init__(self, compartment: Compartment | None) -> None:
        self._compartment = compartment
        self.kept = False

    def keep(self) -> Slot:
        """The attempt ends and the slot stays taken: a stream is still being read.

        Whoever reads it releases it.
        """
        self.kept = True
        return self

    def release(self) -> None:
        """Gives the slot back."""
        compartment, self._compartment = self._compartment, None
        if compartment is not None:
            compartment.leave()
