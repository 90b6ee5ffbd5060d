"""How many processors there are to work on. What is done with them is for others."""

from __future__ import annotations

import os


def processors() -> int:
    """How many processors this process may run on; whole ones, whatever share of them it is allowed."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed else os.cpu_count() or 1
