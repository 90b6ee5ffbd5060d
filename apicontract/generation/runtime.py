"""What every generated package shares: the modules of `templates/runtime`, copied as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.generation.rendering import root

if TYPE_CHECKING:
    from collections.abc import Callable


def runtime_files(wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The modules by their paths below `_runtime/`; `wanted` is asked about each path (`grpc/client.py`)."""
    top = root() / "runtime"
    paths = (path for path in sorted(top.rglob("*")) if path.suffix == ".py" or path.name == "py.typed")
    return {
        name: path.read_bytes()
        for path in paths
        if "__pycache__" not in path.parts and wanted(name := path.relative_to(top).as_posix())
    }
