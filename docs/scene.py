"""The repository in which the commands of docs/check.md run: the same on every machine, commits and all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def build(folder: Path) -> None:
    """Make it: `main` with a release, the branch `feature` that is checked out, and `second` behind main."""
    git(folder, "init", "-q", "-b", "main", ".")
    first = (EXAMPLES / "orders-v1.yaml").read_text(encoding="utf-8")
    write(folder, first)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Orders")
    git(folder, "tag", "v1.4.0")
    mended = first.replace("version: 1.4.0", "version: 1.4.1")
    git(folder, "checkout", "-qb", "second")
    commit(folder, mended.replace("summary: Orders, newest first", "summary: All orders, newest first"))
    git(folder, "checkout", "-q", "main")
    commit(folder, mended.replace("description: A page of orders.", "description: One page of orders."))
    git(folder, "checkout", "-qb", "feature")
    commit(folder, (EXAMPLES / "orders-v2.yaml").read_text(encoding="utf-8"))


def write(folder: Path, text: str) -> None:
    """The one contract."""
    (folder / "orders.yaml").write_text(text, encoding="utf-8")


def commit(folder: Path, text: str) -> None:
    """A commit that changes it."""
    write(folder, text)
    git(folder, "commit", "-qam", "Orders, changed")


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody, at some time, without the settings of this machine."""
    fixed = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _SOMEBODY}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, **quiet, **fixed},
    )


_SOMEBODY = (
    ("NAME", "Somebody"),
    ("EMAIL", "somebody@example.org"),
    ("DATE", "2026-03-02T09:00:00+0000"),
)
