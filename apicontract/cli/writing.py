"""Where a report goes: standard output, or a file that appears whole or not at all.

Knows streams, terminals and files; nothing of what is written.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from apicontract.reports.style import Style
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NARROW, _USUAL, _WIDE = 60, 80, 120


def style_for(output: Path | None) -> Style:
    """How text looks where it goes: as wide as the terminal within reason, 80 columns elsewhere.

    Colour on a terminal only; `NO_COLOR` and `FORCE_COLOR` decide where they are set (no-color.org).
    """
    if output is not None:
        return Style(_USUAL, colour=False)
    terminal = sys.stdout.isatty()
    known = terminal or bool(os.environ.get("COLUMNS"))
    width = max(_NARROW, min(get_terminal_size().columns, _WIDE)) if known else _USUAL
    if os.environ.get("NO_COLOR"):
        return Style(width, colour=False)
    forced = bool(os.environ.get("FORCE_COLOR"))
    return Style(width, colour=forced or (terminal and os.environ.get("TERM") != "dumb"))


def write_lines(lines: Iterable[str], output: Path | None = None) -> None:
    """Write lines of text; as `write`."""
    write("".join(f"{line}\n" for line in lines), output)


def write(text: str, output: Path | None = None) -> None:
    """Write a report; ContractError if the file cannot be written, and then nothing is.

    A reader that stops reading (`| head`) is no error.
    """
    if output is not None:
        try:
            _replace(output, text)
        except OSError as error:
            raise ContractError(
                f"the report cannot be written: {error.strerror}",
                file=str(output),
                hint="name a file in a folder that exists and that you may write to",
            ) from None
        return
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that exiting does not fail again


def _replace(output: Path, text: str) -> None:
    target = output.resolve()  # what a symbolic link leads to is replaced, not the link
    if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced, only written to
        target.write_text(text, encoding="utf-8")
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
