"""How things go: deprecated with a sunset, at notice enough, and removed only after that day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from apicontract.policy.suppressions import finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.changes.promises import Deprecation, Promises
    from apicontract.findings import Finding
    from apicontract.policy.model import Settings


def day(text: str) -> dt.date | None:
    """The day that a sunset names, also as the start of a point in time; None if it is none."""
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def sunset_findings(
    old: Promises | None, new: Promises, settings: Settings, today: dt.date
) -> Iterator[Finding]:
    """What is wrong with deprecations that are new, or whose sunset is."""
    known = {(each.label, each.sunset) for each in old.deprecations} if old is not None else set()
    for each in new.deprecations:
        if (each.label, each.sunset) in known:
            continue
        yield from _announced(each, settings, today, fresh=not any(label == each.label for label, _ in known))


def _announced(each: Deprecation, settings: Settings, today: dt.date, *, fresh: bool) -> Iterator[Finding]:
    if not each.sunset:
        how = "is deprecated without a sunset" if fresh else "has no sunset any more"
        yield finding("deprecation-without-sunset", each.place, f"{each.label} {how}")
        return
    sunset = day(each.sunset)
    if sunset is None:
        yield finding("sunset-not-a-date", each.place, f"{each.label}: its sunset is `{each.sunset}`")
        return
    days = getattr(settings.sunset.notice_days, each.stability, settings.sunset.notice_days.stable)
    earliest = today + dt.timedelta(days=days)
    if sunset < earliest:
        message = (
            f"{each.label}: its sunset {sunset} is before {earliest}: {days} days of notice"
            f" for what is {each.stability}"
        )
        yield finding("sunset-too-soon", each.place, message)


def left(old: Promises, operations: Sequence[str], today: dt.date) -> str:
    """Why some of these operations may not go yet, in a few words; empty if all of them may."""
    sunsets = {each.label: each.sunset for each in old.deprecations}
    unset = [title for title in operations if not day(sunsets.get(title, ""))]
    ahead = [title for title in operations if (sunset := day(sunsets.get(title, ""))) and sunset >= today]
    if ahead:
        latest = max(sunsets[title] for title in ahead)
        return f"the sunset of {ahead[0]}{_more(ahead)} lies ahead ({latest})"
    if unset:
        return f"{unset[0]}{_more(unset)} has no sunset"
    return ""


def _more(titles: Sequence[str]) -> str:
    return f" and {len(titles) - 1} more" if len(titles) > 1 else ""
