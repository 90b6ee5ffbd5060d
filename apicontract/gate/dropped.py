"""Contracts that a branch takes out of its configuration, while its base names them, or checks all.

A contract would leave the gate unseen that way, in the very branch that breaks it. It is checked until the
narrower configuration is merged. Of releases that is not asked: they may be older than a decision to leave
a contract out, and so may what somebody names by its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.repository.discovery import found
from apicontract.sources.expansion import is_proto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from apicontract.gate.pairing import Loader
    from apicontract.gate.states import Round
    from apicontract.policy.configuration import Configuration
    from apicontract.repository.snapshots import Snapshot

_SHOWN = 5


def dropped(
    before: Configuration | None, now: Configuration, name: Callable[[str], str], old: Snapshot
) -> Callable[[str], bool] | None:
    """Whether the contract at a path was named and is not any more; None if that holds for no path.

    before: the configuration of the base, the default one where it has none: then what the base has was
    checked, and nothing was said of what is new. name: gives a path of the state as the configuration
    knows it.
    """
    if before is None or not now.settings.contracts:
        return None
    if before.settings.contracts == now.settings.contracts:
        return None
    is_first = before.document is None

    def is_dropped(path: str) -> bool:
        known = name(path)
        named = not before.settings.contracts or before.group(known) is not None
        return named and now.group(known) is None and not (is_first and path not in old.files)

    return is_dropped


def dropped_notes(
    one: Round,
    before: Configuration,
    is_dropped: Callable[[str], bool],
    name: Callable[[str], str],
    loader: Loader,
) -> Iterator[str]:
    """What to say of these contracts; those that the base has, and that are here or gone."""
    there = set(_contracts(one, is_dropped, loader))
    listed = sorted(name(path) for path in there)
    if listed:
        rest = len(listed) - _SHOWN
        told = ", ".join(listed[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
        yield (
            f"the configuration does not name {told} any more, and that of {one.pair.old} does:"
            " checked until this is merged"
            if before.document is not None
            else f"the configuration does not name {told}, and {one.pair.old} has none, by which all are"
            " checked: so they are until this is merged"
        )


def _contracts(one: Round, is_dropped: Callable[[str], bool], loader: Loader) -> Iterable[str]:
    for state in (one.new, *([one.old] if one.old else [])):
        yield from found(state, is_dropped)
        for folder, files in loader.packages(state).by_folder.items():
            here = any(is_dropped(path) for path in (folder, *filter(is_proto, files)))
            if here:
                yield folder
