"""The shape of a rule of the change catalogue, and looking rules up by id.

A format declares its rules as data; commands, documentation and tests read them here. A rule's
documentation has fixed heads, and its example is executed by a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.changes.model import Direction, Level, Surface


@dataclass(frozen=True, slots=True)
class Example:
    """Two small contracts of which the change from `old` to `new` fires the rule.

    `safe` is a new contract that reaches the same aim without the break; the rule does not fire
    between `old` and `safe`. Empty where nothing safer exists: then going from `old` to `old` is
    the example that does not fire.
    """

    old: str
    new: str
    safe: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named, documented kind of change.

    id: kebab-case, says what happened; forever.
    title: one sentence, what happened.
    why: whom it hurts, and how.
    advice: how to reach the aim safely.
    level: the level it usually has, before containment or policy say otherwise.
    surfaces: where it usually breaks.
    since: the first `schema` of configurations in which it counts.
    """

    id: str
    title: str
    why: str
    advice: str
    level: Level
    surfaces: tuple[Surface, ...]
    direction: Direction
    example: Example
    since: int = 1


class Catalogue:
    """Rules by id, in the order in which they were declared; ids are unique."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, Rule] = {}
        for rule in rules:
            if rule.id in self._rules:
                msg = f"rule {rule.id} is declared twice"
                raise ValueError(msg)
            self._rules[rule.id] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules[rule_id]
