"""The major version where clients see it: in one place, as declared, new for a break, the old one kept."""

from __future__ import annotations

from dataclasses import replace
from posixpath import dirname
from typing import TYPE_CHECKING

from apicontract.changes import Version
from apicontract.findings import Severity
from apicontract.policy.sunsets import left
from apicontract.policy.suppressions import finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from apicontract.changes import Change
    from apicontract.changes.promises import Promises, VisibleMajor
    from apicontract.findings import Finding
    from apicontract.policy.case import Case
    from apicontract.policy.model import Settings
    from apicontract.sources import Place


def major_findings(
    case: Case, breaks: Sequence[Change], settings: Settings, today: dt.date
) -> Iterator[Finding]:
    """What is wrong with the majors that clients of the new contract see; `breaks`: what counts as major."""
    new, old = case.new, case.old
    if new is None:
        return
    if settings.version.visible_major != "never":
        yield from _state(old, new, settings)
        if (
            old is not None
            and breaks
            and not new.is_package
            and not only_ends_majors(case, breaks, settings, today)
        ):
            yield from _visible(old, new, settings)
    if new.is_package and old is not None and breaks:
        yield from _package(case, old, new, breaks)
    if settings.sunset.keep_old_major and old is not None:
        yield from _kept(case, old, new, settings, today)


def only_ends_majors(case: Case, breaks: Sequence[Change], settings: Settings, today: dt.date) -> bool:
    """Whether all that breaks is that an older major is gone too early, beside a newer one that stays.

    Then a further major is no way out, and no version is: only keeping the old one is.
    """
    old, new = case.old, case.new
    if old is None or new is None or not settings.sunset.keep_old_major or not breaks:
        return False
    highest = max((major.major for major in old.majors), default=0)
    if all(major.major < highest for major in new.majors):
        return False
    ended = [major for major, _ in _ended(case, old, new, settings, today) if major.kind == "path"]
    return all(_is_of(change, ended) for change in breaks)


def _is_of(change: Change, ended: Sequence[VisibleMajor]) -> bool:
    """Whether a change is met only through operations of these majors."""
    titles = change.reaches or ((change.operation,) if change.operation else ())
    return bool(titles) and all(any(_is_under(title, major) for major in ended) for title in titles)


def _state(old: Promises | None, new: Promises, settings: Settings) -> Iterator[Finding]:
    """One place, consistent with the declared version. What was so before is told, and fails nothing."""
    before = {rule for rule, *_ in _problems(old, settings)} if old is not None else set()
    for rule, place, message in _problems(new, settings):
        yield finding(rule, place, message, Severity.WARNING if rule in before else None)


def _problems(contract: Promises, settings: Settings) -> Iterator[tuple[str, Place, str]]:
    """(rule, place, message) of each way in which the majors of one contract do not fit together."""
    if not contract.majors:
        return
    kinds: dict[str, VisibleMajor] = {}
    for major in contract.majors:
        kinds.setdefault(major.kind, major)
    if len(kinds) > 1:
        where = " and ".join(f"the {kind} ({major.text})" for kind, major in kinds.items())
        last = list(kinds.values())[-1]
        yield "major-shown-twice", last.place, f"clients see the major version in {where}"
    declared = Version.parse(contract.version) if settings.version.scheme == "semver" else None
    highest = max(contract.majors, key=lambda major: major.major)
    if declared is not None and declared.major and highest.major != declared.major:
        message = f"clients see `{highest.text}`, and the contract declares {contract.version}"
        yield "major-inconsistent", highest.place, message


def _visible(old: Promises, new: Promises, settings: Settings) -> Iterator[Finding]:
    """A break needs a further major where clients see one."""
    if settings.version.scheme == "semver":
        declared = Version.parse(old.version)
        if declared is not None and declared.major == 0:
            return  # semver section 4: nothing is promised yet
    shown = max((major.major for major in old.majors), default=0)
    if not shown and settings.version.visible_major == "where-shown":
        return
    if not any(major.major > shown for major in new.majors):
        place = new.majors[0].place if new.majors else new.version_place
        seen = f"clients still see `{new.majors[0].text}`" if new.majors else "clients see none"
        yield finding("major-not-visible", place, f"a break needs a new major version, and {seen}")


