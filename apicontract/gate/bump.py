"""`bump`: the version that a contract needs after its changes, and writing it where it belongs."""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Level
from apicontract.formats.proto.packages import is_version
from apicontract.gate.check import check
from apicontract.gate.configuration import configured_includes, in_force
from apicontract.gate.moving import Edits, moved
from apicontract.gate.packages import Packages
from apicontract.policy.verdict import Outcome, Question
from apicontract.policy.versions import SCHEMES
from apicontract.repository import snapshots
from apicontract.repository.snapshots import Repository
from apicontract.sources import ContractError, ReadOptions, read_at
from apicontract.sources.editing import with_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.formats import Contract
    from apicontract.gate.check import Request
    from apicontract.gate.model import Check, Judged
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.verdict import Verdict

_CALVER = re.compile(
    r"(?P<year>\d{4}|\d{2})(?P<dot>[.-])"
    r"(?:(?P<month>0?[1-9]|1[0-2])(?:[.-](?P<micro>\d+))?|(?P<number>\d+))",
    re.ASCII,
)
_FIRST = "v1"  # the major of a package that has none and breaks
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Bump:
    """The next version of one contract.

    source: its file. level: what its changes need. before: the version of the base; declared: what the
    file says; required: the version that it needs, empty if nothing needs one. enough: whether what is
    declared is that much already. advice: what else is to be done, since a version is not all.
    is_package: whether the version is a part of the contract's name: another one is a further contract.
    base: the commit where this branch left its base, empty if the old side is no commit. asked: whether the
    version was named, and nothing compared. is_new: whether the base has no such contract.
    """

    contract: str
    source: str
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

    @property
    def next(self) -> str:
        """The version to declare."""
        return self.declared if self.enough or not self.required else self.required


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
    return tuple(
        _bump(one, configuration, today, _parted(one, result)) for one in result.deciding if one.verdict.new
    )


def asked_for(path: str, version: str, folder: str) -> Bump:
    """The bump of the contract at `path` to a version that is named: nothing is compared."""
    repository = Repository.around(folder)
    state = snapshots.working_tree(repository) if repository else snapshots.folder(folder)
    below = os.path.relpath(os.path.realpath(os.path.join(folder, path)), state.top)  # noqa: PTH118
    packages = Packages(state, ReadOptions())
    package = packages.load(below.replace(os.sep, "/"))
    if package is None:
        contract = _at(folder, path)
        _refuse_unless_later(contract.version, version)
        return Bump(path, path, Level.NONE, "", contract.version, version, enough=False, asked=True)
    if not is_version(version):
        raise ContractError(
            f"`{version}` is no version of a package",
            file="--to",
            hint="versions are `v2`, `v1beta1`, `v1p1alpha1` and the like",
        )
    return Bump(
        path, path, Level.NONE, "", package.version, version, enough=False, is_package=True, asked=True
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


def _bump(one: Judged, configuration: Configuration, today: dt.date, base: str) -> Bump:
    verdict = one.verdict
    before = verdict.old.version if verdict.old else ""
    is_package = verdict.format == "proto"
    rules = "major-not-visible" if is_package else "version-"
    refused = any(found.fails and found.finding.rule.startswith(rules) for found in verdict.findings)
    required = _required(verdict, before, configuration, today)
    if is_package and refused and not before and one.title:
        required = _FIRST  # the package has no version in its name yet
    return Bump(
        verdict.contract,
        verdict.new.source if verdict.new else "",
        verdict.level,
        before,
        verdict.declared,
        required,
        enough=not refused,
        advice=tuple(line for line in verdict.advice if not line.startswith("set ")),
        is_package=is_package,
        base=base,
        is_new=verdict.outcome is Outcome.ADDED,
    )


def _required(verdict: Verdict, before: str, configuration: Configuration, today: dt.date) -> str:
    if verdict.outcome is Outcome.ADDED or verdict.level is Level.NONE:
        return ""
    if verdict.format == "proto":
        return verdict.required
    scheme = configuration.for_contract(verdict.contract).settings.version.scheme
    if scheme == "date":
        return today.isoformat()
    if scheme == "calver":
        return _next_calver(before, today)
    if scheme == "semver" and not verdict.required:
        raise ContractError(
            f"the base declares `{before}`, which is no semantic version, so there is no next one"
            if before
            else "the base declares no version (or a number, without quotes), so there is no next one",
            file=verdict.new.source if verdict.new else "",
            hint='declare one such as 1.0.0, or say what versions are: version.scheme = "calver" or "date"',
        )
    marked = before[:1] if before[:1] in ("v", "V") else ""
    return f"{marked}{verdict.required}" if verdict.required else ""


def _next_calver(before: str, today: dt.date) -> str:
    """Year and month of today in the form of the old version; a higher number within a month."""
    match = _CALVER.fullmatch(before)
    if match is None:
        return f"{today.year}.{today.month}.0"
    if match["month"] is None:
        return f"{match['year']}{match['dot']}{int(match['number']) + 1}"
    dot = match["dot"]
    padded = len(match["micro"]) if (match["micro"] or "").startswith("0") else 1
    year = str(today.year)[-len(match["year"]) :]
    if (int(match["year"]), int(match["month"])) >= (int(year), today.month):
        return f"{match['year']}{dot}{match['month']}{dot}{int(match['micro'] or 0) + 1:0{padded}d}"
    month = f"{today.month:02d}" if match["month"].startswith("0") else str(today.month)
    return f"{year}{dot}{month}" + (
        "" if match["micro"] is None else f"{dot}{0 if padded == 1 else 1:0{padded}d}"
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
    contents = {one.source: edited(one, folder) for one in due if not one.is_package}
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
    contract = _at(folder, bump.source)
    path = Path(folder, bump.source)
    mark = _BYTE_ORDER_MARK if path.read_bytes().startswith(_BYTE_ORDER_MARK) else b""
    return mark + with_text(contract.version_place, bump.next)


def _at(folder: str, source: str) -> Contract:
    path = Path(folder, source)
    contract = formats.recognise(read_at(str(path.parent), path.name, None, source, ReadOptions()))
    if contract is None:
        raise ContractError("this is no contract", file=source)
    return contract
