"""The formats a contract can have, and the one protocol they share.

A format is found by looking at what a document says, not only at its file name. Format packages
are imported when they are needed, not before: start-up time is part of the product.
"""

from __future__ import annotations

from dataclasses import field
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol

from apicontract.changes.promises import Promises
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from apicontract.changes import Change, Rule, Surface
    from apicontract.findings import Finding, FindingRule, LintSettings
    from apicontract.sources import ContractError, Library, ReadOptions


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What a user may ask of a comparison.

    surfaces: surfaces whose breaks count as major; None takes the format's default.
    path_prefix: (old, new) path prefixes to map onto each other, or None to detect a move.
    strict: what breaks some clients only is major (changed defaults, added statuses).
    today: ISO date by which sunsets are judged; empty for the current date.
    strict_json: readers of ProtoJSON refuse keys and enum names they do not know, so that additions break.
    allow_unstable: breaks in packages that promise nothing (`v1alpha`, `v1beta1`) need a minor only.
    per_file: names of generated code are those of a file: one that moved to another file is a break.
    open_enums: which lists of values may grow in responses without a break: `none` (not even those
    said to be extensible), those `marked` so, `all`.
    unknown_properties: what clients do with undeclared names in responses: what the schemas say
    (`as-declared`), pass over them (`tolerated`), fail (`refused`).
    formats: whether known formats restrict values (`assert`) or only describe them (`annotate`).
    may_break: stability levels whose operations may break with a minor version.
    processes: how many processes may share the work of a large comparison; the result does not depend on it.
    """

    surfaces: frozenset[Surface] | None = None
    path_prefix: tuple[str, str] | None = None
    strict: bool = False
    today: str = ""
    strict_json: bool = False
    allow_unstable: bool = False
    per_file: bool = False
    open_enums: Literal["none", "marked", "all"] = "marked"
    unknown_properties: Literal["as-declared", "tolerated", "refused"] = "as-declared"
    formats: Literal["assert", "annotate"] = "assert"
    may_break: tuple[str, ...] = ("draft", "alpha")
    processes: int = field(default=1, compare=False)


class Contract(Promises, Protocol):
    """One API description, of one format, at one version: what it is called, and what it promises."""


class Format(Protocol):
    """What a format package offers; `apicontract.formats.openapi` is the model.

    gathers: whether all files of a folder make one contract, as protos do.
    """

    name: str
    gathers: bool

    def find(
        self, specs: Sequence[str], options: ReadOptions, fail: Callable[[ContractError], None]
    ) -> Mapping[str, Contract]:
        """The contracts of this format that sources lead to, by their path below a directory or glob.

        Empty if there are none. Where one is of this format and cannot be read, `fail` is called with the
        reason if there may be others, and else a ContractError is raised.
        """

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


_FORMATS = ("proto", "openapi")


def names() -> tuple[str, ...]:
    """What the formats are called."""
    return _FORMATS


def get(name: str) -> Format:
    """The format of that name; KeyError if there is none."""
    if name not in _FORMATS:
        raise KeyError(name)
    module = import_module(f"apicontract.formats.{name}")
    return module.FORMAT  # type: ignore[no-any-return]


def every() -> tuple[Format, ...]:
    """All formats, the one that is most used first."""
    return tuple(get(name) for name in reversed(_FORMATS))


def recognise(library: Library) -> Contract | None:
    """The contract that a document is, of a format whose contracts have a root document; None if it is none.

    ContractError if it is one and cannot be read as such.
    """
    from apicontract.formats.openapi.load import load, recognises

    return load(library) if recognises(library) else None


def find(
    specs: Sequence[str], options: ReadOptions, fail: Callable[[ContractError], None]
) -> dict[str, Contract]:
    """The contracts of any format that sources lead to, by their path below a directory or glob.

    Empty if there are none. What a file is, its content says; a folder may hold several formats.
    fail: called with what cannot be read; it raises, or the rest is read all the same.
    """
    from apicontract.sources import ContractError, is_collection

    found: dict[str, Contract] = {}
    failed: set[str] = set()  # more than one format looks at a file
    final: list[ContractError] = []

    def fail_once(error: ContractError) -> None:
        if str(error) in failed:
            return
        failed.add(str(error))
        try:
            fail(error)
        except ContractError as raised:
            final.append(raised)
            raise

    for name in _FORMATS:
        try:
            found.update(get(name).find(specs, options, fail_once))
        except ContractError as error:
            if error in final:
                raise
            fail_once(error)
        if found and not any(is_collection(spec) for spec in specs):
            break
    return found
