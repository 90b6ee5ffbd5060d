"""Validate a protobuf contract: that it compiles, then what compiles and a user should know all the same.

`validate` is the whole job, top to bottom: the compiler's objections to every file, the checks on all
that compiles, everything in the order of the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.findings import Finding
    from apicontract.formats.proto.model import Proto


def validate(contract: Proto) -> list[Finding]:
    """Every problem of the contract, by file, line and column; empty if there is none.

    ContractError only if the compiler itself cannot be run to its end.
    """
    from apicontract.formats.proto.validate.compiling import check_compiling
    from apicontract.formats.proto.validate.meaning import check_meaning
    from apicontract.formats.proto.validate.view import View

    view = View(contract.tolerant())
    return _in_order([*check_compiling(contract, view), *check_meaning(view)])


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted as a reader meets them; what two checks say in the same words of the same line is said once."""
    unique: dict[tuple[str, str, int, str], Finding] = {}
    for finding in findings:
        place = finding.place
        unique.setdefault((place.document.uri, finding.rule, place.line, finding.message), finding)
    return sorted(
        unique.values(), key=lambda it: (it.place.document.uri, it.place.line, it.place.column, it.rule)
    )


__all__ = ["validate"]
