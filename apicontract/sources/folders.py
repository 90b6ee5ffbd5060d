"""Folders on disk and in git as one thing: what lies below, whether a file is there, its bytes.

Paths are absolute: below `/` on disk, below the top of the repository in git (`/apis/v1/a.proto`).
Symbolic links to folders are not followed, and a link to a file counts only if it stays within `top`.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from apicontract.records import dataclass
from apicontract.sources import git
from apicontract.sources.errors import ContractError
from apicontract.sources.expansion import SKIPPED
from apicontract.sources.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 200_000  # files below a folder; a larger one is not a contract but a disk


class Folders(Protocol):
    """A tree of folders; `top` is the folder that reading may not leave."""

    @property
    def top(self) -> str:
        """The outermost folder that files are read from."""

    def below(self, folder: str, suffix: str) -> list[str]:
        """Every file below `folder` whose name ends with `suffix`, sorted."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file at `path`."""

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`."""

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of each file, in any order; ContractError if one cannot be read or is too large."""

    def shown(self, path: str) -> str:
        """The path as people would write it where they are."""

    def inside(self, name: str) -> str | None:
        """The path of the folder that the user calls `name`; None if it does not lie in this tree."""


@dataclass(frozen=True)
class Disk:
    """Folders on disk. as_given: paths are shown as absolute ones where the user gave an absolute one."""

    top: str
    max_bytes: int
    absolute: bool = False

    def below(self, folder: str, suffix: str) -> list[str]:
        """Every file below `folder` whose name ends with `suffix`, sorted."""
        found: list[str] = []
        waiting = [folder]
        seen = 0
        while waiting:
            try:
                entries = list(os.scandir(waiting.pop()))
            except OSError:  # a folder that may not be read, or that has just gone
                continue
            seen += len(entries)
            if seen > _MOST:
                raise ContractError(
                    f"there are more than {_MOST:,} files here",
                    file=folder,
                    hint="name the folder that is meant",
                )
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting += [entry.path] if entry.name not in SKIPPED else []
                elif entry.name.endswith(suffix) and (
                    self.is_file(entry.path) if entry.is_symlink() else entry.is_file()
                ):
                    found.append(entry.path)
        return sorted(found)

    def is_file(self, path: str) -> bool:
        """Whether there is a file at `path`, or a link to one that stays within `top`."""
        if os.path.islink(path):  # noqa: PTH114  # thousands of paths as plain texts
            return os.path.isfile(path) and self._is_within(os.path.realpath(path))  # noqa: PTH113
        return os.path.isfile(path)  # noqa: PTH113

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`."""
        return os.path.isdir(path)  # noqa: PTH112

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of each file."""
        for path in paths:
            text = read_file(path, self.shown(path), self.max_bytes)
            if len(text) > self.max_bytes:
                raise ContractError(f"it has more than {self.max_bytes} bytes", file=self.shown(path))
            yield path, text

    def shown(self, path: str) -> str:
        """Relative to the current folder, unless absolute ones are wanted."""
        return path if self.absolute else os.path.relpath(path)

    def inside(self, name: str) -> str | None:
        """The absolute path, if it is below `top`."""
        path = os.path.abspath(name)  # noqa: PTH100
        return path if path == self.top or path.startswith(self.top.rstrip("/") + "/") else None

    def _is_within(self, path: str) -> bool:
        top = os.path.realpath(self.top)
        return path.startswith(top.rstrip("/") + "/")


@dataclass(frozen=True)
class Commit:
    """Folders of a commit; `prefix` is the current folder within the repository (`apis/`), or empty."""

    tree: git.Tree
    prefix: str
    max_bytes: int

    top = "/"

    @cached_property
    def _blobs(self) -> dict[str, git.Blob]:
        return {f"/{path}": blob for path, blob in self.tree.blobs().items()}

    @cached_property
    def _folders(self) -> frozenset[str]:
        found: set[str] = {"/"}
        for path in self._blobs:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def below(self, folder: str, suffix: str) -> list[str]:
        """Every file below `folder` whose name ends with `suffix`, sorted."""
        start = folder.rstrip("/") + "/"
        return sorted(path for path in self._blobs if path.startswith(start) and path.endswith(suffix))

    def is_file(self, path: str) -> bool:
        """Whether the commit has a file at `path`."""
        return path in self._blobs

    def is_folder(self, path: str) -> bool:
        """Whether the commit has a folder at `path`."""
        return (path.rstrip("/") or "/") in self._folders

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of each file, all of them by one process of git."""
        wanted = [(path, self._blobs.get(path)) for path in paths]
        plain: list[tuple[str, git.Blob]] = []
        for path, blob in wanted:
            if blob is None or blob.is_link:  # the tree's own reading says what is wrong, or follows the link
                yield path, self.tree.read(path[1:], self.shown(path))
            elif blob.size > self.max_bytes:
                raise ContractError(f"it has more than {self.max_bytes} bytes", file=self.shown(path))
            else:
                plain.append((path, blob))
        for (path, _), text in zip(plain, self.tree.contents([blob.id for _, blob in plain]), strict=True):
            yield path, text

    def shown(self, path: str) -> str:
        """As a git source: `git:REF:path`, relative to the current folder."""
        return f"git:{self.tree.ref}:{os.path.relpath(path[1:], self.prefix or '.')}"

    def inside(self, name: str) -> str | None:
        """The path in the commit, if that has the folder; else it is taken from the disk."""
        path = os.path.normpath(f"/{self.prefix}{name}")
        return path if not name.startswith("/") and self.is_folder(path) else None


def repository_of(folder: str) -> str:
    """The nearest folder above, or `folder` itself, that is a git repository; empty if there is none."""
    above = folder
    while True:
        if os.path.exists(os.path.join(above, ".git")):  # noqa: PTH110, PTH118
            return above
        parent = os.path.dirname(above)  # noqa: PTH120
        if parent == above:
            return ""
        above = parent


def git_commit(spec: str) -> tuple[git.Tree, str, str]:
    """(commit, current folder in the repository, path in it) of `git:REF:path`."""
    ref, path = git.parse(spec)
    tree, prefix = git.tree(ref, spec)
    return tree, prefix, os.path.normpath(prefix + path)
