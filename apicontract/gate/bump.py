"""`bump`: the version that a contract needs after its changes, and writing it where it belongs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Level
from apicontract.gate.check import check
from apicontract.gate.configuration import in_force
from apicontract.policy.verdict import Outcome
from apicontract.sources import ContractError, ReadOptions, read_at
from apicontract.sources.editing import with_text

if TYPE_CHECKING:
    from apicontract.gate.check import Request
    from apicontract.gate.model import Judged
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.verdict import Verdict

_CALVER = re.compile(
    r"(?P<year>\d{4}|\d{2})(?P<dot>[.-])"
    r"(?:(?P<month>0?[1-9]|1[0-2])(?:[.-](?P<micro>\d+))?|(?P<number>\d+))",
    re.ASCII,
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Bump:
    """The next version of one contract.

    source: its file. level: what its changes need. before: the version of the base; declared: what the
    file says; required: the version that it needs, empty if nothing needs one. enough: whether what is
    declared is that much already. advice: what else is to be done, since a version is not all.
    is_package: whether the version is a part of the contract's name: another one is a further contract.
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
    return tuple(_bump(one, configuration, today) for one in result.deciding if one.verdict.new)


def _bump(one: Judged, configuration: Configuration, today: dt.date) -> Bump:
    verdict = one.verdict
    before = verdict.old.version if verdict.old else ""
    is_package = verdict.format == "proto"
    rules = "major-not-visible" if is_package else "version-"
    refused = any(found.fails and found.finding.rule.startswith(rules) for found in verdict.findings)
    required = _required(verdict, before, configuration, today)
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
            f"the base declares `{before}`, which is no semantic version, so there is no next one",
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


def edited(bump: Bump, folder: str) -> bytes:
    """The content of the contract's file with the next version in it; ContractError where that cannot be."""
    if bump.is_package:
        raise ContractError(
            f"a package has its major in its name and its folder, so {bump.next} is a package of its own",
            file=bump.source,
            hint=next(iter(bump.advice), f"add the package of {bump.next} beside this one"),
        )
    path = Path(folder, bump.source)
    library = read_at(str(path.parent), path.name, None, bump.source, ReadOptions())
    contract = formats.recognise(library)
    if contract is None:
        raise ContractError("this is no contract any more", file=bump.source)
    place = contract.version_place
    mark = _BYTE_ORDER_MARK if path.read_bytes().startswith(_BYTE_ORDER_MARK) else b""
    return mark + with_text(place, bump.next)
