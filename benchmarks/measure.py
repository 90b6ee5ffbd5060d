"""Whole processes: wall time and peak memory, medians over several runs taken in turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNIT = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts, in bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time and bytes of peak memory."""

    seconds: float
    memory: float


def once(command: Sequence[str], folder: str | None = None) -> Cost:
    """Run a command, in `folder` if one is given, its output thrown away.

    RuntimeError if it ends by a signal or an internal error. The kernel counts what this process holds
    when it starts the other, so this one must stay small.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=folder,
    ) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1 is a verdict
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}: {said.decode()[-500:]}")
    return Cost(seconds, usage.ru_maxrss * _UNIT)


def in_turns(commands: Sequence[Sequence[str]], runs: int, folder: str | None = None) -> list[Cost]:
    """The median cost of each command; they take turns, so that a busy moment hits all of them."""
    costs: list[list[Cost]] = [[] for _ in commands]
    for _ in range(runs):
        for at, command in enumerate(commands):
            costs[at].append(once(command, folder))
    return [
        Cost(statistics.median(cost.seconds for cost in one), statistics.median(cost.memory for cost in one))
        for one in costs
    ]
