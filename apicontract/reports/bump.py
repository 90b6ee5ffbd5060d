"""Next versions, for people and for programs."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.reports import json as shapes
from apicontract.reports.style import plain
from apicontract.sources.plumbing import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.gate.bump import Bump
    from apicontract.gate.moving import Edits
    from apicontract.reports.style import Style


_PLAIN = frozenset(range(ord(" "), ord("~") + 1)) - frozenset(b'"\\')  # bytes of a name that stay as they are


def bump_lines(bumps: Sequence[Bump], style: Style, edits: Edits | None = None) -> Iterator[str]:
    """A line per contract, and below it what a new version alone does not settle.

    edits: what was written, if anything was.
    """
    for one in bumps:
        yield f"{style.paint(plain(one.source), 'bold')}: {plain(_told(one, edits))}"
        for advice in () if one.is_package and edits is not None and not one.refused else one.advice:
            yield from style.point(advice, "  ")
    if not bumps:
        yield "no contract changed: no version is needed"
    if edits is not None and any(one.is_package for one in bumps):
        yield from (f"  written  {plain(printable(path))}" for path in edits.contents)
        yield from (f"  removed  {plain(printable(path))}" for path in edits.gone)
        for note in edits.notes:
            yield from style.wrap(f"note: {note}", "  ")


def bump_json(bumps: Sequence[Bump], edits: Edits | None = None) -> str:
    """One object per contract, and what was written; `schemas/bump-1.json` describes them."""
    value: dict[str, object] = {
        "version": shapes.VERSION,
        "contracts": [
            {
                "contract": one.contract,
                "source": one.source,
                "level": str(one.level),
                "before": one.before or None,
                "declared": one.declared or None,
                "next": one.next or None,
                "enough": one.enough,
                "written": edits is not None and one.next != one.declared,
                "refused": one.refused or None,
                "advice": list(one.advice),
            }
            for one in bumps
        ],
    }
    if edits is not None:
        value["edits"] = {
            "written": [printable(path) for path in edits.contents],
            "removed": [printable(path) for path in edits.gone],
            "notes": list(edits.notes),
        }
    return shapes.written(value)


def patch_lines(edits: Edits, folder: str = ".") -> Iterator[str]:
    """What would be written, as a patch against the files below `folder` (`git apply`, `patch -p1`)."""
    after: dict[str, bytes | None] = {**edits.contents, **dict.fromkeys(edits.gone)}
    for path, content in sorted(after.items()):
        file = Path(folder, path)
        before = file.read_bytes() if file.exists() else None
        old, new = (
            _quoted(f"{side}/{path}") if text is not None else "/dev/null"
            for side, text in (("a", before), ("b", content))
        )
        for line in difflib.unified_diff(_lines(before), _lines(content), old, new, lineterm=""):
            yield line.removesuffix("\n")
            if not line.endswith("\n") and line[:1] in "-+ " and line[:4] not in ("--- ", "+++ "):
                yield "\\ No newline at end of file"


def _quoted(path: str) -> str:
    """A path as patches name it: in quotes and by bytes where it is not plain (git's `core.quotePath`)."""
    if path.isprintable() and not {'"', "\\"} & set(path):
        return path
    letters = (chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in os.fsencode(path))
    return f'"{"".join(letters)}"'


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode("utf-8", "backslashreplace")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + (
        [last] if (last := text.split("\n")[-1]) else []
    )


def _told(one: Bump, edits: Edits | None) -> str:
    declared = one.declared or "no version"
    if one.asked:
        verb = "must become" if edits is None else "becomes"
        return f"{declared} {verb} {one.next}, as asked"
    changes = f"the changes since {one.before} are" if one.before else "the changes are"
    if one.refused:
        stays = f"{one.declared} stays, and " if one.declared else ""
        return f"{stays}{changes} {one.level}: {one.refused}"
    if one.is_new:
        return f"{declared}; it is new, so any version will do"
    if not one.required:
        return f"{declared}; nothing that changed needs another version"
    if one.next == one.declared:
        return f"{declared} says enough: {changes} {one.level}"
    verb = "must become" if edits is None else "is set to"
    then = _of_package(one, edits) if one.is_package else f"{declared} {verb} {one.next}"
    return f"{then}: {'the changes since then are' if one.is_package else changes} {one.level}"


def _of_package(one: Bump, edits: Edits | None) -> str:
    declared = one.declared or "the package without a version"
    if edits is None:
        return f"{declared} stays, and {one.next} comes beside it"
    gone = any(path.startswith(f"{one.path}/") or path == one.path for path in edits.gone)
    kept = any(path.startswith(f"{one.path}/") or path == one.path for path in edits.contents)
    if gone and not kept:
        return f"{declared} became {one.next}"
    return f"{declared} is as it was, and {one.next} beside it has what was changed"
