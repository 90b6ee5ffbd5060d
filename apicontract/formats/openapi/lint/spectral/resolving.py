"""A contract's documents with and without references followed, as Spectral's `resolved` has it.

Where a reference leads is the library's business. One that leads nowhere, or in a circle, stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from apicontract.formats.openapi.lint.spectral.values import UNDEFINED
from apicontract.sources import Place, UnresolvedReference, join
from apicontract.sources.pointers import step, token_unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Document, Json


_MOST_IN_ALL = 20_000_000  # values that one run writes out
_HOLDERS = frozenset({dict, list})
_CONTAINERS = (dict, list)
# References as the text of a JSON document has them, and ways to write one that are not found so.
_WRITTEN = re.compile(rb'"\$ref"\s*:\s*"([^"\\]*)"')
_STARTED = re.compile(rb'"\$ref"\s*:\s*"')
_ESCAPED = re.compile(rb"\\u00(?:24|72|65|66)")
_MOST = 200_000  # values of one that is written out


class Held(NamedTuple):
    """A value with the place where it is written."""

    value: Json
    document: Document
    pointer: str


class Found(NamedTuple):
    """How far a path leads: the place, and the keys that lead nowhere from there."""

    place: Place
    value: object
    missing: tuple[str, ...]


class Documents:
    """The documents of one contract; `followed` remembers by the identity of objects, which live as long."""

    def __init__(self, contract: OpenApi) -> None:
        self.library = contract.library
        self.root = contract.library.root
        self._known: dict[int, Held | None] = {}
        self._left = _MOST_IN_ALL
        self._references: list[tuple[Document, object, dict[str, Json]]] | None = None
        self._texts: list[tuple[Document, str]] | None = None
        self._named: set[str] | None = None

    def followed(self, value: Json, document: Document) -> Held | None:
        """Where a reference object leads in the end; None of any other value, and where it leads nowhere."""
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return None
        if id(value) not in self._known:
            self._known[id(value)] = None  # what leads back here leads nowhere
            try:
                target = self.library.resolve(str(value["$ref"]), document=document)
            except UnresolvedReference:
                return None
            held: Held | None = Held(target.value, target.document, target.pointer)
            if isinstance(target.value, dict) and isinstance(target.value.get("$ref"), str):
                held = self.followed(target.value, target.document)
            self._known[id(value)] = held
        return self._known[id(value)]

    def plain(self, value: object, document: Document) -> object:
        """A value, or what it refers to."""
        if isinstance(value, dict) and "$ref" in value:
            held = self.followed(value, document)
            return value if held is None else held.value
        return value

    def whole(self, value: object, document: Document) -> object:
        """A value with everything written out that it refers to.

        Circles stay as they are, and so does the rest of what would be very large.
        """
        if not isinstance(value, _CONTAINERS):
            self._left = max(0, self._left - 1)
            return value
        left = [min(_MOST, self._left)]
        made = self._written_out(value, document, frozenset(), left)
        self._left -= min(_MOST, self._left) - max(0, left[0])
        return made

    def _written_out(
        self, value: object, document: Document, above: frozenset[int], left: list[int]
    ) -> object:
        left[0] -= 1
        if left[0] < 0 or not isinstance(value, _CONTAINERS):
            return value
        held = self.followed(value, document) if isinstance(value, dict) else None
        if held is not None:
            if id(held.value) in above:
                return value
            return self._written_out(held.value, held.document, above | {id(value)}, left)
        inner = above | {id(value)}
        if isinstance(value, dict):
            return {key: self._written_out(one, document, inner, left) for key, one in value.items()}
        return [self._written_out(one, document, inner, left) for one in value]

    def locate(self, start: Held, keys: tuple[str, ...], *, resolved: bool) -> Found:
        """Where keys lead from a place; a reference at the end is what it refers to, if it is alone."""
        value, document, pointer = start
        for at, key in enumerate(keys):
            if resolved:
                value, document, pointer = self.followed(value, document) or (value, document, pointer)
            try:
                value = step(value, key)
            except KeyError:
                return Found(Place(document, pointer), value, keys[at:])
            pointer = join(pointer, key)
        if resolved and keys and isinstance(value, dict) and len(value) == 1:
            value, document, pointer = self.followed(value, document) or (value, document, pointer)
        return Found(Place(document, pointer), value, ())

    def get(self, value: object, document: Document, keys: tuple[str, ...], *, resolved: bool) -> object:
        """The member of a value at keys; UNDEFINED if there is none."""
        for key in keys:
            if resolved and isinstance(value, dict):
                held = self.followed(value, document)
                if held is not None:
                    value, document = held.value, held.document
            try:
                value = step(value, key)  # type: ignore[arg-type]  # a value of a document
            except KeyError:
                return UNDEFINED
        return self.plain(value, document) if resolved else value

    def references(self) -> list[tuple[Document, object, dict[str, Json]]]:
        """Every reference object of the entry document and of those read so far, with its place."""
        if self._references is None:
            self._references = list(self._found_references())
        return self._references

    def texts(self) -> list[tuple[Document, str]]:
        """What the references say in the entry document and in those read so far; of each document once."""
        if self._texts is None:
            self._texts = []
            for document in self.library.documents():
                said = _said(document)
                if said is None:
                    said = {str(one["$ref"]) for where, _, one in self.references() if where is document}
                self._texts += [(document, ref) for ref in sorted(said)]
        return self._texts

    def leads(self, ref: str, document: Document) -> Held | None:
        """Where a reference that says so leads in the end; None if that is nowhere, or in a circle."""
        try:
            target = self.library.resolve(ref, document=document)
        except UnresolvedReference:
            return None
        if isinstance(target.value, dict) and isinstance(target.value.get("$ref"), str):
            return self.followed(target.value, target.document)
        return Held(target.value, target.document, target.pointer)

    @property
    def named(self) -> set[str]:
        """What references within the entry document, or to it, name: `#/components/schemas/Order`."""
        if self._named is None:
            found = set()
            for document, ref in self.texts():
                if document is self.root and ref.startswith("#"):
                    found.add(ref)
                    continue
                held = self.leads(ref, document)
                if held is not None and held.document is self.root:
                    found.add(f"#{held.pointer}")
            self._named = {token_unescape(unquote(one)) for one in found}
        return self._named

    def _found_references(self) -> Iterator[tuple[Document, object, dict[str, Json]]]:
        for document in self.library.documents():
            waiting: list[tuple[Json, tuple[object, object] | None]] = [(document.value, None)]
            while waiting:
                value, way = waiting.pop()
                if isinstance(value, dict):
                    if isinstance(value.get("$ref"), str):
                        yield document, way, value
                    waiting += [(one, (way, key)) for key, one in value.items() if type(one) in _HOLDERS]
                elif isinstance(value, list):
                    waiting += [
                        (one, (way, str(at))) for at, one in enumerate(value) if type(one) in _HOLDERS
                    ]


def _said(document: Document) -> set[str] | None:
    """What the references of a JSON document say, found in its text; None where that cannot tell."""
    text = document.text
    if document.syntax != "json" or _ESCAPED.search(text) is not None:
        return None
    found = _WRITTEN.findall(text)
    if len(found) != len(_STARTED.findall(text)):
        return None
    return {one.decode("utf-8") for one in set(found)}


def pointer_of(way: object) -> str:
    """The pointer that a way through `references` stands for."""
    keys: list[str] = []
    while isinstance(way, tuple):
        keys.append(way[1])
        way = way[0]
    return join("", *reversed(keys))
