"""Validate an OpenAPI contract: its structure by the official meta-schemas, then its meaning.

`validate` is the whole job, top to bottom: walk once, check the shape, check what the parts say
about each other, check values against schemas, put the findings into the order of the documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.findings import Finding
    from apicontract.formats.openapi.load import OpenApi


def validate(contract: OpenApi) -> list[Finding]:
    """Every problem of the contract, in document order; empty if there is none. Never raises."""
    # Here, not above: lint takes the texts of examples from this package, and none of what they start.
    from apicontract.formats.openapi.order import in_document_order
    from apicontract.formats.openapi.validate.meaning import check_meaning
    from apicontract.formats.openapi.validate.structure import check_structure
    from apicontract.formats.openapi.validate.view import View

    view = View(contract)
    structure = list(check_structure(view))
    meaning = list(check_meaning(view))
    # Whether a schema can be fitted at all is asked only where every schema is shaped as it must be.
    from apicontract.formats.openapi.validate.meaning.satisfiable import check_satisfiable

    emptiness = [] if structure else list(check_satisfiable(view))
    return in_document_order([*structure, *meaning, *emptiness], contract.library)


__all__ = ["validate"]
