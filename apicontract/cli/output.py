"""Where a report goes: standard output, or a file that is either whole or untouched."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from apicontract.cli.outcomes import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    width = min(_columns(), _WIDEST) if terminal else 80
    return Style(width, colour=wanted and not os.environ.get("NO_COLOR"))


def _columns() -> int:
    """How wide the terminal is."""
    import shutil

    return shutil.get_terminal_size().columns


def emit(lines: Iterable[str] | str, file: str) -> None:
    """Write the lines, or a ready text, to `file`, or to standard output if that is empty."""
    text = lines if isinstance(lines, str) else "".join(f"{line}\n" for line in lines)
    if file:
        replace(file, text.encode("utf-8", "backslashreplace"))
        return
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough; the verdict still stands as exit code
        _abandon_stdout()
    except OSError as error:
        _abandon_stdout()
        raise UsageProblem(f"cannot write standard output: {error.strerror}") from None


def _abandon_stdout() -> None:
    """What is still in its buffer goes nowhere, so that leaving does not try once more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:  # it was closed from the start
        return


def replace(file: str, content: bytes) -> None:
    """Put the content into the file, whole or not at all; UsageProblem where that is not possible."""
    replace_all({file: content})


def replace_all(
    contents: Mapping[str, bytes], gone: Iterable[str] = (), *, new_folders: bool = False
) -> None:
    """Put each content into its file and take away those that go: all, or where that fails, nothing.

    new_folders: folders that are missing are made. Those that are empty afterwards are taken away.
    """
    staged: list[tuple[Path, Path]] = []
    pipes: list[tuple[Path, bytes]] = []  # these, and devices, cannot be replaced
    made: list[Path] = []
    aside: list[tuple[Path, Path]] = []
    done = False
    file = ""
    try:
        try:
            for file, content in contents.items():
                target = _writable(file)
                if target.exists() and not target.is_file():
                    pipes.append((target, content))
                else:
                    made += _made(target.parent) if new_folders else []
                    staged.append((_staged(target, content), target))
            for file in gone:
                aside.append(_set_aside(Path(file)))
            for beside, target in staged:
                beside.replace(target)
            for target, content in pipes:
                target.write_bytes(content)
            done = True
        finally:
            for beside, _ in staged:
                beside.unlink(missing_ok=True)
            _settle(aside, made, done=done)
    except OSError as error:
        raise UsageProblem(f"cannot write {file}: {error.strerror}") from None


def _writable(file: str) -> Path:
    """Where the content of `file` goes; UsageProblem where nothing can be put."""
    if file == "-":
        raise UsageProblem("cannot write a file named `-`: leave --output out to write to standard output")
    target = Path(file).resolve()  # what a symbolic link leads to is replaced, not the link
    if target.is_dir():
        raise UsageProblem(f"cannot write {file}: it is a directory")
    if target.exists() and not os.access(target, os.W_OK):  # renaming would not ask for leave
        raise UsageProblem(f"cannot write {file}: it may not be written")
    return target


def _made(folder: Path) -> list[Path]:
    """The folders that had to be made so that there is `folder`, the outermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()][::-1]
    for one in missing:
        one.mkdir()
    return missing


def _set_aside(path: Path) -> tuple[Path, Path]:
    """(path, name beside it under which it waits until everything is written)."""
    beside = path.with_name(f".apicontract-{os.getpid()}-{path.name}")
    path.rename(beside)
    return path, beside


def _settle(aside: list[tuple[Path, Path]], made: list[Path], *, done: bool) -> None:
    """Files that were set aside go, or are back in their place; folders without anything go."""
    for path, beside in aside:
        if done:
            beside.unlink()
        else:
            beside.rename(path)
    folders = [path.parent for path, _ in aside] if done else made[::-1]
    for folder in dict.fromkeys(folders):
        try:
            folder.rmdir()
        except OSError:  # there is something in it
            continue


def _staged(target: Path, content: bytes) -> Path:
    """A file beside the target with the content and the permissions that the target is to have."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".apicontract-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        beside.chmod(_mode(target))
    except BaseException:
        beside.unlink()
        raise
    return beside


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of a new one."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
