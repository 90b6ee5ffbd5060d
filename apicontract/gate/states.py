"""Which states of the repository a run compares: where the branch left its base, what merging gives.

Two questions are asked. What did this branch change: from the merge base to the head. What will merging
do: from the tip of the base to the merge result. Where the base has not moved on, they are one.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.gate.model import Pair
from apicontract.policy.verdict import Question
from apicontract.repository import bases, snapshots
from apicontract.repository.fetching import merge_base
from apicontract.repository.scratch import Conflict, Scratch
from apicontract.sources import git
from apicontract.sources.errors import ContractError
from apicontract.sources.expansion import is_proto, may_be_contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack

    from apicontract.repository.bases import Base
    from apicontract.repository.snapshots import Repository, Snapshot

RELEASES = "releases"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. Empty values leave the choice to us.

    folder: where the command runs. staged: the index is the head; head: a ref is. fetching: whether
    what is missing may be fetched. releases: patterns of release tags. environment: of the process.
    steps: refs in order, of which each is compared with the next and the last with the head; they
    take the place of a base. branch: only what the branch changed is asked, not what merging does.
    """

    folder: str
    against: str = ""
    staged: bool = False
    head: str = ""
    fetching: bool = False
    releases: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    branch: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """Two states to compare; old is None where there is no base.

    fixed: new paths with their old ones, if the user paired them. folders: the folder of the new state,
    and that of the old one which corresponds to it; both empty where paths are the same on both sides.
    """

    pair: Pair
    old: Snapshot | None
    new: Snapshot
    fixed: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, str] = ("", "")

    def before(self, path: str) -> str:
        """Where in the old state the file at `path` of the new one is to be expected; empty for nowhere."""
        return self.fixed.get(path) or _shifted(path, *self.folders)

    def after(self, path: str) -> str:
        """Where in the new state the file at `path` of the old one is to be expected; empty for nowhere."""
        if self.fixed:
            return next((new for new, old in self.fixed.items() if old == path), "")
        return _shifted(path, *reversed(self.folders))


@dataclass(frozen=True, slots=True)
class Rounds:
    """All rounds of a run. conflicts: files in which the branch and its base cannot be merged.

    same_as_head: HEAD is the base itself, so that only what is not committed can differ. is_guess: the base
    is one that nobody named.
    """

    rounds: tuple[Round, ...]
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    same_as_head: bool = False
    is_guess: bool = False


def _shifted(path: str, source: str, target: str) -> str:
    if source and not path.startswith(f"{source}/"):
        return ""
    return posixpath.join(target, path[len(source) + 1 :] if source else path)


def head_of(
    wanted: Wanted, repository: Repository | None, stack: ExitStack
) -> tuple[Snapshot, Scratch | None]:
    """The new state, and where merges can be written if there is a repository."""
    if repository is None:
        if wanted.staged or wanted.head:
            raise ContractError("this folder is in no git repository", hint="run it inside the repository")
        return snapshots.folder(wanted.folder, "the folder"), None
    scratch = stack.enter_context(Scratch(repository))
    if not wanted.head and git.is_bare(repository.top):
        raise ContractError(
            "this repository is bare: it has no working tree and no index",
            hint="name a commit, and what to compare it with: --head REF --against REF",
        )
    if wanted.staged:
        return scratch.index(), scratch
    if wanted.head:
        base = bases.named(repository, wanted.head, "", fetching=wanted.fetching)
        return snapshots.commit(repository, wanted.head, base.commit), scratch
    return snapshots.working_tree(repository), scratch


