"""Measures what each rule of lint costs on a large contract, dearest first.

    python benchmarks/lint_rules.py [CONTRACT]

Processor time of one pass with that rule alone over facts that are worked out already: what several
rules need to know (operations, what is sent, properties by name) is counted in a line of its own.
"""

from __future__ import annotations

import gc
import sys
import time
from typing import TYPE_CHECKING

import corpora

import apicontract
from apicontract.formats.openapi.lint import findings_of
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TURNS = 3


def costs(contract: apicontract.Contract) -> Iterator[tuple[str, str, int, float]]:
    """What is measured: name, rule set, findings, seconds; the dearest rule first, after what all need."""
    yield "loading is not counted; the walk", "", 0, _least(lambda: Facts(contract))  # type: ignore[arg-type]
    facts = Facts(contract)  # type: ignore[arg-type]
    begun = time.process_time()
    everything = findings_of(facts, LINT_RULES)
    yield "all rules, and what they need to know", "", len(everything), time.process_time() - begun
    rows = []
    for rule in LINT_RULES:
        found = len(findings_of(facts, [rule]))
        seconds = _least(lambda rule=rule: findings_of(facts, [rule]))  # type: ignore[misc]
        rows.append((rule.rule.id, str(rule.rule.tier), found, seconds))
    yield from sorted(rows, key=lambda row: -row[3])


def _least(work: Callable[[], object]) -> float:
    """The least of several turns: what others do on the machine only adds."""
    best = float("inf")
    for _ in range(_TURNS):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def main() -> int:
    """Print the table; 2 if the contract cannot be had."""
    gc.disable()  # as the command does
    try:
        path = sys.argv[1] if sys.argv[1:] else corpora.github("23.0.2", "ghes-3.18")
    except corpora.NotAvailable as reason:
        print(reason, file=sys.stderr)
        return 2
    print(f"{'rule':40} {'set':12} {'findings':>8} {'ms':>8}")
    for name, tier, found, seconds in costs(apicontract.load(path)):
        print(f"{name:40} {tier:12} {found:8} {seconds * 1000:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
