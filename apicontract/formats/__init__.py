"""The formats a contract can have, and the one protocol they share.

A format is found by looking at a document's root, never by its file name alone. Format packages
are imported when they are needed, not before: start-up time is part of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol

from apicontract.changes.promises import Promises

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.changes import Change, Rule, Surface
    from apicontract.findings import Finding, FindingRule
    from apicontract.sources import Library


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What a user may ask of a comparison.

    surfaces: surfaces whose breaks count as major; None takes the format's default.
    path_prefix: (old, new) path prefixes to map onto each other, or None to detect a move.
    strict: what breaks some clients only is major (changed defaults, added statuses).
    today: ISO date by which sunsets are judged; empty for the current date.
    open_enums: which lists of values may grow in responses without a break: `none` (not even those
    said to be extensible), those `marked` so, `all`.
    unknown_properties: what clients do with undeclared names in responses: what the schemas say
    (`as-declared`), pass over them (`tolerated`), fail (`refused`).
    formats: whether known formats restrict values (`assert`) or only describe them (`annotate`).
    may_break: stability levels whose operations may break with a minor version.
    """

    surfaces: frozenset[Surface] | None = None
    path_prefix: tuple[str, str] | None = None
    strict: bool = False
    today: str = ""
    open_enums: Literal["none", "marked", "all"] = "marked"
    unknown_properties: Literal["as-declared", "tolerated", "refused"] = "as-declared"
    formats: Literal["assert", "annotate"] = "assert"
    may_break: tuple[str, ...] = ("draft", "alpha")


class Contract(Promises, Protocol):
    """One API description, of one format, at one version: what it is called, and what it promises."""


class Format(Protocol):
    """What a format package offers; `apicontract.formats.openapi` is the model."""

    name: str

    def recognises(self, library: Library) -> bool:
        """Whether the root document says it is of this format."""

    def load(self, library: Library) -> Contract:
        """The contract; SourceError where it cannot be read as one."""

    def validate(self, contract: Contract) -> Iterable[Finding]:
        """Everything that is wrong with the contract."""

    def diff(self, old: Contract, new: Contract, options: DiffOptions) -> Iterable[Change]:
        """Everything that differs between two versions, each thing once."""

    def change_rules(self) -> Iterable[Rule]:
        """The rules by which `diff` classifies."""

    def finding_rules(self) -> Iterable[FindingRule]:
        """The rules by which `validate` finds."""


_FORMATS = ("openapi",)


def names() -> tuple[str, ...]:
    """What the formats are called."""
    return _FORMATS


def get(name: str) -> Format:
    """The format of that name; KeyError if there is none."""
    if name not in _FORMATS:
        raise KeyError(name)
    module = import_module(f"apicontract.formats.{name}")
    return module.FORMAT  # type: ignore[no-any-return]


def recognise(library: Library) -> Format | None:
    """The format of the library's root document, or None if no format knows it."""
    for name in _FORMATS:
        candidate = get(name)
        if candidate.recognises(library):
            return candidate
    return None
