"""What the compiler objects to, as findings: every mistake and warning of every file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import Finding, Severity
from apicontract.formats.proto.complaints import explain
from apicontract.sources import Document, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.proto.compiling.errors import Mistake
    from apicontract.formats.proto.model import Proto
    from apicontract.formats.proto.validate.view import View

_OF_IMPLEMENTATIONS = re.compile(r"=\s*(?P<number>19\d{3})\s*[;\[]")  # the compiler does not say where

_UNUSED = re.compile(r"Import (?P<path>.+) is unused\.")  # of descriptor sets it knows no place


def check_compiling(contract: Proto, view: View) -> Iterator[Finding]:
    """The compiler's objections, each in our words."""
    for mistake in contract.mistakes:
        complaint = explain(mistake.text)
        if complaint is None:
            continue
        severity = Severity.WARNING if mistake.is_warning else None
        for place in _places(mistake, complaint.rule, view):
            yield view.finding(complaint.rule, place, complaint.message, complaint.advice, severity=severity)


def _places(mistake: Mistake, rule: str, view: View) -> Iterable[Place]:
    """Where it is: as the compiler says, or as far as it can be told from what it complains about."""
    spots = [(mistake.line, mistake.column)]
    if not mistake.line:
        spots = [(1, 1)]
        unused, file = _UNUSED.fullmatch(mistake.text), view.contract.files.get(mistake.path)
        if unused and file is not None and unused["path"] in file.imports:
            return [file.element.at("dependency", file.imports.index(unused["path"]))]
        if rule == "field-number-not-allowed" and mistake.path:
            text = view.contract.unit.document(mistake.path).text
            spots = list(_of_implementations(text)) or spots
    return [
        Place(Document(mistake.path, mistake.file, "proto", b"", None, lambda *_, at=spot: _Spot(at)), "")
        for spot in spots
    ]


def _of_implementations(text: bytes) -> Iterator[tuple[int, int]]:
    for at, line in enumerate(text.decode("utf-8", "replace").split("\n"), 1):
        for found in _OF_IMPLEMENTATIONS.finditer(line.partition("//")[0]):
            yield at, found.start("number") + 1


class _Spot:
    """A locator that knows one position, which it gives for every pointer."""

    def __init__(self, spot: tuple[int, int]) -> None:
        self._spot = spot

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:  # noqa: ARG002  # the protocol's names
        """Line and column, from 1."""
        return self._spot
