"""One further process for part of the work: forked, spoken to through two pipes, gone when it is not needed.

A fork begins with everything that was read so far and copies none of it. Knows nothing of what is done.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO, Self

    Send = Callable[[object], None]
    Receive = Callable[[], object]


class Lost(Exception):  # noqa: N818  # what it was to do is done elsewhere: no error of anybody
    """The worker is gone, or could not do its work."""


def can_fork() -> bool:
    """Whether a fork is safe here: not where threads run, nor on systems whose libraries do not bear it."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)


class Worker:
    """A process that runs `serve` with what sends to us and what receives from us; Lost if none starts."""

    def __init__(self, serve: Callable[[Send, Receive], None]) -> None:
        import signal

        mine, theirs = os.pipe(), os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))  # an interrupt finds both processes ready
        try:
            self._pid = os.fork()
            if not self._pid:
                _work(serve, theirs, mine)
        except OSError as error:
            for end in (*mine, *theirs):
                os.close(end)
            raise Lost(str(error)) from None
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
        os.close(theirs[0])
        os.close(mine[1])
        self._to = os.fdopen(theirs[1], "wb")
        self._from = os.fdopen(mine[0], "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def send(self, message: object) -> None:
        """Tell the worker something; Lost if it is gone."""
        try:
            _sender(self._to)(message)
        except OSError as error:
            raise Lost(str(error)) from None

    def receive(self) -> object:
        """What the worker says next; Lost if it says nothing more."""
        import pickle

        try:
            return pickle.load(self._from)  # noqa: S301  # from a process of our own, through a pipe of our own
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise Lost(str(error)) from None

    def stop(self) -> None:
        """End the worker, whatever it is doing."""
        import signal

        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        with suppress(ChildProcessError):  # whoever runs us does not want to hear of processes that end
            os.waitpid(self._pid, 0)
        self._from.close()
        with suppress(OSError):
            self._to.close()


def _work(
    serve: Callable[[Send, Receive], None], inward: tuple[int, int], outward: tuple[int, int]
) -> NoReturn:
    """What the worker does from its start to its end; what goes wrong there, only its silence tells."""
    try:
        import gc
        import pickle
        import signal

        gc.disable()  # a collection would write to every page that is shared
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
        os.close(inward[1])
        os.close(outward[0])
        with os.fdopen(inward[0], "rb") as coming, os.fdopen(outward[1], "wb") as going:
            serve(_sender(going), lambda: pickle.load(coming))  # noqa: S301  # from whoever forked us
    finally:
        os._exit(0)


def _sender(file: BinaryIO) -> Send:
    def send(message: object) -> None:
        import pickle

        pickle.dump(message, file, pickle.HIGHEST_PROTOCOL)
        file.flush()

    return send
