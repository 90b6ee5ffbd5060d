"""Whether every reference of a contract leads somewhere: asked before two contracts are compared.

A comparison reads only what differs, so it would not come across most references that lead nowhere.
Looks for `$ref` in the text first, which costs little; only where one of those cannot be resolved is
the contract walked to tell references from data that looks like one (an example, a default).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from apicontract.sources import ContractError, UnresolvedReference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Document, Json

_REFERENCE_IN_JSON = re.compile(rb'"\$ref"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")')


def check_references(contract: OpenApi) -> None:
    """Raise UnresolvedReference, with its place, for the first reference that leads nowhere."""
    if _all_lead_somewhere(contract):
        return
    from apicontract.formats.openapi.walk import Walk

    for stray in Walk(contract).strays:
        if stray.reason:
            ref = stray.node.reference or ""
            place = stray.node.place("$ref")
            raise UnresolvedReference(
                stray.reason if ref in stray.reason else f"`$ref: {ref}` leads nowhere: {stray.reason}",
                file=place.file,
                line=place.line,
                column=place.column,
                hint=f"`apicontract validate {contract.source}` lists everything that is wrong",
            )


def _all_lead_somewhere(contract: OpenApi) -> bool:
    """Whether whatever looks like a reference can be resolved; False does not say that one is broken."""
    library = contract.library
    asked: set[tuple[str, str]] = set()
    waiting = library.documents()
    seen = {document.uri for document in waiting}
    while waiting:
        document = waiting.pop()
        for ref in _references(document):
            if (document.uri, ref) in asked:
                continue
            asked.add((document.uri, ref))
            try:
                found = library.resolve(ref, document=document).document
            except ContractError:
                return False
            if found.uri not in seen:
                seen.add(found.uri)
                waiting.append(found)
    return True


def _references(document: Document) -> Iterator[str]:
    if document.syntax == "json":
        for written in set(_REFERENCE_IN_JSON.findall(document.text)):
            yield json.loads(written) if b"\\" in written else written[1:-1].decode()
        return
    waiting: list[Json] = [document.value]
    known: set[int] = set()  # what an alias repeats is one object
    while waiting:
        value = waiting.pop()
        if id(value) in known:
            continue
        if isinstance(value, dict):
            known.add(id(value))
            ref = value.get("$ref")
            if isinstance(ref, str):
                yield ref
            waiting += [item for item in value.values() if isinstance(item, dict | list)]
        elif isinstance(value, list):
            known.add(id(value))
            waiting += [item for item in value if isinstance(item, dict | list)]
