"""Measures apicontract against its peers and writes docs/performance.md.

    python benchmarks/run.py [--runs N] [--print]

Every figure is the median of whole processes; what is compared is measured in turns within one run,
so that the ratios hold on any machine. A peer or a contract that cannot be had is left out, with the
reason in the table.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
import inputs
from measure import Cost, in_turns

import apicontract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
OURS = str(Path(sys.executable).with_name("apicontract"))
OASDIFF = ("github.com/oasdiff/oasdiff", "v1.36.0")
REDOCLY = ("@redocly/cli", "2.77.0", "redocly")
SPECTRAL = ("@stoplight/spectral-cli", "6.16.3", "spectral")
BUF = ("buf-bin", "1.75.0", "buf")
GOOGLE = ("4.2.0", "5.0.0")
WIRE_ALONE = "version: v2\nbreaking:\n  use: [WIRE]\n"
_LARGE_RUNS = 3  # of what takes seconds


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `holds` is None where nothing was promised or nothing could be measured."""

    work: str
    ours: Cost | None
    peer: str
    target: str
    holds: bool | None


def rows(folder: Path, runs: int) -> Iterator[Row]:
    """Measure everything, one row after the other."""
    large = min(runs, _LARGE_RUNS)
    yield from _left_out_without(
        "diff ghes-3.18 → ghes-3.19, 11 MB each",
        lambda work: _against_oasdiff(
            work, _ghes("ghes-3.18"), _ghes("ghes-3.19"), large, slowest=1 / 10, largest=1 / 3
        ),
    )
    yield from _left_out_without(
        "diff api.github.com 22.0.0 → 23.0.2, hundreds of changes",
        lambda work: _against_oasdiff(
            work,
            corpora.github("22.0.0", "api.github.com"),
            corpora.github("23.0.2", "api.github.com"),
            large,
            slowest=1 / 6,
        ),
    )
    yield from _against_buf(folder, runs, large)
    yield from _left_out_without("validate ghes-3.18", lambda work: _against_validator(work, large))
    yield from _left_out_without(
        "lint ghes-3.18, against Redocly", lambda work: _against_redocly(work, large)
    )
    yield from _left_out_without(
        "lint ghes-3.18, against Spectral", lambda work: _against_spectral(work, folder)
    )
    yield from _left_out_without("diff ghes-3.18 with itself", lambda work: _with_itself(work, runs))
    yield _start_up(runs * 2)
    yield _tiny(folder, runs * 2)
    yield from _growth(folder, runs)
    yield from _gate(folder, runs)


def _left_out_without(work: str, measured: Callable[[str], Row]) -> Iterator[Row]:
    print(work, file=sys.stderr)
    try:
        yield measured(work)
    except corpora.NotAvailable as reason:
        yield Row(work, None, f"left out: {reason}", "", None)


def _ghes(name: str) -> Path:
    return corpora.github("23.0.2", name)


def _against_oasdiff(
    work: str, old: Path, new: Path, runs: int, *, slowest: float, largest: float | None = None
) -> Row:
    peer = str(corpora.go_tool(*OASDIFF))
    ours, theirs = in_turns(
        [[OURS, "diff", str(old), str(new)], [peer, "breaking", str(old), str(new)]], runs
    )
    time, memory = ours.seconds / theirs.seconds, ours.memory / theirs.memory
    target = f"time ≤ {_share(slowest)}" + (f", memory ≤ {_share(largest)}" if largest else "")
    holds = time <= slowest and (largest is None or memory <= largest)
    return Row(
        work,
        ours,
        f"oasdiff: {_shown(theirs)}; {_ratio(time)} of its time, {_ratio(memory)} of its memory",
        target,
        holds,
    )


def _against_validator(work: str, runs: int) -> Row:
    contract = str(_ghes("ghes-3.18"))
    ours, theirs = in_turns(
        [[OURS, "validate", contract], [sys.executable, "-m", "openapi_spec_validator", contract]], runs
    )
    time = ours.seconds / theirs.seconds
    return Row(
        work,
        ours,
        f"openapi-spec-validator: {_shown(theirs)}; {_ratio(time)} of its time",
        "time ≤ 1/10",
        time <= 1 / 10,
    )


def _against_redocly(work: str, runs: int) -> Row:
    """Both with their recommended rules; Redocly prints one problem only, which costs it nothing."""
    peer, contract = str(corpora.npm_tool(*REDOCLY)), str(_ghes("ghes-3.18"))
    theirs = [peer, "lint", "--extends", "recommended", "--max-problems", "1", contract]
    return _linted(work, "Redocly", in_turns([[OURS, "lint", contract], theirs], runs), 8)


