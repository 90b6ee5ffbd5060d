"""The formats a contract can have, and the one protocol they share.

A format is found by looking at what a document says, not only at its file name. Format packages
are imported when they are needed, not before: start-up time is part of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apicontract.changes import Change, Rule, Surface
    from apicontract.findings import Finding, FindingRule
    from apicontract.sources import ReadOptions


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What a user may ask of a comparison.

    surfaces: surfaces whose breaks count as major; None takes the format's default.
    path_prefix: (old, new) path prefixes to map onto each other, or None to detect a move.
    strict: judge by the strict profile (changed defaults and added statuses are major).
    today: ISO date by which sunsets are judged; empty for the current date.
    strict_json: readers of ProtoJSON refuse keys and enum names they do not know, so that additions break.
    allow_unstable: breaks in packages that promise nothing (`v1alpha`, `v1beta1`) need a minor only.
    per_file: names of generated code are those of a file: one that moved to another file is a break.
    """

    surfaces: frozenset[Surface] | None = None
    path_prefix: tuple[str, str] | None = None
    strict: bool = False
    today: str = ""
    strict_json: bool = False
    allow_unstable: bool = False
    per_file: bool = False


class Contract(Protocol):
    """One API description, of one format, at one version."""

    @property
    def format(self) -> str:
        """The name of the format: `openapi`, `proto`."""

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
    """What a format package offers; `apicontract.formats.openapi` is the model.

    gathers: whether all files of a folder make one contract, as protos do.
    """

    name: str
    gathers: bool

    def find(self, specs: Sequence[str], options: ReadOptions) -> Mapping[str, Contract]:
        """The contracts of this format that sources lead to, by their path below a directory or glob.

        Empty if there are none. ContractError where one is of this format and cannot be read.
        """

    def validate(self, contract: Contract) -> Iterable[Finding]:
        """Everything that is wrong with the contract."""

    def diff(self, old: Contract, new: Contract, options: DiffOptions) -> Iterable[Change]:
        """Everything that differs between two versions, each thing once."""

    def change_rules(self) -> Iterable[Rule]:
        """The rules by which `diff` classifies."""

    def finding_rules(self) -> Iterable[FindingRule]:
        """The rules by which `validate` finds."""


_FORMATS = ("proto", "openapi")


def get(name: str) -> Format:
    """The format of that name; KeyError if there is none."""
    if name not in _FORMATS:
        raise KeyError(name)
    module = import_module(f"apicontract.formats.{name}")
    return module.FORMAT  # type: ignore[no-any-return]


def every() -> tuple[Format, ...]:
    """All formats, the one that is most used first."""
    return tuple(get(name) for name in reversed(_FORMATS))


def find(specs: Sequence[str], options: ReadOptions) -> dict[str, Contract]:
    """The contracts of any format that sources lead to, by their path below a directory or glob.

    Empty if there are none. What a file is, its content says; a folder may hold several formats.
    ContractError if something cannot be read.
    """
    from apicontract.sources import is_collection

    found: dict[str, Contract] = {}
    for name in _FORMATS:
        found.update(get(name).find(specs, options))
        if found and not any(is_collection(spec) for spec in specs):
            break
    return found
