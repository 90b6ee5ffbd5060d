"""Whether the declared version says what the changes are.

Schemes are rows: how a version is read and put in order, and which changes must move it. Semantic
versions follow semver.org 2.0.0, also before 1.0.0 (section 4) and in pre-releases (sections 9 and 11).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Level, Version
from apicontract.changes.semver import next_version
from apicontract.policy.suppressions import finding
from apicontract.records import dataclass
from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.changes.promises import Promises
    from apicontract.findings import Finding
    from apicontract.policy.model import Settings

_CALVER = re.compile(r"[vV]?(\d{4}|\d{2})((?:[.-]\d{1,8})+)(?:[-+.]([A-Za-z][\w.-]*))?", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[-.+]([A-Za-z0-9][\w.-]*))?", re.ASCII)
Order = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to write versions.

    order: what a version is compared by, None for a text that is no version of the scheme.
    moves_from: the least level of changes that must move the version. rule: what is found where the
    text is no such version.
    """

    order: Callable[[str], Order | None]
    moves_from: Level
    rule: str


def _semver(text: str) -> Order | None:
    version = Version.parse(text)
    if version is None:
        return None
    parts = tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in version.pre.split(".")
    )
    return (version.major, version.minor, version.patch), not version.pre, parts


def _calver(text: str) -> Order | None:
    found = _CALVER.fullmatch(text.strip())
    if found is None:
        return None
    year = int(found[1]) + (2000 if len(found[1]) == 2 else 0)  # noqa: PLR2004  # 24.1 is of 2024
    return year, tuple(int(part) for part in re.findall(r"\d+", found[2])), not found[3], found[3] or ""


def _date(text: str) -> Order | None:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        day = dt.date.fromisoformat(found[1])
    except ValueError:
        return None
    return day, found[2] != "preview", found[2] or ""


SCHEMES = {
    "semver": Scheme(_semver, Level.PATCH, "version-not-semver"),
    "calver": Scheme(_calver, Level.PATCH, "version-not-calver"),
    "date": Scheme(_date, Level.MAJOR, "version-not-a-date"),
}


def required_version(old: str, level: Level, settings: Settings) -> str:
    """The lowest version that says what happened since `old`; empty where the scheme cannot say."""
    if settings.version.scheme != "semver" or level is Level.NONE:
        return ""
    parsed = Version.parse(old)
    return "" if parsed is None else str(parsed.bump(level))


def required_package(old: str, level: Level) -> str:
    """The major of a package after changes of this level; empty for one that has none, or is unstable."""
    return next_version(old, level) or ""


def version_findings(
    old: Promises | None, new: Promises, level: Level, settings: Settings
) -> Iterator[Finding]:
    """What is wrong with the version that `new` declares, for changes of this level since `old`."""
    if new.is_package:  # it cannot move: what it is worth is judged with the majors that clients see
        return
    place = new.version_place
    if settings.version.scheme == "none":
        if level is Level.MAJOR:
            yield finding(
                "break-refused", place, "there is a break, and versions say nothing (scheme `none`)"
            )
        return
    scheme = SCHEMES[settings.version.scheme]
    if not new.version.strip():
        number = number_for(new)
        told = f"the version is the number {number}, and has to be a text" if number else ""
        missing = finding("version-missing", place, told or "no version is declared")
        yield replace(missing, advice=f'Put it in quotes: "{number}".') if number else missing
        return
    after = scheme.order(new.version)
    if after is None:
        yield finding(
            scheme.rule, place, f"`{new.version}` is no version of the scheme `{settings.version.scheme}`"
        )
        return
    before = scheme.order(old.version) if old is not None else None
    if old is None or before is None:
        return
    if after < before:
        yield finding(
            "version-moved-back", place, f"the version went from {old.version} back to {new.version}"
        )
    elif level >= scheme.moves_from:
        yield from _moved_enough(old, new, level, settings, moved=after > before)


def number_for(contract: Promises) -> str:
    """What is written where the version belongs, if that is a number: `version: 1.1` without quotes."""
    try:
        value = contract.version_place.value
    except KeyError:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _moved_enough(
    old: Promises, new: Promises, level: Level, settings: Settings, *, moved: bool
) -> Iterator[Finding]:
    least = required_version(old.version, level, settings)
    needs = f"the changes need {least}" if least else f"a {level} change needs a later version"
    if not moved:
        still = (
            f"the version is still {new.version}"
            if new.version == old.version
            else f"{new.version} is the same version as {old.version}: build metadata does not count"
        )
        yield finding("version-not-moved", new.version_place, f"{still}; {needs}")
    elif least and _core(new.version) < _core(least):
        message = f"the version went from {old.version} to {new.version}; {needs}"
        yield finding("version-moved-too-little", new.version_place, message)


def _core(text: str) -> tuple[int, int, int]:
    """Without pre-release: 2.0.0-rc.1 announces what 2.0.0 will say."""
    version = Version.parse(text)
    assert version is not None  # noqa: S101  # the callers have parsed it
    return version.major, version.minor, version.patch


def setting(new: Promises, version: str) -> str:
    """What to do to declare this version: `set info.version to 2.0.0`."""
    return f"set {'.'.join(split(new.version_place.pointer)) or 'the version'} to {version}"
