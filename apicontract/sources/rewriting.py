"""A document's text altered: comments, order, quotes, line ends and indentation stay as they are.

What comes out is read again, and must say what the old text said but for what was asked; where it does
not (an alias, a merge, a comment in an unlucky place), nothing is altered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.sources import block_edits, flow_edits, scalars
from apicontract.sources.alterations import (
    Add,
    Append,
    Drop,
    Put,
    Rename,
    Reorder,
    Wrap,
    altered,
    pruned,
)
from apicontract.sources.edits import Edit, applied, compatible
from apicontract.sources.errors import ContractError
from apicontract.sources.json_text import JsonLocator
from apicontract.sources.pointers import join, look_up, split
from apicontract.sources.yaml_positions import YamlLocator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.sources.alterations import Alteration
    from apicontract.sources.documents import Document, Span
    from apicontract.sources.pointers import Json

_PROPERTIES = re.compile(rb"(?:[&!][^\s,\[\]{}]*[ \t]+)*")  # an anchor or a tag before the value
_DEEP, _MANY = 500, 20_000_000  # of nesting and of values; the document was read within its limits


def rewritten(document: Document, alterations: Sequence[Alteration]) -> bytes | None:
    """The text with all alterations made; None if that cannot be done without altering anything else."""
    edits = edits_of(document, alterations)
    if edits is None or compatible([[edit] for edit in edits]) != list(range(len(edits))):
        return None
    edited = applied(document.text, edits)
    return edited if _says(edited, document, alterations) else None


def rewritable(document: Document, groups: Sequence[Sequence[Alteration]]) -> tuple[bytes | None, list[int]]:
    """The text with as many groups of alterations made as go together, and the indices of those.

    A group is made whole or not at all. What overlaps another group, or stands behind one that cannot
    be made, is left: asked again about the new text, it may be possible. (None, indices): these, at
    least one if there are any groups, never are.
    """
    first: dict[str, int] = {}  # of groups that ask for the same
    same = [first.setdefault(repr(group), index) for index, group in enumerate(groups)]
    planned = list(_planned(document, groups, sorted(first.values())))
    if not planned:
        return None, list(range(len(groups)))
    chosen = sorted(index for at in compatible([edits for _, edits in planned]) for index in planned[at][0])
    if not chosen:  # what goes together overlaps: one that can be made by itself, if there is any
        for index in sorted(first.values()):
            edited = rewritten(document, groups[index])
            if edited is not None:
                return edited, [at for at, like in enumerate(same) if like == index]
        return None, list(range(len(groups)))
    while True:
        edited = rewritten(document, [each for index in chosen for each in groups[index]])
        if edited is not None or len(chosen) == 1:
            return edited, [index for index, like in enumerate(same) if like in set(chosen)]
        chosen = chosen[: (len(chosen) + 1) // 2]


def _planned(
    document: Document, groups: Sequence[Sequence[Alteration]], indices: Sequence[int]
) -> Iterator[tuple[list[int], list[Edit]]]:
    """Groups that can be written, with their edits; those that only drop things go together."""
    dropping = [index for index in indices if all(isinstance(each, Drop) for each in groups[index])]
    together = (
        edits_of(document, [each for index in dropping for each in groups[index]]) if dropping else None
    )
    if together is not None:
        yield dropping, together
    for index in indices:
        if together is None or index not in set(dropping):
            edits = edits_of(document, groups[index])
            if edits is not None:
                yield [index], edits


def edits_of(document: Document, alterations: Sequence[Alteration]) -> list[Edit] | None:
    """The edits of the text that make all alterations; None if one of them cannot be written."""
    if not isinstance(document.locator, JsonLocator | YamlLocator):
        return None
    writing = _Writing(document, document.locator)
    edits: list[Edit] = []
    gone: dict[str, list[str]] = {}
    try:
        for each in pruned(document.value, alterations):
            if isinstance(each, Drop):
                holder, _, token = each.place.pointer.rpartition("/")
                gone.setdefault(holder, []).append(token)
                continue
            made = writing.one(each)
            if made is None:
                return None
            edits += made
        for holder, tokens in gone.items():
            made = writing.drop(holder, [split(f"/{token}")[0] for token in tokens])
            if made is None:
                return None
            edits += made
    except (KeyError, AssertionError):  # what is to be altered is not there, or is of another kind
        return None
    return edits


def _says(edited: bytes, document: Document, alterations: Sequence[Alteration]) -> bool:
    """Whether the edited text says what the old one said, but for the alterations."""
    from apicontract.sources import json_text, yaml_text

    try:
        value = (
            json_text.parse(edited, document.name)
            if document.syntax == "json"
            else yaml_text.parse(edited, document.name, max_depth=_DEEP, max_nodes=_MANY)
        )
    except (ContractError, UnicodeDecodeError):
        return False
    return value == altered(document.value, pruned(document.value, alterations))


class _Writing:
    """Alterations of one document, as edits of its text."""

    def __init__(self, document: Document, locator: JsonLocator | YamlLocator) -> None:
        self._document = document
        self._text = document.text
        self._locator = locator

    def one(self, each: Alteration) -> list[Edit] | None:  # noqa: PLR0911  # one answer for each kind
        """The edits for one alteration that is no drop."""
        pointer = each.place.pointer
        match each:
            case Put():
                span = self._span(pointer)
                return self._replaced(span.start, span.end, each.text)
            case Rename():
                span = self._span(pointer)
                return self._replaced(span.key, span.key_end, each.name)
            case Wrap():
                return self._wrap(self._span(pointer), look_up(self._document.value, pointer))
            case Add():
                return self._add(pointer, each)
            case Append():
                return self._append(pointer, each.value)
            case Reorder():
                below = self._locator.spans_below(pointer)
                if self._is_block(pointer):
                    return block_edits.reorder(self._document, below, each.order)
                return flow_edits.reorder(self._document, below, each.order)
            case Drop():  # all that go from one container go together
                return None

    def drop(self, holder: str, tokens: Sequence[str]) -> list[Edit] | None:
        """What goes from one container."""
        held = look_up(self._document.value, holder)
        assert isinstance(held, dict | list)  # noqa: S101
        names = list(held) if isinstance(held, dict) else [str(index) for index in range(len(held))]
        if not self._is_block(holder):
            gone = {names.index(token) for token in tokens}
            below = self._locator.spans_below(holder)
            return (
                flow_edits.drop(self._document, self._span(holder), below, gone)
                if len(below) == len(names)
                else None
            )
        if len(tokens) == len(names):
            return None
        edits: list[Edit] = []
        for token in tokens:
            at = names.index(token)
            following = self._locator.span(join(holder, names[at + 1])) if at + 1 < len(names) else None
            span = self._span(join(holder, token))
            made = block_edits.drop(self._document, span, following, item=isinstance(held, list))
            if made is None:
                return None
            edits += made
        return edits

    def _add(self, pointer: str, each: Add) -> list[Edit] | None:
        held = look_up(self._document.value, pointer)
        assert isinstance(held, dict)  # noqa: S101
        if each.name in held:
            return None
        names = list(held)
        after = each.after if each.after in held else (names[-1] if names else "")
        if self._is_block(pointer):
            beside = self._span(join(pointer, after))
            return block_edits.add(self._document, beside, each.name, each.value)
        below = self._locator.spans_below(pointer)
        if len(below) != len(names):
            return None
        at = names.index(after) if names else 0
        return flow_edits.add(self._document, self._span(pointer), below, at, each.name, each.value)

    def _append(self, pointer: str, value: Json) -> list[Edit] | None:
        held = look_up(self._document.value, pointer)
        assert isinstance(held, list)  # noqa: S101
        if self._is_block(pointer):
            return block_edits.append(self._document, self._span(f"{pointer}/{len(held) - 1}"), value)
        below = self._locator.spans_below(pointer)
        return flow_edits.add(self._document, self._span(pointer), below, len(below) - 1, None, value)

    def _wrap(self, span: Span, value: Json) -> list[Edit] | None:
        written = self._text[span.start : span.end]
        if span.block:
            return block_edits.wrap(self._document, span)
        if self._document.syntax == "json" or not isinstance(value, str) or written[:1] in (b'"', b"'"):
            return [Edit(span.start, span.start, b"["), Edit(span.end, span.end, b"]")]
        if b"\n" in written:
            return None
        return [Edit(span.start, span.end, b"[" + scalars.text(value, like=b"", syntax="yaml") + b"]")]

    def _replaced(self, start: int, end: int, text: str) -> list[Edit] | None:
        """A string in the place of another, in its quotes."""
        properties = _PROPERTIES.match(self._text, start, end)
        start = properties.end() if properties else start
        old = self._text[start:end]
        if b"\n" in old or old[:1] in (b"*", b"|", b">"):
            return None
        ascii_only = self._text.isascii() and not text.isascii()
        new = scalars.text(text, like=old, syntax=self._document.syntax, ascii_only=ascii_only)
        return [Edit(start, end, new)]

    def _span(self, pointer: str) -> Span:
        span = self._locator.span(pointer)
        if span is None:
            raise KeyError(pointer)
        return span

    def _is_block(self, pointer: str) -> bool:
        """Whether a container goes by indentation."""
        if self._document.syntax == "json":
            return False
        if not pointer:  # to look at it as a whole is slow
            return b"{" not in self._text.lstrip()[:1]
        return self._span(pointer).block
