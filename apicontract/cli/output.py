"""Where a report goes: standard output, or a file that is either whole or untouched."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, TextIO

from apicontract.cli.outcomes import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.reports.style import Style

_WIDEST = 100  # lines longer than that are hard to read, however wide the terminal


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"


def style_for(file: str, stream: TextIO | None = None) -> Style:
    """How to write to `file`, or to the stream (standard output) if that is empty.

    Colour only on a terminal, unless FORCE_COLOR asks for it; never where NO_COLOR forbids it.
    """
    from apicontract.reports.style import Style

    stream = stream or sys.stdout
    terminal = not file and stream.isatty()
    wanted = bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")
    width = min(shutil.get_terminal_size().columns, _WIDEST) if terminal else 80
    return Style(width, colour=wanted and not os.environ.get("NO_COLOR"))


def emit(lines: Iterable[str] | str, file: str) -> None:
    """Write the lines, or a ready text, to `file`, or to standard output if that is empty."""
    text = lines if isinstance(lines, str) else "".join(f"{line}\n" for line in lines)
    if file:
        _replace(file, text)
        return
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough; the verdict still stands as exit code
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(file: str, text: str) -> None:
    import tempfile

    target = os.path.realpath(file)
    if os.path.isdir(target):
        raise UsageProblem(f"cannot write {file}: it is a directory")
    try:
        if os.path.exists(target) and not os.path.isfile(target):  # a pipe or device cannot be replaced
            with open(target, "w", encoding="utf-8") as stream:
                stream.write(text)
            return
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".apicontract-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            os.chmod(beside, _mode(target))
            os.replace(beside, target)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise UsageProblem(f"cannot write {file}: {error.strerror}") from None


def _mode(target: str) -> int:
    """The permissions of the file that is replaced, or those of a new one."""
    if os.path.exists(target):
        return os.stat(target).st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
