"""A snapshot as folders: what lies below, whether a file is there, its bytes; paths begin with `/`.

Through it the readers that go by folders see a commit, the index or a merge as they see the disk.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.repository.snapshots import Snapshot


def leaves(path: str) -> bool:
    """Whether a path, with its links followed, lies outside of the snapshot."""
    return path.startswith(("../", "/")) or path == ".."


class SnapshotFolders:
    """The `Folders` of a snapshot. max_bytes: of one file. Links that stay in the snapshot are followed."""

    top = "/"

    def __init__(self, snapshot: Snapshot, max_bytes: int) -> None:
        self._snapshot = snapshot
        self._max_bytes = max_bytes

    @cached_property
    def _folders(self) -> frozenset[str]:
        found: set[str] = {""}
        for path in self._snapshot.files:
            folder = path.rpartition("/")[0]
            while folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def below(self, folder: str, suffix: str) -> list[str]:
        """Every file below `folder` whose name ends with `suffix`, sorted."""
        start = folder.rstrip("/") + "/"
        return sorted(
            f"/{path}"
            for path in self._snapshot.files
            if path.endswith(suffix) and f"/{path}".startswith(start)
        )

    def is_file(self, path: str) -> bool:
        """Whether there is a file at `path`, also in a submodule or behind a link."""
        snapshot = self._snapshot
        there = path[1:]
        real = snapshot.real(there)
        if leaves(real):
            return False
        if real in snapshot.files:
            return True
        above = real.rpartition("/")[0]
        while above and above not in snapshot.files:
            above = above.rpartition("/")[0]
        return bool(above) and snapshot.read(there) is not None

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`."""
        return path.strip("/") in self._folders

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of each file; of a tree, they are asked for together."""
        snapshot = self._snapshot
        paths = list(paths)
        for path in paths:
            if leaves(snapshot.real(path[1:])):
                raise ContractError("it is a link that leaves the repository", file=self.shown(path))
        for path, text in snapshot.heads([path[1:] for path in paths], self._max_bytes + 1):
            if text is None:
                raise ContractError("it cannot be read", file=snapshot.shown(path))
            if len(text) > self._max_bytes:
                raise ContractError(f"it has more than {self._max_bytes} bytes", file=snapshot.shown(path))
            yield f"/{path}", text

    def shown(self, path: str) -> str:
        """As reports name it."""
        return self._snapshot.shown(path[1:] or ".")

    def inside(self, name: str) -> str | None:
        """The path of a folder on the disk, if it lies below the top of the repository."""
        path = os.path.relpath(os.path.realpath(name), self._snapshot.top).replace(os.sep, "/")
        if path == ".." or path.startswith("../"):
            return None
        return "/" if path == "." else f"/{path}"
