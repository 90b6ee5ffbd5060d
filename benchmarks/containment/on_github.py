"""GitHub's changed components asked of this library both ways, and of `covers` beside it."""

from __future__ import annotations

import itertools
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from apicontract.schemas import Contained, NotContained, PlainScope, Schema, Session, Unknown
from containment import deciders, github

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas import Verdict

_READINGS = ("contract", "literal")


@dataclass(slots=True)
class Row:
    """One pair of versions in one reading."""

    name: str
    reading: str
    components: int = 0
    both: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    refuted: int = 0
    unverified: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def questions(self) -> int:
        """Two per component."""
        return 2 * self.components


def ours() -> Iterator[Row]:
    """Every changed component of every pair of versions, old in new and new in old."""
    documents = {version: github.document(version) for version in github.VERSIONS}
    for reading in _READINGS:
        for one, two in itertools.pairwise(github.VERSIONS):
            yield _row(f"{one} → {two}", reading, documents[one], documents[two])


def _row(name: str, reading: str, old: Any, new: Any) -> Row:
    row = Row(name, reading)
    session = Session(reading=reading)  # type: ignore[arg-type]
    scopes = PlainScope(old, "openapi-3.0"), PlainScope(new, "openapi-3.0")
    for pair in github.changed(old, new):
        sides = [
            Schema(document["components"]["schemas"][pair.name], scope, github.PLACE + pair.name)
            for document, scope in zip((old, new), scopes, strict=True)
        ]
        verdicts = []
        for sub, sup in (sides, sides[::-1]):
            begun = time.process_time()
            verdicts.append(session.contains(sub, sup))
            row.seconds.append(time.process_time() - begun)
        row.components += 1
        row.both[" / ".join(map(_said, verdicts))] += 1
    row.unknown = session.statistics.unknown
    row.unverified = session.statistics.unverified
    row.refuted = session.statistics.refuted
    return row


def _said(verdict: Verdict) -> str:
    return {Contained: "yes", NotContained: "no", Unknown: "unknown"}[type(verdict)]


def beside() -> tuple[Counter[str], list[float]]:
    """What `covers` says of the same pairs, references written out, read literally; and its seconds."""
    both: Counter[str] = Counter()
    seconds: list[float] = []
    worker = deciders.covers_apart()
    documents = {version: github.document(version) for version in github.VERSIONS}
    for one, two in itertools.pairwise(github.VERSIONS):
        for pair in github.changed(documents[one], documents[two]):
            old, new = (
                github.inlined(d["components"]["schemas"][pair.name], d) for d in (pair.old, pair.new)
            )
            answers = [worker.ask([a, b, "openapi-3.0"]) for a, b in ((old, new), (new, old))]
            both[" / ".join(said for said, _ in answers)] += 1
            seconds += [cost for _, cost in answers]
    worker.end()
    return both, seconds


def section() -> tuple[list[str], bool]:
    """The lines of the page, and whether what was promised holds."""
    rows = list(ours())
    both, seconds = beside()
    asked = sum(row.questions for row in rows)
    unknown = sum(row.unknown.total() for row in rows)
    unverified = sum(row.unverified for row in rows)
    refuted = sum(row.refuted for row in rows)
    promised = {
        f"under 3 % unknown: {unknown} of {asked:,}": unknown < asked * 0.03,
        f"every refutation has a verified witness: {refuted:,} of {refuted:,}, {unverified} candidates not confirmed": not unverified,
    }
    literal = [row for row in rows if row.reading == "literal"]
    said = sum((row.both for row in literal), Counter())
    ours_seconds = [cost for row in literal for cost in row.seconds]
    lines = [
        f"The {sum(row.components for row in literal)} components of GitHub's REST description (OpenAPI 3.0.3, package",
        "`@octokit/openapi`) that changed between six versions, each asked both ways: old in new, new in old. A component",
        "changed if it differs once prose is dropped and lists without order are sorted. Formats are assertions.",
        "",
        "| versions | reading | changed | yes / yes | yes / no | no / yes | no / no | unknown | unverified | median | slowest |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(_line(row) for row in rows),
        "",
        *(f"- {text}: {'yes' if holds else '**no**'}" for text, holds in promised.items()),
        *_reasons(rows),
        "",
        "Beside `covers` of jsonschema-rs, on the same pairs read literally, references written out and formats dropped, 2 s",
        "for each question (it cannot be interrupted, so it runs in a process that is ended):",
        "",
        "| | both ways decided | one way | neither | median | slowest |",
        "|---|---|---|---|---|---|",
        _compared("apicontract", said, ours_seconds),
        _compared("`covers`", both, seconds),
    ]
    return lines, all(promised.values())


def _reasons(rows: list[Row]) -> Iterator[str]:
    reasons: Counter[str] = sum((row.unknown for row in rows), Counter())
    if reasons:
        yield "- why unknown: " + "; ".join(f"{reason}, {count}" for reason, count in reasons.most_common())


def _line(row: Row) -> str:
    cells = [str(row.both[key]) for key in ("yes / yes", "yes / no", "no / yes", "no / no")]
    return (
        f"| {row.name} | {row.reading} | {row.components} | {' | '.join(cells)} | {row.unknown.total()} | {row.unverified} "
        f"| {statistics.median(row.seconds) * 1e3:.1f} ms | {max(row.seconds):.2f} s |"
    )


def _compared(name: str, both: Counter[str], seconds: list[float]) -> str:
    sure = {0: 0, 1: 0, 2: 0}
    for answers, count in both.items():
        sure[sum(said in {"yes", "no"} for said in answers.split(" / "))] += count
    total = both.total()
    shares = " | ".join(f"{sure[n]} ({sure[n] / total:.0%})" for n in (2, 1, 0))
    return f"| {name} | {shares} | {statistics.median(seconds) * 1e3:.0f} ms | {max(seconds):.2f} s |"
