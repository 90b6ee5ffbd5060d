"""Findings in the order in which a reader meets their places, each only once.

Uses the order of keys and entries in the parsed documents, not lines: no position is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.findings import Finding
    from apicontract.sources import Json, Library, Place

_NOWHERE = 1 << 30  # a place that does not exist comes after its siblings


def in_document_order(findings: Iterable[Finding], library: Library) -> list[Finding]:
    """The findings sorted by document as read, then by where they stand in it; repeated ones left out."""
    documents = {document.uri: at for at, document in enumerate(library.documents())}
    ranks: dict[int, dict[str, int]] = {}
    unique: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        place = finding.place
        documents.setdefault(place.document.uri, len(documents))
        unique.setdefault((finding.rule, _spot(place), finding.message), finding)

    def rank(finding: Finding) -> tuple[int, list[int]]:
        place = finding.place
        return documents[place.document.uri], _steps(place, ranks)

    return sorted(unique.values(), key=rank)


def _spot(place: Place) -> str:
    """What a place is known by: what an alias of YAML repeats is one object, wherever it is met again."""
    pointer = place.pointer
    if place.document.syntax == "yaml" and b"*" in place.document.text:
        try:
            held = place.value
            if isinstance(held, dict | list):
                return f"{id(held)}"
            above, _, token = pointer.rpartition("/")
            return f"{id(place.document.at(above))}/{token}"
        except KeyError:
            pass
    return f"{place.document.uri}#{pointer}"


def _steps(place: Place, ranks: dict[int, dict[str, int]]) -> list[int]:
    held: Json = place.document.value
    steps = []
    for token in split(place.pointer):
        if isinstance(held, dict):
            if id(held) not in ranks:
                ranks[id(held)] = {key: at for at, key in enumerate(held)}
            steps.append(ranks[id(held)].get(token, _NOWHERE))
            held = held.get(token)
        elif isinstance(held, list) and token.isdigit():
            steps.append(int(token))
            held = held[int(token)] if int(token) < len(held) else None
        else:
            steps.append(_NOWHERE)
    return steps
