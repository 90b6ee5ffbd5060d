"""Checks on enums: the value that absence means, values that share a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.elements import EnumValue
    from apicontract.formats.proto.validate.view import View

_SUFFIX = "UNSPECIFIED"
_SAYS_NOTHING = (
    "UNKNOWN",
    "NOT_KNOWN",
    "UNSET",
    "NOT_SET",
    "UNDEFINED",
    "INVALID",
    "NONE",
    "DEFAULT",
    "NIL",
    "NULL",
)


def first_value(view: View) -> Iterator[Finding]:
    """Closed enums that begin with another number than 0; of open ones the compiler sees to it."""
    for enum in view.enums:
        if enum.values and enum.values[0].number != 0:
            first = enum.values[0]
            yield view.finding(
                "enum-first-value-not-zero",
                first.place,
                f"the first value of `{enum.full_name}` is {first.number}, `{first.name}`",
                severity=Severity.WARNING if enum.closed else None,
            )


def zero_value(view: View) -> Iterator[Finding]:
    """Enums whose zero says something, though absence is read as zero."""
    for enum in view.enums:
        first = enum.values[0] if enum.values else None
        if first is None or first.number != 0:
            continue
        names = enum.names_by_number[0]
        if any(name.upper().endswith(_SUFFIX) for name in names):
            continue
        said = first.name.upper()
        neutral = said.endswith(_SAYS_NOTHING) or said.startswith((_SUFFIX, *_SAYS_NOTHING))
        yield view.finding(
            "enum-zero-value-has-meaning",
            first.place,
            f"the zero of `{enum.full_name}` is called `{first.name}`",
            severity=Severity.INFO if neutral else None,
        )


def aliases(view: View) -> Iterator[Finding]:
    """Enums with two names for a number, unless only one of them is not deprecated and it stands first."""
    for enum in view.enums:
        shared: dict[int, list[EnumValue]] = {}
        for value in enum.values:
            shared.setdefault(value.number, []).append(value)
        doubtful = [values for values in shared.values() if len(values) > 1 and not _is_rename(values)]
        if doubtful:
            first, *others = doubtful[0]
            names = ", ".join(f"`{value.name}`" for value in others)
            yield view.finding(
                "enum-alias",
                others[0].place,
                f"{names} of `{enum.full_name}` has the number of `{first.name}`, which is what JSON writes",
                f"Declare `{others[0].name}` before `{first.name}`, which is deprecated."
                if first.deprecated and not others[0].deprecated
                else "",
            )


def _is_rename(values: list[EnumValue]) -> bool:
    return not values[0].deprecated and all(value.deprecated for value in values[1:])
