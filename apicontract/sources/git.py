"""Files of a git repository at any ref, read by plumbing, without a checkout and without the network.

A `Tree` is a commit; paths in it are relative to the top of the repository.
"""

from __future__ import annotations

import os
import re
from dataclasses import field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.sources.errors import ContractError
from apicontract.sources.plumbing import ELSEWHERE, Objects, Settings, ask, printable, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = re.compile(r"[\w./+-]+")  # a ref that can be fetched by its name; HEAD~1 cannot
_VERSION_TAG = re.compile(r"(?:^|[/_-])v?\d+\.\d+[\w.+-]*$|^v\d+$")
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


_LINK = "120000"  # the mode of a symbolic link


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: the id of its content, its size in bytes, whether it is a symbolic link."""

    id: str
    size: int
    is_link: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit, of the index or of a merge: whatever git can write as a tree.

    ref: as the user wrote it; commit: the commit or tree as git knows it; top: the repository's folder.
    label: what stands before a path in a report; below: the folder to which such a path is relative.
    objects: where contents are read.
    """

    ref: str
    commit: str
    top: str
    label: str
    below: str = ""
    objects: Objects = field(compare=False, default_factory=lambda: Objects("."))
    settings: Settings = field(compare=False, default=None)

    def shown(self, path: str) -> str:
        """How a report names the file at `path`."""
        return printable(self.label + (os.path.relpath(path, self.below) if self.below else path))

    def read(self, path: str, name: str) -> bytes:
        """The bytes of the file at `path`; links inside the tree, and into submodules, are followed."""
        kind, content = self.objects.read(f"{self.commit}:{path}")
        if kind == "blob":
            return content
        if kind == "missing":
            submodule = self._submodule_of(path)
            if submodule is not None:
                return submodule[0].read(submodule[1], name)
            raise ContractError(f"`{path}` does not exist in {self.ref}", file=name, hint=self._near(path))
        if kind == "tree":
            raise ContractError(f"`{path}` is a folder in {self.ref}", file=name, hint="name a file in it")
        if kind == "loop":
            raise ContractError(f"`{path}` is a symbolic link that never ends", file=name)
        to = "" if kind == "notdir" else f" to `{os.fsdecode(content)}`"
        raise ContractError(f"`{path}` in {self.ref} is a symbolic link{to} that leads nowhere", file=name)

    def _submodule_of(self, path: str) -> tuple[Tree, str] | None:
        """The submodule that holds `path`, at the commit that this tree names, and the path in it."""
        parts = path.split("/")
        above = ["/".join(parts[:count]) for count in range(1, len(parts))]
        listed = (
            run(self.top, "ls-tree", "-z", self.commit, "--", *above, extra=self.settings) if above else b""
        )
        for entry in filter(None, listed.split(b"\0")):
            about, _, folder = os.fsdecode(entry).partition("\t")
            mode, _, commit = about.split()
            if mode == "160000":
                top = os.path.join(self.top, folder)  # noqa: PTH118
                if ask(top, "cat-file", "-e", f"{commit}^{{commit}}", extra=ELSEWHERE).code:
                    raise ContractError(
                        f"`{folder}` is a submodule whose commit {commit[:10]} is not here",
                        file=self.shown(path),
                        hint=f"get it with `git submodule update --init {folder}`, or fetch in it",
                    )
                inner = Tree(
                    f"{folder} at {commit[:10]}",
                    commit,
                    top,
                    f"{self.label}{folder}/",
                    objects=Objects(top, ELSEWHERE),
                    settings=ELSEWHERE,
                )
                return inner, path.removeprefix(folder + "/")
        return None

    def kind(self, path: str) -> str:
        """`blob`, `tree`, or empty if there is nothing at `path`; `.` is the top."""
        if path == ".":
            return "tree"
        listed = run(self.top, "ls-tree", self.commit, "--", path, extra=self.settings).split()
        return listed[1].decode() if listed else ""

    def files(self, folder: str) -> list[str]:
        """Every file below `folder`, the whole tree if that is empty."""
        listed = run(
            self.top,
            "ls-tree",
            "-r",
            "-z",
            "--name-only",
            self.commit,
            "--",
            folder or ".",
            extra=self.settings,
        )
        return [path for path in os.fsdecode(listed).split("\0") if path]

    def blobs(self) -> dict[str, Blob]:
        """Every file of the commit by path."""
        listed = run(self.top, "ls-tree", "-r", "-z", "-l", self.commit, extra=self.settings)
        found: dict[str, Blob] = {}
        for line in os.fsdecode(listed).split("\0"):
            told, tab, path = line.partition("\t")
            mode, kind, identity, size = told.split() if tab else ("", "", "", "")
            if kind == "blob":
                found[path] = Blob(identity, int(size), mode == _LINK)
        return found

    def contents(self, blobs: Sequence[str]) -> Iterator[bytes]:
        """The bytes of blobs by their ids, in order."""
        for _, content in self.objects.read_all(blobs):
            yield content

    def _near(self, path: str) -> str:
        from difflib import get_close_matches

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
    try:
        return _tree(ref, os.getcwd())  # noqa: PTH109
    except ContractError as error:
        error.file = spec
        raise


