"""What a `$ref` leads to: within a document, in another file, by `$id` or anchor; and what it may not.

Source: RFC 6901 section 6, RFC 3986 section 5, JSON Schema 2020-12 core sections 8.2 and 9.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin

from apicontract.sources import remote
from apicontract.sources.documents import Document, Target
from apicontract.sources.errors import ContractError, UnresolvedReference
from apicontract.sources.pointers import Json, join, look_up, split, step
from apicontract.sources.reading import Location, ReadOptions, document, locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.sources.git import Tree

# What a text holds that gives anything a name; as JSON writes it, or as YAML may.
_IDENTIFIED = {
    "json": (b'"$id"', b'"$anchor"', b'"$dynamicAnchor"'),
    "yaml": (b"$id", b"$anchor", b"$dynamicAnchor"),
}
_ANCHORS = ("$anchor", "$dynamicAnchor")


class Library:
    """A root document and every document that references from it lead to.

    sealed: nothing more is read, RuntimeError where something is to be. So it is in a forked process: what
    documents are read through (git, standard input) is the other's.
    """

    def __init__(self, location: Location, options: ReadOptions) -> None:
        self.options = options
        self.sealed = False
        self.root = document(location, options)
        self._locations = {self.root.uri: location}
        self._documents = {self.root.uri: self.root}
        self._names: dict[str, _Names | None] = {}
        self._resolved: dict[tuple[str, str], Target] = {}
        self._followed: dict[tuple[str, str], Target] = {}
        self._allowed = allowed_root(location.path, options)

    def documents(self) -> list[Document]:
        """The documents read so far, the root first."""
        return list(self._documents.values())

    def has_names(self, document: Document) -> bool:
        """Whether anything in it has an `$id` or anchor: then what a reference means depends on its place."""
        return self._names_of(document) is not None

    def resolve(self, ref: str, *, document: Document, pointer: str = "") -> Target:
        """What `ref`, written at `pointer` in `document`, leads to: one step.

        UnresolvedReference, with the place of the reference, if it leads nowhere or where it may not.
        """
        names = self._names_of(document)
        if names is None:  # then it leads to the same from everywhere in the document
            known = self._resolved.get((document.uri, ref))
            if known is None:
                known = self._resolved[document.uri, ref] = self._resolve(ref, document, pointer)
            return known
        found = names.find(ref, pointer)
        if found is not None:
            return self._within(document, found[0] + found[1], ref, (document, pointer))
        return self._resolve(ref, document, pointer)

    def _resolve(self, ref: str, document: Document, pointer: str) -> Target:
        """The same where nothing in the document is named by `ref`."""
        target, fragment = ("", ref[1:]) if ref.startswith("#") else urldefrag(ref)
        goal = document if not target else self._document(target, ref, document, pointer)
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            named = self._names_of(goal)
            place = named.anchors.get(("", fragment)) if named else None
            if place is None:
                raise self._unresolved(
                    f"nothing is named `{fragment}` in {goal.name}", ref, document, pointer
                )
            return self._within(goal, place, ref, (document, pointer))
        return self._within(goal, fragment, ref, (document, pointer))

    def follow(self, ref: str, *, document: Document, pointer: str = "") -> Target:
        """What `ref` leads to in the end, through any number of references; a circle is an error."""
        if self._names_of(document) is not None:
            return self._follow(ref, document, pointer)
        known = self._followed.get((document.uri, ref))
        if known is None:
            known = self._followed[document.uri, ref] = self._follow(ref, document, pointer)
        return known

    def _follow(self, ref: str, document: Document, pointer: str) -> Target:
        seen: set[tuple[str, str]] = set()
        start = (ref, document, pointer)
        while True:
            target = self.resolve(ref, document=document, pointer=pointer)
            value = target.value
            if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
                return target
            at = (target.document.uri, target.pointer)
            if at in seen:
                raise self._unresolved("this reference leads back to itself", *start)
            seen.add(at)
            ref, document, pointer = str(value["$ref"]), target.document, target.pointer

    def _document(self, target: str, ref: str, source: Document, pointer: str) -> Document:
        here = self._locations[source.uri]
        if target.startswith(("file:", "//")) or (
            ":" in target.split("/", 1)[0] and not remote.is_url(target)
        ):
            raise self._unresolved(
                "only relative paths and http URLs can be referred to", ref, source, pointer
            )
        there = here.relative(target)
        if there.url and not self.options.allow_remote:
            raise self._unresolved(
                "references to URLs are not followed unless allowed (--allow-remote)", ref, source, pointer
            )
        if there.uri in self._documents:
            return self._documents[there.uri]
        if self.sealed:
            raise RuntimeError(f"{there.name} is not read here")
        if not there.url:
            self._check_inside(there, ref, source, pointer)
            # Opening a pipe waits for its other end. (A contract that is one was named by the user.)
            if there.tree is None and _is_special(there.path):
                raise self._unresolved(f"{there.name} is no regular file", ref, source, pointer)
        try:
            found = document(there, self.options)
        except ContractError as error:
            if error.line:
                raise
            raise self._unresolved(
                f"{error.file or there.name}: {error.message}", ref, source, pointer, error.hint
            ) from None
        self._documents[found.uri] = found
        self._locations[found.uri] = there
        return found

    def _check_inside(self, there: Location, ref: str, source: Document, pointer: str) -> None:
        if there.tree is not None:
            outside = there.path.startswith("..")
        else:
            outside = os.path.commonpath([self._allowed, os.path.realpath(there.path)]) != self._allowed
        if outside:
            hint = f"the root is {self._allowed}; widen it with --root"
            raise self._unresolved("this reference leaves the allowed root", ref, source, pointer, hint)

    def _within(self, goal: Document, fragment: str, ref: str, source: tuple[Document, str]) -> Target:
        try:
            value = look_up(goal.value, fragment)
        except KeyError:
            raise self._nowhere(goal.value, fragment, ref, source) from None
        return Target(goal, fragment, value)

    def _nowhere(
        self, value: Json, fragment: str, ref: str, source: tuple[Document, str]
    ) -> UnresolvedReference:
        """The error that says how far the pointer leads, and what is nearest there."""
        from difflib import get_close_matches

        at = ""
        for token in split(fragment):
            try:
                value = step(value, token)
            except KeyError:
                near = get_close_matches(token, value, n=1) if isinstance(value, dict) else []
                hint = (
                    f"did you mean `#{join(at, near[0])}`?"
                    if near
                    else f"`{token}` does not exist at `#{at}`"
                )
                return self._unresolved("this reference leads nowhere", ref, *source, hint)
            at = join(at, token)
        raise AssertionError(fragment)

    def _unresolved(
        self, message: str, ref: str, document: Document, pointer: str, hint: str = ""
    ) -> UnresolvedReference:
        place = document.position(join(pointer, "$ref"))
        return UnresolvedReference(
            f"`$ref: {ref}`: {message}", file=document.name, line=place.line, column=place.column, hint=hint
        )

    def _names_of(self, of: Document) -> _Names | None:
        if of.uri not in self._names:
            marks = _IDENTIFIED[of.syntax]
            self._names[of.uri] = _Names(of.value) if any(mark in of.text for mark in marks) else None
        return self._names[of.uri]


class _Names:
    """The `$id`s and anchors of one document: where each stands, and the base at each place."""

    def __init__(self, value: Json) -> None:
        self.bases: dict[str, str] = {"": ""}
        self.places: dict[str, str] = {}
        self.anchors: dict[tuple[str, str], str] = {}
        for pointer, base, found in _objects(value):
            identity = found.get("$id")
            here = base
            if isinstance(identity, str):
                here = urldefrag(urljoin(base, identity) if base else identity)[0]
                self.bases[pointer] = here
                self.places.setdefault(here, pointer)
            for keyword in _ANCHORS:
                name = found.get(keyword)
                if isinstance(name, str):
                    self.anchors.setdefault((here, name), pointer)

    def find(self, ref: str, pointer: str) -> tuple[str, str] | None:
        """(pointer of the resource or anchor, pointer below it) if `ref` names something identified here."""
        base = self._base(pointer)
        absolute, fragment = urldefrag(urljoin(base, ref) if base else ref)
        absolute = absolute or base
        place = self.places.get(absolute, "" if not absolute else None)
        fragment = unquote(fragment)
        if place is None or (not base and not absolute and fragment.startswith("/")):
            return None
        if fragment and not fragment.startswith("/"):
            anchor = self.anchors.get((absolute, fragment))
            return None if anchor is None else (anchor, "")
        return (place, fragment) if absolute else None

    def _base(self, pointer: str) -> str:
        while pointer not in self.bases:
            pointer = pointer.rpartition("/")[0]
        return self.bases[pointer]


def _objects(root: Json) -> Iterator[tuple[str, str, dict[str, Json]]]:
    """Every object of a document with its pointer and the base URI of what encloses it."""
    waiting: list[tuple[str, str, Json]] = [("", "", root)]
    while waiting:
        pointer, base, value = waiting.pop()
        if isinstance(value, dict):
            yield pointer, base, value
            identity = value.get("$id")
            if isinstance(identity, str):
                base = urldefrag(urljoin(base, identity) if base else identity)[0]
            waiting += [
                (join(pointer, name), base, item)
                for name, item in value.items()
                if isinstance(item, dict | list)
            ]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{index}", base, item) for index, item in enumerate(value)]


def _is_special(path: str) -> bool:
    """Whether something that is neither a file nor a folder has this name: a pipe, a socket, a device."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def allowed_root(path: str, options: ReadOptions) -> str:
    """The folder that references may not leave: as asked, else the repository, else the contract's folder."""
    if options.root is not None:
        return os.path.realpath(options.root)
    folder = os.path.realpath(os.path.dirname(path) if path else ".")  # noqa: PTH120
    above = folder
    while above != os.path.dirname(above):  # noqa: PTH120
        if os.path.exists(os.path.join(above, ".git")):  # noqa: PTH110, PTH118
            return above
        above = os.path.dirname(above)  # noqa: PTH120
    return folder


def read(spec: str, options: ReadOptions | None = None) -> Library:
    """The contract at `spec` with what it refers to: a path, `-`, `git:REF:path`, or a URL if allowed.

    ContractError if it cannot be read; references are followed only when they are needed.
    """
    chosen = options or ReadOptions()
    return Library(locate(spec, chosen), chosen)


def read_at(top: str, path: str, tree: Tree | None, name: str, options: ReadOptions) -> Library:
    """The contract at `path` below `top`, on the disk or in a tree of a repository; `name` is for people."""
    if tree is not None:
        return Library(Location(name, path=path, tree=tree), options)
    return Library(Location(name, path=os.path.join(top, path)), options)  # noqa: PTH118
