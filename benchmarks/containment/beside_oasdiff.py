"""Our verdicts beside oasdiff's on the same pairs: where they differ, who is right, and what shows it.

The pairs are the small cases of `tests/cases/openapi`, whose truth was written down from the specifications
before either tool was asked, and one pair of GitHub's contracts, compared operation by operation.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import corpora
import yaml

import apicontract
from apicontract.changes import Certainty, Level
from containment import github

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract import Change

OASDIFF = ("github.com/oasdiff/oasdiff", "v1.36.0")
CASES = Path(__file__).resolve().parents[2] / "tests" / "cases" / "openapi"
VERSIONS = ("22.0.0", "23.0.2")
_ERROR = 3
_KEPT = 110


class Compared(NamedTuple):
    """One pair of contracts: whether each side calls it a break, the truth, and what shows it."""

    name: str
    why: str
    truth: bool
    debatable: bool
    ours: bool
    theirs: bool
    said: str
    shown: str


def cases() -> Iterator[Compared]:
    """Every case, and its reverse where that has a truth of its own; NotAvailable without oasdiff."""
    tool = corpora.go_tool(*OASDIFF)
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(CASES.glob("*.yaml")):
            case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            if case.get("allowed"):
                continue
            yield _compared(tool, Path(folder), case, path.stem, (case["old"], case["new"]), case["truth"])
            if "swapped" in case:
                sides = case["new"], case["old"]
                yield _compared(tool, Path(folder), case, f"{path.stem}, reversed", sides, case["swapped"])


def _compared(
    tool: Path, folder: Path, case: dict[str, Any], name: str, sides: tuple[Any, Any], truth: str
) -> Compared:
    old, new = (folder / f"{side}.json" for side in ("old", "new"))
    for path, document in zip((old, new), sides, strict=True):
        path.write_text(json.dumps(document), encoding="utf-8")
    reports = breaking(tool, old, new)
    theirs = any(report["level"] == _ERROR for report in reports)
    diff = apicontract.diff(old, new)
    said = ", ".join(sorted({report["id"] for report in reports})) or "nothing"
    return Compared(
        name, str(case["why"]), truth == "major", bool(case.get("debatable")),
        diff.level is Level.MAJOR, theirs, said, proof(diff.changes),
    )  # fmt: skip


def breaking(tool: Path, old: Path, new: Path) -> list[dict[str, Any]]:
    """What `oasdiff breaking` reports; a failure of its own counts as one report of level 0."""
    command = [str(tool), "breaking", "--format", "json", str(old), str(new)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode not in (0, 1):
        return [{"id": f"refused: {done.stderr.strip()[:60]}", "level": 0}]
    return json.loads(done.stdout or "[]") or []


def proof(changes: tuple[Change, ...]) -> str:
    """What shows our verdict: the value of a break, or that nothing breaks by proof or by assumption."""
    breaks = [change for change in changes if change.level is Level.MAJOR]
    for change in breaks:
        if change.witness is not None:
            return f"`{change.rule}`: {_short(change.witness.text)}"
    if breaks:
        kind = "by definition" if breaks[0].certainty is Certainty.PROVED else "assumed"
        return f"`{breaks[0].rule}`, {kind}"
    assumed = any(change.certainty is Certainty.ASSUMED for change in changes)
    rules = ", ".join(sorted({f"`{change.rule}`" for change in changes})[:2])
    return f"{'not shown' if assumed else 'proved'}: every message that was fine is fine{f' ({rules})' if rules else ''}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    line = line if len(line) <= _KEPT else line[: _KEPT - 1] + "…"
    return "`" + line.replace("`", "'").replace("|", "\\|") + "`"


def of_github() -> tuple[list[str], bool]:
    """One pair of GitHub's contracts, operation by operation."""
    tool = corpora.go_tool(*OASDIFF)
    old, new = (corpora.github(version, github.CONTRACT) for version in VERSIONS)
    theirs: dict[str, set[str]] = defaultdict(set)
    for report in breaking(tool, old, new):
        if report["level"] == _ERROR:
            theirs[f"{report['operation']} {report['path']}"].add(report["id"])
    ours: dict[str, set[str]] = defaultdict(set)
    assumed = 0
    changes = apicontract.diff(old, new).changes
    for change in changes:
        if change.level is Level.MAJOR:
            assumed += change.certainty is Certainty.ASSUMED
            for operation in change.reaches:
                ours[operation].add(change.rule)
    both, only_ours, only_theirs = (
        ours.keys() & theirs.keys(),
        ours.keys() - theirs.keys(),
        theirs.keys() - ours.keys(),
    )
    breaks = [change for change in changes if change.level is Level.MAJOR]
    lines = [
        f"GitHub's REST description {VERSIONS[0]} → {VERSIONS[1]}. oasdiff reports {sum(map(len, theirs.values()))} kinds of error on",
        f"{len(theirs)} operations, apicontract {len(breaks)} breaking changes that reach {len(ours)} operations, {assumed} of them assumed.",
        f"{len(both)} operations break by both.",
        "",
        *_operations("Only apicontract says they break", only_ours, ours, changes),
        "",
        *_operations("Only oasdiff says they break", only_theirs, theirs, changes),
    ]
    return lines, True


