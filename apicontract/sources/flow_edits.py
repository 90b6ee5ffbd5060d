"""Alterations written between brackets: JSON, and YAML in flow style."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from apicontract.sources import scalars
from apicontract.sources.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from apicontract.sources.documents import Document, Span
    from apicontract.sources.pointers import Json

_GAP = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*")
_LEAD = re.compile(rb"[ \t\r\n]*")
_COLON = re.compile(rb"[ \t]*:[ \t]*")


def add(
    document: Document, holder: Span, below: Sequence[Span], after: int, name: str | None, value: Json
) -> list[Edit]:
    """One more member, or item if it has no name, after the `after`th of those that are there."""
    text, syntax = document.text, document.syntax
    lead = _LEAD.match(text, holder.start + 1).group()  # type: ignore[union-attr]  # matches anything
    beside = below[after] if below else holder
    quoting = _quoting(text, beside, named=name is not None, syntax=syntax)
    colon = _COLON.fullmatch(text, beside.key_end, beside.start) if below and name is not None else None
    head = b""
    if name is not None:
        head = scalars.text(name, like=quoting[0], syntax=syntax) + (colon.group() if colon else b": ")
    several = b"\n" in lead and bool(below) and syntax == "json"
    inner, outer = lead.rpartition(b"\n")[2], _indentation(text, holder.start)
    unit = inner[len(outer) :] if inner.startswith(outer) else b""
    line_end = b"\r\n" if b"\r\n" in lead else b"\n"
    written = head + (
        scalars.pretty(value, unit=unit or b" ", newline=line_end + inner)
        if several and isinstance(value, dict | list)
        else scalars.flow(value, like=quoting[1], syntax=syntax)
    )
    if not below:
        return [Edit(holder.start + 1, holder.start + 1, written)]
    gap = b"," + (lead if b"\n" in lead else b" ")
    if len(below) > 1 and (found := _GAP.fullmatch(text, below[0].end, below[1].key)):
        gap = found.group()
    return [Edit(beside.end, beside.end, gap + written)]


def _quoting(text: bytes, beside: Span, *, named: bool, syntax: str) -> tuple[bytes, bytes]:
    """How names and how strings are quoted, by a neighbour."""
    if syntax == "json":
        return b'"', b'"'
    key, value = text[beside.key : beside.key + 1], text[beside.start : beside.start + 1]
    return (key if named else b""), (value if value in (b'"', b"'") else b"")


def drop(document: Document, holder: Span, below: Sequence[Span], gone: Collection[int]) -> list[Edit] | None:
    """The members or items with these indices gone, with their commas; None if comments would go too."""
    text = document.text
    edits: list[Edit] = []
    kept = [index for index in range(len(below)) if index not in gone]
    if not kept:
        edits = [Edit(below[0].key, below[-1].end, b"")]
        closing = holder.end - 1
        if not text[below[-1].end : closing].strip(b" \t\r\n,") and not text[
            holder.start + 1 : below[0].key
        ].strip(b" \t\r\n"):
            edits = [Edit(holder.start + 1, closing, b"")]
    else:
        last = kept[-1]
        for index in sorted(gone):
            if index < last:
                edits.append(Edit(below[index].key, below[index + 1].key, b""))
        if last + 1 < len(below):
            edits.append(Edit(below[last].end, below[-1].end, b""))
    if document.syntax != "json" and any(_comments(text, edit, below) for edit in edits):
        return None
    return edits


def _comments(text: bytes, edit: Edit, below: Sequence[Span]) -> bool:
    """Whether there is a comment among what is taken away, outside of the values themselves."""
    at, found = edit.start, False
    for span in below:
        if edit.start <= span.key and span.end <= edit.end:
            found = found or b"#" in text[at : span.key]
            at = span.end
    return found or b"#" in text[at : edit.end]


def reorder(document: Document, below: Sequence[Span], order: Sequence[int]) -> list[Edit] | None:
    """Each item in the place of another; None if there are comments between them."""
    text = document.text
    gaps = (text[one.end : other.start] for one, other in pairwise(below))
    if document.syntax != "json" and any(b"#" in gap for gap in gaps):
        return None
    return [
        Edit(span.start, span.end, text[below[index].start : below[index].end])
        for span, index in zip(below, order, strict=True)
    ]


def _indentation(text: bytes, at: int) -> bytes:
    start = text.rfind(b"\n", 0, at) + 1
    return _LEAD.match(text, start, at).group()  # type: ignore[union-attr]  # matches anything