def _package(case: Case, old: Promises, new: Promises, breaks: Sequence[Change]) -> Iterator[Finding]:
    """A break within a package: its major is a part of its name, so it needs a package beside it."""
    kept = [major for major in old.majors if any(_serves(other, major) for other in new.majors)]
    if old.majors and not kept:
        return  # they are all gone, which is told of each
    broken = max(kept, key=lambda major: major.major, default=None)
    named = broken.prefix if broken else old.title
    place = next((one.place for one in new.majors if broken and one.prefix == named), new.version_place)
    told = f"a break needs a package of a new major, and this one is in `{named or 'a file without package'}`"
    advice = _keep_imported(old, new, breaks) or beside(case, broken)
    yield replace(finding("major-not-visible", place, told), advice=advice)


def _keep_imported(old: Promises, new: Promises, breaks: Sequence[Change]) -> str:
    """What to do where all that breaks a package is in what it imports; empty where some of it is its own.

    A package beside it would import the same, and leave it as broken as it is.
    """
    own = {dirname(side.version_place.file) for side in (old, new)}
    files = {place.file for change in breaks if (place := change.new or change.old) is not None}
    if not files or any(dirname(file) in own for file in files):
        return ""
    listed = " and ".join(sorted(files)[:2]) + (" and more" if len(files) > 2 else "")  # noqa: PLR2004
    return f"keep {listed}, which {new.title} imports, as it was, and make the change in a package beside it"


def beside(case: Case, major: VisibleMajor | None) -> str:
    """What to do instead of a break: which folder stays, and which comes beside it, with its package."""
    folder = case.contract
    if major is None:
        return (
            f"keep {folder} as it is, and add a package with a major beside it, such as `v1`, in its folder"
        )
    after = f"v{major.major + 1}"
    package = ".".join(after if step == major.text else step for step in major.prefix.split("."))
    steps = folder.split("/")
    if major.text not in steps:
        return f"keep the package {major.prefix} as it was, and add the package {package} beside it"
    there = "/".join(after if step == major.text else step for step in steps)
    return f"keep {folder} as it was, and add {there} beside it, with the package {package}"


def _kept(case: Case, old: Promises, new: Promises, settings: Settings, today: dt.date) -> Iterator[Finding]:
    """Every major that was served is served, here or by another contract, unless its sunset has passed."""
    for major, pending in _ended(case, old, new, settings, today):
        text = f"`{major.prefix if old.is_package else major.text}` is not served any more: {pending}"
        told = finding("major-removed-before-sunset", major.place, text)
        yield replace(told, advice=_restore(major)) if old.is_package else told


def _ended(
    case: Case, old: Promises, new: Promises, settings: Settings, today: dt.date
) -> Iterator[tuple[VisibleMajor, str]]:
    """Each major that is gone before its sunset, and what of it is pending."""
    for major in old.majors:
        if major.channel in settings.stability.may_break or major.major in case.elsewhere:
            continue
        if any(_serves(other, major) for other in new.majors):
            continue
        operations = [title for title in old.operations if _is_under(title, major)]
        pending = left(old, operations or ([major.prefix] if old.is_package else []), today)
        if pending:
            yield major, pending


def _restore(major: VisibleMajor) -> str:
    return (
        f"bring the package {major.prefix} back beside what is new; it may go once it is deprecated and its"
        " `// apicontract:sunset YYYY-MM-DD` has passed"
    )


def _serves(other: VisibleMajor, major: VisibleMajor) -> bool:
    """Whether a major is still there: under the same prefix, or shown in another kind of place."""
    return other.major == major.major and (other.kind != major.kind or other.prefix == major.prefix)


def _is_under(title: str, major: VisibleMajor) -> bool:
    """Whether an operation belongs to a major: by its path, or all where the server or package shows it."""
    if major.kind == "package":
        return title.startswith(f"/{major.prefix}.")
    path = title.partition(" ")[2]
    return major.kind != "path" or path == major.prefix or path.startswith(major.prefix + "/")
