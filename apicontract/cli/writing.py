"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from shutil import get_terminal_size

from apicontract.sources import ContractError

_NARROW, _WIDE = 60, 120


def wants_colour(output: Path | None) -> bool:
    """Colour on a terminal; `NO_COLOR` and `FORCE_COLOR` decide where they are set (no-color.org)."""
    if output is not None or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def width(output: Path | None) -> int:
    """Columns to fill: the terminal's within reason, 80 where there is none."""
    if output is not None or not (sys.stdout.isatty() or os.environ.get("COLUMNS")):
        return 80
    return max(_NARROW, min(get_terminal_size().columns, _WIDE))


def write(text: str, output: Path | None) -> None:
    """Write a report; ContractError if the file cannot be written, and then nothing is."""
    if output is None:
        stream = sys.stdout
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        return
    try:
        _replace(output, text)
    except OSError as error:
        raise ContractError(
            f"the report cannot be written: {error.strerror}", file=str(output), hint="name a file in a folder that exists"
        ) from None


def _replace(output: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=output.resolve().parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(output.resolve())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
