"""The formats a contract can have, and the one protocol they share.

A format is found by looking at a document's root, never by its file name alone. Format packages
are imported when they are needed, not before: start-up time is part of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from apicontract.changes import Change, Rule, Surface
    from apicontract.findings import Finding, FindingRule, LintSettings
    from apicontract.sources import Library


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What a user may ask of a comparison.

    surfaces: surfaces whose breaks count as major; None takes the format's default.
    path_prefix: (old, new) path prefixes to map onto each other, or None to detect a move.
    strict: judge by the strict profile (changed defaults and added statuses are major).
    today: ISO date by which sunsets are judged; empty for the current date.
    """

    surfaces: frozenset[Surface] | None = None
    path_prefix: tuple[str, str] | None = None
    strict: bool = False
    today: str = ""


class Contract(Protocol):
    """One API description, of one format, at one version."""

    @property
    def format(self) -> str:
        """The name of the format: `openapi`."""

    @property
    def source(self) -> str:
        """Where it was read, as the user named it."""

    @property
    def title(self) -> str:
        """What it calls itself."""

    @property
    def version(self) -> str:
        """The version it declares, as written."""


class Format(Protocol):
    """What a format package offers; `apicontract.formats.openapi` is the model."""

    name: str

    def recognises(self, library: Library) -> bool:
        """Whether the root document says it is of this format."""

    def load(self, library: Library) -> Contract:
        """The contract; SourceError where it cannot be read as one."""

    def validate(self, contract: Contract) -> Iterable[Finding]:
        """Everything that is wrong with the contract."""

    def lint(self, contract: Contract, wanted: Collection[str], settings: LintSettings) -> Iterable[Finding]:
        """What the rules of lint with the ids `wanted` find, by the words and bounds of `settings`."""

    def diff(self, old: Contract, new: Contract, options: DiffOptions) -> Iterable[Change]:
        """Everything that differs between two versions, each thing once."""

    def change_rules(self) -> Iterable[Rule]:
        """The rules by which `diff` classifies."""

    def finding_rules(self) -> Iterable[FindingRule]:
        """The rules by which `validate` finds."""

    def lint_rules(self) -> Iterable[FindingRule]:
        """The rules by which `lint` finds."""


_FORMATS = ("openapi",)


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
