"""All files of a repository or folder in one state: a commit, the index, the working tree, a merge.

A snapshot knows which files there are and which of them are equal; contents are read when asked for.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.sources import git
from apicontract.sources.errors import ContractError
from apicontract.sources.plumbing import ONLINE, Objects, ask, printable, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from apicontract.sources.plumbing import Settings

_LINK = "link:"
_LINK_MODE = "120000"
_LONGEST_CHAIN = 16
_LARGE = 16 * 1024 * 1024  # bytes of a file that is edited and surely no contract
_SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__", ".tox", ".hg", ".svn"})


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository seen from a folder in it; `prefix` is that folder's path below `top`, if not it.

    fetching: whether git may get from a remote what is not here: a partial clone lacks contents.
    """

    top: str
    prefix: str
    fetching: bool = False

    @classmethod
    def around(cls, folder: str, *, fetching: bool = False) -> Repository | None:
        """The repository that `folder` is in; None if there is none."""
        try:
            top, prefix = git.place(folder)
        except ContractError:
            if any((above / ".git").exists() for above in (Path(folder), *Path(folder).parents)):
                raise  # there is one, and it cannot be read
            return None
        return cls(top, prefix.rstrip("/"), fetching)

    def shown(self, path: str) -> str:
        """A path below the top as somebody in the folder would write it."""
        return os.path.relpath(path, self.prefix) if self.prefix else path

    @property
    def settings(self) -> dict[str, str | None]:
        """What to put on top of git's environment."""
        return dict(ONLINE) if self.fetching else {}

    def ask(self, *arguments: str) -> str | None:
        """What git answers, or None if it fails."""
        answer = ask(self.top, *arguments, extra=self.settings)
        return None if answer.code else answer.text

    def parents(self) -> tuple[str, ...]:
        """The commits that the next commit will build on: HEAD, and in an unfinished merge what is merged."""
        head = self.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        merged = self.ask("rev-parse", "--verify", "--quiet", "MERGE_HEAD^{commit}")
        return tuple(commit for commit in (head, merged) if commit)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files below `top` in one state.

    name: what to call the state: `origin/main`, `the working tree`. files: an id of each file's
    content; what is equal has the same id, links have one that starts with `link:`, and it is empty
    where nothing is known before the file is read. commit: the commit that the state is exactly, or
    empty; parents: the commits on which it builds. tree: where contents are read, None for the disk.
    prefix: the folder that reports start from. edits: contents that go before what is there.
    """

    name: str
    top: str
    files: Mapping[str, str]
    prefix: str = ""
    commit: str = ""
    parents: tuple[str, ...] = ()
    tree: git.Tree | None = None
    edits: Mapping[str, bytes] = field(default_factory=dict)

    def edited(self, contents: Mapping[str, bytes], gone: Iterable[str]) -> Snapshot:
        """What this state, on the disk, would be with these contents and without the files that go."""
        left = set(gone)
        files = {path: known for path, known in self.files.items() if path not in left}
        files |= {path: content_id(text) for path, text in contents.items()}
        edits = {path: text for path, text in self.edits.items() if path not in left}
        return replace(self, files=files, commit="", edits={**edits, **contents})

    def identity(self, path: str) -> str:
        """The id of the content at `path`, wherever it lies; empty if there is no such file."""
        path = self.real(path)
        known = self.files.get(path, "")
        if known:
            return known
        above = path
        while self.tree and (above := above.rpartition("/")[0]):
            if above in self.files:  # a submodule: its commit says what is in it
                return f"{self.files[above]}:{path}"
        content = None if self.tree else self.read(path)
        return "" if content is None else content_id(content)

    def real(self, path: str) -> str:
        """The path at which the content of `path` lies: links inside the snapshot are followed."""
        for _ in range(_LONGEST_CHAIN):
            parts = path.split("/")
            above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
            link = next((one for one in above if self.files.get(one, "").startswith(_LINK)), None)
            if link is None:
                return path
            goal = self._goal(link)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(link), goal) + path[len(link) :])
        return path

    def _goal(self, link: str) -> str:
        if self.tree is None:
            try:
                return os.readlink(os.path.join(self.top, link))  # noqa: PTH115, PTH118
            except OSError:
                return ""
        _, goal = self.tree.objects.read(self.files[link].removeprefix(_LINK))
        return os.fsdecode(goal)

    def read(self, path: str, limit: int = -1) -> bytes | None:
        """The content at `path`, or its first `limit` bytes; None if there is none."""
        if path in self.edits:
            return self.edits[path] if limit < 0 else self.edits[path][:limit]
        if self.tree is None:
            try:
                with Path(self.top, path).open("rb", buffering=0 if limit >= 0 else -1) as file:
                    return file.read(limit)
            except (OSError, ValueError):
                return None
        known = self.files.get(path, _LINK)
        if not known.startswith(_LINK):
            kind, content = self.tree.objects.read(known)
            if kind == "blob":
                return content if limit < 0 else content[:limit]
        try:
            content = self.tree.read(path, path)
        except ContractError:
            return None
        return content if limit < 0 else content[:limit]

    def heads(self, paths: Sequence[str], limit: int) -> Iterator[tuple[str, bytes | None]]:
        """Each path with the first `limit` bytes at it; of a tree, they are asked for together."""
        plain = [path for path in paths if self.tree and not self.files.get(path, _LINK).startswith(_LINK)]
        for path in set(paths).difference(plain):
            yield path, self.read(path, limit)
        if self.tree is not None:
            answers = self.tree.objects.read_all([self.files[path] for path in plain])
            for path, (kind, content) in zip(plain, answers, strict=True):
                yield path, content[:limit] if kind == "blob" else None

    def shown(self, path: str) -> str:
        """How a report names the file at `path`."""
        if self.tree is not None:
            return self.tree.shown(path)
        return printable(os.path.relpath(path, self.prefix) if self.prefix else path)


def content_id(content: bytes) -> str:
    """The id that git gives a file of that content, in a repository of SHA-1 (gitformat-loose)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def commit(repository: Repository, ref: str, commit_id: str) -> Snapshot:
    """The files of a commit that the user calls `ref`."""
    top, prefix = repository.top, repository.prefix
    settings = repository.settings
    tree = git.Tree(
        ref, commit_id, top, f"git:{ref}:", prefix, objects=Objects(top, settings), settings=settings
    )
    return Snapshot(ref, top, _listed(tree), prefix, commit_id, (commit_id,), tree)


