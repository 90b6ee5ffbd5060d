"""The gate's answer for people, on one screen: what changed, what that needs, what was said, what to do.

Each contract that differs has a block; a long list of changes is cut, worst first, and says how much is
left. The last line is the verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level
from apicontract.changes.semver import announces
from apicontract.findings import Severity
from apicontract.policy.verdict import Outcome, Question
from apicontract.reports.style import plain, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.changes import Change
    from apicontract.gate.model import Check, Judged, Pair
    from apicontract.policy.verdict import JudgedChange, JudgedFinding, Verdict, Waiver
    from apicontract.reports.style import Style

_LEVELS = {Level.MAJOR: ("red",), Level.MINOR: ("yellow",), Level.PATCH: ("green",), Level.NONE: ("dim",)}
_SEVERITIES = {Severity.ERROR: ("red",), Severity.WARNING: ("yellow",), Severity.INFO: ("dim",)}
_SHOWN = 6  # changes of a contract that a screen has room for
_SHORT = 160  # characters of a witness that are enough to see the point
_INDENT = " " * 11


def check_lines(
    result: Check, style: Style, *, verbose: bool = False, explain: bool = False
) -> Iterator[str]:
    """The whole report, line by line; `verbose` cuts nothing, `explain` tells how each level came about."""
    yield from _head(result, style)
    blocks: dict[str, list[Judged]] = {}
    for one in result.judged:
        blocks.setdefault(one.verdict.contract, []).append(one)
    for contract, judged in blocks.items():
        yield ""
        yield from _contract(contract, judged, style, verbose=verbose, explain=explain)
    for contract in result.conflicts:
        yield ""
        yield style.paint(plain(contract), "bold")
        yield from style.wrap(
            "it cannot be merged: both sides changed it, and git cannot tell what is meant", "  "
        )
        yield from style.point("merge the base into this branch and check again", "  ")
    if result.findings:
        yield ""
        yield style.paint("The policy's own files", "bold")
        for finding in result.findings:
            yield from _finding(finding, style, explain=explain)
    yield ""
    yield from verdict_lines(result, style)


def verdict_lines(result: Check, style: Style) -> Iterator[str]:
    """The last lines: passed or not, and over how many contracts."""
    failed = {one.verdict.contract for one in result.deciding if not one.verdict.passed}
    failed |= set(result.conflicts)
    touched = {one.verdict.contract for one in result.judged} | set(result.conflicts)
    rest = f", {_count(len(result.unchanged), 'contract')} unchanged" if result.unchanged else ""
    if result.passed:
        what = _count(len(touched), "contract") if touched else "no contract"
        yield f"{style.paint('passed', 'green')}: {what} changed{rest}"
        return
    if failed:
        of = "" if len(touched) == len(failed) else f" of {len(touched)} that changed"
        what = f"{_count(len(failed), 'contract')}{of}"
    else:
        what = "the policy's own files"
    yield f"{style.paint('failed', 'red')}: {what}{rest}"


def _head(result: Check, style: Style) -> Iterator[str]:
    profile = f"profile {result.profile}" + (
        f" ({plain(result.configuration)})" if result.configuration else ""
    )
    for pair in result.pairs:
        if pair.old:
            yield style.paint(f"{pair_line(pair)}; {profile}", "dim")
    for note in result.notes:
        yield from style.wrap(f"note: {note}", "")


def pair_line(pair: Pair) -> str:
    """Which two states were compared, and for what."""
    asked = {
        Question.BOTH: "compared",
        Question.BRANCH: "this branch",
        Question.MERGE: "merging",
    }[pair.question]
    why = f", {pair.why}" if pair.why and pair.why != "named" and pair.question is not Question.BRANCH else ""
    old, new = _state(pair.old, pair.old_commit), _state(pair.new, pair.new_commit)
    return plain(f"{asked}: {old}{why} → {new}")


def _state(name: str, commit: str) -> str:
    return f"{name} ({commit[:10]})" if commit and not commit.startswith(name) else name


def _contract(
    contract: str, judged: Sequence[Judged], style: Style, *, verbose: bool, explain: bool
) -> Iterator[str]:
    deciding = next((one for one in judged if one.verdict.question is not Question.BRANCH), judged[0])
    verdict = deciding.verdict
    yield f"{style.paint(plain(contract), 'bold')}  {standing(verdict)}".rstrip()
    told: set[str] = set()
    for one in judged:
        if len(judged) > 1:
            yield f"  {_question(one)}"
        prints = {each.fingerprint for each in one.verdict.changes}
        if prints and prints == told:
            yield "    the same"
            continue
        told = prints
        yield from _changes(one.verdict, style, verbose=verbose, explain=explain)
    for finding in verdict.findings:
        yield from _finding(finding, style, explain=explain)
    yield from _requirement(verdict, style)
    for advice in verdict.advice:
        yield from style.point(advice, "  ")


def _question(one: Judged) -> str:
    names = f"({plain(one.pair.old)} → {plain(one.pair.new)})"
    if one.verdict.question is Question.BRANCH:
        return f"what this branch changed {names}:"
    return f"what merging it does {names}:" if one.verdict.question is Question.MERGE else f"{names[1:-1]}:"


def standing(verdict: Verdict) -> str:
    """What became of a contract: `1.4.0 → 1.5.0`, `new, 0.1.0`, `removed, it was 2.0.0`."""
    if verdict.outcome is Outcome.ADDED:
        return plain(f"new, {verdict.declared}" if verdict.declared else "new")
    if verdict.outcome is Outcome.REMOVED:
        return plain(f"removed, it was {verdict.old.version}" if verdict.old else "removed")
    old, new = (side.version if side else "" for side in (verdict.old, verdict.new))
    return plain(old if old == new else f"{old} → {new}")


def _changes(verdict: Verdict, style: Style, *, verbose: bool, explain: bool) -> Iterator[str]:
    listed = sorted(verdict.changes, key=lambda one: -one.counted)
    cut = not verbose and len(listed) > _SHOWN
    shown = [one for one in listed if one.level > Level.PATCH or one.waiver][:_SHOWN] if cut else listed
    for one in shown:
        yield from _change(one, style, verbose=verbose, explain=explain)
    left = [one for one in listed if one not in shown]
    if left:
        counts = ((level, sum(one.counted is level for one in left)) for level in reversed(Level))
        told = ", ".join(f"{count} {level}" for level, count in counts if count)
        yield style.paint(f"    {'and ' if shown else ''}{told} not listed; -v lists them all", "dim")
    if not listed and verdict.outcome in (Outcome.CHANGED, Outcome.SAME):
        yield style.paint("    nothing that a client could notice", "dim")


def _change(one: JudgedChange, style: Style, *, verbose: bool, explain: bool) -> Iterator[str]:
    change = one.change
    level = style.paint(f"{one.level!s:<5}", *_LEVELS[one.counted])
    told = (
        f"{change.operation}: {change.message}"
        if change.operation not in ("", change.message)
        else change.message
    )
    if change.operation and change.message.startswith(change.operation):
        told = change.message
    first, *rest = style.wrap(told, _INDENT)
    yield f"    {level}  {first.lstrip()}"
    yield from rest
    sides = ", ".join(f"{word} {text}" for word, text in (("was", change.was), ("now", change.now)) if text)
    if sides:
        yield from style.wrap(sides, _INDENT, limit=0 if verbose else _SHORT)
    if len(set(change.effects.values())) > 1:
        yield _INDENT + ", ".join(f"{surface} {level}" for surface, level in change.effects.items())
    if change.witnesses:
        for line in _story(change, verbose=verbose):
            yield from style.wrap(shortened(line), _INDENT, limit=0 if verbose else _SHORT)
    elif change.witness is not None:
        said = (
            "the new server may send this, which old clients refuse:"
            if change.direction is Direction.RESPONSE
            else "this was valid and is refused now:"
        )
        yield from style.wrap(
            f"{said} {shortened(change.witness.text)}", _INDENT, limit=0 if verbose else _SHORT
        )
    if len(change.reaches) > 1:
        yield f"{_INDENT}reaches {len(change.reaches)} operations"
    if one.by_policy:
        yield from style.wrap(f"a break by policy: {one.by_policy}", _INDENT)
    if change.allowed:
        yield from style.wrap(f"a break that is allowed: {change.allowed}", _INDENT)
    yield from _waived(one.waiver, style)
    place = change.new or change.old
    where = f"{plain(place.file)}:{place.line}:{place.column}  " if place else ""
    yield f"{_INDENT}{style.paint(where, 'dim')}{style.paint(change.rule, 'cyan')}"
    if explain:
        yield from _decisions(one, style)


def _story(change: Change, *, verbose: bool) -> Iterator[str]:
    """What is sent and what both sides make of it, line by line: on the first surface, or on each."""
    for witness in change.witnesses if verbose else change.witnesses[:1]:
        yield from witness.text.split("\n")


def _finding(one: JudgedFinding, style: Style, *, explain: bool) -> Iterator[str]:
    finding = one.finding
    severity = style.paint(f"{one.severity.value:<7}", *_SEVERITIES[one.severity])
    first, *rest = style.wrap(finding.message, " " * 11)
    yield f"  {severity}  {first.lstrip()}"
    yield from rest
    yield from _waived(one.waiver, style)
    where = f"{plain(finding.place.file)}:{finding.place.line}:{finding.place.column}"
    yield f"{_INDENT}{style.paint(where, 'dim')}  {style.paint(finding.rule, 'cyan')}"
    if explain:
        yield from _decisions(one, style)


def _decisions(one: JudgedChange | JudgedFinding, style: Style) -> Iterator[str]:
    for decision in one.decisions:
        origin = f" [{decision.origin}]" if decision.origin else ""
        yield from style.wrap(
            f"{decision.step}: {decision.standing}, {decision.text}{origin}", _INDENT + "  "
        )
    yield f"{_INDENT}  fingerprint {one.fingerprint}"


def _waived(waiver: Waiver | None, style: Style) -> Iterator[str]:
    if waiver is not None:
        until = f", until {waiver.until}" if waiver.until else ""
        yield from style.wrap(f"waived: {waiver.reason}{until} ({waiver.origin})", _INDENT)


def _requirement(verdict: Verdict, style: Style) -> Iterator[str]:
    if verdict.level is Level.NONE or verdict.outcome is not Outcome.CHANGED:
        return
    level = style.paint(str(verdict.level), *_LEVELS[verdict.level])
    least = f": at least {plain(verdict.required)}" if verdict.required else ""
    early = ", which announces it" if announces(verdict.declared, verdict.required) else ""
    yield f"  requires {level}{least}; declared {plain(verdict.declared) or 'nothing'}{early}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
