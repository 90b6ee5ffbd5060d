"""The report as Markdown, for a comment or a job summary: the verdict first, long lists folded.

It keeps within a number of characters, worst first, and says how much is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.reports.escaping import code_of, text_of
from apicontract.reports.style import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.reports.model import ContractReport, Item, Report

LIMIT = 60_000  # GitHub takes 65,536 characters in a comment; the marks around it need some
_OPEN = 8  # things said of a contract before the rest is folded
_LONG = 240  # characters of one thing that are enough to see the point
_CUT = "\n\n*The rest is left out: this is as long as it may be.*\n"
_QUESTIONS = {"branch": "only in this branch, not by merging", "merge": "only by merging"}


def markdown(report: Report, *, limit: int = LIMIT) -> str:
    """The whole text, at most `limit` characters long."""
    head = "\n".join(_head(report)) + "\n"
    tail = "\n".join(_tail(report)) + "\n"
    room = limit - len(head) - len(tail) - 100
    blocks: list[str] = []
    failing = sorted(report.contracts, key=lambda contract: contract.passed)
    for at, contract in enumerate(failing):
        block = _fitting(contract, report, room)
        if block is None:
            blocks.append(
                f"*{len(failing) - at} more contracts are left out: this is as long as it may be.*\n"
            )
            break
        room -= len(block) + 1
        blocks.append(block)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join([head, *blocks, tail])).rstrip("\n") + "\n"
    if len(text) <= limit:
        return text
    return text[: limit - len(_CUT)].rpartition("\n")[0] + _CUT  # notes and findings without a contract


def _fitting(contract: ContractReport, report: Report, room: int) -> str | None:
    """The block of a contract with as many items as there is room for; None if there is not even for one."""
    shown = len(contract.items)
    while True:
        block = "\n".join(_contract(contract, report, shown)) + "\n"
        if len(block) <= room:
            return block
        if not shown:
            return None
        shown //= 2


def _head(report: Report) -> Iterator[str]:
    yield f"## API contracts: {'passed' if report.passed else 'failed'}"
    yield ""
    yield f"{_text(report.conclusion)}."


def _tail(report: Report) -> Iterator[str]:
    if report.items:
        yield "### The policy's own files"
        yield ""
        for item in report.items:
            yield from _item(item, report)
        yield ""
    for note in report.notes:
        yield f"> Note: {_text(note)}"
        yield ""
    lines = [*report.compared, *([f"profile {report.profile}"] if report.profile else [])]
    if lines:
        yield f"<sub>{'; '.join(_text(line) for line in lines)}</sub>"


def _contract(contract: ContractReport, report: Report, most: int) -> Iterator[str]:
    name = code_of(contract.name)
    yield f"### {name} {_text(contract.standing)}".rstrip()
    yield ""
    if contract.requires:
        yield f"{_text(contract.requires[0].upper() + contract.requires[1:])}."
        yield ""
    for step in contract.steps:
        yield f"- **To do:** {_text(step)}"
    if contract.steps:
        yield ""
    items = contract.items[:most]
    yield from _list(items[:_OPEN], report)
    if len(items) > _OPEN:
        yield f"<details><summary>{len(items) - _OPEN} more</summary>"
        yield ""
        yield from _list(items[_OPEN:], report)
        yield "</details>"
        yield ""
    if len(contract.items) > most:
        yield f"*{len(contract.items) - most} left out: this is as long as it may be.*"
        yield ""
    if not contract.items and not contract.steps:
        looked = report.command in ("validate", "lint")
        yield "Nothing was found." if looked else "Nothing that a client could notice."
        yield ""


def _list(items: Sequence[Item], report: Report) -> Iterator[str]:
    for item in items:
        yield from _item(item, report)
    if items:
        yield ""


def _item(item: Item, report: Report) -> Iterator[str]:
    kind = item.level or item.severity.value
    said = _cut(item.headline) + (f" ({_cut(item.sides)})" if item.sides else "")
    yield f"- **{kind}** {_text(said)}"
    if item.witness:
        before, _, value = item.witness.partition(": ")
        yield f"  <br>{_text(before)}: {code_of(_cut(value))}"
    if len(item.reaches) > 1:
        yield f"  <br>reaches {len(item.reaches)} operations"
    for told in (item.by_policy, item.allowance, item.waived, _QUESTIONS.get(item.question, "")):
        if told:
            yield f"  <br>*{_text(told)}*"
    rule = report.rules.get(item.rule)
    linked = f"[{item.rule}]({rule.page})" if rule else _text(item.rule)
    spot = item.spot
    where = f"{spot.shown or spot.file}:{spot.line}" if spot.line else spot.shown or spot.file
    yield f"  <br>{code_of(where)} {linked}" if where else f"  <br>{linked}"


def _text(text: str) -> str:
    return text_of(text, calm=True)


def _cut(text: str) -> str:
    short = shortened(text)
    return short if len(short) <= _LONG else short[: _LONG - 1] + "…"
