"""What every check sees of a contract: its walk, and a way to say what is wrong where.

The severity of a finding is that of its rule; checks give the place, the words and the advice.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from apicontract.findings import Finding, Severity
from apicontract.formats.openapi.validate.meaning.properties import Declarations
from apicontract.formats.openapi.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json, Place


# Rules about what something is called, not what it holds: their place is the name.
_ABOUT_NAMES = frozenset(
    [
        *("unknown-field", "component-name-invalid", "status-code-invalid", "header-name-invalid"),
        *("media-type-invalid", "path-without-slash", "path-template-malformed", "path-has-query"),
        *("path-parameter-repeated", "path-parameter-undeclared", "paths-equivalent"),
    ]
)


class View:
    """A contract under validation."""

    def __init__(self, contract: OpenApi) -> None:
        self.contract = contract
        self.series = contract.series
        self.walk = Walk(contract)
        self.declarations = Declarations(self.walk)
        self._schema_names: frozenset[str] | None = None
        self._path_entries: dict[int, list[Node]] | None = None

    @property
    def root(self) -> Node:
        """The entry document."""
        return self.walk.root

    def nodes(self, kind: str) -> list[Node]:
        """Every object of a kind; empty where the series has no such kind."""
        return self.walk.nodes.get(kind, [])

    def path_entries(self, item: Node) -> list[Node]:
        """The entries of `paths` that a path item is, or is referred to from; none of webhooks."""
        if self._path_entries is None:
            self._path_entries = {}
            for entry in (child for paths in self.nodes("paths") for child in paths.children):
                for node in {id(each): each for each in (entry, entry.followed())}.values():
                    self._path_entries.setdefault(id(node), []).append(entry)
        return self._path_entries.get(id(item), [])

    def schema_names(self) -> frozenset[str]:
        """The names of the schemas among the components of the entry document."""
        if self._schema_names is None:
            components = self.root.only("components")
            named = components.all("schemas") if components is not None else ()
            self._schema_names = frozenset(node.key for node in named)
        return self._schema_names

    def security_schemes(self) -> dict[str, Node]:
        """The security schemes that the entry document defines, by name."""
        components = self.root.only("components")
        if self.series == "2.0":
            return {node.key: node for node in self.root.all("securityDefinitions")}
        return (
            {node.key: node for node in components.all("securitySchemes")} if components is not None else {}
        )

    def finding(
        self,
        rule: str,
        node: Node,
        *tokens: str | int,
        message: str,
        advice: str = "",
        warning: bool = False,
        severe: bool = False,
    ) -> Finding:
        """A finding at a node, or below it; `warning` lowers the rule's severity, `severe` raises it."""
        return self.finding_at(rule, node.place(*tokens), message, advice, warning=warning, severe=severe)

    def finding_at(
        self,
        rule: str,
        place: Place,
        message: str,
        advice: str = "",
        *,
        warning: bool = False,
        severe: bool = False,
    ) -> Finding:
        """A finding at a place."""
        if rule in _ABOUT_NAMES:
            place = replace(place, key=True)
        severity = Severity.WARNING if warning else Severity.ERROR if severe else severities()[rule]
        return Finding(rule, severity, place, message, advice or _advice()[rule])


@cache
def severities() -> dict[str, Severity]:
    """The severity of every rule, by id."""
    from apicontract.formats.openapi.validate.rules import RULES

    return {rule.id: rule.severity for rule in RULES}


@cache
def _advice() -> dict[str, str]:
    from apicontract.formats.openapi.validate.rules import RULES

    return {rule.id: rule.advice for rule in RULES}


if TYPE_CHECKING:
    Check = Callable[[Node, View], Iterator[Finding]]
    KeywordCheck = Callable[[Node, Json, View], Iterator[Finding]]
