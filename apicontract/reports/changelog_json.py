"""Release notes for programs; `schemas/changelog-1.json` describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.reports import json as shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.gate.changelog import ContractNotes, Note, Release


def changelog_json(releases: Sequence[Release]) -> str:
    """Every release, the newest first."""
    return shapes.written({"version": shapes.VERSION, "releases": [_release(one) for one in releases]})


def _release(release: Release) -> dict[str, object]:
    return {
        "name": release.name,
        "version": release.version,
        "since": release.since,
        "date": release.date or None,
        "contracts": [_contract(one) for one in release.contracts],
    }


def _contract(contract: ContractNotes) -> dict[str, object]:
    return {
        "contract": contract.contract,
        "title": contract.title,
        "outcome": contract.outcome.value,
        "before": contract.before or None,
        "after": contract.after or None,
        "level": str(contract.level),
        "notes": [_note(note) for note in contract.notes],
        "quiet": contract.quiet,
    }


def _note(note: Note) -> dict[str, object]:
    return {
        "level": str(note.level),
        "id": note.rule,
        "operation": note.operation,
        "reaches": list(note.reaches),
        "text": note.text,
        "example": note.example or None,
        "advice": note.advice or None,
        "waived": note.waived or None,
    }
