"""Which contracts some files belong to: a hook is told of files, and has to look at contracts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from apicontract.gate.configuration import in_force, name_of
from apicontract.gate.packages import Packages
from apicontract.repository import discovery, snapshots
from apicontract.sources import ReadOptions
from apicontract.sources.expansion import is_proto

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.repository.snapshots import Snapshot


def affected(files: Sequence[str], folder: str = ".") -> tuple[str, ...]:
    """The contracts that the files are, or that refer to one of them, as paths seen from `folder`.

    A protobuf package is told by its files. What the configuration does not count among the contracts is
    left out. ContractError for a configuration that makes no sense.
    """
    here = os.path.realpath(folder)
    configuration = in_force(folder)
    repository = snapshots.Repository.around(here)
    snapshot = snapshots.working_tree(repository) if repository else snapshots.folder(here)
    top = os.path.realpath(snapshot.top)
    below = [os.path.relpath(os.path.join(here, file), top).replace(os.sep, "/") for file in files]  # noqa: PTH118

    def is_meant(path: str) -> bool:
        group = configuration.group(name_of(configuration, top, path))
        return not configuration.settings.contracts or group is not None

    found = [path for path in discovery.affected(below, snapshot) if is_meant(path)]
    for package, own in _packages(below, snapshot):
        found += own if is_meant(package) or any(map(is_meant, own)) else ()
    return tuple(os.path.relpath(os.path.join(top, path), here) for path in found)  # noqa: PTH118


def _packages(files: Sequence[str], snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The packages, with their files, that some of the protos belong to or that import one of them."""
    protos = {path for path in files if is_proto(path)}
    packages = Packages(snapshot, ReadOptions())
    for folder, own in packages.by_folder.items() if protos else ():
        if not protos.isdisjoint(packages.parts(folder)):
            yield folder, own
