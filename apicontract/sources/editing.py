"""One text of a document replaced in its text, or words for people why that cannot be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.sources.alterations import Put
from apicontract.sources.errors import ContractError
from apicontract.sources.pointers import split
from apicontract.sources.rewriting import rewritten

if TYPE_CHECKING:
    from apicontract.sources.documents import Place


def with_text(place: Place, text: str) -> bytes:
    """The document's text with the string at `place` replaced by `text`.

    ContractError if there is no string, or it is written in a way that cannot be edited in place.
    """
    document = place.document
    try:
        old = place.value
    except KeyError:
        old = None
    if not isinstance(old, str):
        raise ContractError(
            "there is no text here that could be replaced",
            file=document.name,
            line=place.line,
            column=place.column,
            hint=f"write {'.'.join(split(place.pointer))} yourself",
        )
    edited = rewritten(document, [Put(place, text)])
    if edited is None:
        raise ContractError(
            f"`{old}` cannot be replaced here without changing something else",
            file=document.name,
            line=place.line,
            column=place.column,
            hint=f"write `{text}` there yourself",
        )
    return edited
