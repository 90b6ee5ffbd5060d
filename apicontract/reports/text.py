"""A comparison for people: grouped by operation, worst first, the required bump at the end.

Reads at 80 columns and without colour. Says of each change what happened, a value that shows it,
and where it stands on both sides; patches are folded to their number unless all is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Comparison, Direction, Level, Version
from apicontract.reports.style import plain, shortened
from apicontract.reports.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.changes import Change, Diff, Side
    from apicontract.reports.style import Style

_LOOKS = {Level.MAJOR: ("red",), Level.MINOR: ("yellow",), Level.PATCH: ("green",), Level.NONE: ("dim",)}
_CONTRACT = "The contract as a whole"
_SHORT = 240  # characters of a witness that are enough to see the point
_INDENT = " " * 9


def diff_lines(result: Diff | Comparison, style: Style, *, verbose: bool = False) -> Iterator[str]:
    """The whole report, line by line; `verbose` folds and shortens nothing."""
    if isinstance(result, Comparison):
        yield from _comparison(result, style, verbose=verbose)
        return
    yield style.paint(f"{_named(result.old)} → {_named(result.new)}", "bold")
    yield ""
    shown, folded = (result.changes, 0) if verbose else _fold(result.changes)
    groups: dict[str, list[Change]] = {}
    for change in shown:
        groups.setdefault(change.operation, []).append(change)
    for operation, changes in groups.items():
        yield style.paint(plain(operation) or _CONTRACT, "bold")
        for change in changes:
            yield from _change(change, style, verbose=verbose)
        yield ""
    if folded:
        yield style.paint(f"{_count(folded, 'patch change')} not listed; -v lists them all", "dim")
        yield ""
    yield from conclusion(result, style)


def conclusion(result: Diff | Comparison, style: Style) -> Iterator[str]:
    """The last lines: the required bump, what it means for the version, the counts."""
    if isinstance(result, Comparison):
        level = style.paint(str(result.level), *_LOOKS[result.level])
        yield f"Required bump over all: {level}"
        parts = [_count(len(result.diffs), "contract") + " compared"]
        parts += [
            f"{len(sides)} {word}"
            for sides, word in ((result.removed, "removed"), (result.added, "added"))
            if sides
        ]
        yield ", ".join(parts)
        return
    yield f"Required bump: {style.paint(str(result.level), *_LOOKS[result.level])}{_versions(result)}"
    summary = summarise(result.changes)
    if not summary.changes:
        yield "No changes"
        return
    counts = [f"{count} {level}" for level, count in summary.levels.items() if count]
    text = f"{', '.join(counts)}; {_count(summary.operations, 'operation')} reached"
    if summary.allowed:
        text += f"; {_count(summary.allowed, 'break')} allowed"
    if summary.certainty[Certainty.ASSUMED]:
        text += f"; {_count(summary.certainty[Certainty.ASSUMED], 'verdict')} assumed"
    yield text


def _comparison(result: Comparison, style: Style, *, verbose: bool) -> Iterator[str]:
    for diff in result.diffs:
        if diff.changes:
            yield from diff_lines(diff, style, verbose=verbose)
            yield ""
    for side in result.removed:
        level = style.paint("major", *_LOOKS[Level.MAJOR])
        yield f"{level}  {_named(side)} is gone, and no other contract has its name"
    for side in result.added:
        yield f"{style.paint('minor', *_LOOKS[Level.MINOR])}  {_named(side)} is new"
    unchanged = [diff for diff in result.diffs if not diff.changes]
    if unchanged:
        yield f"{_count(len(unchanged), 'contract')} without a change"
        if verbose:
            yield from (f"  {plain(diff.new.source)}" for diff in unchanged)
    if result.removed or result.added or unchanged:
        yield ""
    yield from conclusion(result, style)


def _change(change: Change, style: Style, *, verbose: bool) -> Iterator[str]:
    level = change.counted_level
    first, *rest = style.wrap(change.message, _INDENT)
    yield f"  {style.paint(f'{level!s:<5}', *_LOOKS[level])}  {first.lstrip()}"
    yield from rest
    yield from _effects(change)
    yield from _was_and_now(change, style, limit=0 if verbose else _SHORT)
    for said in _proof(change):
        yield from style.wrap(said, _INDENT, limit=len(plain(said)) if verbose else _SHORT)
    if change.allowed:
        yield from style.wrap(f"a break that is allowed: {change.allowed}", _INDENT)
    if change.certainty is Certainty.ASSUMED:
        yield from style.wrap("assumed: this could not be decided, so the careful answer counts", _INDENT)
    if len(change.reaches) > 1:
        yield f"{_INDENT}reaches {_count(len(change.reaches), 'operation')}"
        if verbose:
            yield from style.wrap(", ".join(change.reaches), _INDENT + "  ")
    yield from _places(change, style)
    yield f"{_INDENT}{style.paint(change.rule, 'cyan')}"


def _was_and_now(change: Change, style: Style, *, limit: int) -> Iterator[str]:
    was, now = (plain(text) for text in (change.was, change.now))
    together = ", ".join(f"{word} {text}" for word, text in (("was", was), ("now", now)) if text)
    if not together:
        return
    if len(together) <= style.width - len(_INDENT):
        yield f"{_INDENT}{together}"
        return
    for word, text in (("was", was), ("now", now)):
        if text:
            yield from style.wrap(f"{word} {text}", _INDENT, limit=limit)


def _effects(change: Change) -> Iterator[str]:
    """What it is on each surface, where that is not the same everywhere."""
    if len(set(change.effects.values())) > 1:
        yield _INDENT + ", ".join(f"{surface} {level}" for surface, level in change.effects.items())


def _proof(change: Change) -> Iterator[str]:
    """What shows the break: of a binary format a story per surface, else the value and its meaning."""
    if change.witnesses:
        for witness in change.witnesses:
            yield from (shortened(line) for line in witness.text.split("\n"))
    elif change.witness is not None:
        yield f"{_introduction(change)} {shortened(change.witness.text)}"


def _introduction(change: Change) -> str:
    if change.direction is Direction.RESPONSE:
        return "the new server may send this, which old clients refuse:"
    return "this request was valid and is refused now:"


def _places(change: Change, style: Style) -> Iterator[str]:
    spots = [
        f"{plain(place.file)}:{place.line}:{place.column}"
        for place in (change.old, change.new)
        if place is not None
    ]
    together = " → ".join(spots)
    if len(together) <= style.width - len(_INDENT):
        spots = [together] if spots else []
    elif len(spots) > 1:
        spots[1] = f"→ {spots[1]}"
    for spot in spots:
        yield f"{_INDENT}{style.paint(spot, 'dim')}"


def _fold(changes: Sequence[Change]) -> tuple[Sequence[Change], int]:
    shown = [change for change in changes if change.counted_level > Level.PATCH]
    return shown, len(changes) - len(shown)


def _versions(diff: Diff) -> str:
    required = diff.required_version
    if required is None or diff.level is Level.NONE:
        return ""
    least, said = Version.parse(required), Version.parse(diff.new.version)
    told = f", from {plain(diff.old.version)} to at least {required}"
    if said is None or least is None:
        return told
    if said.precedes(least):
        return f"{told}; the new contract says {plain(diff.new.version)}"
    return f"{told}; the new contract says {plain(diff.new.version)}, which is enough"


def _named(side: Side) -> str:
    return plain(f"{side.source} ({side.version})" if side.version else side.source)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
