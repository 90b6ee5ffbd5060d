"""Hunts for wrong verdicts on random pairs of schemas; prints what was answered and every answer that fails.

    python benchmarks/hunt.py [--pairs N] [--seconds S] [--seed N]

Gives 1 if an answer was wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from containment.random_pairs import Tally, hunt


def main() -> int:
    """Hunt with one seed."""
    parser = argparse.ArgumentParser(description="Hunt for wrong verdicts on random pairs of schemas.")
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begun = time.monotonic()
    tally = hunt(arguments.seed, arguments.pairs, arguments.seconds)
    show(tally, time.monotonic() - begun)
    return int(bool(tally.wrong))


def show(tally: Tally, seconds: float) -> None:
    """Print a tally."""
    print(
        f"{tally.pairs} pairs, {tally.values} values, {seconds:.0f} s, slowest answer {tally.slowest:.3f} s"
    )
    print(dict(tally.answers), f"unverified {tally.unverified}")
    print(dict(sorted(tally.compared.items())))
    for reason, count in tally.reasons.most_common(15):
        print(f"  {count} × {reason}")
    for wrong in (*tally.noted, *tally.wrong):
        print(
            f"{'NOTED' if wrong in tally.noted else 'WRONG'} {wrong.reading} {str(wrong.verdict)[:120]}: {wrong.why}"
        )
        print(
            f"  {wrong.pair.dialect} formats={wrong.pair.formats} flow={wrong.pair.flow} {wrong.pair.sup_dialect}"
        )
        print(
            f"  sub   {json.dumps(wrong.pair.sub)}\n  sup   {json.dumps(wrong.pair.sup)}\n  value {json.dumps(wrong.value)}"
        )


if __name__ == "__main__":
    sys.exit(main())
