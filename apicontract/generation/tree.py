"""Trees of generated files: what is written where, what is ours to rewrite, and what is the user's.

Files of the *generated* tree are rewritten as a whole, and removed when nothing generates them any more and
nobody changed them; those of the *yours* tree are written if they are missing, and never touched again. A
manifest in the package says what was generated from what, part by part: a part is a major version, or what
majors share.
Nothing is written before everything is known.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MANIFEST = "apicontract-manifest.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Part:
    """Files generated together, by path below the output folder; digest: of what they come from."""

    digest: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Tree:
    """What a target makes. package: the folder of the manifest. parts: by name (`v1`, `shared`).

    target: its name; a package is of one target.
    """

    package: str
    parts: Mapping[str, Part]
    yours: Mapping[str, bytes] = field(default_factory=dict)
    target: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What writing did, or would do: paths below the output folder.

    kept: files that nothing generates any more and that somebody changed: they are left alone.
    overwritten: generated files that somebody had changed.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    overwritten: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    diff: str = ""

    @property
    def stale(self) -> bool:
        """Whether generated files differ from what they should be."""
        return bool(self.written or self.removed)


def parts_of(folder: str, package: str, digest: str) -> tuple[str, ...]:
    """The parts of the package, as it lies there, that were made with this digest."""
    return tuple(name for name, part in _read(Path(folder), package).items() if part.digest == digest)


def is_current(folder: str, package: str, digests: Mapping[str, str], yours: Iterable[str] = ()) -> bool:
    """Whether all parts are there with these digests, and no generated file of theirs was touched.

    yours: files that would be written if they were missing.
    """
    if any(not os.path.lexists(Path(folder) / path) for path in yours):
        return False
    known = _read(Path(folder), package)
    for name, digest in digests.items():
        part = known.get(name)
        if part is None or part.digest != digest:
            return False
        for path, mark in part.marks.items():
            if _mark_of(Path(folder) / path) != mark:
                return False
    return True


def plan(tree: Tree, folder: str, *, diff: bool = False) -> Outcome:
    """What writing the tree would do; with `diff` also as a unified diff.

    ContractError where a file or a package of another target is in the way.
    """
    top = Path(folder)
    known = _read(top, tree.package)
    _of_one_target(tree, top)
    files = {path: content for part in tree.parts.values() for path, content in part.files.items()}
    known_marks = {path: mark for part in known.values() for path, mark in part.marks.items()}
    elsewhere = {path for name, part in known.items() if name not in tree.parts for path in part.marks}
    written: list[str] = []
    overwritten: list[str] = []
    removed: list[str] = []
    kept: list[str] = []
    for path, content in sorted(files.items()):
        current = _mark_of(top / path)
        if current == _mark(content):
            continue
        if current is not None and path not in known_marks:
            hint = "move it away, or choose another folder or --package"
            raise ContractError(
                "this file is in the way: it was not generated", file=str(top / path), hint=hint
            )
        written.append(path)
        if current is not None and current != known_marks[path]:
            overwritten.append(path)
    for name in tree.parts:
        for path, mark in sorted(known[name].marks.items() if name in known else ()):
            current = _mark_of(top / path)
            if path in files or path in elsewhere or current is None:
                continue
            (removed if current == mark else kept).append(path)
    created = [path for path in sorted(tree.yours) if not os.path.lexists(top / path)]
    text = "".join(_diff(top, files, written, removed)) if diff else ""
    return Outcome(tuple(written), tuple(removed), tuple(kept), tuple(overwritten), tuple(created), text)


def write(tree: Tree, folder: str) -> Outcome:
    """Write the tree: everything is staged first, then put there; ContractError if that fails."""
    outcome = plan(tree, folder)
    top = Path(folder)
    files = {path: content for part in tree.parts.values() for path, content in part.files.items()}
    wanted = {path: files[path] for path in outcome.written} | {
        path: tree.yours[path] for path in outcome.created
    }
    manifest = _manifest(tree, _read(top, tree.package))
    name = f"{tree.package}/{MANIFEST}"
    if _mark_of(top / name) != _mark(manifest):
        wanted[name] = manifest
    if not wanted and not outcome.removed:
        return outcome
    try:
        for path in wanted:
            _inside(top, path)
        top.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=top, prefix=".apicontract-") as scratch:
            for number, content in enumerate(wanted.values()):
                (Path(scratch) / str(number)).write_bytes(content)
            for number, path in enumerate(wanted):
                target = top / path
                target.parent.mkdir(parents=True, exist_ok=True)
                (Path(scratch) / str(number)).replace(target)
        for path in outcome.removed:
            (top / path).unlink(missing_ok=True)
            _drop_empty((top / path).parent, top)
    except OSError as error:
        where = str(error.filename or folder)
        raise ContractError(f"cannot be written: {error.strerror}", file=where) from None
    return outcome


@dataclass(frozen=True, slots=True)
class _Known:
    digest: str
    marks: dict[str, str]


def _of_one_target(tree: Tree, top: Path) -> None:
    """ContractError if the package was generated for something else, which would be lost."""
    path = top / tree.package / MANIFEST
    found = json.loads(path.read_bytes()).get("target") if path.is_file() else None
    if found and tree.target and found != tree.target:
        raise ContractError(
            f"this package is a {found}, and a package is of one target",
            file=str(path),
            hint=f"choose another --package for the {tree.target}, or another folder",
        )


def _read(top: Path, package: str) -> dict[str, _Known]:
    """The parts in the manifest; none if there is none. ContractError if it is none of ours."""
    path = top / package / MANIFEST
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ContractError(f"cannot be read: {error.strerror}", file=str(path)) from None
    try:
        value = json.loads(text)
        if value["version"] != _VERSION:
            raise ContractError(
                f"this manifest is of version {value['version']}", file=str(path), hint="upgrade apicontract"
            )
        return {
            str(name): _Known(
                str(part["digest"]), {_safe(file): str(mark) for file, mark in part["files"].items()}
            )
            for name, part in value["parts"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "restore it, or move the package away and generate it anew"
        raise ContractError(
            f"this is no manifest ({type(error).__name__})", file=str(path), hint=hint
        ) from None


def _safe(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise ValueError(path)
    return path


def _manifest(tree: Tree, known: Mapping[str, _Known]) -> bytes:
    parts: dict[str, object] = {
        name: {"digest": part.digest, "files": dict(sorted(part.marks.items()))}
        for name, part in known.items()
    }
    for name, made in tree.parts.items():
        marks = {path: _mark(content) for path, content in sorted(made.files.items())}
        parts[name] = {"digest": made.digest, "files": marks}
    value = {"version": _VERSION, "target": tree.target, "parts": dict(sorted(parts.items()))}
    return (json.dumps(value, indent=1, sort_keys=False) + "\n").encode()


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _mark_of(path: Path) -> str | None:
    """The hash of a file; None if there is none."""
    try:
        return _mark(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ContractError(f"cannot be read: {error.strerror}", file=str(path)) from None


def _inside(top: Path, path: str) -> None:
    """ContractError where a link in the output folder leads out of it."""
    if not (top / path).resolve().is_relative_to(top.resolve()):
        raise ContractError("this leads out of the output folder", file=str(top / path))


def _drop_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _diff(top: Path, files: Mapping[str, bytes], written: list[str], removed: list[str]) -> Iterator[str]:
    for path in sorted([*written, *removed]):
        there = top / path
        old = (
            there.read_bytes().decode("utf-8", "replace").splitlines(keepends=True) if there.is_file() else []
        )
        new = files[path].decode("utf-8", "replace").splitlines(keepends=True) if path in files else []
        yield from difflib.unified_diff(
            old, new, f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null"
        )
