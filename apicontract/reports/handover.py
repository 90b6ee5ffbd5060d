"""What a comment says, as data: left by a run that may not write it, taken up by one that may.

The one that takes it up believes nothing of it: it is held to types and lengths, and only what goes into
the comment is kept, so that `markdown` makes the text anew and escapes every word. Rules are known by
their ids alone; their pages come from the catalogue here.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from apicontract.findings import Severity
from apicontract.policy.verdict import Waiver
from apicontract.reports.made import rules_of
from apicontract.reports.model import ContractReport, Item, Report, Spot
from apicontract.sources import ContractError

LARGEST = 8 * 1024 * 1024  # bytes; a comment holds 65,536 characters
_MANY = 2000  # of one thing in a list

_Text = Annotated[str, Meta(max_length=20_000)]
_Texts = Annotated[tuple[_Text, ...], Meta(max_length=_MANY)]
_Level = Literal["", "none", "patch", "minor", "major"]
_Count = Annotated[int, Meta(ge=0, le=10_000_000)]


class _Spot(Struct, frozen=True, forbid_unknown_fields=True):
    file: _Text
    line: _Count = 0
    column: _Count = 0
    shown: _Text = ""


class _Waiver(Struct, frozen=True, forbid_unknown_fields=True):
    kind: _Text
    reason: _Text
    until: _Text
    origin: _Text


class _Item(Struct, frozen=True, forbid_unknown_fields=True):
    rule: Annotated[str, Meta(max_length=100, pattern=r"^[a-z0-9-]*\Z")]
    severity: Severity
    message: _Text
    spot: _Spot
    contract: _Text
    level: _Level = ""
    operation: _Text = ""
    sides: _Text = ""
    witness: _Text = ""
    reaches: _Texts = ()
    allowed: _Text = ""
    policy: _Text = ""
    question: Literal["", "branch", "merge"] = ""
    waiver: _Waiver | None = None


class _Contract(Struct, frozen=True, forbid_unknown_fields=True):
    name: _Text
    title: _Text
    format: _Text
    passed: bool
    standing: _Text
    level: _Level = ""
    required: _Text = ""
    declared: _Text = ""
    steps: _Texts = ()
    items: Annotated[tuple[_Item, ...], Meta(max_length=_MANY)] = ()


class Handover(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment to be: `key` is what it is known by, `wanted` whether it is to be there at all."""

    version: Literal[1]
    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z")]
    wanted: bool
    passed: bool
    conclusion: _Text
    contracts: Annotated[tuple[_Contract, ...], Meta(max_length=_MANY)] = ()
    items: Annotated[tuple[_Item, ...], Meta(max_length=_MANY)] = ()
    profile: _Text = ""
    compared: _Texts = ()
    notes: _Texts = ()


def packed(report: Report, key: str, *, wanted: bool) -> bytes:
    """The report of `check` as JSON, as much of it as a comment can show."""
    made = Handover(
        1,
        key,
        wanted,
        report.passed,
        report.conclusion[:20_000],
        tuple(_contract(one) for one in report.contracts[:_MANY]),
        tuple(_item(one) for one in report.items[:_MANY]),
        report.profile,
        _cut(report.compared),
        _cut(report.notes),
    )
    return msgspec.json.encode(made)


def unpacked(data: bytes, file: str) -> tuple[str, Report | None]:
    """(key, the report to comment with, or None for no comment); ContractError for what is none of ours."""
    try:
        if len(data) > LARGEST:
            raise ValueError(f"it has more than {LARGEST} bytes")  # noqa: TRY301  # said with the others
        found = msgspec.json.decode(data, type=Handover)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise ContractError(
            f"this is no comment that was left by `apicontract ci github`: {error}", file=file
        ) from None
    if not found.wanted:
        return found.key, None
    contracts = tuple(_of_contract(one) for one in found.contracts)
    items = tuple(_of_item(one) for one in found.items)
    return found.key, Report(
        "check",
        found.passed,
        found.conclusion,
        contracts,
        items,
        profile=found.profile,
        compared=found.compared,
        notes=found.notes,
        rules=rules_of(contracts, items),
    )


def _cut(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text[:20_000] for text in texts[:_MANY])


def _taken(made: type[Struct], source: object) -> dict[str, object]:
    """The fields of `source` that the shape has, long texts cut."""
    values = {name: getattr(source, name) for name in made.__struct_fields__}
    return {
        name: str(value)[:20_000] if isinstance(value, str) and not isinstance(value, Severity) else value
        for name, value in values.items()
    }


def _item(item: Item) -> _Item:
    waiver = None if item.waiver is None else _Waiver(**_taken(_Waiver, item.waiver))  # type: ignore[arg-type]
    values = {
        **_taken(_Item, item),
        "spot": _Spot(**_taken(_Spot, item.spot)),  # type: ignore[arg-type]
        "reaches": _cut(item.reaches),
        "waiver": waiver,
    }
    return _Item(**values)  # type: ignore[arg-type]


def _contract(contract: ContractReport) -> _Contract:
    values = {
        **_taken(_Contract, contract),
        "steps": _cut(contract.steps),
        "items": tuple(_item(one) for one in contract.items[:_MANY]),
    }
    return _Contract(**values)  # type: ignore[arg-type]


def _of_item(item: _Item) -> Item:
    waiver = item.waiver
    return Item(
        item.rule,
        item.severity,
        item.message,
        Spot(item.spot.file, item.spot.line, item.spot.column, item.spot.shown),
        item.contract,
        "",
        item.level,
        operation=item.operation,
        sides=item.sides,
        witness=item.witness,
        reaches=item.reaches,
        allowed=item.allowed,
        question=item.question,
        policy=item.policy,
        waiver=None if waiver is None else Waiver(waiver.kind, waiver.reason, waiver.until, waiver.origin),
    )


def _of_contract(contract: _Contract) -> ContractReport:
    own = {field.name: getattr(contract, field.name) for field in fields(ContractReport)}
    return ContractReport(**{**own, "items": tuple(_of_item(one) for one in contract.items)})
