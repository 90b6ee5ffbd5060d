"""Next versions, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.reports import json as shapes
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.gate.bump import Bump
    from apicontract.reports.style import Style


def bump_lines(bumps: Sequence[Bump], style: Style, *, written: bool) -> Iterator[str]:
    """A line per contract, and below it what a new version alone does not settle."""
    for one in bumps:
        yield f"{style.paint(plain(one.source), 'bold')}: {plain(_told(one, written=written))}"
        for advice in one.advice:
            yield from style.point(advice, "  ")
    if not bumps:
        yield "no contract changed: no version is needed"


def bump_json(bumps: Sequence[Bump], *, written: bool) -> str:
    """One object per contract; `schemas/bump-1.json` describes them."""
    return shapes.written(
        {
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
                    "written": written and one.next != one.declared,
                    "advice": list(one.advice),
                }
                for one in bumps
            ],
        }
    )


def _told(one: Bump, *, written: bool) -> str:
    if not one.before:
        return f"{one.declared}; it is new, so any version will do"
    if not one.required:
        return f"{one.declared}; nothing that changed needs another version"
    if one.next == one.declared:
        return f"{one.declared} says enough: the changes since {one.before} are {one.level}"
    verb = "is set to" if written else "must become"
    return f"{one.declared} {verb} {one.next}: the changes since {one.before} are {one.level}"
