"""Which contracts some files belong to: a hook is told of files, and has to look at contracts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from apicontract.gate.configuration import in_force
from apicontract.repository import discovery, snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence


def affected(files: Sequence[str], folder: str = ".") -> tuple[str, ...]:
    """The contracts that the files are, or that refer to one of them, as paths seen from `folder`.

    What the configuration does not count among the contracts is left out. ContractError for a
    configuration that makes no sense.
    """
    here = os.path.realpath(folder)
    configuration = in_force(folder)
    repository = snapshots.Repository.around(here)
    snapshot = snapshots.working_tree(repository) if repository else snapshots.folder(here)
    top = os.path.realpath(snapshot.top)
    below = [os.path.relpath(os.path.join(here, file), top).replace(os.sep, "/") for file in files]  # noqa: PTH118
    found = []
    for path in discovery.affected(below, snapshot):
        place = os.path.join(top, path)  # noqa: PTH118
        known = (
            os.path.relpath(place, os.path.realpath(configuration.folder)) if configuration.folder else path
        )
        if (
            not configuration.settings.contracts
            or configuration.group(known.replace(os.sep, "/")) is not None
        ):
            found.append(os.path.relpath(place, here))
    return tuple(found)
