"""Which contract of the new state is which of the old one, and which of them differ at all.

A contract that kept its path is the same one. A file that moved is known by equal content, or else by
title and major version. Only contracts of which a file differs are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes.pairing import Candidate, pair
from apicontract.repository.discovery import found
from apicontract.repository.references import parts
from apicontract.sources import ContractError, read_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.formats import Contract
    from apicontract.gate.states import Round
    from apicontract.repository.snapshots import Snapshot
    from apicontract.sources import ReadOptions


@dataclass(frozen=True, slots=True)
class Paired:
    """One contract by its paths: in the old state and in the new one, empty where it does not exist."""

    old: str
    new: str

    @property
    def name(self) -> str:
        """The path by which it is known now."""
        return self.new or self.old


@dataclass(slots=True)
class Loader:
    """Reads contracts out of states, each once."""

    options: ReadOptions
    known: dict[tuple[str, str], Contract | None] = field(default_factory=dict)

    def load(self, state: Snapshot, path: str) -> Contract | None:
        """The contract at `path`; None if it is none. ContractError if it cannot be read."""
        key = (state.tree.commit if state.tree else state.top, path)
        if key not in self.known:
            library = read_at(state.top, path, state.tree, state.shown(path), self.options)
            self.known[key] = formats.recognise(library)
        return self.known[key]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The contracts of one round: those that may differ, and by their new paths those that do not."""

    changed: tuple[Paired, ...]
    unchanged: tuple[str, ...]


def pairs_of(comparison: Round, covers: Callable[[str], bool], named: Iterable[str], loader: Loader) -> Pairs:
    """Every contract for which `covers` holds or that is `named`, by its path in the new state."""
    old, new = comparison.old, comparison.new
    if comparison.fixed:
        return Pairs(tuple(Paired(before, after) for after, before in comparison.fixed.items()), ())
    here = found(new, covers, named=named)
    if old is None:
        return Pairs(tuple(Paired("", path) for path in here), ())
    differing = _differing(comparison, old)
    there = _found_before(comparison, old, covers, named, differing)
    changed: list[Paired] = []
    unchanged: list[str] = []
    added: list[str] = []
    for path in here:
        before = comparison.before(path)
        if before not in old.files or (before in differing and before not in there):
            added.append(path)
        elif same(comparison, old, path, differing):
            unchanged.append(path)
        else:
            changed.append(Paired(before, path))
    kept = {one.old for one in changed}
    gone = [path for path in sorted(there) if path not in kept and comparison.after(path) not in unchanged]
    changed += _moved(comparison, old, added, gone, loader)
    wanted = [
        one
        for one in changed
        if one.new or covers(comparison.after(one.old)) or comparison.after(one.old) in named
    ]
    return Pairs(tuple(sorted(wanted, key=lambda one: one.name)), tuple(unchanged))


def _differing(comparison: Round, old: Snapshot) -> frozenset[str]:
    """The old paths whose content is not known to be the same in the new state, also those that are gone."""
    new = comparison.new
    return frozenset(
        path
        for path, known in old.files.items()
        if not known or new.files.get(comparison.after(path)) != known
    )


def _found_before(
    comparison: Round,
    old: Snapshot,
    covers: Callable[[str], bool],
    named: Iterable[str],
    differing: frozenset[str],
) -> frozenset[str]:
    """The old contracts that differ or are gone. What is gone may have moved to where it is covered."""
    new = comparison.new
    meant = {comparison.before(path) for path in named}

    def worth_a_look(path: str) -> bool:
        after = comparison.after(path)
        return bool(after) and (covers(after) or after not in new.files)

    return frozenset(found(old, worth_a_look, named=meant & differing, among=differing))


def same(comparison: Round, old: Snapshot, path: str, differing: frozenset[str]) -> bool:
    """Whether a contract and everything that it refers to is equal in both states."""
    new = comparison.new
    if comparison.before(path) in differing and old.files[comparison.before(path)]:
        return False
    files = parts(new, path)
    if files is None:
        return False
    for file in files:
        before = comparison.before(file)
        if not before or old.identity(before) != new.identity(file):
            return False
    return True


def _moved(
    comparison: Round, old: Snapshot, added: list[str], gone: list[str], loader: Loader
) -> list[Paired]:
    """What was added and what is gone, paired where it is the same contract at another path."""
    new = comparison.new
    paired: list[Paired] = []
    if added and gone:
        by_content = {old.identity(path): path for path in reversed(gone)}
        for path in added:
            before = by_content.pop(new.identity(path), None)
            if before is not None:
                paired.append(Paired(before, path))
        befores = [_candidate(old, path, loader) for path in gone if path not in {one.old for one in paired}]
        afters = [_candidate(new, path, loader) for path in added if path not in {one.new for one in paired}]
        named, _, _ = pair([one for one in befores if one], [one for one in afters if one])
        paired += [Paired(before.path, after.path) for before, after in named]
    olds, news = {one.old for one in paired}, {one.new for one in paired}
    paired += [Paired("", path) for path in added if path not in news]
    paired += [Paired(path, "") for path in gone if path not in olds]
    return paired


def _candidate(state: Snapshot, path: str, loader: Loader) -> Candidate | None:
    try:
        contract = loader.load(state, path)
    except ContractError:
        return None  # whoever judges it says what is wrong with it
    return None if contract is None else Candidate(path, contract.title, contract.version)
