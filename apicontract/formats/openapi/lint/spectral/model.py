"""What a ruleset is once read: rules with paths, functions and severities; and what a function is given."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from apicontract.formats.openapi.lint.spectral.values import UNDEFINED
from apicontract.records import dataclass
from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from apicontract.formats.openapi.lint.spectral.functions.examples import Examples
    from apicontract.formats.openapi.lint.spectral.resolving import Documents
    from apicontract.formats.openapi.lint.spectral.walk import Node
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Document, Json, Place

OFF = -1
SEVERITIES = {"error": 0, "warn": 1, "info": 2, "hint": 3, "off": OFF}
DEFAULT_SEVERITY = 1


class Result(NamedTuple):
    """What a function says. keys: on from the value; `absolute`: from the root of the contract instead."""

    message: str
    keys: tuple[str, ...] = ()
    absolute: bool = False
    place: Place | None = None  # where it is known already


@dataclass(slots=True)
class Context:
    """What a function may know besides the value and its options."""

    documents: Documents
    formats: frozenset[str]
    resolved: bool
    node: Node  # what `given` led to
    keys: tuple[str, ...] = ()  # from there to the value
    contract: OpenApi | None = None
    examples: Examples | None = None
    report: Callable[[Result], None] = lambda _: None  # for what is only known at the end

    def path_names(self) -> tuple[str, ...]:
        """The keys from the root of its document to the value."""
        return (*split(self.node.place().pointer), *self.keys)

    @property
    def document(self) -> Document:
        """The document that the value stands in."""
        return self.node.document


Options = "Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of Spectral's. kinds: what it is asked about (`object`, `string`); empty is everything."""

    name: str
    run: Callable[[object, Mapping[str, Json], Context], Iterable[Result]]
    kinds: frozenset[str] = frozenset()
    options: Mapping[str, Json] | None = None  # a JSON Schema; None takes none


@dataclass(frozen=True, slots=True)
class Then:
    """What is asked of what a path leads to: `field` of it, by a function."""

    function: Function
    options: Mapping[str, Json]
    field: str | None = None


@dataclass(slots=True)
class Rule:
    """A rule of a ruleset. Extending rulesets change it until all are read.

    given: paths and aliases as written. place: where it is defined.
    """

    name: str
    given: tuple[str, ...]
    then: tuple[Then, ...]
    place: Place | None
    aliases: Mapping[str, Json]
    description: str | None = None
    message: str | None = None
    severity: int = DEFAULT_SEVERITY
    resolved: bool = True
    recommended: bool = True
    enabled: bool = True
    formats: frozenset[str] | None = None
    url: str = ""
    unsupported: str = ""  # the function of a team's own that we cannot run
    by_pointer: list[tuple[str, str, int]] = field(default_factory=list)  # (glob of files, pointer, severity)


__all__ = [
    "DEFAULT_SEVERITY",
    "OFF",
    "SEVERITIES",
    "UNDEFINED",
    "Context",
    "Function",
    "Result",
    "Rule",
    "Then",
]
