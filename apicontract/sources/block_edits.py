"""Alterations written by indentation: YAML in block style. Lines come and go whole, with their comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.sources import scalars
from apicontract.sources.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.sources.documents import Document, Span
    from apicontract.sources.pointers import Json

_DASH = re.compile(rb"[ ]*-[ \t]+")
_COMMENT = re.compile(rb"\r?\n([ ]*)#[^\r\n]*")
_REST = re.compile(rb"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")


def newline(text: bytes) -> bytes:
    """How the text ends its lines."""
    return b"\r\n" if text[: text.find(b"\n") + 1].endswith(b"\r\n") else b"\n"


def add(document: Document, beside: Span, name: str, value: Json) -> list[Edit] | None:
    """One more member below the member `beside`, as deep as it is."""
    text = document.text
    column = beside.key - _line_start(text, beside.key)
    end = _commented_end(text, beside.end, column)
    if end is None:
        return None
    line = newline(text) + b" " * column
    key = scalars.text(name, like=text[beside.key : beside.key_end], syntax="yaml")
    written = scalars.member(key, value, like=_quote(text, beside), newline=line)
    return [Edit(end, end, line + written)]


def append(document: Document, last: Span, value: Json) -> list[Edit] | None:
    """One more item below the item `last`."""
    text = document.text
    start = _line_start(text, last.key)
    dash = _DASH.fullmatch(text, start, last.key)
    end = _commented_end(text, last.end, len(text[start : last.key].partition(b"-")[0]))
    if dash is None or end is None:
        return None
    line = newline(text) + b" " * (last.key - start)
    written = scalars.block(value, like=b"" if last.block else _quote(text, last), newline=line)
    return [Edit(end, end, newline(text) + dash.group() + written)]


def drop(document: Document, span: Span, following: Span | None, *, item: bool) -> list[Edit] | None:
    """A member or item gone, with its lines; `following` is the next member, where there is one."""
    text = document.text
    start, end = _line_start(text, span.key), _line_end(text, span.end)
    if end is None:
        return None
    lead = text[start : span.key]
    if _DASH.fullmatch(lead) if item else not lead.strip(b" "):
        after = text.find(b"\n", end) + 1
        if after:
            return [Edit(start, after, b"")]
        return [Edit(max(start - len(newline(text)), 0), len(text), b"")]
    # The first member of an item stands beside its dash: the next one takes its place.
    if item or following is None or b"#" in text[span.end : following.key]:
        return None
    return [Edit(span.key, following.key, b"")]


def wrap(document: Document, span: Span) -> list[Edit] | None:
    """A value in block style as the one item of a list: a dash before it, and all its lines further in."""
    text = document.text
    start, line = _line_start(text, span.start), newline(text)
    column = span.key - _line_start(text, span.key)
    first = Edit(span.start, span.start, b"- ")
    if text[start : span.start].strip(b" "):  # it begins beside its name, as texts do
        if text[span.start : span.start + 1] not in (b"|", b">"):
            return None
        gap = len(text[span.key_end : span.start]) - len(text[span.key_end : span.start].rstrip(b" "))
        first = Edit(span.start - gap, span.start, line + b" " * (column + 2) + b"- ")
    edits = [first]
    at = text.find(b"\n", span.start, span.end) + 1
    while at:
        if text[at : at + 1] not in (b"\r", b"\n"):
            edits.append(Edit(at, at, b"  "))
        at = text.find(b"\n", at, span.end) + 1
    return edits


def reorder(document: Document, below: Sequence[Span], order: Sequence[int]) -> list[Edit] | None:
    """The lines of the items in another order, each with the comments before and beside it."""
    text, line = document.text, newline(document.text)
    ends: list[int] = []
    for span in below:
        end = _line_end(text, span.end)
        if end is None or not _DASH.fullmatch(text, _line_start(text, span.key), span.key):
            return None
        ends.append(end)
    first = _comments_start(text, _line_start(text, below[0].key))
    starts = [first, *(end + len(line) for end in ends[:-1])]
    chunks = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return [Edit(first, ends[-1], line.join(chunks[index] for index in order))]


def _line_start(text: bytes, at: int) -> int:
    return text.rfind(b"\n", 0, at) + 1


def _comments_start(text: bytes, at: int) -> int:
    """Where the comments begin that stand right above a line and as far in as it; `at` if there are none."""
    column = len(text[at:]) - len(text[at:].lstrip(b" "))
    while at:
        above = text.rfind(b"\n", 0, at - 1) + 1
        line = text[above:at]
        if not line.lstrip(b" ").startswith(b"#") or len(line) - len(line.lstrip(b" ")) < column:
            break
        at = above
    return at


def _line_end(text: bytes, at: int) -> int | None:
    """Where the line ends on which a value does; None if more follows there than a comment."""
    rest = _REST.match(text, at)
    return at + len(rest.group().rstrip(b"\r\n")) if rest else None


def _commented_end(text: bytes, at: int, column: int) -> int | None:
    """The same, or of the last line of comments that follow at once and are further in than `column`."""
    end = _line_end(text, at)
    while end is not None and (comment := _COMMENT.match(text, end)) and len(comment.group(1)) > column:
        end = comment.end()
    return end


def _quote(text: bytes, beside: Span) -> bytes:
    """The quote in which the neighbour stands, or none."""
    mark = text[beside.start : beside.start + 1]
    return mark if mark in (b'"', b"'") else b""
