"""The shape of a rule of lint for protos: its documentation, the class of element it looks at, its check.

A rule subscribes to one class of view (`Message`, `Field`, `Method`, a `Package`); the one pass over a
contract hands it each element of that class once, extensions among the fields. A check yields problems;
severity, id and advice come from the rule.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from apicontract.formats.proto.elements import Enum, EnumValue, Field, Message, Method, Oneof, Service
from apicontract.formats.proto.lint.facts import Package
from apicontract.formats.proto.model import File
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.findings import FindingRule
    from apicontract.formats.proto.lint.facts import Facts
    from apicontract.sources import Place

Part: TypeAlias = Package | File | Message | Field | Oneof | Enum | EnumValue | Service | Method
E = TypeVar("E", Package, File, Message, Field, Oneof, Enum, EnumValue, Service, Method)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the rule asks: where, and in which words.

    advice: what to do, where this case calls for more than the rule's own advice.
    """

    place: Place
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class LintRule(Generic[E]):
    """A rule with its check: `kind` is the class of the elements that it is handed."""

    rule: FindingRule
    kind: type[E]
    check: Callable[[E, Facts], Iterator[Problem]]

    def documented(self, command: str, category: str) -> LintRule[E]:
        """The same with what all rules of a catalogue have in common."""
        return replace(self, rule=replace(self.rule, command=command, category=category))


AnyRule: TypeAlias = (
    LintRule[Package]
    | LintRule[File]
    | LintRule[Message]
    | LintRule[Field]
    | LintRule[Oneof]
    | LintRule[Enum]
    | LintRule[EnumValue]
    | LintRule[Service]
    | LintRule[Method]
)