@lru_cache(maxsize=32)
def _tree(ref: str, folder: str) -> tuple[Tree, str]:
    top, prefix = place(folder)
    return Tree(ref, commit_of(top, ref), top, f"git:{ref}:", objects=Objects(top)), prefix


def place(folder: str) -> tuple[str, str]:
    """The top folder of the repository that `folder` is in, and the path of `folder` in it.

    Of a bare repository, which has no working tree, that is the repository itself.
    Raises ContractError where there is none, or git does not trust it.
    """
    asked = ask(folder, "rev-parse", "--show-toplevel", "--show-prefix")
    if asked.code:
        bare = ask(folder, "rev-parse", "--is-bare-repository", "--absolute-git-dir").text
        if bare.startswith("true\n"):
            return bare.removeprefix("true\n"), ""
        if "dubious ownership" in asked.said:
            raise ContractError(
                "git does not read this repository, since it belongs to another user",
                hint=f"if you trust it: git config --global --add safe.directory {folder}",
            )
        raise ContractError("this folder is in no git repository", hint="run it inside the repository")
    top, _, prefix = asked.text.partition("\n")
    return top, prefix


def commit_of(top: str, ref: str) -> str:
    """The commit that `ref` names; ContractError with what to type if git knows none."""
    asked = ask(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if asked.code:
        kind = ask(top, "cat-file", "-t", ref).text if not ref.startswith("-") else ""
        if kind in ("blob", "tree"):
            raise ContractError(
                f"`{ref}` is a {kind}, and no commit", hint="name a branch, a tag or a commit"
            )
        if ".." in ref:
            raise ContractError(
                f"`{ref}` is a range, and no commit",
                hint="name its beginning: the merge base is found for you",
            )
        raise ContractError(f"git knows no ref `{ref}`", hint=_hint(top, ref))
    return asked.text


def is_bare(top: str) -> bool:
    """Whether a repository has no working tree, so that only its commits can be read."""
    return ask(top, "rev-parse", "--is-bare-repository").text == "true"


def is_shallow(top: str) -> bool:
    """Whether only a part of the history is in this clone."""
    return ask(top, "rev-parse", "--is-shallow-repository").text == "true"


def fetch_command(top: str, ref: str) -> list[str] | None:
    """The arguments of the `git fetch` that gets `ref` and nothing else; None if it has no name elsewhere.

    A depth is asked for only where history is cut off already: in a full clone it would cut it off.
    """
    remotes = ask(top, "remote").text.split()
    if not remotes or not _NAME.fullmatch(ref) or ref == "HEAD":
        return None
    depth = ["--depth=1"] if is_shallow(top) else []
    remote, _, branch = ref.removeprefix("refs/remotes/").partition("/")
    if remote in remotes and branch:
        return ["fetch", *depth, remote, f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"]
    remote = "origin" if "origin" in remotes else remotes[0]
    if _VERSION_TAG.search(ref) or ref.startswith("refs/tags/"):
        tag = f"refs/tags/{ref.removeprefix('refs/tags/')}"
        return ["fetch", *depth, remote, f"+{tag}:{tag}"]
    if _HASH.fullmatch(ref):
        return ["fetch", *depth, remote, ref]
    return None


def _hint(top: str, ref: str) -> str:
    """What to type so that the ref is there; a shallow clone is the usual reason that it is not."""
    from difflib import get_close_matches

    shallow = is_shallow(top)
    command = fetch_command(top, ref)
    known = ask(top, "for-each-ref", "--format=%(refname:short)").text.split()
    near = get_close_matches(ref, known, n=2)
    meant = f"did you mean {' or '.join(near)}?" if near else ""
    if command:
        told = f"fetch it first: git {' '.join(command)}"
        told += " (this clone is shallow: only some history is here)" if shallow else ""
        return f"{meant} Otherwise {told}" if meant else told
    if shallow and not meant:
        return "this clone is shallow: get the rest with `git fetch --unshallow --tags`"
    return meant or "`git branch -a` and `git tag` list what is there"
