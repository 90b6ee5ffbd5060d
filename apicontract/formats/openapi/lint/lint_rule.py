"""The shape of a rule of lint: its documentation, the kinds of object it wants to see, its check, its fix.

A rule subscribes to kinds of object of the walk; the one pass over a contract hands it each object of
those kinds once. A check yields problems; severity, id and advice come from the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.findings import FindingRule, Fix
    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Place
    from apicontract.sources.alterations import Alteration

    Check = Callable[[Node, Facts], Iterable["Problem"]]


NAMED = ("openapi", "swagger", "name")  # `having` of rules that ask a document or parameter what is called so


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the rule asks: where, and in which words.

    advice: what to do, where this case calls for more than the rule's own advice. remedy: what mends it,
    all in one document, where this case can be mended; fix: whether that is safe, if not as the rule says.
    """

    place: Place
    message: str
    advice: str = ""
    remedy: tuple[Alteration, ...] = ()
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule with its check: `kinds` are those of the object model (`operation`, `schema`, `document`).

    having: only objects with at least one of these fields are handed to it; empty means all of the kinds.
    """

    rule: FindingRule
    kinds: tuple[str, ...]
    check: Check
    having: tuple[str, ...] = ()
