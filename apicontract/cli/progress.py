"""A progress bar for whoever waits at a terminal: on standard error, after a while, gone at the end.

Nothing is shown where standard error is no terminal, in CI, with `--quiet`, or on a terminal that cannot
move its cursor. Knows nothing of what is being done.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds that a run may take before there is a bar: most are over by then."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Gives what is told of progress: what is being done, and what part of the whole (0 to 1) came before."""
    if quiet or not _watched():
        yield lambda _, __: None
        return
    bar = Bar()
    try:
        yield bar.tell
    finally:
        bar.end()


def _watched() -> bool:
    """Whether somebody looks at standard error, on a terminal that can show a bar."""
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return sys.stderr.isatty() and not in_ci and os.environ.get("TERM") != "dumb"


class Bar:
    """A bar that comes after `patience` seconds, from a thread of its own: the work does not stop for it."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._latest = ("", 0.0)
        self._ended = False
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._timer = threading.Timer(patience, self._show)
        self._timer.daemon = True
        self._timer.start()

    def tell(self, what: str, done: float) -> None:
        """What is being done now, after this part of the whole."""
        with self._lock:
            self._latest = (what, done)
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, description=_plain(what), completed=round(100 * done))

    def end(self) -> None:
        """Nothing is shown from here on, and what was is wiped away."""
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._progress is not None:
                self._progress.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._ended:
                return
            progress = Progress(
                SpinnerColumn("line"),
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
                refresh_per_second=8,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            what, done = self._latest
            task = progress.add_task(_plain(what), total=100, completed=round(100 * done))
            progress.tasks[task].start_time = progress.get_time() - (time.monotonic() - self._began)
            progress.start()
            self._progress, self._task = progress, task


def _plain(text: str) -> str:
    from apicontract.reports.style import plain

    return plain(text)
