"""The last good answers, kept for the fallback that hands them out with a stated age.

Knows no call and no failure.
"""

from __future__ import annotations

import copy
import threading
import time
from collections import OrderedDict

ENTRIES = 1024
"""Answers kept per dependency; the ones that were not asked for longest go first."""


class Answers:
    """Remembers answers by key. They are copied in and out: nobody's changes reach anybody else."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, object]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: str, answer: object) -> None:
        """This is the last good answer to `key`."""
        taken = copy.deepcopy(answer)
        with self._lock:
            self._kept[key] = (time.monotonic(), taken)
            self._kept.move_to_end(key)
            if len(self._kept) > ENTRIES:
                self._kept.popitem(last=False)

    def find(self, key: str, age: float) -> tuple[object] | None:
        """The last good answer to `key` if it is at most `age` seconds old.

        In a tuple, since it may be None.
        """
        with self._lock:
            entry = self._kept.get(key)
            if entry is None or time.monotonic() - entry[0] > age:
                return None
            self._kept.move_to_end(key)
        return (copy.deepcopy(entry[1]),)