def _against_spectral(work: str, folder: Path) -> Row:
    """Both with their recommended rules, once: Spectral takes minutes."""
    peer, contract = str(corpora.npm_tool(*SPECTRAL)), str(_ghes("ghes-3.18"))
    rules = folder / "spectral.yaml"
    rules.write_text("extends: [[spectral:oas, recommended]]\n", encoding="utf-8")
    theirs = [peer, "lint", "--quiet", "--fail-severity", "error", "--ruleset", str(rules), contract]
    return _linted(work, "Spectral", in_turns([[OURS, "lint", contract], theirs], 1), 50)


def _linted(work: str, name: str, costs: list[Cost], times: int) -> Row:
    ours, theirs = costs
    time, memory = ours.seconds / theirs.seconds, ours.memory / theirs.memory
    compared = f"{name}: {_shown(theirs)}; {_ratio(time)} of its time, {_ratio(memory)} of its memory"
    return Row(work, ours, compared, f"time ≤ {_share(1 / times)}", time <= 1 / times)


def _against_buf(folder: Path, runs: int, large: int) -> Iterator[Row]:
    yield from _left_out_without(
        "diff google-proto-files 4.2.0 → 5.0.0, 4,852 and 5,445 protos",
        lambda work: _buf_row(work, *google(folder), large, slowest=1 / 3, largest=1 / 4),
    )
    yield from _left_out_without(
        "diff google/cloud/aiplatform/v1 of them, 97 and 119 protos",
        lambda work: _buf_row(work, *google(folder), runs, below="google/cloud/aiplatform/v1", slowest=2),
    )
    yield from _left_out_without(
        "diff of a tiny pair of protos",
        lambda work: _buf_row(work, *inputs.tiny_protos(folder), runs * 2, slowest=2),
    )
    yield from _left_out_without(
        "lint google-proto-files 5.0.0, 5,449 protos, against buf",
        lambda work: _against_buf_lint(work, google(folder)[1], large),
    )


def _against_buf_lint(work: str, protos: Path, runs: int) -> Row:
    """Both with the rules of buf's STANDARD and COMMENTS, and all of some 66,000 findings printed."""
    (protos / "buf.yaml").write_text("version: v2\nlint:\n  use: [STANDARD, COMMENTS]\n", encoding="utf-8")
    mine = [OURS, "lint", str(protos), "--rules", "buf", "--select", "*-uncommented", "--fail-on", "never"]
    costs = in_turns([mine, [str(corpora.pypi_tool(*BUF)), "lint", str(protos)]], runs)
    return _linted(work, "buf lint, STANDARD and COMMENTS", costs, 1)


def google(folder: Path) -> tuple[Path, Path]:
    """Both versions of Google's protos side by side, in copies that buf's configuration may be put into."""
    sides = tuple(folder / f"google-{version}" for version in GOOGLE)
    for side, version in zip(sides, GOOGLE, strict=True):
        if not side.exists():
            shutil.copytree(corpora.google_protos(version), side)
    return sides[0], sides[1]


def _buf_row(
    work: str,
    old: Path,
    new: Path,
    runs: int,
    *,
    below: str = "",
    slowest: float,
    largest: float | None = None,
) -> Row:
    peer = str(corpora.pypi_tool(*BUF))
    for side in (old, new):
        (side / "buf.yaml").write_text(WIRE_ALONE, encoding="utf-8")
    part = ["--path", str(new / below)] if below else []
    ours, theirs = in_turns(
        [
            [OURS, "diff", str(old / below), str(new / below)],
            [peer, "breaking", str(new), "--against", str(old), *part],
        ],
        runs,
    )
    time, memory = ours.seconds / theirs.seconds, ours.memory / theirs.memory
    target = f"time ≤ {_share(slowest)}" + (f", memory ≤ {_share(largest)}" if largest else "")
    return Row(
        work,
        ours,
        f"buf, WIRE alone: {_shown(theirs)}; {_ratio(time)} of its time, {_ratio(memory)} of its memory",
        target,
        time <= slowest and (largest is None or memory <= largest),
    )


def _share(limit: float) -> str:
    return f"1/{1 / limit:.0f}" if limit < 1 else f"{limit:.0f} ×"


def _with_itself(work: str, runs: int) -> Row:
    contract = str(_ghes("ghes-3.18"))
    ours, start = in_turns([[OURS, "diff", contract, contract], [OURS, "--help"]], runs)
    over = ours.seconds - start.seconds
    return Row(work, ours, f"{over:.2f} s over start-up", "≤ 0.5 s over start-up", over <= 0.5)  # noqa: PLR2004


