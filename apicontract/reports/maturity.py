"""Ratings by Richardson's model for people: as text, and what text, Markdown and HTML have in common."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.maturity import Weight
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.maturity import Evidence, Maturity, Operation
    from apicontract.reports.style import Style

_LOOKS = {0: "red", 1: "yellow", 2: "cyan", 3: "green"}
_MARKS = {Weight.FOR: "+", Weight.AGAINST: "-", Weight.NOTE: "·", Weight.WAIVED: "~"}
_WIDEST_BAR = 30
CRITERIA = {
    "R1": "the path names a thing",
    "R2": "no segment is an action",
    "R3": "the message does not pick what happens",
    "R4": "identity is in the path",
    "V1": "GET and HEAD only read",
    "V2": "PUT stores at its address",
    "V3": "PATCH says its format",
    "V4": "DELETE answers 200, 202 or 204",
    "V5": "POST says what came of it",
    "V6": "reads are GETs",
    "V7": "failures of clients are described",
    "V8": "failures are no 2xx",
    "V9": "errors have one form",
    "V10": "updates and removals have their methods",
    "H1": "a hypermedia type",
    "H2": "links in the body",
    "H3": "a `Link` header",
    "H4": "`Location`",
    "H5": "links in the contract",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule, or what speaks for a criterion, was found; with one example."""

    criterion: str
    rule: str
    weight: Weight
    count: int
    example: Evidence
    operation: Operation


def order(criterion: str) -> tuple[int, int]:
    """Criteria in the order of levels: R1, ..., V10, H1."""
    return "RVH".index(criterion[0]), int(criterion[1:])


def tallies(rating: Maturity, *weights: Weight) -> list[Tally]:
    """The evidence of those weights by criterion and rule, each with how many operations have it."""
    counts: Counter[tuple[str, str, Weight]] = Counter()
    first: dict[tuple[str, str, Weight], tuple[Evidence, Operation]] = {}
    for operation in rating.operations:
        here = {
            (one.criterion, one.rule, one.weight): one for one in operation.evidence if one.weight in weights
        }
        for key, one in here.items():
            counts[key] += 1
            first.setdefault(key, (one, operation))
    return [
        Tally(*key, count, *first[key])
        for key, count in sorted(counts.items(), key=lambda pair: (order(pair[0][0]), pair[0][1]))
    ]


def where(one: Evidence | Operation) -> str:
    """`api.yaml:12:5`."""
    return f"{plain(one.place.file)}:{one.place.line}:{one.place.column}"


def times(count: int) -> str:
    """`1 operation`, `12 operations`."""
    return f"{count} operation{'' if count == 1 else 's'}"


def headline(rating: Maturity) -> str:
    """`level 2 (verbs and status codes)`; or why there is none."""
    return f"level {rating.name}" if rating.level is not None else f"{rating.name}: {rating.reason}"


def maturity_lines(ratings: Sequence[Maturity], style: Style, *, verbose: bool = False) -> Iterator[str]:
    """Each rating with its evidence; several begin with a table of all. `verbose` lists every operation."""
    if len(ratings) > 1:
        yield from _estate(ratings, style)
        yield ""
    for number, rating in enumerate(ratings):
        if number:
            yield ""
        yield from _rating(rating, style, verbose=verbose)


def maturity_verdicts(ratings: Sequence[Maturity], style: Style) -> Iterator[str]:
    """One line per contract."""
    for rating in ratings:
        yield f"{plain(rating.source)}: {_painted(rating, style)}"


def _painted(rating: Maturity, style: Style) -> str:
    look = "dim" if rating.level is None else _LOOKS[rating.level]
    return style.paint(plain(headline(rating)), look)


