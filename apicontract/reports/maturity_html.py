"""Ratings by Richardson's model as one page of HTML: nothing is loaded from elsewhere.

The tables can be read without the script; with it they are sorted and filtered, also by keyboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract import __version__
from apicontract.maturity import Weight
from apicontract.reports.html import environment, ours, policy
from apicontract.reports.maturity import CRITERIA, headline, order, tallies, times, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.maturity import Evidence, Maturity, Operation


def maturity_html(ratings: Sequence[Maturity]) -> str:
    """The page."""
    pages = environment()
    style, script = (ours(pages, name) for name in ("maturity.css", "maturity.js"))
    page = pages.get_template("maturity.html.j2").render(
        ratings=ratings,
        style=style,
        script=script,
        policy=policy(style, script),
        version=__version__,
        headline=headline,
        times=times,
        where=where,
        criteria=CRITERIA,
        groups=_groups,
        sorted_evidence=_sorted,
        levels=(3, 2, 1, 0),
    )
    return f"{page}\n".encode("utf-8", "backslashreplace").decode()


def _groups(rating: Maturity) -> list[tuple[str, object]]:
    """What is shown of the evidence as a whole, under its heads."""
    heads = (
        ("What holds operations back", (Weight.AGAINST,)),
        ("What speaks for it", (Weight.FOR,)),
        ("Worth knowing", (Weight.NOTE, Weight.WAIVED)),
    )
    return [(head, found) for head, weights in heads if (found := tallies(rating, *weights))]


def _sorted(operation: Operation) -> list[Evidence]:
    return sorted(operation.evidence, key=lambda one: order(one.criterion))
