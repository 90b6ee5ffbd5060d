"""Where the schemas of an OpenAPI contract resolve their references, document by document.

The bridge between the sources room, which knows files, and the schemas room, which does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas import Schema
from apicontract.schemas.edits.assembly import Assembly
from apicontract.sources import ContractError, Place

if TYPE_CHECKING:
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.model import Node
    from apicontract.schemas import Scope
    from apicontract.sources import Document, Json

_DIALECT_URIS = {
    "http://json-schema.org/draft-04/schema": "draft4",
    "http://json-schema.org/draft-06/schema": "draft6",
    "http://json-schema.org/draft-07/schema": "draft7",
    "https://json-schema.org/draft/2019-09/schema": "2019-09",
    "https://json-schema.org/draft/2020-12/schema": "2020-12",
}


class DocumentScope:
    """The scope of one document of a contract."""

    __slots__ = ("_scopes", "dialect", "document")

    def __init__(self, scopes: Scopes, document: Document, dialect: str) -> None:
        self._scopes = scopes
        self.document = document
        self.dialect = dialect

    def resolve(self, ref: str, pointer: str) -> tuple[Scope, str, Json]:
        """The target of a `$ref` written at `pointer`; LookupError if there is none."""
        try:
            target = self._scopes.contract.library.resolve(ref, document=self.document, pointer=pointer)
        except ContractError as error:
            if self._is_written(ref, pointer):  # a dynamic reference is also looked for where it may not be
                self._scopes.unresolved.append(error)
            raise LookupError(str(error)) from None
        return self._scopes.of(target.document), target.pointer, target.value

    def _is_written(self, ref: str, pointer: str) -> bool:
        try:
            written = self.document.at(pointer)
        except KeyError:
            return False
        return isinstance(written, dict) and written.get("$ref") == ref


class Scopes:
    """One scope per document of a contract, so that the same document is the same scope everywhere.

    unresolved: the references met that lead nowhere, in the order in which they were met.
    """

    def __init__(self, contract: OpenApi) -> None:
        self.contract = contract
        self.assembly = Assembly()
        self.unresolved: list[ContractError] = []
        self._known: dict[str, DocumentScope] = {}
        written = contract.root.get("jsonSchemaDialect")
        dialect = contract.dialect
        if contract.series in ("3.1", "3.2") and isinstance(written, str):
            dialect = _DIALECT_URIS.get(written.rstrip("#"), dialect)
        self._dialect = dialect

    def of(self, document: Document) -> DocumentScope:
        """The scope of `document`."""
        scope = self._known.get(document.uri)
        if scope is None:
            scope = self._known[document.uri] = DocumentScope(self, document, self._dialect)
        return scope

    def schema(self, node: Node) -> Schema:
        """The schema written at `node`."""
        return Schema(node.value, self.of(node.document), node.pointer)


def place_of(scope: Scope, pointer: str) -> Place | None:
    """Where a pointer of a scope stands in its document; None for a schema that stands in none."""
    return Place(scope.document, pointer) if isinstance(scope, DocumentScope) else None


def is_written(scope: Scope) -> bool:
    """Whether what is of this scope stands in a document, and is not put together of parts."""
    return isinstance(scope, DocumentScope)