def _estate(ratings: Sequence[Maturity], style: Style) -> Iterator[str]:
    """The table of several contracts."""
    widest = max(len("contract"), *(len(plain(one.source)) for one in ratings))
    head = f"{'contract':<{widest}}  level  strict   at 0   at 1   at 2   at 3  not rated"
    yield style.paint(head, "bold")
    for one in ratings:
        level = "-" if one.level is None else str(one.level)
        level += "*" if one.navigation_only else ""
        strict = "-" if one.strict_level is None else str(one.strict_level)
        counts = "".join(f"{count:>7}" for count in one.histogram)
        unrated = len(one.operations) - one.rated
        yield f"{plain(one.source):<{widest}}  {level:>5}  {strict:>6}{counts}{unrated:>11}"
    if any(one.navigation_only for one in ratings):
        yield style.paint("* navigation only: the links lead to no action", "dim")


def _rating(rating: Maturity, style: Style, *, verbose: bool) -> Iterator[str]:
    yield f"{style.paint(plain(rating.source), 'bold')}: {_painted(rating, style)}"
    if rating.strict_level is not None:
        share = "every operation" if rating.share == 100 else f"{rating.share} % of the operations"  # noqa: PLR2004
        yield style.paint(
            f"  {share} or more reach it; the least of them is at level {rating.strict_level}", "dim"
        )
    yield from _histogram(rating, style)
    yield from _evidence(rating, style)
    if rating.next is not None:
        yield ""
        ahead = rating.next
        yield style.paint(f"  To reach level {ahead.level}, {times(ahead.operations)} must change", "bold")
        for step in ahead.steps:
            yield from style.point(f"{step.advice} ({step.rule}, {times(len(step.operations))})", "  ")
    if verbose:
        yield from _operations(rating, style)


def _histogram(rating: Maturity, style: Style) -> Iterator[str]:
    most = max(rating.histogram)
    if most:
        yield ""
    for level in (3, 2, 1, 0) if most else ():
        count = rating.histogram[level]
        bar = "█" * (-(-count * _WIDEST_BAR // most))
        yield f"  level {level}  {style.paint(bar, _LOOKS[level])}{' ' if bar else ''}{count}"
    unrated = Counter(one.reason for one in rating.operations if one.level is None)
    for reason, count in unrated.items():
        yield from style.wrap(f"not rated: {count} ({reason})", "  ")


def _evidence(rating: Maturity, style: Style) -> Iterator[str]:
    heads = (
        ("What speaks for it", (Weight.FOR,)),
        ("What holds operations back", (Weight.AGAINST,)),
        ("Worth knowing", (Weight.NOTE, Weight.WAIVED)),
    )
    for head, weights in heads:
        found = tallies(rating, *weights)
        if found:
            yield ""
            yield style.paint(f"  {head}", "bold")
        for one in found:
            text = f"{one.criterion:<3} {one.count:>4}  {one.rule or CRITERIA[one.criterion]}"
            below = f", below level {one.example.blocks}" if one.weight is Weight.AGAINST else ""
            waived = ", waived" if one.weight is Weight.WAIVED else ""
            yield f"    {text}{style.paint(f'{below}{waived}', 'dim')}"
            if one.rule:
                such = f"{'such as ' if one.count > 1 else ''}{one.example.message}"
                yield from (style.paint(line, "dim") for line in style.wrap(such, " " * 14))
                yield style.paint(f"{' ' * 14}{where(one.example)}", "dim")


def _operations(rating: Maturity, style: Style) -> Iterator[str]:
    yield ""
    yield style.paint("  Operations", "bold")
    for one in rating.operations:
        level = "-" if one.level is None else str(one.level)
        note = " (navigation only)" if one.navigation_only else ""
        told = f" ({one.reason})" if one.reason and one.level is None else note
        yield f"  {level}  {plain(one.title)}{style.paint(told, 'dim')}  {where(one)}"
        for each in sorted(one.evidence, key=lambda each: order(each.criterion)):
            yield from style.wrap(f"{_MARKS[each.weight]} {each.criterion} {each.message}", " " * 5)
