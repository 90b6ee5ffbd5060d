"""The files that a configuration has written: reports, accepted debt. Where they may be, and where not.

A configuration comes with a repository or a pull request, so it is trusted as little as a contract: what it
names stays in the repository (or the configuration's own folder), and takes no contract's place.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.policy.configuration import FILE, PYPROJECT
from apicontract.sources import ContractError
from apicontract.sources.expansion import HEAD, is_proto, looks_like, may_be_contract

if TYPE_CHECKING:
    from apicontract.policy.configuration import Configuration

_OWN = (FILE, PYPROJECT)


def output_of(configuration: Configuration, top: str, file: str, *key: str) -> Path:
    """Where `file`, the value at `key`, is: beside the configuration, or at the top of the repository.

    ContractError, with the place of the key, for a file outside, of git, or that is somebody's already.
    """
    path = Path(configuration.folder or top, file)
    real = os.path.realpath(path)
    roots = [os.path.realpath(one) for one in (top, configuration.folder) if one]
    message = ""
    if not any(Path(real).is_relative_to(root) for root in roots):
        message = "is outside of the repository"
    elif ".git" in Path(real).parts:
        message = "is git's"
    elif is_taken(real):
        message = "is a contract or a configuration"
    if message:
        place = configuration.place(*key)
        raise ContractError(
            f"`{file}` {message}, and is not written",
            file=place.file if place else "",
            line=place.line if place else 0,
            column=place.column if place else 0,
            hint="name a file of its own in the repository; --report FORMAT=FILE goes anywhere",
        )
    return path


def is_taken(path: str) -> bool:
    """Whether a contract or a configuration is there, in whose place no report may be written."""
    if os.path.basename(path) in _OWN:  # noqa: PTH119
        return True
    if not os.path.isfile(path):  # noqa: PTH113
        return False
    if is_proto(path):
        return True
    if not may_be_contract(path):
        return False
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return looks_like(file.read(HEAD))
    except OSError:  # writing it says why
        return False
