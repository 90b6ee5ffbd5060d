"""How much a question may cost, counted in steps so that every machine gives the same answer."""

from __future__ import annotations

from apicontract.records import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one question.

    steps: pieces of schema compared or searched. depth: levels of JSON nesting followed.
    translation: schema objects read for one question.
    """

    steps: int = 10_000
    depth: int = 120
    translation: int = 200_000


class Exhausted(Exception):  # noqa: N818 - a budget that runs out is no error of anybody
    """The question cost more than its budget; the message says which limit was met."""


class Meter:
    """Counts the steps of one question."""

    __slots__ = ("budget", "left", "total")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.left = budget.steps
        self.total = 0

    def restart(self) -> None:
        """A new question begins."""
        self.left = self.budget.steps

    def step(self, cost: int = 1) -> None:
        """Spend; raises Exhausted when nothing is left."""
        self.left -= cost
        self.total += cost
        if self.left < 0:
            msg = f"more than {self.budget.steps} steps"
            raise Exhausted(msg)
