"""Which contracts a snapshot holds, and which of them somebody means by what they typed.

A contract is found by the name of its file and the first bytes of its text, never by parsing it.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from apicontract.repository.references import parts
from apicontract.sources import globs
from apicontract.sources.errors import ContractError
from apicontract.sources.expansion import HEAD, looks_like, may_be_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from apicontract.repository.snapshots import Snapshot

_VENDORED = frozenset({"node_modules", ".venv", "vendor"})


@dataclass(frozen=True, slots=True)
class Selection:
    """Which contracts are meant, in paths below the top of the snapshots.

    files: named one by one. below: folders whose contracts are meant. patterns: globs of them.
    Nothing at all means every contract for which `configured` holds.
    """

    files: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing in particular is named."""
        return not (self.files or self.below or self.patterns)

    def covers(self, path: str) -> bool:
        """Whether the contract at `path` is among them."""
        return (
            path in self.files
            or any(not folder or path.startswith(f"{folder}/") for folder in self.below)
            or any(globs.matches(pattern, path) for pattern in self.patterns)
        )


def found(
    snapshot: Snapshot,
    covers: Callable[[str], bool],
    *,
    named: Iterable[str] = (),
    among: Iterable[str] | None = None,
) -> list[str]:
    """The contracts of a snapshot, sorted: what is `named`, and what `covers` and looks like one.

    among: the paths that are looked at; every file of the snapshot if that is None.
    """
    certain = {path for path in named if path in snapshot.files}
    candidates = [
        path
        for path in (snapshot.files if among is None else among)
        if may_be_contract(path) and path in snapshot.files and path not in certain and covers(path)
    ]
    candidates = [path for path in candidates if _VENDORED.isdisjoint(path.split("/")[:-1])]
    for path, head in snapshot.heads(candidates, HEAD):
        if head is not None and looks_like(head):
            certain.add(path)
    return sorted(certain)


def select(arguments: Sequence[str], snapshots: Sequence[Snapshot], folder: str) -> Selection:
    """What the arguments, typed in `folder`, mean in the snapshots, the newest first.

    A file that is no contract stands for the contracts that refer to it. ContractError for what is in
    none of the snapshots.
    """
    files: list[str] = []
    below: list[str] = []
    patterns: list[str] = []
    for argument in arguments:
        path = _inside(argument, snapshots[0], folder)
        if any(path in snapshot.files for snapshot in snapshots):
            files += _meant(path, snapshots, argument)
        elif path == "." or any(_is_folder(path, snapshot) for snapshot in snapshots):
            below.append("" if path == "." else path)
        elif globs.is_glob(path):
            if not any(globs.matches(path, one) for snapshot in snapshots for one in snapshot.files):
                raise ContractError("no file matches this pattern, here or in the base", file=argument)
            patterns.append(path)
        else:
            raise ContractError(
                f"it exists neither in {' nor in '.join(snapshot.name for snapshot in snapshots)}",
                file=argument,
                hint=_near(path, snapshots),
            )
    return Selection(tuple(dict.fromkeys(files)), tuple(below), tuple(patterns))


def _inside(argument: str, snapshot: Snapshot, folder: str) -> str:
    """The path of an argument below the top of the snapshot."""
    there = os.path.normpath(os.path.join(os.path.realpath(folder), argument))  # noqa: PTH118
    path = os.path.relpath(there, os.path.realpath(snapshot.top)).replace(os.sep, "/")
    if path == ".." or path.startswith("../"):
        raise ContractError(
            f"it is outside of {snapshot.top}",
            file=argument,
            hint="run the command in the contract's repository",
        )
    return posixpath.normpath(path)


def _meant(path: str, snapshots: Sequence[Snapshot], argument: str) -> list[str]:
    """The file itself if it is a contract somewhere, else the contracts that it is a part of."""
    for snapshot in snapshots:
        text = snapshot.read(path, HEAD)
        if text is not None and looks_like(text):
            return [path]
    users = [
        one
        for snapshot in snapshots[:1]
        for one in found(snapshot, lambda _: True)
        if path in (parts(snapshot, one) or ())
    ]
    if not users:
        raise ContractError(
            "this is no contract, and no contract refers to it",
            file=argument,
            hint="a contract starts with `openapi:` or `swagger:`",
        )
    return users


def _is_folder(path: str, snapshot: Snapshot) -> bool:
    return any(one.startswith(f"{path}/") for one in snapshot.files)


def _near(path: str, snapshots: Sequence[Snapshot]) -> str:
    names = [one for snapshot in snapshots for one in snapshot.files if may_be_contract(one)]
    near = get_close_matches(path, names, n=2) or [
        one for one in names if posixpath.basename(one) == posixpath.basename(path)
    ]
    shown = [snapshots[0].shown(one) for one in dict.fromkeys(near)][:2]
    return f"did you mean {' or '.join(shown)}?" if shown else "check the path"
