"""Protobuf packages under their next name: which files are written, which go, what is left to people.

A package moves with all packages of its version (`acme.ads.v19.enums` with `acme.ads.v19.common`), and all
that move in one run move together. What would be written is compiled before it is given to anybody.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.formats.proto.packages import beginning, is_unstable, major, succeeding
from apicontract.formats.proto.renaming import Renaming, renamed
from apicontract.formats.proto.scan import imports, package
from apicontract.gate.packages import Packages
from apicontract.repository import snapshots
from apicontract.repository.snapshots import Repository
from apicontract.sources import ContractError, ReadOptions
from apicontract.sources.expansion import is_proto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from apicontract.gate.bump import Bump
    from apicontract.repository.snapshots import Snapshot

_CONFIGURATIONS = ("buf.yaml", "buf.work.yaml", "buf.gen.yaml", "apicontract.toml", "pyproject.toml")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Edits:
    """What to write: contents by path, seen from the folder; files that go; what people have to look at."""

    contents: Mapping[str, bytes] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def moved(
    bumps: Sequence[Bump],
    folder: str,
    *,
    keep: bool,
    includes: Callable[[str], tuple[str, ...]] = lambda _: (),
) -> Edits:
    """The packages of these bumps in their next one, each `bump.next` in the place of its version.

    keep: the old package stays, as it was where the branch left its base, and whoever imports it stays with
    it; otherwise it goes, and whoever imports it goes along. includes: by a path seen from the top, the
    folders that its imports are below. ContractError if something is in the way, or would not compile.
    """
    repository = Repository.around(folder)
    state = snapshots.working_tree(repository) if repository else snapshots.folder(folder)
    move = _Move(state, repository, includes, keep=keep)
    for bump in bumps:
        move.add(bump, os.path.relpath(os.path.realpath(os.path.join(folder, bump.path)), state.top))  # noqa: PTH118
    contents, gone = move.result()
    move.verify(contents, gone)
    here = os.path.realpath(folder)

    def seen(path: str) -> str:
        return os.path.relpath(os.path.join(state.top, path), here)  # noqa: PTH118

    return Edits(
        {seen(path): contents[path] for path in sorted(contents)},
        tuple(seen(path) for path in sorted(gone)),
        tuple(move.notes()),
    )


class _Move:
    """One run: the renamings, the files that they are about, and what comes of it."""

    def __init__(
        self,
        state: Snapshot,
        repository: Repository | None,
        includes: Callable[[str], tuple[str, ...]],
        *,
        keep: bool,
    ) -> None:
        self._state = state
        self._repository = repository
        self._includes = includes
        self._keep = keep
        self._packages = Packages(state, ReadOptions())
        self._renamings: dict[str, Renaming] = {}
        self._bases: dict[str, str] = {}
        self._stays: list[str] = []
        self._importers: list[str] = []

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        """Every proto that is somebody's own, by path."""
        own = [path for files in self._packages.by_folder.values() for path in files]
        texts = self._state.heads(own, ReadOptions().max_bytes)
        return {path: text for path, text in texts if text is not None}

    @cached_property
    def _package_of(self) -> dict[str, str]:
        return {path: package(text) for path, text in self._texts.items()}

    def add(self, bump: Bump, path: str) -> None:
        """Put a bump down: the package of its folder, with all packages of that version, is renamed."""
        path = path.replace(os.sep, "/")
        files = [path] if is_proto(path) else self._packages.by_folder.get(path, ())
        names = sorted({self._package_of.get(file, "") for file in files})
        if len({beginning(name) for name in names}) != 1 or not names[0]:
            told = " and ".join(name or "no package" for name in names) or "no package"
            raise ContractError(
                f"the files here are of {told}: which of them moves cannot be told",
                file=bump.source,
                hint="a folder that moves holds one package",
            )
        old = beginning(names[0])
        version = major(old)
        new = succeeding(old, bump.next)
        known = set(self._package_of.values())
        others = () if version else tuple(sorted(name for name in known if name.startswith(f"{old}.")))
        taken = next((one for one in known if one == new or one.startswith(f"{new}.")), "")
        if taken:
            raise ContractError(
                f"the package {taken} is there already, so {old} cannot become it",
                file=bump.source,
                hint=f"keep {old} as it was, and make the change in {taken}",
            )
        self._renamings[old] = Renaming(old, new, others)
        if bump.level:
            self._bases[old] = bump.base

    @cached_property
    def _moving(self) -> dict[str, Renaming]:
        """The files of everything that is renamed, by path."""
        return {
            path: one
            for path, name in self._package_of.items()
            for one in self._renamings.values()
            if one.holds(name)
        }

    @cached_property
    def _import_paths(self) -> dict[str, str]:
        """The path by which each of these files is imported."""
        found: dict[str, str] = {}
        for folder in sorted({posixpath.dirname(path) or "." for path in self._moving}):
            contract = self._packages.load(folder, self._includes(folder))
            for name in contract.own if contract else ():
                path = next(
                    one for one in self._packages.by_folder[folder] if one == name or one.endswith(f"/{name}")
                )
                found[path] = name
        return found

    @cached_property
    def _targets(self) -> dict[str, str]:
        """Where each of these files goes; its new import path is as much of that as the old one is."""
        found = {}
        for path, one in self._moving.items():
            name = self._import_paths[path]
            root = path[: len(path) - len(name)]
            found[path] = root + _beside(name, major(one.old), major(one.new))
        return found

    def result(self) -> tuple[dict[str, bytes], set[str]]:
        """(contents to write, files that go) by path."""
        renamings = tuple(self._renamings.values())
        roots = {path: path[: len(path) - len(name)] for path, name in self._import_paths.items()}
        paths = {name: self._targets[path][len(roots[path]) :] for path, name in self._import_paths.items()}
        contents: dict[str, bytes] = {}
        for path, target in self._targets.items():
            self._refuse_if_taken(path, target)
            text, stays = renamed(self._texts[path], self._package_of[path], renamings, paths)
            contents[target] = text
            self._stays += [f"{self._state.shown(target)}: {option}" for option in stays]
        gone = set(self._moving)
        if self._keep:
            before: dict[str, bytes] = {}
            for old, base in self._bases.items():
                before |= self._before(old, base)
            contents |= {path: text for path, text in before.items() if self._texts.get(path) != text}
            gone = {path for path in gone - before.keys() if self._moving[path].old in self._bases}
        else:
            for path, text in self._texts.items():
                if path not in self._moving:
                    edited, _ = renamed(text, self._package_of[path], renamings, paths)
                    if edited != text:
                        contents[path] = edited
                        self._importers.append(path)
        return contents, gone

    def _refuse_if_taken(self, path: str, target: str) -> None:
        if target in self._state.files or os.path.lexists(os.path.join(self._state.top, target)):  # noqa: PTH118
            raise ContractError(
                f"{self._state.shown(target)} is there already",
                file=self._state.shown(path),
                hint="move it away, or make the change there",
            )

    def _before(self, old: str, base: str) -> dict[str, bytes]:
        """The files of a package and of its version as the base has them."""
        if not base or self._repository is None:
            raise ContractError(
                f"the base is no commit, so {old} cannot be put back as it was",
                hint="compare with a ref (--against), or let the old package go (--move)",
            )
        state = snapshots.commit(self._repository, base[:10], base)
        own = [path for files in Packages(state, ReadOptions()).by_folder.values() for path in files]
        texts = state.heads(own, ReadOptions().max_bytes)
        renaming = self._renamings[old]
        return {path: text for path, text in texts if text is not None and renaming.holds(package(text))}

    def verify(self, contents: Mapping[str, bytes], gone: Iterable[str]) -> None:
        """ContractError if what moves does not compile, before or after, or what compiled would not after.

        Any other package that does not compile is left alone.
        """
        touched = {*contents, *gone}
        after = Packages(self._state.edited(contents, gone), ReadOptions())
        origin = {posixpath.dirname(new): posixpath.dirname(old) for old, new in self._targets.items()}
        for folder in after.by_folder:
            before = origin.get(folder, folder)
            if touched.isdisjoint(after.parts(folder) | self._packages.parts(before)):
                continue
            mistake = self._mistake(after, folder, before)
            broken = self._mistake(self._packages, before, before) if mistake else None
            if broken and folder in origin:
                raise ContractError(
                    f"nothing was written, since {self._state.shown(before)} does not compile: {broken[0]}",
                    file=broken[1],
                    hint="mend it first",
                )
            if mistake and not broken:
                raise ContractError(
                    f"nothing was written, since {self._state.shown(folder)} would not compile: {mistake[0]}",
                    file=mistake[1],
                    hint="what it needs of the old package is not in it any more: --move takes it along"
                    if self._keep
                    else "move it by hand",
                )

    def _mistake(self, packages: Packages, folder: str, configured: str) -> tuple[str, str] | None:
        """The first mistake of a package, with its place; None if it compiles, or is not there."""
        try:
            contract = packages.load(folder, self._includes(configured))
        except ContractError as error:
            return error.message, error.file
        found = next((one for one in contract.mistakes if not one.is_warning), None) if contract else None
        return (found.text, f"{found.file}:{found.line}:{found.column}") if found else None

    def notes(self) -> Iterator[str]:
        """What is not edited, and may have to be."""
        folders = {posixpath.dirname(path) for path in self._moving}
        if self._keep:
            users = [path for path in self._texts if path not in self._moving and self._imports_it(path)]
            if users:
                yield f"stays with the old package, which it imports: {self._few(users)}"
            for option in dict.fromkeys(self._stays):
                yield f"{option} holds no version, so both packages have it: give the new one its own"
        promised = [path for path in self._importers if not is_unstable(self._package_of[path])]
        if promised:
            yield (
                f"imports what moved, was edited, and promises to stay as it is: {self._few(promised)}; code"
                " written against it finds other names there, and `check` takes that for a break"
            )
        beside = [
            path for path in self._state.files if posixpath.dirname(path) in folders and not is_proto(path)
        ]
        if beside:
            yield f"is no proto, and stays where it is: {self._few(beside)}"
        named = [*folders, *self._renamings]
        for path in sorted(self._state.files):
            if posixpath.basename(path) in _CONFIGURATIONS:
                lines = (self._state.read(path) or b"").decode("utf-8", "replace").splitlines()
                for number, line in enumerate(lines, 1):
                    word = next((one for one in named if one and one in line.partition("#")[0]), "")
                    if word:
                        yield f"{self._state.shown(path)}:{number} names {word}, and is not edited"

    def _imports_it(self, path: str) -> bool:
        moving = set(self._import_paths.values())
        return not moving.isdisjoint(imports(self._texts[path]))

    def _few(self, paths: Sequence[str]) -> str:
        shown = [self._state.shown(path) for path in sorted(paths)]
        rest = len(shown) - _SHOWN
        return ", ".join(shown[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _beside(name: str, before: str, after: str) -> str:
    """An import path with the version in its folders replaced, or one with a folder for the version."""
    folder, file = posixpath.split(name)
    steps = folder.split("/") if folder else []
    if before and before in steps:
        at = len(steps) - 1 - steps[::-1].index(before)
        steps[at] = after
    else:
        steps.append(after)
    return posixpath.join(*steps, file)
