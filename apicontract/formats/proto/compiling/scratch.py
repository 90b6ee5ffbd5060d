"""Folders for the compiler: made where writing is fast, taken away again.

The standard library's `tempfile` and `shutil` do the same and take as long to import as a small
contract takes to compile.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_MEMORY = "/dev/shm"  # noqa: S108  # files there are written ten times as fast
_GROWTH, _ROOM = 8, 1 << 24  # bytes of descriptors by byte of text, and what is left free besides


def make(size: int) -> Path:
    """A new folder, of this user only, for `size` bytes of text and what comes of them."""
    folder = Path(_parent(size)) / f"apicontract-{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    return folder


def part(folder: Path) -> Path:
    """A new folder in it."""
    inner = folder / os.urandom(8).hex()
    inner.mkdir()
    return inner


def remove(folder: Path) -> None:
    """Take a folder away with all that is in it; what cannot be taken away stays."""
    for here, folders, files in os.walk(folder, topdown=False):
        for name in files:
            with suppress(OSError):
                os.unlink(f"{here}/{name}")  # noqa: PTH108  # thousands of paths as plain texts
        for name in folders:
            with suppress(OSError):
                os.rmdir(f"{here}/{name}")  # noqa: PTH106
    with suppress(OSError):
        folder.rmdir()


def _parent(size: int) -> str:
    """In memory where there is room, else the folder for temporary files."""
    with suppress(OSError, AttributeError):
        free = os.statvfs(_MEMORY)
        if os.access(_MEMORY, os.W_OK) and free.f_bavail * free.f_frsize > _ROOM + _GROWTH * size:
            return _MEMORY
    from tempfile import gettempdir

    return gettempdir()
