"""`bump`: the version that a contract needs after its changes, and writing it where it belongs."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Level
from apicontract.formats.proto.packages import is_version
from apicontract.gate.check import check
from apicontract.gate.configuration import configured_includes, in_force
from apicontract.gate.moving import Edits, moved
from apicontract.gate.obstacles import obstructed
from apicontract.gate.packages import Packages
from apicontract.policy.verdict import Outcome, Question
from apicontract.policy.versions import SCHEMES, following
from apicontract.repository import snapshots
from apicontract.repository.snapshots import Repository
from apicontract.sources import ContractError, Place, ReadOptions, read_at
from apicontract.sources.editing import with_text
from apicontract.sources.plumbing import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.formats import Contract
    from apicontract.gate.check import Request
    from apicontract.gate.model import Check, Judged
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.verdict import Verdict

_FIRST = "v1"  # the major of a package that has none and breaks
_VERSION = "/info/version"  # where documents declare theirs
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Bump:
    """The next version of one contract.

    source: its file; path: the same as the disk has it, of bytes that are no UTF-8 too. level: what its
    changes need. before: the version of the base; declared: what the file says; required: the version that
    it needs, empty if nothing needs one. enough: whether what is declared is that much already. advice:
    what else is to be done, since a version is not all. is_package: whether the version is a part of the
    contract's name: another one is a further contract.
    base: the commit where this branch left its base, empty if the old side is no commit. asked: whether the
    version was named, and nothing compared. is_new: whether the base has no such contract.
    """

    contract: str
    source: str
    path: str
    level: Level
    before: str
    declared: str
    required: str
    enough: bool
    advice: tuple[str, ...] = ()
    is_package: bool = False
    base: str = ""
    asked: bool = False
    is_new: bool = False
    refused: str = ""

    @property
    def next(self) -> str:
        """The version to declare."""
        return self.declared if self.enough or self.refused or not self.required else self.required


def bumps(request: Request) -> tuple[Bump, ...]:
    """The next version of every contract that differs from its base. ContractError as for `check`."""
    configuration = request.configuration or in_force(request.folder)
    result = check(replace(request, configuration=configuration))
    if result.conflicts:
        raise ContractError(
            "this branch and its base cannot be merged: what the version must be depends on the merge",
            file=result.conflicts[0],
            hint="merge the base into this branch first",
        )
    today = request.today or dt.datetime.now(tz=dt.UTC).date()
    repository = Repository.around(request.folder)
    top = os.path.realpath(repository.top if repository else request.folder)
    here = os.path.realpath(request.folder)
    judged = [one for one in result.deciding if one.verdict.new]
    found = [
        _bump(
            one,
            configuration,
            today,
            _parted(one, result),
            os.path.relpath(os.path.join(top, one.path), here),  # noqa: PTH118
        )
        for one in judged
    ]
    return tuple(obstructed(list(zip(judged, found, strict=True)), result.pairs, repository, top))


def asked_for(path: str, version: str, folder: str) -> Bump:
    """The bump of the contract at `path` to a version that is named: nothing is compared."""
    repository = Repository.around(folder)
    state = snapshots.working_tree(repository) if repository else snapshots.folder(folder)
    below = os.path.relpath(os.path.realpath(os.path.join(folder, path)), state.top)  # noqa: PTH118
    shown = printable(path)
    packages = Packages(state, ReadOptions())
    package = packages.load(below.replace(os.sep, "/"))
    if package is None:
        contract = _at(folder, path)
        _refuse_unless_later(contract.version, version)
        return Bump(shown, shown, path, Level.NONE, "", contract.version, version, enough=False, asked=True)
    if not is_version(version):
        raise ContractError(
            f"`{version}` is no version of a package",
            file="--to",
            hint="versions are `v2`, `v1beta1`, `v1p1alpha1` and the like",
        )
    return Bump(
        shown,
        shown,
        path,
        Level.NONE,
        "",
        package.version,
        version,
        enough=False,
        is_package=True,
        asked=True,
    )


def _refuse_unless_later(declared: str, version: str) -> None:
    """ContractError for what is no version, by the schemes of the declared one, and for an earlier one."""
    text = version if version == version.strip() else ""
    schemes = [one for one in SCHEMES.values() if one.order(declared) is not None] or list(SCHEMES.values())
    orders = [(one.order(text), one.order(declared)) for one in schemes]
    if all(new is None for new, _ in orders):
        raise ContractError(
            f"{version!r} is no version, or of another kind than `{declared}`",
            file="--to",
            hint="versions are 1.4.0 or 2.0.0-rc.1, dates 2026-03-04, of the calendar 2026.3.0",
        )
    if not any(new is not None and (old is None or new >= old) for new, old in orders):
        raise ContractError(
            f"{version} is before {declared}, which is declared",
            file="--to",
            hint="versions go forward only; edit the contract to put an earlier one back",
        )


def _parted(one: Judged, result: Check) -> str:
    """The commit that the contract was at before this branch; the base itself may have moved on."""
    if one.pair.question is Question.MERGE:
        at = result.pairs.index(one.pair)
        return result.pairs[at - 1].old_commit
    return one.pair.old_commit


def _bump(one: Judged, configuration: Configuration, today: dt.date, base: str, path: str) -> Bump:
    verdict = one.verdict
    before = verdict.old.version if verdict.old else ""
    is_package = verdict.format == "proto"
    failing = {found.finding.rule for found in verdict.findings if found.fails}
    enough = not any(_is_of_version(rule, is_package=is_package) for rule in failing)
    required = refused = ""
    if is_package:
        required = verdict.required
        if not enough and not before:  # the package has no version in its name yet
            required = _FIRST if one.title else ""
            refused = "" if one.title else "no version can say so: the protos here have no package"
    elif not enough or verdict.level is not Level.NONE:
        required = _required(verdict, before, configuration, today, enough=enough)
        if not enough and not required:
            refused = "a break is refused, and no version can say so (scheme `none`)"
    return Bump(
        verdict.contract,
        verdict.new.source if verdict.new else "",
        path,
        verdict.level,
        before,
        verdict.declared,
        required,
        enough=enough,
        advice=tuple(line for line in verdict.advice if not line.startswith("set ")),
        is_package=is_package,
        base=base,
        is_new=verdict.outcome is Outcome.ADDED,
        refused=refused,
    )


def _is_of_version(rule: str, *, is_package: bool) -> bool:
    """Whether a version is what a finding asks for, or what it refuses."""
    if is_package:
        return rule == "major-not-visible"
    return rule.startswith("version-") or rule == "break-refused"


def _required(
    verdict: Verdict, before: str, configuration: Configuration, today: dt.date, *, enough: bool
) -> str:
    """The version that a document needs; empty if nothing needs one, or nothing can say it."""
    is_new = verdict.outcome is Outcome.ADDED
    settings = configuration.for_contract(verdict.contract).settings
    if settings.version.scheme == "none" or (is_new and enough):
        return ""
    found = following(before, verdict.level, settings, today) if before or is_new else None
    if found is not None or enough:
        return found or verdict.declared
    told = f"the base declares `{before}`, " if before else ""
    kind = {"semver": "semantic version", "calver": "calendar version", "date": "date"}
    raise ContractError(
        f"{told}and there is no {kind[settings.version.scheme]} after it"
        if SCHEMES[settings.version.scheme].order(before)
        else f"{told}which is no {kind[settings.version.scheme]}, so there is no next one"
        if before
        else "the base declares no version (or a number, without quotes), so there is no next one",
        file=verdict.new.source if verdict.new else "",
        hint='declare one such as 1.0.0, or say what versions are: version.scheme = "calver" or "date"',
    )


def edits(bumps: Sequence[Bump], folder: str, configuration: Configuration, *, move: bool = False) -> Edits:
    """What declares the next version of each: files with another text, of packages new ones too.

    move: the old package goes, instead of staying as it was. ContractError where one of them cannot be.
    """
    if move and bumps and not any(one.is_package for one in bumps):
        raise ContractError(
            "only a protobuf package has its version in its name, and can move",
            file="--move",
            hint="leave it out: the version is written into the contract",
        )
    due = [one for one in bumps if one.next != one.declared]
    contents = {one.path: edited(one, folder) for one in due if not one.is_package}
    packages = [one for one in due if one.is_package]
    if not packages:
        return Edits(contents)
    repository = Repository.around(folder)
    top = repository.top if repository else os.path.realpath(folder)
    found = moved(
        packages, folder, keep=not move, includes=lambda path: configured_includes(configuration, top, path)
    )
    return Edits({**contents, **found.contents}, found.gone, found.notes)


def edited(bump: Bump, folder: str) -> bytes:
    """The content of a document with the next version in it; ContractError where that cannot be."""
    contract = _at(folder, bump.path)
    path = Path(folder, bump.path)
    mark = _BYTE_ORDER_MARK if path.read_bytes().startswith(_BYTE_ORDER_MARK) else b""
    place = contract.version_place
    if place.pointer != _VERSION:  # it declares none
        place = Place(place.document, _VERSION)
    return mark + with_text(place, bump.next, after="title")


def _at(folder: str, source: str) -> Contract:
    path = Path(folder, source)
    contract = formats.recognise(read_at(str(path.parent), path.name, None, printable(source), ReadOptions()))
    if contract is None:
        raise ContractError("this is no contract", file=printable(source))
    return contract
