"""`apicontract diff`: pair the contracts, compare them, report, and say yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import apicontract
from apicontract.changes import Level, Surface
from apicontract.cli.writing import wants_colour, width, write
from apicontract.formats import DiffOptions
from apicontract.sources import ContractError, ReadOptions, expand, is_collection

if TYPE_CHECKING:
    from pathlib import Path

    from apicontract.changes import Diff


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, as options name it."""

    format: str
    fail_on: str
    output: Path | None
    surfaces: str
    path_prefix: str | None
    root: Path | None
    quiet: bool
    verbose: bool
    strict: bool
    allow_remote: bool


def run(old: str, new: str, request: Request) -> int:
    """Compare, report, and give the exit code."""
    options = DiffOptions(_surfaces(request.surfaces), _prefix(request.path_prefix), request.strict)
    read = ReadOptions(allow_remote=request.allow_remote, root=str(request.root) if request.root else None)
    several = is_collection(old) or is_collection(new)
    pairs = _pairs(old, new) if several else [(old, new)]
    results = [apicontract.diff(*pair, options=options, read_options=read) for pair in pairs]
    if not request.quiet:
        write(_report(results, request, several=several), request.output)
    if request.fail_on == "never":
        return 0
    return int(any(result.level >= Level.parse(request.fail_on) for result in results))


def _surfaces(text: str) -> frozenset[Surface]:
    try:
        return frozenset(Surface(name.strip()) for name in text.split(","))
    except ValueError:
        raise ContractError(
            f"--surfaces {text}: there are {', '.join(Surface)}", hint="join some of them by commas"
        ) from None


def _prefix(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    old, equals, new = text.partition("=")
    if not equals or not all(not side or side.startswith("/") for side in (old, new)):
        raise ContractError(f"--path-prefix {text}: write OLD=NEW, as in /v1=/v2")
    return old, new


def _pairs(old: str, new: str) -> list[tuple[str, str]]:
    """Contracts of two folders or globs by the name they have below it; those without a partner are an error."""
    sides = [{_tail(name, spec): name for name in expand(spec)} for spec in (old, new)]
    alone = sorted(sides[0].keys() ^ sides[1].keys())
    if alone:
        raise ContractError(
            f"these stand on one side only: {', '.join(alone)}",
            file=old,
            hint="compare folders whose contracts have the same names, or name two files",
        )
    return [(sides[0][name], sides[1][name]) for name in sorted(sides[0])]


def _tail(name: str, spec: str) -> str:
    fixed = spec.split("*", 1)[0].split("?", 1)[0].split("[", 1)[0]
    base = fixed if fixed == spec else fixed.rpartition("/")[0]
    return name.removeprefix(base.removeprefix("./")).removeprefix(base).lstrip("/")


def _report(results: list[Diff], request: Request, *, several: bool) -> str:
    if request.format == "json":
        from apicontract.reports import json

        return json.pretty(json.diffs_value(results) if several else json.diff_value(results[0]))
    from apicontract.reports import text

    blocks = []
    for result in results:
        lines = text.diff_lines(
            result, width=width(request.output), colour=wants_colour(request.output), verbose=request.verbose
        )
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
