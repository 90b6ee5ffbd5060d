"""Files of a git repository at any ref, read by plumbing, without a checkout and without the network.

A `Tree` is a commit; paths in it are relative to the top of the repository.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TIMEOUT = 60
_NAME = re.compile(r"[\w./-]+")  # a ref that can be fetched by its name; HEAD~1 cannot


_LINK = "120000"  # the mode of a symbolic link


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: the id of its content, its size in bytes, whether it is a symbolic link."""

    id: str
    size: int
    is_link: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """A commit: `ref` as the user wrote it, `commit` as git knows it, `top` the repository's folder."""

    ref: str
    commit: str
    top: str

    def read(self, path: str, name: str) -> bytes:
        """The bytes of the file at `path`; symbolic links inside the tree are followed."""
        for _ in range(8):
            kind = _git(self.top, "ls-tree", self.commit, "--", path).decode("utf-8", "replace").split()
            if not kind:
                raise ContractError(
                    f"`{path}` does not exist in {self.ref}", file=name, hint=self._near(path)
                )
            if kind[1] == "tree":
                raise ContractError(
                    f"`{path}` is a folder in {self.ref}", file=name, hint="name a file in it"
                )
            if kind[0] != _LINK:
                return _git(self.top, "cat-file", "blob", f"{self.commit}:{path}")
            goal = _git(self.top, "cat-file", "blob", f"{self.commit}:{path}").decode("utf-8", "replace")
            path = os.path.normpath(os.path.join(os.path.dirname(path), goal))  # noqa: PTH118, PTH120
        raise ContractError(f"`{path}` is a symbolic link that never ends", file=name)

    def kind(self, path: str) -> str:
        """`blob`, `tree`, or empty if there is nothing at `path`; `.` is the top."""
        if path == ".":
            return "tree"
        listed = _git(self.top, "ls-tree", self.commit, "--", path).split()
        return listed[1].decode() if listed else ""

    def files(self, folder: str) -> list[str]:
        """Every file below `folder`, the whole tree if that is empty."""
        listed = _git(self.top, "ls-tree", "-r", "-z", "--name-only", self.commit, "--", folder or ".")
        return [path for path in listed.decode("utf-8", "replace").split("\0") if path]

    def blobs(self) -> dict[str, Blob]:
        """Every file of the commit by path."""
        listed = _git(self.top, "ls-tree", "-r", "-z", "-l", self.commit)
        found: dict[str, Blob] = {}
        for line in listed.decode("utf-8", "surrogateescape").split("\0"):
            told, tab, path = line.partition("\t")
            mode, kind, identity, size = told.split() if tab else ("", "", "", "")
            if kind == "blob":
                found[path] = Blob(identity, int(size), mode == _LINK)
        return found

    def contents(self, blobs: Sequence[str]) -> Iterator[bytes]:
        """The bytes of blobs by their ids, in order, read by one process."""
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        told = _git(self.top, "cat-file", "--batch", given=asked) if blobs else b""
        at = 0
        for _ in blobs:
            end = told.index(b"\n", at)
            size = int(told[at:end].split()[2])
            yield told[end + 1 : end + 1 + size]
            at = end + 2 + size

    def _near(self, path: str) -> str:
        names = self.files("")
        near = (
            get_close_matches(path, names, n=2)
            or [name for name in names if name.endswith("/" + PurePosixPath(path).name)][:2]
        )
        return (
            f"did you mean {' or '.join(near)}?"
            if near
            else f"`git ls-tree -r {self.ref}` lists what is there"
        )


def parse(spec: str) -> tuple[str, str]:
    """`git:REF:path` as (ref, path); a ref may hold no colon, as git has it."""
    ref, colon, path = spec.removeprefix("git:").partition(":")
    if not ref or not colon or not path:
        raise ContractError(
            f"`{spec}` is no git source", hint="write git:REF:path, as in git:origin/main:openapi.yaml"
        )
    if ref.startswith("-"):
        raise ContractError(f"`{ref}` is no name of a git ref", file=spec)
    return ref, path


def tree(ref: str, spec: str) -> tuple[Tree, str]:
    """The commit that `ref` names in the repository of the current folder, and that folder's path in it."""
    return _tree(ref, spec, os.getcwd())  # noqa: PTH109


@lru_cache(maxsize=32)
def _tree(ref: str, spec: str, folder: str) -> tuple[Tree, str]:
    try:
        top = _git(folder, "rev-parse", "--show-toplevel").decode().strip()
        prefix = _git(folder, "rev-parse", "--show-prefix").decode().strip()
    except ContractError:
        raise ContractError(
            "this folder is in no git repository", file=spec, hint="run it inside the repository"
        ) from None
    try:
        commit = (
            _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
            .decode()
            .strip()
        )
    except ContractError:
        raise ContractError(f"git knows no ref `{ref}`", file=spec, hint=_fetch_hint(top, ref)) from None
    return Tree(ref, commit, top), prefix


def _fetch_hint(top: str, ref: str) -> str:
    """What to type so that the ref is there; a shallow clone is the usual reason that it is not."""
    shallow = _git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
    remote, _, branch = ref.partition("/")
    remotes = _git(top, "remote").decode().split()
    if remote in remotes and branch:
        command = f"git fetch {remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}"
        return f"fetch it first: {command}" + (
            " (this clone is shallow: only some history is here)" if shallow else ""
        )
    if shallow:
        rest = "this clone is shallow: fetch the rest with `git fetch --unshallow --tags`"
        if remotes and _NAME.fullmatch(ref) and ref != "HEAD":
            rest += (
                f", or only this with `git fetch --depth=1 {remotes[0]} {ref}` and name it git:FETCH_HEAD:…"
            )
        return rest
    known = _git(top, "for-each-ref", "--format=%(refname:short)").decode().split()
    near = get_close_matches(ref, known, n=2)
    return (
        f"did you mean {' or '.join(near)}?" if near else "`git branch -a` and `git tag` list what is there"
    )


def _git(folder: str, *arguments: str, given: bytes = b"") -> bytes:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", folder, *arguments],  # noqa: S607
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
            env=environment,
            input=given,
        )
    except FileNotFoundError:
        raise ContractError("git is not installed", hint="install git, or name a file") from None
    except subprocess.TimeoutExpired:
        raise ContractError(f"git {arguments[0]} gave no answer in {_TIMEOUT} seconds") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise ContractError(f"git {arguments[0]} failed: {said}")
    return done.stdout