def rounds(
    wanted: Wanted,
    repository: Repository | None,
    head: Snapshot,
    scratch: Scratch | None,
    arguments: Sequence[str],
) -> Rounds:
    """What to compare with what. ContractError for a base that does not exist, or that is the head."""
    if repository is None or scratch is None:
        if not wanted.against:
            raise ContractError(
                "this folder is in no git repository, so there is no base to compare with",
                hint="name what to compare with: --against PATH",
            )
        return _with_path(wanted, None, head, arguments)
    if wanted.steps:
        return _in_steps(wanted, repository, head)
    if wanted.against == RELEASES:
        return _with_releases(wanted, repository, head)
    if wanted.against and not _is_ref(repository, wanted.against) and _is_path(wanted):
        return _with_path(wanted, repository, head, arguments)
    base = _base(wanted, repository, head)
    if base is None:
        note = "there is nothing to compare with yet: no pull request, no upstream branch, no version tag"
        return Rounds((Round(Pair(Question.BOTH, "", head.name), None, head),), (note,))
    return _with_branch(wanted, repository, head, scratch, base)


def _with_branch(
    wanted: Wanted, repository: Repository, head: Snapshot, scratch: Scratch, base: Base
) -> Rounds:
    tip = snapshots.commit(repository, base.ref, base.commit)
    same = head.parents == (base.commit,)
    if same or not head.parents or is_tag(repository, base.ref):
        pair = Pair(Question.BOTH, base.ref, head.name, base.commit, head.commit, base.why)
        return Rounds((Round(pair, tip, head),), same_as_head=same, is_guess=base.is_guess)
    parted = merge_base(repository, base.commit, base.ref, head.parents, fetching=wanted.fetching)
    if parted == base.commit:
        pair = Pair(Question.BOTH, base.ref, head.name, base.commit, head.commit, base.why)
        return Rounds((Round(pair, tip, head),))
    fork = snapshots.commit(repository, parted[:10], parted)
    old_name = f"the merge base with {base.ref}"
    if wanted.branch:
        pair = Pair(Question.BOTH, old_name, head.name, parted, head.commit, base.why)
        return Rounds((Round(pair, fork, head),))
    branch = Round(Pair(Question.BRANCH, old_name, head.name, parted, head.commit, base.why), fork, head)
    merged = scratch.merge(base.commit, head, parted)
    conflicts: tuple[str, ...] = ()
    if isinstance(merged, Conflict):
        conflicts, merged = merged.files, merged.result
    pair = Pair(Question.MERGE, base.ref, merged.name, base.commit, "", base.why)
    return Rounds((branch, Round(pair, tip, merged)), conflicts=conflicts)


def _in_steps(wanted: Wanted, repository: Repository, head: Snapshot) -> Rounds:
    found = [bases.named(repository, ref, "named", fetching=wanted.fetching) for ref in wanted.steps]
    states = [snapshots.commit(repository, base.ref, base.commit) for base in found]
    made = [
        Round(Pair(Question.BOTH, old.name, new.name, old.commit, new.commit, "named"), old, new)
        for old, new in pairwise([*states, head])
    ]
    return Rounds(tuple(made))


def _with_releases(wanted: Wanted, repository: Repository, head: Snapshot) -> Rounds:
    found = bases.releases(repository, wanted.releases)
    found = [base for base in found if base.commit not in head.parents or head.commit != base.commit]
    if not found:
        raise ContractError(
            "there is no release to compare with",
            file="--against releases",
            hint="releases are version tags (v1.2.0); in CI, fetch them: git fetch --tags",
        )
    made = []
    for base in found:
        pair = Pair(Question.BOTH, base.ref, head.name, base.commit, head.commit, base.why)
        made.append(Round(pair, snapshots.commit(repository, base.ref, base.commit), head))
    return Rounds(tuple(made))


