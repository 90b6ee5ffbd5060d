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
    from apicontract.findings import (
        Finding,
        FindingRule,
        Fix,
        Linting,
        LintSettings,
        Severity,
        Tier,
        Validation,
    )
    from apicontract.formats import Contract, DiffOptions
    from apicontract.sources import ContractError, Document, Place, ReadOptions

__version__ = "0.1.0"

_TYPES = {
    "apicontract.changes": (
        "Certainty", "Change", "Comparison", "Diff", "Direction", "Level", "Rule", "Side", "Surface",
        "Witness",
    ),
    "apicontract.findings": (
        "Finding", "FindingRule", "Fix", "LintSettings", "Linting", "Severity", "Tier", "Validation",
    ),
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
    "Fix",
    "Level",
    "LintSettings",
    "Linting",
    "Place",
    "ReadOptions",
    "Rule",
    "Severity",
    "Side",
    "Surface",
    "Tier",
    "Validation",
    "Witness",
    "__version__",
    "compare",
    "diff",
    "diff_all",
    "find",
    "lint",
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

    Raises ContractError if it cannot be read, or is of no format that is known.
    """
    import os

    from apicontract import formats
    from apicontract.sources import ContractError, ReadOptions, read

    library = read(os.fspath(spec), options or ReadOptions())
    known = formats.recognise(library)
    if known is None:
        raise ContractError(
            "this is no contract of a known format",
            file=library.root.name,
            hint="an OpenAPI description starts with `openapi: 3.1.0` or `swagger: '2.0'`",
        )
    return known.load(library)


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


def lint(
    contract: Contract | str | os.PathLike[str],
    *,
    tier: Tier | None = None,
    settings: LintSettings | None = None,
    options: ReadOptions | None = None,
) -> Linting:
    """What the rules of a rule set (RECOMMENDED by default) find in one contract, in document order.

    settings: word lists, styles and bounds that differ from the defaults.

    Raises ContractError only if the contract cannot be read at all.
    """
    from apicontract import formats
    from apicontract.findings import DEFAULT_SETTINGS, Linting, Tier

    loaded = _loaded(contract, options)
    known = formats.get(loaded.format)
    most = Tier.RECOMMENDED if tier is None else tier
    wanted = {rule.id for rule in known.lint_rules() if rule.tier <= most}
    findings = known.lint(loaded, wanted, settings or DEFAULT_SETTINGS)
    return Linting(loaded.format, loaded.source, loaded.version, tuple(findings))


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
    from apicontract.sources import ContractError, is_collection

    sets = [spec for spec in (old, new) if is_collection(spec)]
    if len(sets) == 1:
        raise ContractError(
            f"{sets[0]} is a set of contracts and the other side is one contract",
            hint="compare two files, or two directories or globs",
        )
    if sets:
        return diff_all(old, new, options=options, read_options=read_options)
    return diff(old, new, options=options, read_options=read_options)


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
    from apicontract.changes import Comparison, Side
    from apicontract.changes.pairing import Candidate, pair

    sides = []
    for spec in (old, new):
        contracts = find(spec, options=read_options)
        sides.append({Candidate(path, it.title, it.version): it for path, it in contracts.items()})
    pairs, removed, added = pair(list(sides[0]), list(sides[1]))
    return Comparison(
        tuple(diff(sides[0][before], sides[1][after], options=options) for before, after in pairs),
        removed=tuple(Side(sides[0][one].source, one.version) for one in removed),
        added=tuple(Side(sides[1][one].source, one.version) for one in added),
    )


def find(spec: str, *, options: ReadOptions | None = None) -> dict[str, Contract]:
    """The contracts that a file, directory or glob leads to, by their path below it.

    Of a directory or glob, documents of no known format are left out: they are parts of others.
    Raises ContractError if a document cannot be read, or none of them is a contract.
    """
    from apicontract import formats
    from apicontract.changes.pairing import paths_below
    from apicontract.sources import ContractError, ReadOptions, expand, read

    files = expand(spec)
    if files == [spec]:
        return {spec: load(spec, options=options)}
    contracts: dict[str, Contract] = {}
    for path, file in zip(paths_below(spec, files), files, strict=True):
        library = read(file, options or ReadOptions())
        known = formats.recognise(library)
        if known is not None:
            contracts[path] = known.load(library)
    if not contracts:
        raise ContractError("there is no contract of a known format here", file=spec)
    return contracts


def rules() -> tuple[Rule | FindingRule, ...]:
    """The catalogue: every kind of change, then every kind of finding, of every format."""
    from apicontract import formats

    openapi = formats.get("openapi")
    return (*openapi.change_rules(), *openapi.finding_rules(), *openapi.lint_rules())


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
