"""The protobuf packages of a snapshot: which folders hold one, what each imports, reading one.

A package is a contract by its folder: all protos that lie directly in it. What it imports is told from
the texts, on the side of too many: whatever file of the snapshot an import could mean is taken for it.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.repository.discovery import VENDORED
from apicontract.repository.tree import SnapshotFolders, leaves
from apicontract.sources import ContractError
from apicontract.sources.expansion import is_proto

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apicontract.formats.proto.buf_yaml import Module
    from apicontract.formats.proto.model import Proto
    from apicontract.repository.snapshots import Snapshot
    from apicontract.sources import ReadOptions

_CONFIGURATIONS = ("buf.yaml", "buf.work.yaml")


class Packages:
    """The packages of one snapshot, by their folders; `.` is the top. Nothing is read before it is needed."""

    def __init__(self, snapshot: Snapshot, options: ReadOptions) -> None:
        self._snapshot = snapshot
        self._options = options
        self._folders = SnapshotFolders(snapshot, options.max_bytes)

    @cached_property
    def by_folder(self) -> Mapping[str, tuple[str, ...]]:
        """The files of each package, sorted; vendored ones and what buf's configuration excludes are none."""
        found: dict[str, list[str]] = {}
        for path in sorted(filter(is_proto, self._snapshot.files)):
            folder = posixpath.dirname(path)
            if VENDORED.isdisjoint(folder.split("/")) and not self._is_excluded(path):
                found.setdefault(folder or ".", []).append(path)
        return {folder: tuple(files) for folder, files in found.items()}

    def _is_excluded(self, path: str) -> bool:
        """Whether a module leaves the file out, and no other has it."""
        from apicontract.formats.proto.buf_yaml import is_below

        there = f"/{path}"
        return any(
            is_below(there, folder) for module in self._modules for folder in module.excludes
        ) and not any(module.holds(there) for module in self._modules)

    @cached_property
    def _modules(self) -> list[Module]:
        """The modules of every configuration of buf; reading a package tells of one that cannot be read."""
        from apicontract.formats.proto.buf_yaml import modules_around

        found: dict[str, Module] = {}
        for path in self._snapshot.files:
            if posixpath.basename(path) in _CONFIGURATIONS:
                try:
                    around = modules_around(self._folders, posixpath.dirname(f"/{path}"))
                except ContractError:
                    continue
                found |= {module.root: module for module in around}
        return list(found.values())

    def parts(self, folder: str) -> frozenset[str]:
        """The paths of a package, of all it may import, and of what says where imports are."""
        found = set(self.by_folder.get(folder, ()))
        waiting = list(found)
        while waiting:
            for imported in self._imports.get(waiting.pop(), ()):
                for path in self._by_name.get(posixpath.basename(imported), ()):
                    if path not in found and (path == imported or path.endswith(f"/{imported}")):
                        found.add(path)
                        waiting.append(path)
        above = [folder]
        while above[-1] not in ("", "."):
            above.append(posixpath.dirname(above[-1]))
        names = (posixpath.join(one, name) for one in above for name in _CONFIGURATIONS)
        return frozenset((*found, *(name for name in map(posixpath.normpath, names) if self._has(name))))

    def _has(self, path: str) -> bool:
        return path in self._snapshot.files

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in filter(is_proto, self._snapshot.files):
            found.setdefault(posixpath.basename(path), []).append(path)
        return found

    @cached_property
    def _imports(self) -> Mapping[str, list[str]]:
        """The import paths that each proto of the snapshot names."""
        from apicontract.formats.proto.scan import imports

        protos = [
            path for path in filter(is_proto, self._snapshot.files) if not leaves(self._snapshot.real(path))
        ]
        texts = self._snapshot.heads(protos, self._options.max_bytes)
        return {path: imports(text) for path, text in texts if text is not None}

    def identity(self, folder: str) -> frozenset[tuple[str, str]]:
        """Name and content of each file: equal ones are one package at two places."""
        files = self.by_folder.get(folder, ())
        return frozenset((posixpath.basename(path), self._snapshot.identity(path)) for path in files)

    def load(self, path: str, includes: tuple[str, ...] = ()) -> Proto | None:
        """The package in a folder, or the one file at a path; None if there is no proto.

        includes: folders on the disk that imports are below, looked for in the snapshot if they lie in it.
        """
        files = (path,) if is_proto(path) else self.by_folder.get(path, ())
        return self._contract(files, path, includes) if files else None

    def _contract(self, files: Iterable[str], path: str, includes: tuple[str, ...]) -> Proto:
        from apicontract.formats.proto.gathering import Selection, gather
        from apicontract.formats.proto.model import Proto

        named = tuple(f"/{file}" for file in files)
        selection = Selection(self._folders, posixpath.dirname(named[0]), named)
        options = replace(self._options, includes=(*includes, *self._options.includes))
        units = gather(selection, self._snapshot.shown(path), options)
        return Proto(next(iter(units.values())))
