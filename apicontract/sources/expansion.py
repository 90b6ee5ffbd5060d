"""Which contracts a folder or a glob stands for.

What cannot be looked into (a file or folder that may not be read, another encoding) is among them:
reading it says why. Left out in silence, it would pass for checked.
"""

from __future__ import annotations

import glob
import os
import posixpath
import re
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.sources import git, globs
from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MAGIC = frozenset("*?[")
_SUFFIXES = (".json", ".yaml", ".yml")
_PROTO = ".proto"
HEAD = 64 * 1024
_IN_YAML = re.compile(rb"""^["']?(?:openapi|swagger)["']?[ \t]*:""", re.MULTILINE)
_IN_BRACKETS = re.compile(rb"""[{,\s]["']?(?:openapi|swagger)["']?\s*:""")
_MARKS = b"\xef\xbb\xbf\xff\xfe"  # what a text of UTF-8, UTF-16 or UTF-32 may start with
SKIPPED = frozenset(
    {".git", "node_modules", ".venv", "__pycache__"}
)  # folders that hold no contracts of one's own


def is_collection(spec: str) -> bool:
    """Whether `spec` may stand for several contracts: a folder or a glob."""
    if spec == "-" or "://" in spec:
        return False
    if spec.startswith("git:"):
        _, path = git.parse(spec)
        return _git_folder(spec) is not None or path.endswith("/")
    return Path(spec).is_dir() or (glob.has_magic(spec) and not Path(spec).exists())


def expand(spec: str) -> list[str]:
    """The documents that `spec` stands for, sorted: itself, or those below it that look like contracts."""
    if not is_collection(spec):
        return [spec]
    return sorted(_in_git(spec) if spec.startswith("git:") else _on_disk(spec))


def paths_below(spec: str, files: Sequence[str]) -> list[str]:
    """Each file's path relative to a directory, or to the part of a glob that holds no wildcard."""
    fixed = "".join(takewhile(lambda letter: letter not in _MAGIC, spec))
    base = fixed.rpartition("/")[0] if fixed != spec else fixed.rstrip("/")
    base = "" if base == "." else base.removeprefix("./")
    return [file.removeprefix(f"{base}/" if base else "") or file for file in files]


def _on_disk(spec: str) -> list[str]:
    """The contracts, each file once however many links lead to it."""
    listed = _below(spec) if Path(spec).is_dir() else _matching(spec)
    found: dict[str, str] = {}
    for path in sorted(listed, key=lambda path: (len(path.parts), path)):
        found.setdefault(os.path.realpath(path), str(path))
    return list(found.values())


def _below(folder: str) -> Iterator[Path]:
    """The contracts below a folder, and what may not be read there; links to folders are not followed."""
    unreadable: list[Path] = []

    def note(error: OSError) -> None:
        unreadable.append(Path(error.filename or folder))

    for here, folders, files in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if name not in SKIPPED]
        yield from _contracts(Path(here) / name for name in files)
    yield from unreadable


def _matching(pattern: str) -> Iterator[Path]:
    """The contracts that a glob matches, as in shells: hidden ones only if asked for, no loops of links."""
    parts = Path(pattern).parts
    fixed = Path(*takewhile(lambda part: not glob.has_magic(part), parts))
    rest = parts[len(fixed.parts) :]
    rest = (*rest, "*") if rest[-1] == "**" else rest
    hidden = any(part.startswith(".") for part in rest)
    try:
        matched = list(fixed.glob("/".join(rest)))
    except (OSError, ValueError):
        return iter(())
    return _contracts(
        path
        for path in matched
        if hidden or not any(part.startswith(".") for part in path.relative_to(fixed).parts)
    )


def _contracts(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if may_be_contract(path.name) and path.is_file():
            head = _head(path)
            if head is None or looks_like(head):
                yield path


def _head(path: Path) -> bytes | None:
    """The first bytes of a file; None if it may not be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return None


def may_be_contract(path: str) -> bool:
    """Whether a file of that name can be a contract."""
    return path.lower().endswith(_SUFFIXES)


def is_proto(path: str) -> bool:
    """Whether a file of that name is a part of a protobuf package, which its folder makes together."""
    return path.endswith(_PROTO)


def meant_by(pattern: str, contract: str) -> bool:
    """Whether a glob names a contract; a package is named by its folder, and by globs of its files."""
    return globs.matches(pattern, contract) or (
        not may_be_contract(contract) and globs.matches(pattern, posixpath.join(contract, f"_{_PROTO}"))
    )


def looks_like(text: bytes) -> bool:
    """Whether a text starts like a contract; of a long one the beginning is looked at.

    In whatever encoding: the wrong one is said when it is read.
    """
    head = text[:HEAD].replace(b"\0", b"")
    if b"openapi" not in head and b"swagger" not in head:
        return False
    head = head.lstrip(_MARKS)
    start = head.lstrip(b" \t\r\n")[:1]
    return (_IN_BRACKETS if start == b"{" else _IN_YAML).search(head) is not None


def _git_folder(spec: str) -> tuple[git.Tree, str, list[str]] | None:
    """(commit, folder, files below it) if the source names a folder of the commit."""
    ref, path = git.parse(spec)
    tree, prefix = git.tree(ref, spec)
    folder = (prefix + path).strip("/")
    folder = "" if folder == "." else folder.removeprefix("./")
    files = tree.files(folder)
    return None if files == [folder] or not files else (tree, folder, files)


def _in_git(spec: str) -> list[str]:
    found = _git_folder(spec)
    if found is None:
        raise ContractError("there is no such folder", file=spec)
    tree, _, files = found
    _, prefix = git.tree(tree.ref, spec)
    return [
        f"git:{tree.ref}:{name.removeprefix(prefix)}"
        for name in files
        if may_be_contract(name) and looks_like(tree.read(name, spec))
    ]
