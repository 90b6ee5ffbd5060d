"""Validate API contracts, compare two versions of one, and prove what breaks.

This module is the public API; the command line uses nothing else of ours but reports.

    >>> import apicontract
    >>> result = apicontract.diff("orders-v1.yaml", "orders-v2.yaml")    # doctest: +SKIP
    >>> result.level, result.required_version                            # doctest: +SKIP
    (<Level.MAJOR: 3>, '2.0.0')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from apicontract.changes import Diff
    from apicontract.findings import Validation
    from apicontract.formats import Contract, DiffOptions
    from apicontract.sources import ReadOptions

__version__ = "0.1.0"
__all__ = ["__version__", "diff", "load", "validate"]


def load(spec: str | os.PathLike[str], *, options: ReadOptions | None = None) -> Contract:
    """The contract at `spec`: a path, `-`, `git:REF:path`, or a URL where `options` allow it.

    ContractError if it cannot be read, or is of no format that is known.
    """
    import os

    from apicontract import formats
    from apicontract.sources import ContractError, ReadOptions, read

    library = read(os.fspath(spec), options or ReadOptions())
    found = formats.recognise(library)
    if found is None:
        raise ContractError(
            "this is no contract of a format that is known",
            file=library.root.name,
            hint="an OpenAPI description has `openapi:` or `swagger:` at its root",
        )
    return found.load(library)


def validate(contract: Contract | str | os.PathLike[str], *, options: ReadOptions | None = None) -> Validation:
    """Every problem of a contract, in document order; ContractError if it cannot be read at all."""
    from apicontract import formats
    from apicontract.findings import Validation

    loaded = _loaded(contract, options)
    findings = tuple(formats.get(loaded.format).validate(loaded))
    return Validation(loaded.format, loaded.source, loaded.version, findings)


def diff(
    old: Contract | str | os.PathLike[str],
    new: Contract | str | os.PathLike[str],
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Diff:
    """Every change from `old` to `new`, worst first, with the bump it needs.

    ContractError if one of them cannot be read, or if they are of different formats.
    """
    from apicontract import formats
    from apicontract.changes import Diff, Side
    from apicontract.sources import ContractError

    before, after = _loaded(old, read_options), _loaded(new, read_options)
    if before.format != after.format:
        raise ContractError(
            f"{before.source} is {before.format} and this is {after.format}: they cannot be compared",
            file=after.source,
            hint="compare two versions of one contract",
        )
    changes = formats.get(before.format).diff(before, after, options or formats.DiffOptions())
    sides = Side(before.source, before.version), Side(after.source, after.version)
    return Diff(before.format, *sides, tuple(changes))


def _loaded(contract: Contract | str | os.PathLike[str], options: ReadOptions | None) -> Contract:
    import os

    return load(contract, options=options) if isinstance(contract, str | os.PathLike) else contract