def _with_path(
    wanted: Wanted, repository: Repository | None, head: Snapshot, arguments: Sequence[str]
) -> Rounds:
    """The contracts here compared with those at a path, or in a folder of another revision."""
    against = wanted.against
    if against.startswith("git:"):
        if repository is None:
            raise ContractError("this folder is in no git repository", file=against)
        ref, path = git.parse(against)
        base = bases.named(repository, ref, "named", fetching=wanted.fetching)
        old = snapshots.commit(repository, ref, base.commit)
        there = os.path.normpath(os.path.join(repository.prefix, path))  # noqa: PTH118
        one = there in old.files
        _refuse_if_nowhere(wanted, one or there == "." or any(f.startswith(f"{there}/") for f in old.files))
    else:
        place = Path(wanted.folder, against)
        one = place.is_file()
        _refuse_if_nowhere(wanted, one or place.is_dir())
        old = snapshots.folder(str(place.parent if one else place), against)
        there = place.name if one else "."
        base = None
    pair = Pair(Question.BOTH, against, head.name, base.commit if base else "", head.commit, "named")
    if one:
        return Rounds((Round(pair, old, head, {_only(arguments, head, wanted): there}),))
    below = _corresponding(arguments, head, wanted)
    folders = tuple("" if folder == "." else folder for folder in (below, there))
    return Rounds((Round(pair, old, head, folders=(folders[0], folders[1])),))


def _refuse_if_nowhere(wanted: Wanted, is_there: bool) -> None:  # noqa: FBT001
    if not is_there:
        raise ContractError(
            "there is no such file or folder to compare with",
            file=wanted.against,
            hint="check the path; of a revision, --against git:REF:PATH",
        )


def _only(arguments: Sequence[str], head: Snapshot, wanted: Wanted) -> str:
    """The one contract that is compared with one file."""
    if len(arguments) != 1 or not Path(wanted.folder, arguments[0]).is_file():
        raise ContractError(
            f"{wanted.against} is one contract, and what to compare with it is not",
            file="--against",
            hint="name the one contract: apicontract check CONTRACT --against FILE",
        )
    there = os.path.realpath(os.path.join(wanted.folder, arguments[0]))  # noqa: PTH118
    return os.path.relpath(there, head.top).replace(os.sep, "/")


def _corresponding(arguments: Sequence[str], head: Snapshot, wanted: Wanted) -> str:
    """The folder that corresponds to a folder elsewhere: the argument if it is one, else where we are."""
    here = Path(wanted.folder, arguments[0]) if len(arguments) == 1 else Path(wanted.folder)
    here = here if here.is_dir() else Path(wanted.folder)
    return os.path.relpath(here.resolve(), head.top).replace(os.sep, "/")


def _is_ref(repository: Repository, ref: str) -> bool:
    return (
        repository.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        is not None
    )


def is_tag(repository: Repository, ref: str) -> bool:
    """A tag is a release, compared with as it is: nobody merges into it."""
    name = repository.ask("rev-parse", "--symbolic-full-name", "--end-of-options", ref) or ""
    return "refs/tags/" in name


def _is_path(wanted: Wanted) -> bool:
    return wanted.against.startswith("git:") or Path(wanted.folder, wanted.against).exists()


def _base(wanted: Wanted, repository: Repository, head: Snapshot) -> Base | None:
    """What was asked for, or the first that there is; one that is HEAD itself only while files are edited."""
    if wanted.against:
        return bases.named(repository, wanted.against, "named", fetching=wanted.fetching)
    found = bases.pull_request(repository, wanted.environment, fetching=wanted.fetching)
    if found is not None or not head.parents:
        return found
    found = bases.default_branch(repository, fetching=wanted.fetching)
    if found is None:
        found = bases.last_version(repository, other_than=head.commit)
        if found is None:
            bases.refuse_if_lacking(repository)
        return found
    on_it = bases.on_default_branch(repository, found) or not repository.ask("symbolic-ref", "-q", "HEAD")
    if on_it and head.parents == (found.commit,) and not is_edited(repository, head, found):
        return bases.before(repository, found, fetching=wanted.fetching)
    return found


def is_edited(repository: Repository, head: Snapshot, base: Base) -> bool:
    """Whether a document differs from the commit, staged or not."""
    committed = snapshots.commit(repository, base.ref, base.commit).files
    return any(
        (may_be_contract(path) or is_proto(path)) and committed.get(path) != head.files.get(path)
        for path in committed.keys() | head.files.keys()
    )
