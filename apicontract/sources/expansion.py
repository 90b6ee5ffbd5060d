"""Which contracts a folder or a glob stands for."""

from __future__ import annotations

import glob
import re
from pathlib import Path

from apicontract.sources import git
from apicontract.sources.errors import ContractError

_SUFFIXES = (".json", ".yaml", ".yml")
HEAD = 64 * 1024
_IN_YAML = re.compile(rb"""^["']?(?:openapi|swagger)["']?[ \t]*:""", re.MULTILINE)
_IN_BRACKETS = re.compile(rb"""[{,\s]["']?(?:openapi|swagger)["']?\s*:""")
_MARKS = b"\xef\xbb\xbf\xff\xfe"  # what a text of UTF-8, UTF-16 or UTF-32 may start with
_SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__"})


def is_collection(spec: str) -> bool:
    """Whether `spec` may stand for several contracts: a folder or a glob."""
    if spec == "-" or "://" in spec:
        return False
    if spec.startswith("git:"):
        _, path = git.parse(spec)
        return _git_folder(spec) is not None or path.endswith("/")
    return Path(spec).is_dir() or (glob.has_magic(spec) and not Path(spec).exists())


def expand(spec: str) -> list[str]:
    """The contracts that `spec` stands for, sorted: itself, or what looks like one in a folder or glob."""
    if not is_collection(spec):
        return [spec]
    found = _in_git(spec) if spec.startswith("git:") else _on_disk(spec)
    if not found:
        raise ContractError(
            "no contract was found here",
            file=spec,
            hint="a contract is a JSON or YAML file with `openapi:` or `swagger:`",
        )
    return sorted(found)


def _on_disk(spec: str) -> list[str]:
    if Path(spec).is_dir():
        listed = [path for path in Path(spec).rglob("*") if not _SKIPPED & set(path.relative_to(spec).parts)]
    else:
        listed = [Path(name) for name in glob.glob(spec, recursive=True)]  # noqa: PTH207  # patterns as shells have them
    return [
        str(path)
        for path in listed
        if may_be_contract(path.name) and path.is_file() and looks_like(_head(path))
    ]


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def may_be_contract(path: str) -> bool:
    """Whether a file of that name can be a contract."""
    return path.lower().endswith(_SUFFIXES)


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
