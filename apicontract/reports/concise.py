"""One line for each thing said, as compilers write: editors and `grep` find their way by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.reports.model import Item, Report


def concise_lines(report: Report) -> Iterator[str]:
    """`file:line:column: error rule: what`, then what to do for each contract, then the verdict."""
    for item in report.every():
        yield _line(item)
    for contract in report.contracts:
        yield from (plain(f"{contract.name}: to do: {step}") for step in contract.steps)
    yield from (plain(f"note: {note}") for note in report.notes)
    yield plain(report.conclusion)


def _line(item: Item) -> str:
    spot = item.spot
    where = f"{spot.shown or spot.file}:{spot.line}:{spot.column}" if spot.line else spot.shown or spot.file
    kind = f"{item.severity.value} {item.level}".rstrip()
    only = {"branch": " (only in this branch)", "merge": " (only by merging)"}.get(item.question, "")
    return plain(f"{where}: {kind} {item.rule}{only}: {item.told}{item.fixable}")
