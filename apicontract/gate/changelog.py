"""`changelog`: what changed for those who use the contracts, release by release, by the same verdicts."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.changes.migration import migration
from apicontract.gate import states
from apicontract.gate.check import check
from apicontract.repository import bases, snapshots
from apicontract.repository.snapshots import Repository
from apicontract.sources import ContractError, globs

if TYPE_CHECKING:
    from apicontract.gate.check import Request
    from apicontract.gate.model import Judged
    from apicontract.policy.verdict import JudgedChange, Outcome

UNRELEASED = "Unreleased"


@dataclass(frozen=True, slots=True)
class Note:
    """One change in words for whoever uses the API; what is literal in them stands in backticks.

    level: what it counts as before waivers; waived: why it does not count, or empty. operation: where
    it is met first; reaches: everywhere it is met. text: what happened. example: a value that shows a
    break, or empty. advice: what to do about it, or empty.
    """

    level: Level
    rule: str
    operation: str
    reaches: tuple[str, ...]
    text: str
    example: str = ""
    advice: str = ""
    waived: str = ""
    judged: JudgedChange | None = None


@dataclass(frozen=True, slots=True)
class ContractNotes:
    """What a release means for one contract. quiet: how many changes are of wording and form only."""

    contract: str
    title: str
    outcome: Outcome
    before: str
    after: str
    level: Level
    notes: tuple[Note, ...]
    quiet: int


@dataclass(frozen=True, slots=True)
class Release:
    """One step: `name` is the tag or ref that ends it, or `Unreleased`; date is ISO, empty if unreleased."""

    name: str
    since: str
    date: str
    contracts: tuple[ContractNotes, ...]

    @property
    def version(self) -> str:
        """The version: of the tag, else the one that all its contracts declare, else the name."""
        tagged = bases.version_of(self.name)
        if tagged is not None:
            return str(tagged)
        declared = {one.after for one in self.contracts if one.after}
        return declared.pop() if len(declared) == 1 and self.name != UNRELEASED else self.name


def changelog(request: Request, *, since: str = "", until: str = "", tags: str = "") -> tuple[Release, ...]:
    """The releases from `since` (a ref; else the last version tag) to `until` (a ref; else the files here).

    tags: a glob of tags; each one that matches between the two is a release of its own. The newest comes
    first. ContractError for refs that do not exist, and where there is nothing to begin from.
    """
    repository = Repository.around(os.path.realpath(request.folder), fetching=request.fetching)
    if repository is None:
        raise ContractError("this folder is in no git repository", hint="run it inside the repository")
    if not (since or until or tags):
        until = _tag_here(repository)
    steps = _steps(repository, since, until, tags, fetching=request.fetching)
    result = check(replace(request, head=until, steps=tuple(steps)))
    dates = {
        step: repository.ask("log", "-1", "--format=%cs", step) or "" for step in (*steps, until) if step
    }
    found = []
    for pair in reversed(result.pairs):
        about = [one for one in result.judged if one.pair == pair]
        name = pair.new if pair.new in dates else UNRELEASED
        notes = tuple(_contract(one) for one in about)
        found.append(Release(name, pair.old, dates.get(pair.new, ""), notes))
    return tuple(found)


def _tag_here(repository: Repository) -> str:
    """The version tag of the commit that is checked out, if no contract was edited since: a build of it."""
    head = repository.parents()
    tag = bases.last_version(repository)
    if tag is None or head != (tag.commit,):
        return ""
    state = snapshots.working_tree(repository)
    return "" if states.is_edited(repository, state, tag) else tag.ref


def _steps(repository: Repository, since: str, until: str, tags: str, *, fetching: bool) -> list[str]:
    """The refs at which releases begin, the oldest first; the last one ends where the head is."""
    end = bases.named(repository, until, "", fetching=fetching).commit if until else "HEAD"
    if tags:
        between = _tags_between(repository, since, end, tags)
        steps = ([since] if since else []) + [tag for tag in between if tag not in (since, until)]
        if not steps:
            raise ContractError(f"no tag matches `{tags}` there", file="--tags", hint="`git tag` lists them")
        return steps
    if since:
        return [bases.named(repository, since, "", fetching=fetching).ref]
    last = bases.last_version(repository, other_than=end if until else "", end=end)
    if last is None:
        before = f" before {until}" if until else ""
        raise ContractError(
            f"there is no version tag{before} to begin from", hint="name where to begin: --from REF"
        )
    return [last.ref]


def _tags_between(repository: Repository, since: str, end: str, pattern: str) -> list[str]:
    bounds = [f"--merged={end}", *([f"--no-merged={since}"] if since else [])]
    listed = repository.ask(
        "for-each-ref",
        "--format=%(refname:strip=2)",
        *bounds,
        "--sort=version:refname",
        "--sort=creatordate",
        "refs/tags",
    )
    return [tag for tag in (listed or "").splitlines() if globs.matches(pattern, tag)]


def _contract(one: Judged) -> ContractNotes:
    verdict = one.verdict
    listed = sorted(verdict.changes, key=lambda each: (-each.level, each.change.operation))
    told = [each for each in listed if each.level > Level.PATCH or each.change.surfaces]
    return ContractNotes(
        verdict.contract,
        one.title,
        verdict.outcome,
        verdict.old.version if verdict.old else "",
        verdict.declared,
        verdict.level,
        tuple(_note(each) for each in told),
        len(listed) - len(told),
    )


def _note(judged: JudgedChange) -> Note:
    change = judged.change
    sides = f"was {_as_code(change.was)}, now {_as_code(change.now)}" if change.was and change.now else ""
    waiver = judged.waiver
    return Note(
        judged.level,
        change.rule,
        change.operation,
        change.reaches,
        f"{change.message} ({sides})" if sides else change.message,
        change.witness.text if change.witness else "",
        migration(change),
        waiver.reason + (f", until {waiver.until}" if waiver.until else "") if waiver else "",
        judged,
    )


def _as_code(text: str) -> str:
    return text if "`" in text else f"`{text}`"
