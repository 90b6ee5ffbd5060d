"""Whole processes: wall time and peak memory, medians over several runs taken in turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNIT = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts, in bytes


_INTERVAL = 0.02  # seconds between two looks at a tree of processes
_VERDICTS = (0, 1, 100)  # exit codes; 100 is buf's of a break


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time and bytes of peak memory, of a process with all that it starts."""

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
        with _Watch(process.pid) as watch:
            said = process.stderr.read() if process.stderr else b""
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in _VERDICTS:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}: {said.decode()[-500:]}")
    return Cost(seconds, max(usage.ru_maxrss * _UNIT, watch.peak))


class _Watch:
    """Looks at what a process and all it starts hold together, where the kernel tells it.

    peak: bytes; what they share counts for each of them.
    """

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_INTERVAL):
            self.peak = max(self.peak, _held(self._pid))


def _held(pid: int) -> int:
    """Resident bytes of a process and of its descendants; 0 for one that is gone."""
    here = Path(f"/proc/{pid}")
    try:
        resident = int((here / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        children = [
            child for task in (here / "task").iterdir() for child in (task / "children").read_text().split()
        ]
    except (OSError, IndexError):
        return 0
    return resident + sum(_held(int(child)) for child in children)


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
