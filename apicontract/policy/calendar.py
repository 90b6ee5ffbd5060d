"""Versions that say when: dates (`2026-03-04`, `2026-03-04-preview`) and CalVer (`2026.3.0`, `26.03`).

Knows how they are read and put in order, and the one that follows another on a given day. What follows
is always later in that order; where nothing can be, the caller sees it by asking for the order.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import takewhile

Order = tuple[object, ...]

_CALVER = re.compile(
    r"(?P<mark>[vV]?)(?P<year>\d{4}|\d{2})(?P<numbers>(?:[.-]\d{1,8})+)(?P<tail>[-+.](?P<label>[A-Za-z][\w.-]*))?",
    re.ASCII,
)
_DATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?P<tail>[-.+](?P<label>[A-Za-z0-9][\w.-]*))?", re.ASCII)
_NUMBER = re.compile(r"([.-])(\d+)")
_CENTURY = 2000  # 24.1 is of 2024
_MONTHS = 12
_PADDED = 2  # digits of a month or day that is written with a zero


def calver_order(text: str) -> Order | None:
    """What calendar versions are compared by; None for a text that is none."""
    found = _CALVER.fullmatch(text.strip())
    if found is None:
        return None
    numbers = tuple(int(digits) for _, digits in _NUMBER.findall(found["numbers"]))
    return _year(found["year"]), numbers, not found["label"], _label_order(found["label"])


def date_order(text: str) -> Order | None:
    """What dates are compared by; None for a text that is no date."""
    found = _DATE.fullmatch(text.strip())
    day = _day(found["day"]) if found else None
    if found is None or day is None:
        return None
    return day, found["label"] != "preview", _label_order(found["label"])


def following_date(before: str, today: dt.date) -> str:
    """Today, or the day after `before` where that is not earlier; a label (`-preview`) stays.

    Today as well where `before` is no date. OverflowError where the calendar ends.
    """
    found = _DATE.fullmatch(before.strip())
    day = _day(found["day"]) if found else None
    if found is None or day is None:
        return today.isoformat()
    label = found["label"] or ""
    kept = found["tail"] if label[:1].isalpha() else ""  # a number counted the releases of that day
    return max(today, day + dt.timedelta(days=1)).isoformat() + (kept or "")


def following_calver(before: str, today: dt.date) -> str:
    """Today in the form of `before`; where that is not later, the next number. A label stays.

    Where `before` is no calendar version, the first of this month. OverflowError where the calendar ends.
    """
    found = _CALVER.fullmatch(before.strip())
    if found is None:
        return f"{today.year}.{today.month}.0"
    numbers = _NUMBER.findall(found["numbers"])
    year = _year(found["year"])
    if (day := _as_day(year, numbers)) is not None and len(numbers) == _PADDED:
        year_told, told = _of_day(max(today, day + dt.timedelta(days=1)), found["year"], numbers)
    elif day is not None and day < today:
        year_told, told = _of_day(today, found["year"], numbers)
        told += [_first(number) for number in numbers[_PADDED:]]
    elif _is_month(numbers[0][1]) and (year, int(numbers[0][1])) < (today.year, today.month):
        year_told = str(today.year)[-len(found["year"]) :]
        dot, digits = numbers[0]
        padded = digits.startswith("0") or dot == "-"
        told = [f"{dot}{today.month:0{_PADDED if padded else 1}d}", *map(_first, numbers[1:])]
    else:
        year_told, told = found["year"], _next_number(numbers)
    return found["mark"] + year_told + "".join(told) + (found["tail"] or "")


def _label_order(label: str | None) -> Order:
    """What labels are compared by: numbers in them as numbers, `rc.10` after `rc.9`."""
    pieces = re.findall(r"\d+|\D+", label or "", re.ASCII)
    return tuple((not piece.isdigit(), int(piece) if piece.isdigit() else 0, piece) for piece in pieces)


def _year(digits: str) -> int:
    return int(digits) + (_CENTURY if len(digits) == 2 else 0)  # noqa: PLR2004  # two digits


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _is_month(digits: str) -> bool:
    return len(digits) <= _PADDED and 1 <= int(digits) <= _MONTHS


def _as_day(year: int, numbers: list[tuple[str, str]]) -> dt.date | None:
    """The day that two numbers of two digits behind a year are: `2024-02-01`, `2024.06.30.1`."""
    padded = list(takewhile(lambda number: len(number[1]) == _PADDED, numbers))
    if len(padded) < 2:  # noqa: PLR2004  # month and day
        return None
    return _day(f"{year:04d}-{padded[0][1]}-{padded[1][1]}")


def _of_day(day: dt.date, like: str, numbers: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The year as `like` is written, and month and day behind the marks of `numbers`."""
    month, of_month = f"{numbers[0][0]}{day.month:02d}", f"{numbers[1][0]}{day.day:02d}"
    return f"{day.year:04d}"[-len(like) :], [month, of_month]


def _first(number: tuple[str, str]) -> str:
    """What a count begins with again: 0, or 01 where it is written with a zero."""
    dot, digits = number
    return f"{dot}{1:0{len(digits)}d}" if digits.startswith("0") and len(digits) > 1 else f"{dot}0"


def _next_number(numbers: list[tuple[str, str]]) -> list[str]:
    """The numbers with the last one counted on; a month alone, which cannot be, gets a number behind it."""
    *kept, (dot, digits) = numbers
    if not kept and _is_month(digits):
        return [f"{dot}{digits}", f"{dot}1"]
    width = len(digits) if digits.startswith("0") else 1
    return [*(f"{mark}{text}" for mark, text in kept), f"{dot}{int(digits) + 1:0{width}d}"]
