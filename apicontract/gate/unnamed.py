"""Contracts that changed and that no pattern of the configuration names: not checked, and that is said.

What a group excludes was decided by somebody, and is no news. Nothing is said about what did not change.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from apicontract.repository.discovery import found
from apicontract.sources.expansion import is_proto, may_be_contract, meant_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.gate.pairing import Loader
    from apicontract.gate.states import Round
    from apicontract.policy.configuration import Configuration

_SHOWN = 5


def unnamed_notes(
    one: Round, configuration: Configuration, name: Callable[[str], str], loader: Loader
) -> Iterator[str]:
    """One note about all of them in the new state of a round; `name`: a path as the configuration has it."""
    groups = configuration.settings.contracts
    if not groups or one.old is None or one.fixed:
        return
    excluded = [glob for group in groups for glob in group.exclude]

    def is_unnamed(path: str) -> bool:
        known = name(path)
        return configuration.group(known) is None and not any(meant_by(glob, known) for glob in excluded)

    changed = [
        path
        for path, known in one.new.files.items()
        if (may_be_contract(path) or is_proto(path))
        and (not known or one.old.files.get(one.before(path)) != known)
        and is_unnamed(path)
    ]
    listed = found(one.new, may_be_contract, among=changed)
    folders = {posixpath.dirname(path) or "." for path in changed if is_proto(path)}
    if folders:
        known = loader.packages(one.new).by_folder
        listed += sorted(folder for folder in folders if folder in known and is_unnamed(folder))
    if listed:
        rest = len(listed) - _SHOWN
        told = ", ".join(name(path) for path in listed[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
        yield f"not checked, since no `paths` of the configuration name it: {told}; add it, or to `exclude`"
