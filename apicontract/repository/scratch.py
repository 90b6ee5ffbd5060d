"""Trees that git writes for us, in a directory of our own: the user's repository stays as it is.

The index as a tree, the working tree as a tree, and the merge of two states, each written into an
object directory that is thrown away; git finds the user's objects from there as alternates.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from apicontract.repository import snapshots
from apicontract.sources.errors import ContractError
from apicontract.sources.plumbing import ask, run

if TYPE_CHECKING:
    from types import TracebackType

    from apicontract.repository.snapshots import Repository, Snapshot

_NOBODY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "apicontract"), ("EMAIL", "apicontract@localhost"), ("DATE", "@0 +0000"))
}
_CONFLICT = 1
_UNKNOWN_OPTION = 129


@dataclass(frozen=True, slots=True)
class Conflict:
    """States that cannot be merged in some files; `result` has git's marks in those, the rest is merged."""

    files: tuple[str, ...]
    result: Snapshot


class Scratch:
    """A directory for what git writes; use it as a context manager."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._folder = Path(tempfile.mkdtemp(prefix="apicontract-"))
        objects = run(repository.top, "rev-parse", "--git-path", "objects")
        there = os.path.join(repository.top, os.fsdecode(objects).rstrip("\n"))  # noqa: PTH118
        also = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
        self.settings: dict[str, str | None] = {
            **repository.settings,
            "GIT_OBJECT_DIRECTORY": str(self._folder),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, [there, also])),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def index(self) -> Snapshot:
        """What is staged; ContractError while a merge is unfinished."""
        answer = ask(self._repository.top, "write-tree", extra=self._own_index())
        if answer.code:
            raise ContractError(
                f"the index cannot be read as a tree: {answer.said.splitlines()[0] if answer.said else ''}",
                hint="finish the merge and stage its result first",
            )
        parents = self._repository.parents()
        return snapshots.written(self._repository, "the index", answer.text, self.settings, parents=parents)

    def merge(self, base: str, ours: Snapshot, ancestor: str) -> Snapshot | Conflict:
        """What merging `ours` into the commit `base` gives; `ancestor` is the commit where they parted."""
        top = self._repository.top
        if ours.commit and ours.commit != ancestor and self._repository.ask("merge-base", base, ours.commit):
            left, right = base, ours.commit
        else:
            root = self._commit(self._tree_of(ancestor))
            left = self._commit(self._tree_of(base), root)
            right = self._commit(self._written(ours), root)
        answer = ask(
            top,
            "merge-tree",
            "--write-tree",
            "-z",
            "--name-only",
            "--no-messages",
            left,
            right,
            extra=self.settings,
        )
        tree, *files = os.fsdecode(answer.output).split("\0")
        if answer.code not in (0, _CONFLICT) or not tree:
            old = "usage:" in answer.said or "unknown" in answer.said or answer.code == _UNKNOWN_OPTION
            raise ContractError(
                "git cannot compute the merge"
                + (
                    ": it is older than 2.38"
                    if old
                    else f": {answer.said.splitlines()[0] if answer.said else ''}"
                ),
                hint="update git, or merge the base into this branch first",
            )
        result = snapshots.written(self._repository, "the merge result", tree, self.settings)
        if answer.code == _CONFLICT:
            return Conflict(tuple(dict.fromkeys(file for file in files if file)), result)
        return result

    def _tree_of(self, commit: str) -> str:
        return run(self._repository.top, "rev-parse", f"{commit}^{{tree}}").decode().strip()

    def _commit(self, tree: str, *parents: str) -> str:
        arguments = [word for parent in parents for word in ("-p", parent)]
        settings = {**self.settings, **_NOBODY}
        made = run(self._repository.top, "commit-tree", tree, *arguments, "-m", "scratch", extra=settings)
        return made.decode().strip()

    def _written(self, state: Snapshot) -> str:
        """The tree of a state; of the working tree, with what differs from the index written down."""
        if state.tree is not None:
            return state.tree.commit if not state.commit else self._tree_of(state.commit)
        top = self._repository.top
        settings = self._own_index()
        edited = run(top, "ls-files", "-z", "-m", "-d", "-o", "--exclude-standard")
        given = b"".join(path + b"\0" for path in edited.split(b"\0")[:-1] if not path.endswith(b"/"))
        run(top, "update-index", "--add", "--remove", "-z", "--stdin", given=given, extra=settings)
        return run(top, "write-tree", extra=settings).decode().strip()

    def _own_index(self) -> dict[str, str | None]:
        """The settings under which git works on a copy of the index: even `write-tree` writes into it."""
        index = run(self._repository.top, "rev-parse", "--git-path", "index")
        there = Path(self._repository.top, os.fsdecode(index).rstrip("\n"))
        mine = self._folder / "index"
        mine.unlink(missing_ok=True)
        if there.exists():
            shutil.copyfile(there, mine)
        return {**self.settings, "GIT_INDEX_FILE": str(mine)}
