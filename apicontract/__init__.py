"""Validate API contracts, compare two versions of one, and prove what breaks.

This module is the public API; the command line uses nothing else.

    >>> import apicontract
    >>> diff = apicontract.diff("v1.yaml", "v2.yaml")
    >>> str(diff.level), diff.required_version
    ('major', '2.0.0')

Importing it costs nothing: each function, and each type it returns, is imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from apicontract.changes import (
        Certainty,
        Change,
        Comparison,
        Diff,
        Direction,
        Level,
        Rule,
        Side,
        Surface,
        Witness,
    )
    from apicontract.findings import Finding, FindingRule, Severity, Validation
    from apicontract.formats import Contract, DiffOptions
    from apicontract.sources import ContractError, Document, Place, ReadOptions

__version__ = "0.1.0"

_TYPES = {
    "apicontract.changes": (
        "Certainty", "Change", "Comparison", "Diff", "Direction", "Level", "Rule", "Side", "Surface",
        "Witness",
    ),
    "apicontract.findings": ("Finding", "FindingRule", "Severity", "Validation"),
    "apicontract.formats": ("Contract", "DiffOptions"),
    "apicontract.sources": ("ContractError", "Document", "Place", "ReadOptions"),
}  # fmt: skip

__all__ = [
    "Certainty",
    "Change",
    "Comparison",
    "Contract",
    "ContractError",
    "Diff",
    "DiffOptions",
    "Direction",
    "Document",
    "Finding",
    "FindingRule",
    "Level",
    "Place",
    "ReadOptions",
    "Rule",
    "Severity",
    "Side",
    "Surface",
    "Validation",
    "Witness",
    "__version__",
    "compare",
    "diff",
    "diff_all",
    "find",
    "load",
    "rule",
    "rules",
    "validate",
]


def __getattr__(name: str) -> object:
    for module, names in _TYPES.items():
        if name in names:
            return getattr(import_module(module), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def load(spec: str | os.PathLike[str], *, options: ReadOptions | None = None) -> Contract:
    """The contract that `spec` leads to: a path, `-`, `git:REF:path`, or a URL where `options` allow it.

    A folder leads to one if it holds one OpenAPI description, or protos and nothing else. Raises
    ContractError if it cannot be read, is of no format that is known, or leads to several.
    """
    import os

    from apicontract.sources import ContractError

    found = find(os.fspath(spec), options=options)
    if len(found) > 1:
        raise ContractError(
            f"there are {len(found)} contracts here", file=os.fspath(spec), hint=f"name one: {min(found)}"
        )
    [contract] = found.values()
    return contract


def validate(
    contract: Contract | str | os.PathLike[str], *, options: ReadOptions | None = None
) -> Validation:
    """Every problem of one contract, in document order; a path is loaded first, as `load` does.

    Raises ContractError only if the contract cannot be read at all.
    """
    from apicontract import formats
    from apicontract.findings import Validation

    loaded = _loaded(contract, options)
    findings = formats.get(loaded.format).validate(loaded)
    return Validation(loaded.format, loaded.source, loaded.version, tuple(findings))


def diff(
    old: Contract | str | os.PathLike[str],
    new: Contract | str | os.PathLike[str],
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Diff:
    """Every change from `old` to `new`, worst first, then as they stand in the documents.

    Raises ContractError if one of them cannot be read, or they are of two different formats.
    """
    from apicontract import formats
    from apicontract.changes import Diff, Side
    from apicontract.formats import DiffOptions
    from apicontract.sources import ContractError

    before, after = _loaded(old, read_options), _loaded(new, read_options)
    if before.format != after.format:
        raise ContractError(
            f"{before.source} is {before.format} and {after.source} is {after.format}: nothing to compare",
            file=after.source,
            hint="compare two versions of one contract",
        )
    changes = formats.get(before.format).diff(before, after, options or DiffOptions())
    return Diff(
        before.format,
        Side(before.source, before.version),
        Side(after.source, after.version),
        tuple(sorted(changes, key=lambda change: -change.counted_level)),
    )


def compare(
    old: str,
    new: str,
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Diff | Comparison:
    """Two contracts compared, as `diff` does, or two sets of them (directories, globs), as `diff_all` does.

    Raises ContractError as they do, and where one side is a set and the other is not.
    """
    from apicontract import formats
    from apicontract.sources import ContractError, is_collection

    sides = [find(spec, options=read_options) for spec in (old, new)]
    one = [
        not is_collection(spec)
        or (len(found) == 1 and formats.get(*(it.format for it in found.values())).gathers)
        for spec, found in zip((old, new), sides, strict=True)
    ]
    if all(one):
        [before], [after] = (found.values() for found in sides)
        return diff(before, after, options=options)
    if any(one):
        raise ContractError(
            f"{old if one[1] else new} is a set of contracts and the other side is one contract",
            hint="compare two files, or two directories or globs",
        )
    return _diff_sets(sides[0], sides[1], options)


def diff_all(
    old: str,
    new: str,
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Comparison:
    """Compare every contract of one directory or glob with its counterpart in another.

    Contracts are paired by their path below the directory (or the fixed part of the glob), then by
    title and major version. What has no counterpart is in `removed` or `added`. Files below that
    are no contracts (parts that contracts refer to) are left out. Raises ContractError as `diff`
    does, and where a side holds no contract at all.
    """
    return _diff_sets(find(old, options=read_options), find(new, options=read_options), options)


def _diff_sets(
    old: Mapping[str, Contract], new: Mapping[str, Contract], options: DiffOptions | None
) -> Comparison:
    from apicontract.changes import Comparison, Side
    from apicontract.changes.pairing import Candidate, pair

    before, after = (
        {Candidate(path, it.title, it.version): it for path, it in side.items()} for side in (old, new)
    )
    pairs, removed, added = pair(list(before), list(after))
    return Comparison(
        tuple(diff(before[one], after[other], options=options) for one, other in pairs),
        removed=tuple(Side(before[one].source, one.version) for one in removed),
        added=tuple(Side(after[one].source, one.version) for one in added),
    )


def find(*specs: str, options: ReadOptions | None = None) -> dict[str, Contract]:
    """The contracts that files, directories or globs lead to, by their path below each.

    All protos among them are one contract. Of a directory or glob, documents of no known format are
    left out: they are parts of others. Raises ContractError if a document cannot be read, or none of
    them is a contract.
    """
    from apicontract import formats
    from apicontract.sources import ContractError, ReadOptions, is_collection

    contracts = formats.find(specs, options or ReadOptions())
    if contracts:
        return contracts
    if any(is_collection(spec) for spec in specs):
        raise ContractError(
            "there is no contract of a known format here",
            file=", ".join(specs),
            hint="a contract is a JSON or YAML file with `openapi:` or `swagger:`, or a proto file",
        )
    raise ContractError(
        "this is no contract of a known format",
        file=", ".join(specs),
        hint="an OpenAPI description starts with `openapi: 3.1.0` or `swagger: '2.0'`, "
        "a proto file with `syntax` or `edition`",
    )


def rules() -> tuple[Rule | FindingRule, ...]:
    """The catalogue: every kind of change, then every kind of finding, of every format."""
    from apicontract import formats

    every = formats.every()
    changes = (rule for one in every for rule in one.change_rules())
    findings = (rule for one in every for rule in one.finding_rules())
    return (*changes, *findings)


def rule(rule_id: str) -> Rule | FindingRule:
    """The rule of that id; KeyError if there is none, with ids like it as further arguments."""
    catalogue = {one.id: one for one in rules()}
    if rule_id in catalogue:
        return catalogue[rule_id]
    from difflib import get_close_matches

    raise KeyError(rule_id, *get_close_matches(rule_id.lower(), catalogue, n=3))


def _loaded(contract: Contract | str | os.PathLike[str], options: ReadOptions | None) -> Contract:
    import os

    if isinstance(contract, (str, os.PathLike)):
        return load(contract, options=options)
    return contract
