"""Whether the declared version says what the changes are.

Schemes are rows: how a version is read and put in order, and which changes must move it. Semantic
versions follow semver.org 2.0.0, also before 1.0.0 (section 4) and in pre-releases (sections 9 and 11).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Level, Version
from apicontract.changes.semver import next_version
from apicontract.policy.calendar import Order, calver_order, date_order, following_calver, following_date
from apicontract.policy.suppressions import finding
from apicontract.records import dataclass
from apicontract.sources import split

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from apicontract.changes.promises import Promises
    from apicontract.findings import Finding
    from apicontract.policy.model import Settings


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to write versions.

    order: what a version is compared by, None for a text that is no version of the scheme.
    moves_from: the least level of changes that must move the version. rule: what is found where the
    text is no such version. following: the version after one, for changes of a level, on a day; None
    where the scheme has no such version.
    """

    order: Callable[[str], Order | None]
    moves_from: Level
    rule: str
    following: Callable[[str, Level, dt.date], str | None]


def _semver(text: str) -> Order | None:
    version = Version.parse(text)
    if version is None:
        return None
    parts = tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in version.pre.split(".")
    )
    return (version.major, version.minor, version.patch), not version.pre, parts


def _next_semver(before: str, level: Level, _: dt.date) -> str | None:
    """The lowest that says so, marked with a `v` where the old one is; a first one where there was none."""
    if not before:
        return str(Version(0, 1, 0))
    version = Version.parse(before)
    mark = before.strip()[:1] if before.strip()[:1] in ("v", "V") else ""
    return f"{mark}{version.bump(level)}" if version else None


SCHEMES = {
    "semver": Scheme(_semver, Level.PATCH, "version-not-semver", _next_semver),
    "calver": Scheme(
        calver_order,
        Level.PATCH,
        "version-not-calver",
        lambda before, _, today: following_calver(before, today),
    ),
    "date": Scheme(
        date_order, Level.MAJOR, "version-not-a-date", lambda before, _, today: following_date(before, today)
    ),
}


def following(before: str, level: Level, settings: Settings, today: dt.date) -> str | None:
    """The version to declare after changes of this level since `before`; empty `before` for a first one.

    What stays as good as it was, for no change at all. None where the scheme has no such version, since
    `before` is none of it or the last there is.
    """
    scheme = SCHEMES[settings.version.scheme]
    known = scheme.order(before)
    if known is not None and level < scheme.moves_from:
        return before
    try:
        found = scheme.following(before, level, today)
    except OverflowError:  # behind the year 9999
        return None
    order = scheme.order(found) if found else None
    return found if order is not None and (known is None or order > known) else None


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
