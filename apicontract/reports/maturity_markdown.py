"""Ratings by Richardson's model as Markdown, for a page or a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.maturity import Weight
from apicontract.reports.escaping import code_of, text_of
from apicontract.reports.maturity import CRITERIA, headline, tallies, times, where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.maturity import Maturity

_NONE = "\N{EN DASH}"


def maturity_markdown(ratings: Sequence[Maturity]) -> str:
    """A table of all contracts, then a section for each."""
    return "\n".join(_page(ratings)) + "\n"


def _page(ratings: Sequence[Maturity]) -> Iterator[str]:
    yield "# Richardson maturity"
    yield ""
    yield "| contract | level | strict | at 0 | at 1 | at 2 | at 3 | not rated |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for one in ratings:
        strict = _NONE if one.strict_level is None else str(one.strict_level)
        cells = [_code(one.source), _cell(one.name), strict, *map(str, one.histogram)]
        yield f"| {' | '.join(cells)} | {len(one.operations) - one.rated} |"
    for one in ratings:
        yield from _section(one)


def _section(rating: Maturity) -> Iterator[str]:
    yield ""
    yield f"## {_code(rating.source)}: {text_of(headline(rating))}"
    if rating.next is not None:
        ahead = rating.next
        yield ""
        yield f"To reach level {ahead.level}, {times(ahead.operations)} must change:"
        yield ""
        for step in ahead.steps:
            yield f"- {text_of(step.advice)} (`{step.rule}`, {times(len(step.operations))})"
    found = tallies(rating, Weight.FOR, Weight.AGAINST, Weight.NOTE, Weight.WAIVED)
    if found:
        yield ""
        yield "| criterion | | operations | evidence | where |"
        yield "|---|---|--:|---|---|"
    for tally in found:
        name = f"`{tally.rule}`" if tally.rule else text_of(CRITERIA[tally.criterion])
        text = f"{name}: {_cell(tally.example.message)}" if tally.rule else name
        place = _code(where(tally.example))
        yield f"| {tally.criterion} | {tally.weight.value} | {tally.count} | {text} | {place} |"
    if rating.operations:
        yield ""
        yield f"<details><summary>{times(len(rating.operations))}</summary>"
        yield ""
        yield "| level | operation | kept back by | where |"
        yield "|--:|---|---|---|"
        for one in rating.operations:
            level = (
                _NONE if one.level is None else f"{one.level}{' (navigation)' if one.navigation_only else ''}"
            )
            back = ", ".join(f"`{rule}`" for rule in sorted(one.blocking)) or _cell(one.reason)
            yield f"| {level} | {_code(one.title)} | {back} | {_code(where(one))} |"
        yield ""
        yield "</details>"


def _cell(text: str) -> str:
    """A text in a table: its bars mean themselves, in code too."""
    shown = text_of(text)
    pieces = shown.split("`")
    return "`".join(piece.replace("|", "\\|") if at % 2 else piece for at, piece in enumerate(pieces))


def _code(text: str) -> str:
    return code_of(text).replace("|", "\\|")
