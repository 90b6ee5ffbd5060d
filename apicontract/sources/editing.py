"""One text of a document put in its text, or words for people why that cannot be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.sources.alterations import Add, Put
from apicontract.sources.errors import ContractError
from apicontract.sources.pointers import split
from apicontract.sources.rewriting import rewritten

if TYPE_CHECKING:
    from apicontract.sources.alterations import Alteration
    from apicontract.sources.documents import Place


def with_text(place: Place, text: str, *, after: str = "") -> bytes:
    """The document's text with `text` at `place`, in the place of the string or number there, or added.

    after: the member of the same object that one which is added stands behind. ContractError if there is
    something else, or nothing that could have such a member, or it is written in a way that cannot be edited.
    """
    document = place.document
    edited = rewritten(document, [change]) if (change := _change(place, text, after)) else None
    if edited is None:
        name = ".".join(split(place.pointer))
        raise ContractError(
            f"{name} cannot be put here without changing something else",
            file=document.name,
            line=place.line,
            column=place.column,
            hint=f"write `{text}` there yourself",
        )
    return edited


def _change(place: Place, text: str, after: str) -> Alteration | None:
    """What to alter; None where something stands there that is neither a text nor a number."""
    try:
        old = place.value
    except KeyError:
        holder, _, name = place.pointer.rpartition("/")
        return Add(type(place)(place.document, holder), name, text, after)
    return Put(place, text) if isinstance(old, str | int | float) and not isinstance(old, bool) else None