def _start_up(runs: int) -> Row:
    ours, python = in_turns([[OURS, "--version"], [sys.executable, "-c", "pass"]], runs)
    times = ours.seconds / python.seconds
    return Row("--version", ours, f"python -c pass: {_shown(python)}; {times:.1f} ×", "≤ 5 ×", times <= 5)  # noqa: PLR2004


def _tiny(folder: Path, runs: int) -> Row:
    old, new = inputs.tiny(folder)
    [ours] = in_turns([[OURS, "diff", str(old), str(new)]], runs)
    return Row("diff of a tiny pair", ours, "–", "≤ 0.25 s", ours.seconds <= 0.25)  # noqa: PLR2004


def _growth(folder: Path, runs: int) -> Iterator[Row]:
    factors = (1, 4, 16)
    pairs = [inputs.grown(folder, factor) for factor in factors]
    costs = in_turns([[OURS, "diff", str(old), str(new)] for old, new in pairs], runs)
    for factor, (old, _), cost in zip(factors, pairs, costs, strict=True):
        size = old.stat().st_size / 1e6
        yield Row(
            f"one change in {250 * factor:,} operations, {size:.1f} MB",
            cost,
            f"{cost.seconds / costs[0].seconds:.1f} × the smallest",
            "",
            None,
        )


def _gate(folder: Path, runs: int) -> Iterator[Row]:
    made = str(inputs.repository(folder, contracts=200, files=10_000))
    changed, same = in_turns(
        [
            [OURS, "check", "--against", "main"],
            [OURS, "check", "--against", "main", "--head", "idle"],
        ],
        runs,
        made,
    )
    yield Row(
        "check of 200 contracts, of which 3 changed, among 10,000 files",
        changed,
        "–",
        "≤ 2 s",
        changed.seconds <= 2,  # noqa: PLR2004
    )
    yield Row(
        "check of a commit that changed none of them: finding contracts is all there is to do",
        same,
        "–",
        "≤ 1 s",
        same.seconds <= 1,
    )


def _shown(cost: Cost) -> str:
    seconds = f"{cost.seconds:.2f} s" if cost.seconds >= 0.1 else f"{cost.seconds * 1000:.0f} ms"  # noqa: PLR2004
    return f"{seconds}, {cost.memory / 1e6:.0f} MB"


def _ratio(share: float) -> str:
    return f"1/{1 / share:.1f}" if share < 1 else f"{share:.1f} ×"


def page(measured: list[Row], runs: int) -> str:
    """The text of docs/performance.md."""
    answers = {True: "yes", False: "**no**", None: ""}
    lines = [
        "# Performance",
        "",
        "<!-- Written by `make bench`; run it again instead of editing. -->",
        "",
        f"Whole processes, start-up included: medians of wall time and peak memory over {runs} runs",
        f"(3 of what takes seconds), in turns with the peer. {_machine()}.",
        "",
        "| work | apicontract | compared | target | met |",
        "|---|---|---|---|---|",
        *(_line(row, answers[row.holds]) for row in measured),
        "",
        "The contracts are GitHub's own, from the npm package `@octokit/openapi`. oasdiff answers with",
        "its command `breaking`, which lists breaks only; apicontract lists every change. What",
        "openapi-spec-validator finds, in the structure and some of the meaning, apicontract finds too.",
        "The protos are Google's own, from the npm package `google-proto-files`, without well-known types.",
        "buf answers for its category WIRE; apicontract judges bytes, JSON and generated code in one run.",
        "Memory is that of a process and of all that it starts, together.",
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row, met: str) -> str:
    ours = _shown(row.ours) if row.ours else "–"
    return f"| {row.work} | {ours} | {row.peer} | {row.target} | {met} |"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [
        f"apicontract {apicontract.__version__}",
        f"Python {platform.python_version()}",
        f"oasdiff {OASDIFF[1].lstrip('v')}",
        f"Redocly {REDOCLY[1]}",
        f"Spectral {SPECTRAL[1]}",
        f"buf {BUF[1]}",
        f"openapi-spec-validator {importlib.metadata.version('openapi-spec-validator')}",
    ]
    return f"{platform.system()} on {os.cpu_count()} cores, {memory:.0f} GB; {', '.join(versions)}"


def main() -> int:
    """Measure, write the page, and give 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each command; large ones take at most 3")
    parser.add_argument("--print", action="store_true", help="print the page instead of writing it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = list(rows(Path(folder), arguments.runs))
    text = page(measured, arguments.runs)
    print(text)
    if not arguments.print:
        PAGE.write_text(text, encoding="utf-8")
    return int(any(row.holds is False for row in measured))


if __name__ == "__main__":
    sys.exit(main())
