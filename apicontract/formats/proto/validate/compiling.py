"""What the compiler objects to, as findings: every mistake and warning of every file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import Finding, Severity
from apicontract.formats.proto import scan
from apicontract.formats.proto.complaints import explain
from apicontract.sources import Document, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.proto.compiling.errors import Mistake
    from apicontract.formats.proto.model import Proto
    from apicontract.formats.proto.validate.view import View

_OF_IMPLEMENTATIONS = re.compile(r"=\s*(?P<number>19\d{3})\s*[;\[]")  # the compiler does not say where

_NOT_FOUND = re.compile(r'Import "(?P<path>.+)" was not found or had errors\.')
_UNKNOWN = re.compile(r'"(?P<type>[^"]+)" is (?:not defined\.|resolved to .*)')


def check_compiling(contract: Proto, view: View) -> Iterator[Finding]:
    """The compiler's objections, each in our words."""
    broken = _Broken(contract)
    for mistake in contract.mistakes:
        complaint = explain(mistake.text)
        if complaint is None or _follows(mistake, broken):
            continue
        severity = Severity.WARNING if mistake.is_warning else None
        for place in _places(mistake, complaint.rule, contract):
            yield view.finding(complaint.rule, place, complaint.message, complaint.advice, severity=severity)


class _Broken:
    """Which imports of a file could not be read: not found, with mistakes, or with such imports."""

    def __init__(self, contract: Proto) -> None:
        self._contract = contract
        self._known: dict[str, bool] = {}
        for mistake in contract.mistakes:
            missing = _NOT_FOUND.match(mistake.text)
            if missing:
                self._known[missing["path"]] = True
            elif not mistake.is_warning and not _UNKNOWN.fullmatch(mistake.text):
                self._known[mistake.path] = True

    def imports(self, path: str) -> list[str]:
        """Those of the file at `path`."""
        text = self._contract.unit.document(path).text
        return [imported for imported in scan.imports(text) if self._is_broken(imported)]

    def _is_broken(self, path: str) -> bool:
        waiting, seen = [path], {path}
        while waiting:
            at = waiting.pop()
            if self._known.get(at):
                self._known[path] = True
                return True
            further = [] if at in self._known else scan.imports(self._contract.unit.document(at).text)
            waiting += (one for one in further if one not in seen)
            seen.update(further)
        self._known[path] = False
        return False


def _follows(mistake: Mistake, broken: _Broken) -> bool:
    """Whether a type is only unknown since the import that should bring it could not be read.

    The type of another package may come from any of the imports; one of the file's own package comes
    from the same directory.
    """
    unknown = _UNKNOWN.fullmatch(mistake.text)
    imports = broken.imports(mistake.path) if unknown else []
    if unknown is None or not imports:
        return False
    own = mistake.path.rpartition("/")[0]
    return "." in unknown["type"] or any(path.rpartition("/")[0] == own for path in imports)


def _places(mistake: Mistake, rule: str, contract: Proto) -> Iterable[Place]:
    spots = [(mistake.line, mistake.column)]
    if not mistake.line:
        spots = [(1, 1)]
        if rule == "field-number-not-allowed" and mistake.path:
            spots = list(_of_implementations(contract.unit.document(mistake.path).text)) or spots
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
