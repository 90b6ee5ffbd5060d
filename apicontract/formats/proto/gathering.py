"""From what the user names to the files of a contract: on disk or in git, by folder, glob or name.

All files are one contract. Only where two of them would be imported by one path, as copies or versions that
stand side by side are, each root of import paths is a contract of its own.

What is imported is looked for among the contract's own files, below the folders of `-I`, below the roots
that were found or guessed, in the folders around, and last among the files that everybody imports.
"""

from __future__ import annotations

import glob
import os
import posixpath
from typing import TYPE_CHECKING

from apicontract.formats.proto.buf_yaml import Module, is_below, modules_around, modules_below
from apicontract.formats.proto.builtin import builtin
from apicontract.formats.proto.compiling.compilation import is_import_path
from apicontract.formats.proto.compiling.files import ProtoFile, Scanned
from apicontract.formats.proto.compiling.unit import TextUnit
from apicontract.formats.proto.roots import guess_roots
from apicontract.records import dataclass
from apicontract.sources import Commit, ContractError, Disk, git_commit, repository_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apicontract.sources import Folders, ReadOptions

SUFFIX = ".proto"
ALL = f"*{SUFFIX}"  # the path of a contract that is made of many files
_MOST_BYTES = 1 << 30  # of all files of a contract


@dataclass(frozen=True, slots=True)
class Selection:
    """Files and folders that the user named: `named` are files, `folder` is what holds all of them."""

    folders: Folders
    folder: str
    named: tuple[str, ...]


def select(specs: Sequence[str], options: ReadOptions) -> Selection | None:
    """What the sources lead to; None if there is no proto file among it."""
    if specs[0].startswith("git:"):
        return _in_git(specs, options)
    return _on_disk(specs, options)


def gather(selection: Selection, source: str, options: ReadOptions) -> dict[str, TextUnit]:
    """The contracts of the selected files, by what their paths below the folder have in common."""
    folders = selection.folders
    includes = [_include(name, folders, options) for name in options.includes]
    modules = modules_around(folders, selection.folder) or modules_below(folders, selection.folder)
    if not any(module.holds(path) for module in modules for path in selection.named):
        modules = []  # a configuration of something else
    paths = [path for path in selection.named if not modules or any(one.holds(path) for one in modules)]
    texts: dict[str, Scanned] = {}
    total = 0
    for path, text in folders.read(paths):
        total += len(text)
        if total > _MOST_BYTES:
            raise ContractError(f"there are more than {_MOST_BYTES:,} bytes of protos here", file=source)
        texts[path] = Scanned(text)
    roots = _roots(texts, selection, modules, [root for place, root in includes if place is folders])
    around = [*dict.fromkeys([*(module.root for module in modules), *roots.values()])]
    search = [*includes, *((folders, root) for root in around)]
    search += [(folders, root) for root in _outwards(selection.folder, folders.top) if root not in around]
    dependencies = _dependencies(modules)
    files = _by_import_path(texts, roots, folders)
    if len(files) == len(texts):
        return {ALL: TextUnit(source, files, Search(files, search), dependencies=dependencies)}
    units = {}
    for root in sorted(set(roots.values())):
        own = {path: text for path, text in texts.items() if roots[path] == root}
        files = _by_import_path(own, roots, folders)
        nearest = [*includes, (folders, root), *search[len(includes) :]]
        units[_below(selection.folder, root)] = TextUnit(
            folders.shown(root), files, Search(files, nearest), dependencies=dependencies
        )
    return units


class Search:
    """Finds a file by its import path: among `files`, then below each folder, then what everybody has."""

    def __init__(self, files: Mapping[str, ProtoFile], places: Sequence[tuple[Folders, str]]) -> None:
        self._files = files
        self._places = places
        self._found: dict[str, ProtoFile | None] = {}

    def __call__(self, path: str) -> ProtoFile | None:
        """The file, or None."""
        own = self._files.get(path)
        if own is not None:
            return own
        if path not in self._found:
            self._found[path] = self._look(path) if is_import_path(path) else None
        return self._found[path]

    def _look(self, path: str) -> ProtoFile | None:
        for folders, root in self._places:
            there = f"{root.rstrip('/')}/{path}"
            if folders.is_file(there):
                [(_, text)] = folders.read([there])
                return ProtoFile(path, folders.shown(there), Scanned(text))
        return builtin(path)


