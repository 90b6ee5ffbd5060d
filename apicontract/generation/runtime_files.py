"""The runtime as it is copied into a package: real modules, only their header is ours to add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.generation.rendering import root

if TYPE_CHECKING:
    from collections.abc import Iterator


def runtime_files(folder: str, header: str, *, leave_out: tuple[str, ...] = ()) -> dict[str, str]:
    """The runtime's files below `folder`; `leave_out` names packages of it that are not wanted."""
    return {
        f"{folder}/{name}": f"{header}\n{text.decode()}"
        for name, text in sources(leave_out)
        if name.endswith(".py")
    }


def sources(leave_out: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    """The runtime's files as they stand in the folder of templates, by path."""
    top = root() / "runtime"
    for path in sorted([*top.rglob("*.py"), *top.rglob("py.typed")]):
        name = path.relative_to(top).as_posix()
        if name.partition("/")[0] not in leave_out:
            yield name, path.read_bytes()
