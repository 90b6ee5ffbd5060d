"""Asking buf what breaks, and what its linter finds.

What breaks is asked in one run with the rules of three categories, told apart afterwards by rule.
A category is a set of rules, so what it says alone is what its rules say. The answers about a large pair are
kept in the cache: package, version and configuration are fixed, and a run takes a minute and gigabytes.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import corpora
from run import BUF

CATEGORIES = ("WIRE", "WIRE_JSON", "FILE")
CONFIGURATION = f"version: v2\nbreaking:\n  use: [{', '.join(CATEGORIES)}]\n"
LINTING = "version: v2\nlint:\n  use: [STANDARD, COMMENTS, UNARY_RPC, STABLE_PACKAGE_NO_IMPORT_UNSTABLE]\n"  # every rule that it has
COMPILE = "COMPILE"  # what buf calls a report about a file that it does not compile
_BREAKS = 100  # the exit code of `buf breaking` and `buf lint` that found something


class Report(NamedTuple):
    """One line of buf's: the rule that fired, where, and its sentence."""

    rule: str
    path: str
    line: int
    message: str


@cache
def categories() -> dict[str, frozenset[str]]:
    """Each rule, with those of the three categories that have it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "buf.yaml").write_text(CONFIGURATION, encoding="utf-8")
        command = [str(_buf()), "config", "ls-breaking-rules", "--configured-only", "--format", "json"]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True, timeout=60
        ).stdout
    rules = (json.loads(line) for line in done.splitlines())
    return {rule["id"]: frozenset(rule["categories"]) & set(CATEGORIES) for rule in rules}


def breaking(old: Path, new: Path) -> list[Report]:
    """What buf reports between two folders, which get its configuration; RuntimeError if it cannot say."""
    for side in (old, new):
        (side / "buf.yaml").write_text(CONFIGURATION, encoding="utf-8")
    command = [str(_buf()), "breaking", str(new), "--against", str(old), "--error-format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
    if done.returncode not in (0, _BREAKS):
        raise RuntimeError(f"buf breaking: {done.stderr.strip()[:400]}")
    return [_report(json.loads(line), new) for line in done.stdout.splitlines()]


def linting(folder: Path) -> list[Report]:
    """What buf's linter reports of a folder by all its rules; line 1 where it names none."""
    (folder / "buf.yaml").write_text(LINTING, encoding="utf-8")
    command = [str(_buf()), "lint", "--error-format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=1800)
    if done.returncode not in (0, _BREAKS):
        raise RuntimeError(f"buf lint: {done.stderr.strip()[:400]}")
    found = (_report(json.loads(line), folder) for line in done.stdout.splitlines())
    return [report._replace(line=report.line or 1) for report in found]


def _report(said: dict[str, object], new: Path) -> Report:
    path = str(said.get("path", ""))
    return Report(
        str(said["type"]),
        path.removeprefix(f"{new}/"),
        int(str(said.get("start_line", 0))),
        str(said["message"]),
    )


def _buf() -> Path:
    return corpora.pypi_tool(*BUF)
