"""Which contract of the new state is which of the old one, and which of them differ at all.

A contract that kept its path is the same one. A file that moved is known by equal content, or else by
title and major version, or else by what is left of it. Only contracts of which a file differs are read.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes.pairing import Candidate, pair
from apicontract.gate.following import Seen, followed
from apicontract.gate.packages import Packages
from apicontract.policy.verdict import Question
from apicontract.repository.discovery import found
from apicontract.repository.references import parts
from apicontract.sources import ContractError, read_at
from apicontract.sources.expansion import is_proto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
    """Reads contracts out of states, each once; `includes` gives the folders of imports of one at a path."""

    options: ReadOptions
    includes: Callable[[str], tuple[str, ...]] = lambda _: ()
    known: dict[tuple[str, str], Contract | None] = field(default_factory=dict)
    _packages: dict[str, Packages] = field(default_factory=dict)

    def packages(self, state: Snapshot) -> Packages:
        """The protobuf packages of a state."""
        key = _key(state)
        if key not in self._packages:
            self._packages[key] = Packages(state, self.options)
        return self._packages[key]

    def is_package(self, state: Snapshot, path: str) -> bool:
        """Whether the path is that of a package, or of one proto."""
        return is_proto(path) or path in self.packages(state).by_folder

    def parts(self, state: Snapshot, path: str) -> frozenset[str] | None:
        """The paths of a contract and of everything that it refers to; None if that cannot be told."""
        if self.is_package(state, path):
            return self.packages(state).parts(path)
        return parts(state, path)

    def load(self, state: Snapshot, path: str) -> Contract | None:
        """The contract at `path`; None if it is none. ContractError if it cannot be read."""
        key = (_key(state), path)
        if key in self.known:
            return self.known[key]
        if self.is_package(state, path):
            self.known[key] = self.packages(state).load(path, self.includes(path))
        else:
            library = read_at(state.top, path, state.tree, state.shown(path), self.options)
            self.known[key] = formats.recognise(library)
        return self.known[key]


def _key(state: Snapshot) -> str:
    return state.tree.commit if state.tree else state.top


@dataclass(frozen=True, slots=True)
class Pairs:
    """The contracts of one round: those that may differ, and by their new paths those that do not."""

    changed: tuple[Paired, ...]
    unchanged: tuple[str, ...]


def pairs_of(comparison: Round, covers: Callable[[str], bool], named: Iterable[str], loader: Loader) -> Pairs:
    """Every contract for which `covers` holds or that is `named`, by its path in the new state."""
    if comparison.fixed:
        return Pairs(tuple(Paired(before, after) for after, before in comparison.fixed.items()), ())
    documents = _documents(comparison, covers, named, loader)
    packages = _packages(comparison, covers, loader)
    changed = (*documents.changed, *packages.changed)
    return Pairs(
        tuple(sorted(changed, key=lambda one: one.name)), (*documents.unchanged, *packages.unchanged)
    )


def before(comparison: Round, path: str, loader: Loader) -> str:
    """Where in the old state the contract at `path` of the new one is to be expected; empty for nowhere."""
    if not is_proto(path) and loader.is_package(comparison.new, path):
        return _of_folder(comparison.before, path)
    return comparison.before(path)


def _of_folder(moved: Callable[[str], str], folder: str) -> str:
    """Where a folder is when its files are there."""
    file = moved(posixpath.normpath(posixpath.join(folder, "_.proto")))
    return (posixpath.dirname(file) or ".") if file else ""


def _packages(comparison: Round, covers: Callable[[str], bool], loader: Loader) -> Pairs:
    """Every protobuf package that `covers` holds for, itself or one of its files."""
    old, new = comparison.old, comparison.new
    after = loader.packages(new)

    def meant(folder: str, files: Iterable[str]) -> bool:
        return covers(folder) or any(covers(file) for file in files)

    here = [folder for folder, files in after.by_folder.items() if meant(folder, files)]
    if old is None:
        return Pairs(tuple(Paired("", folder) for folder in here), ())
    there = loader.packages(old)
    wanted: list[Paired] = []
    unchanged: list[str] = []
    added: list[str] = []
    for folder in here:
        earlier = _of_folder(comparison.before, folder)
        if earlier not in there.by_folder:
            added.append(folder)
        elif _same_package(comparison, old, folder, loader):
            unchanged.append(folder)
        else:
            wanted.append(Paired(earlier, folder))
    gone = [
        folder
        for folder in there.by_folder
        if (expected := _of_folder(comparison.after, folder)) and expected not in after.by_folder
    ]
    for one in _moved(comparison, old, added, gone, loader):
        later = [comparison.after(path) for path in there.by_folder.get(one.old, ())]
        if one.new or meant(_of_folder(comparison.after, one.old), later):
            wanted.append(one)
    return Pairs(tuple(wanted), tuple(unchanged))


def _same_package(comparison: Round, old: Snapshot, folder: str, loader: Loader) -> bool:
    """Whether a package and all that it imports is equal in both states; no proto is read if none differs."""
    new = comparison.new
    files = loader.packages(new).by_folder[folder]
    earlier = loader.packages(old).by_folder[_of_folder(comparison.before, folder)]
    if {comparison.before(path) for path in files} != set(earlier):
        return False
    return all(
        (there := comparison.before(path)) and old.identity(there) == new.identity(path)
        for path in loader.packages(new).parts(folder)
    )


def _documents(
    comparison: Round, covers: Callable[[str], bool], named: Iterable[str], loader: Loader
) -> Pairs:
    """Every contract with a root document for which `covers` holds or that is `named`."""
    old, new = comparison.old, comparison.new
    here = found(new, covers, named=[path for path in named if not loader.is_package(new, path)])
    if old is None:
        return Pairs(tuple(Paired("", path) for path in here), ())
    differing = _differing(comparison, old)
    there = _found_before(comparison, old, covers, named, differing)
    changed: list[Paired] = []
    unchanged: list[str] = []
    added: list[str] = []
    for path in here:
        earlier = comparison.before(path)
        if earlier not in old.files or (earlier in differing and earlier not in there):
            added.append(path)
        elif same(comparison, old, path, differing):
            unchanged.append(path)
        else:
            changed.append(Paired(earlier, path))
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
        by_content = {_content(old, path, loader): path for path in reversed(gone)}
        for path in added:
            earlier = by_content.pop(_content(new, path, loader), None)
            if earlier is not None:
                paired.append(Paired(earlier, path))
        befores = [path for path in gone if path not in {one.old for one in paired}]
        afters = [path for path in added if path not in {one.new for one in paired}]
        known = _likened((old, befores), (new, afters), loader)
        paired += [Paired(before, after) for before, after in known.items()]
    olds, news = {one.old for one in paired}, {one.new for one in paired}
    paired += [Paired("", path) for path in added if path not in news]
    paired += [Paired(path, "") for path in gone if path not in olds]
    return paired


def renamed_on_base(every: Sequence[tuple[Round, Pairs]], loader: Loader) -> dict[str, str]:
    """The contracts that the base has moved meanwhile: their paths there, by those on the branch."""
    by_question = {one.pair.question: (one, pairs) for one, pairs in every}
    if Question.MERGE not in by_question or Question.BRANCH not in by_question:
        return {}
    (branch, ours), (merge, theirs) = by_question[Question.BRANCH], by_question[Question.MERGE]
    if branch.old is None or merge.old is None:
        return {}
    merged = {one.name for one in theirs.changed}
    left = [one for one in ours.changed if one.old and one.new and one.name not in merged]
    came = [one for one in theirs.changed if one.old and one.name not in {each.name for each in ours.changed}]
    if not left or not came:
        return {}
    known = {_content(merge.old, one.old, loader): one for one in reversed(came)}
    found = {
        one.name: twin.name for one in left if (twin := known.get(_content(branch.old, one.old, loader)))
    }
    befores = [one.old for one in left if one.name not in found]
    afters = [one.old for one in came if one.name not in found.values()]
    likened = _likened((branch.old, befores), (merge.old, afters), loader)
    later = {one.old: one.name for one in came}
    earlier = {one.old: one.name for one in left}
    return found | {earlier[one]: later[other] for one, other in likened.items()}


def _content(state: Snapshot, path: str, loader: Loader) -> object:
    """What is equal for contracts of equal content."""
    return loader.packages(state).identity(path) if loader.is_package(state, path) else state.identity(path)


def _likened(
    before: tuple[Snapshot, Sequence[str]], after: tuple[Snapshot, Sequence[str]], loader: Loader
) -> dict[str, str]:
    """Contracts of two states that are one, by title and major or by what is left: new paths by old ones."""
    olds, news = _seen(*before, loader), _seen(*after, loader)
    named, gone, came = pair([_candidate(one) for one in olds], [_candidate(one) for one in news])
    found = {one.path: other.path for one, other in named}
    lost, new = ({one.path for one in side} for side in (gone, came))
    left = followed([one for one in olds if one.path in lost], [one for one in news if one.path in new])
    return found | {earlier: later for later, earlier in left.items()}


def _seen(state: Snapshot, paths: Sequence[str], loader: Loader) -> list[Seen]:
    """The contracts at these paths; whoever judges one that cannot be read says what is wrong with it."""
    found = []
    for path in paths:
        try:
            contract = loader.load(state, path)
        except ContractError:
            continue
        if contract is not None:
            text = b"" if contract.is_package else state.read(path) or b""
            found.append(Seen(path, contract, text))
    return found


def _candidate(one: Seen) -> Candidate:
    return Candidate(one.path, one.contract.title, one.contract.version)