def _roots(
    texts: Mapping[str, Scanned], selection: Selection, modules: Sequence[Module], includes: Sequence[str]
) -> dict[str, str]:
    """The root of each file: what -I says, what buf's configuration says, else what can be guessed."""
    stated: dict[str, str] = {}
    for path in texts:
        root = next((one for one in includes if is_below(path, one)), None)
        if root is None:
            root = next((module.root for module in modules if module.holds(path)), None)
        if root is not None:
            stated[path] = root
    rest = {path: text for path, text in texts.items() if path not in stated}
    folders = selection.folders
    return {**stated, **guess_roots(rest, selection.folder, folders.top, folders.is_file)}


def _by_import_path(
    texts: Mapping[str, Scanned], roots: Mapping[str, str], folders: Folders
) -> dict[str, ProtoFile]:
    names = {path: path[len(roots[path].rstrip("/")) + 1 :] for path in texts}
    return {name: ProtoFile(name, folders.shown(path), texts[path]) for path, name in names.items()}


def _below(folder: str, root: str) -> str:
    """What the paths of the files below `root` have in common, seen from `folder`."""
    return ALL if root == folder else f"{posixpath.relpath(root, folder)}/{ALL}"


def _outwards(folder: str, top: str) -> Iterable[str]:
    while is_below(folder, top):
        yield folder
        if folder in (top, "/"):
            return
        folder = posixpath.dirname(folder)


def _dependencies(modules: Sequence[Module]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for module in modules for name in module.dependencies))


def _include(name: str, folders: Folders, options: ReadOptions) -> tuple[Folders, str]:
    """A folder of -I: in the tree that the contract is in, if it lies there, else on disk."""
    inside = folders.inside(name)
    if inside is not None and (folders.is_folder(inside) or not isinstance(folders, Disk)):
        return folders, inside
    path = os.path.abspath(name)  # noqa: PTH100
    if not os.path.isdir(path):  # noqa: PTH112
        raise ContractError("this is no folder", file=name, hint="-I names a folder that imports are below")
    return Disk(path, options.max_bytes), path


def _in_git(specs: Sequence[str], options: ReadOptions) -> Selection | None:
    tree, prefix, _ = git_commit(specs[0])
    commit = Commit(tree, prefix, options.max_bytes)
    named: list[str] = []
    inside: list[str] = []
    for spec in specs:
        other, _, path = git_commit(spec)
        if other != tree:
            raise ContractError("files of two commits make no contract", file=spec)
        there = posixpath.normpath(f"/{path}")
        if commit.is_folder(there):
            named += commit.below(there, SUFFIX)
            inside.append(there)
        elif commit.is_file(there) and there.endswith(SUFFIX):
            named.append(there)
            inside.append(posixpath.dirname(there))
    return Selection(commit, posixpath.commonpath(inside), tuple(dict.fromkeys(named))) if named else None


def _on_disk(specs: Sequence[str], options: ReadOptions) -> Selection | None:
    paths: list[str] = []
    for spec in specs:
        is_pattern = glob.has_magic(spec) and not os.path.exists(spec)  # noqa: PTH110
        paths += sorted(glob.glob(spec, recursive=True)) if is_pattern else [spec]  # noqa: PTH207
    whole = [os.path.abspath(path) for path in paths]  # noqa: PTH100
    found = [
        (path, os.path.isdir(path))  # noqa: PTH112
        for path in whole
        if path.endswith(SUFFIX) or os.path.isdir(path)  # noqa: PTH112
    ]
    if not found:
        return None
    folder = posixpath.commonpath(
        [path if is_folder else posixpath.dirname(path) for path, is_folder in found]
    )
    top = os.path.realpath(options.root) if options.root is not None else repository_of(folder) or folder
    disk = Disk(top, options.max_bytes, absolute=any(os.path.isabs(path) for path in paths))  # noqa: PTH117
    named: list[str] = []
    for path, is_folder in found:
        named += disk.below(path, SUFFIX) if is_folder else [path]
    return Selection(disk, folder, tuple(dict.fromkeys(named))) if named else None