def written(
    repository: Repository,
    name: str,
    tree_id: str,
    settings: Settings,
    *,
    parents: tuple[str, ...] = (),
) -> Snapshot:
    """The files of a tree that was written elsewhere: of the index, or of a merge; `settings` find it."""
    top, prefix = repository.top, repository.prefix
    tree = git.Tree(name, tree_id, top, "", prefix, objects=Objects(top, settings), settings=settings)
    return Snapshot(name, top, _listed(tree), prefix, "", parents, tree)


def _listed(tree: git.Tree) -> dict[str, str]:
    listed = run(tree.top, "ls-tree", "-r", "-z", "--full-tree", tree.commit, extra=tree.settings)
    return dict(_entries(listed))


def _entries(listed: bytes) -> Iterator[tuple[str, str]]:
    """(path, id) of each line of `ls-tree` or `ls-files -s`; of what is not merged, the id is empty."""
    for entry in os.fsdecode(listed).split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        mode, *_, last = about.split(" ")
        if len(last) == 1:  # `ls-files` ends with the stage
            last = about.split(" ")[1] if last == "0" else ""
        yield path, _LINK + last if mode == _LINK_MODE and last else last


def working_tree(repository: Repository) -> Snapshot:
    """The files on the disk: what git tracks, with what was edited, and what it does not ignore."""
    top = repository.top
    files = dict(_entries(run(top, "ls-files", "-s", "-z")))
    edited = run(top, "ls-files", "-z", "-m", "-d", "-o", "--exclude-standard")
    for path in set(os.fsdecode(edited).split("\0")[:-1]):
        found = _id_on_disk(os.path.join(top, path))  # noqa: PTH118
        if found is None:
            files.pop(path.rstrip("/"), None)
        elif not path.endswith("/"):
            files[path] = found
    parents = repository.parents()
    clean = not edited and repository.ask("diff-index", "--cached", "--quiet", "HEAD", "--") is not None
    exactly = parents[0] if clean and len(parents) == 1 else ""
    return Snapshot("the working tree", top, files, repository.prefix, exactly, parents)


def _id_on_disk(path: str) -> str | None:
    """The id of a file or link as git would store it; None for what is no file (any more)."""
    try:
        if os.path.islink(path):  # noqa: PTH114
            return _LINK + content_id(os.fsencode(os.readlink(path)))  # noqa: PTH115
        about = Path(path).stat()
        if about.st_size > _LARGE:
            return f"large:{about.st_size}:{about.st_mtime_ns}"
        return content_id(Path(path).read_bytes())
    except IsADirectoryError:
        return ""  # a submodule whose state is not what the index says
    except OSError:
        return None


def folder(path: str, name: str = "") -> Snapshot:
    """Every file below a folder, in a repository or not; vendored folders are left out."""
    top = os.path.realpath(path)
    files: dict[str, str] = {}
    for at, folders, names in os.walk(top):
        folders[:] = sorted(one for one in folders if one not in _SKIPPED)
        below = os.path.relpath(at, top).replace(os.sep, "/")
        files |= dict.fromkeys((one if below == "." else f"{below}/{one}" for one in names), "")
    here = os.path.realpath(os.getcwd())  # noqa: PTH109
    return Snapshot(name or path, top, files, "" if here == top else os.path.relpath(here, top))
