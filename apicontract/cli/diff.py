"""`apicontract diff`: compare two contracts or two sets of them, report, and say yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import apicontract
from apicontract.changes import Level, Surface
from apicontract.cli.writing import style_for, write, write_lines
from apicontract.formats import DiffOptions
from apicontract.sources import ContractError, ReadOptions, expand

if TYPE_CHECKING:
    from pathlib import Path

    from apicontract.changes import Comparison, Diff


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for, as the options name it."""

    format: str
    fail_on: str
    output: Path | None
    quiet: bool
    verbose: bool
    surfaces: str
    path_prefix: str | None
    strict: bool
    allow_remote: bool
    root: Path | None


def run(old: str, new: str, request: Request) -> int:
    """Compare, report, and give the exit code; ContractError for bad input."""
    options = DiffOptions(
        surfaces=_surfaces(request.surfaces),
        path_prefix=_prefix(request.path_prefix),
        strict=request.strict,
    )
    reading = ReadOptions(
        allow_remote=request.allow_remote, root=None if request.root is None else str(request.root)
    )
    compare = apicontract.diff_all if _are_sets(old, new) else apicontract.diff
    result = compare(old, new, options=options, read_options=reading)
    _report(result, request)
    if request.fail_on == "never":
        return 0
    return int(result.level >= Level.parse(request.fail_on))


def _are_sets(old: str, new: str) -> bool:
    """Whether both sides are directories or globs; ContractError if only one is."""
    if old == new == "-":
        raise ContractError("standard input can be read only once", hint="name a file for one of the two")
    sets = [spec for spec in (old, new) if spec != "-" and expand(spec) != [spec]]
    if len(sets) == 1:
        raise ContractError(
            f"{sets[0]} is a set of contracts and the other side is one contract",
            hint="compare two files, or two directories or globs",
        )
    return bool(sets)


def _surfaces(text: str) -> frozenset[Surface]:
    try:
        return frozenset(Surface(name.strip().lower()) for name in text.split(","))
    except ValueError:
        raise ContractError(
            f"--surfaces {text}: the surfaces are {', '.join(Surface)}",
            hint="join those that count by commas: --surfaces wire,behaviour",
        ) from None


def _prefix(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    old, equals, new = text.partition("=")
    if not equals or any(side and not side.startswith("/") for side in (old, new)):
        raise ContractError(
            f"--path-prefix {text}: this is not OLD=NEW", hint="write it as in --path-prefix /v1=/v2"
        )
    return old, new


def _report(result: Diff | Comparison, request: Request) -> None:
    if request.quiet and request.output is None:
        return
    if request.format == "json":
        from apicontract.reports.json import diff_json

        write(diff_json(result), request.output)
        return
    from apicontract.reports.text import diff_lines

    write_lines(diff_lines(result, style_for(request.output), verbose=request.verbose), request.output)
