"""JSON lines: one object for each thing said, each contract and the verdict, in the order of the text report.

`schemas/lines-1.json` describes a line. Whoever reads it can begin before the last one is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.reports.model import ContractReport, Item, Report, Spot

_VERSION = 1


def jsonl_lines(report: Report) -> Iterator[str]:
    """A line each."""
    for contract in report.contracts:
        yield from (_written(_item(item)) for item in contract.items)
        yield _written(_contract(contract))
    yield from (_written(_item(item)) for item in report.items)
    yield from (_written({"type": "note", "message": note}) for note in report.notes)
    yield _written(
        {
            "type": "verdict",
            "version": _VERSION,
            "command": report.command,
            "passed": report.passed,
            "level": report.level or None,
            "profile": report.profile or None,
            "breaking": report.breaking,
            "message": report.conclusion,
        }
    )


def _item(item: Item) -> dict[str, object]:
    waiver = item.waiver
    return {
        "type": "change" if item.level else "finding",
        "contract": item.contract or None,
        "id": item.rule,
        "severity": item.severity.value,
        "level": item.level or None,
        "question": item.question or None,
        "file": item.spot.file,
        "line": item.spot.line or None,
        "column": item.spot.column or None,
        "pointer": item.pointer,
        "before": _spot(item.before),
        "operation": item.operation or None,
        "reaches": list(item.reaches),
        "surfaces": list(item.surfaces),
        "certainty": item.certainty or None,
        "message": item.message,
        "sides": item.sides or None,
        "witness": item.witness or None,
        "allowed": item.allowed or None,
        "advice": item.advice or None,
        "fingerprint": item.fingerprint,
        **({} if item.level else {"fix": None if item.remedy is None else item.remedy.fix.value}),
        "waiver": None
        if waiver is None
        else {
            "kind": waiver.kind,
            "reason": waiver.reason,
            "until": waiver.until or None,
            "origin": waiver.origin,
        },
    }


def _spot(spot: Spot | None) -> dict[str, object] | None:
    if spot is None:
        return None
    return {"file": spot.shown or spot.file, "line": spot.line, "column": spot.column}


def _contract(contract: ContractReport) -> dict[str, object]:
    return {
        "type": "contract",
        "contract": contract.name,
        "title": contract.title or None,
        "format": contract.format or None,
        "passed": contract.passed,
        "standing": contract.standing,
        "level": contract.level or None,
        "required_version": contract.required or None,
        "declared_version": contract.declared or None,
        "steps": list(contract.steps),
    }


def _written(value: dict[str, object]) -> str:
    return msgspec.json.encode(_sound(value)).decode()


def _sound(value: object) -> object:
    """The value with lone surrogates, which no JSON may hold as UTF-8, spelled out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_sound(item) for item in value]
    if isinstance(value, dict):
        return {key: _sound(item) for key, item in value.items()}
    return value