def _operations(
    title: str, operations: set[str], reasons: dict[str, set[str]], changes: tuple[Change, ...]
) -> Iterator[str]:
    kinds = Counter(kind for operation in operations for kind in reasons[operation])
    yield f"**{title}: {len(operations)}.**"
    if not operations:
        return
    yield ""
    yield "| why | operations | for example | shown by |"
    yield "|---|---|---|---|"
    for kind, count in kinds.most_common():
        example = min(operation for operation in operations if kind in reasons[operation])
        reached = tuple(change for change in changes if example in change.reaches)
        shown = proof(tuple(change for change in reached if change.rule == kind) or reached)
        yield f"| {kind} | {count} | `{example}` | {shown} |"


def section() -> tuple[list[str], bool]:
    """The lines of the page, and whether ours is right wherever the truth is not debatable."""
    found = list(cases())
    differ = [one for one in found if one.ours != one.theirs]
    wrong = [one for one in found if one.ours != one.truth and not one.debatable]
    by_github, _ = of_github()
    lines = [
        f"{len(found):,} pairs of small contracts ({CASES.relative_to(CASES.parents[2]).as_posix()}), each with the truth and its",
        f"reason; oasdiff {OASDIFF[1].lstrip('v')} `breaking`, where an error is a break and a warning is none.",
        "",
        "| | breaks found | breaks missed | alarms without a break | right |",
        "|---|---|---|---|---|",
        _summary("apicontract", found, [one.ours for one in found]),
        _summary("oasdiff", found, [one.theirs for one in found]),
        "",
        "### GitHub's contracts",
        "",
        *by_github,
        "",
        "### Where the small contracts are judged differently",
        "",
        *_table("Breaks that oasdiff misses", [one for one in differ if one.ours and one.truth]),
        *_table(
            "What oasdiff calls an error and is none", [one for one in differ if one.theirs and not one.truth]
        ),
        *_table(
            "Where oasdiff agrees with the truth and apicontract does not",
            [o for o in differ if o.theirs == o.truth],
        ),
    ]
    return lines, not wrong


def _summary(name: str, found: list[Compared], said: list[bool]) -> str:
    pairs = list(zip(found, said, strict=True))
    hits = sum(one.truth and is_break for one, is_break in pairs)
    misses = sum(one.truth and not is_break for one, is_break in pairs)
    alarms = sum(is_break and not one.truth for one, is_break in pairs)
    right = 1 - (misses + alarms) / len(found)
    return f"| {name} | {hits} | {misses} | {alarms} | {right:.1%} |"


def _table(title: str, rows: list[Compared]) -> Iterator[str]:
    yield f"#### {title}: {len(rows)}"
    yield ""
    if not rows:
        return
    yield "| case | why | oasdiff reports | shown by apicontract |"
    yield "|---|---|---|---|"
    for one in rows:
        debatable = " (debatable)" if one.debatable else ""
        why = one.why.replace("|", "\\|").replace("<", "&lt;")
        yield f"| {one.name} | {why}{debatable} | {one.said.replace('|', ' ')} | {one.shown} |"
    yield ""
