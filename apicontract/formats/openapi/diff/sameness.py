"""What did not change at all, found at the speed of comparing parsed trees.

A value is the same on both sides if it is written alike and no reference in it leads, at whatever
depth, to something that is not. Only what is not the same is ever looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi.diff.inheritance import parents
from apicontract.schemas.edits.view import mapping

if TYPE_CHECKING:
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.schemas import Schema
    from apicontract.sources import Json

_REF = re.compile(rb'"\$(?:dynamicRef|recursiveRef|ref)":"((?:[^"\\]|\\.)*)"')
_MAPPED = re.compile(rb'"mapping":\{([^{}]*)\}')
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_COMPONENT = re.compile(r"#/components/[^/]+/[^/]+|#/(?:definitions|parameters|responses)/[^/]+")
_SECTIONS_2 = ("definitions", "parameters", "responses")


class Sameness:
    """Knows for two contracts which values mean the same because nothing in their reach differs."""

    def __init__(self, old: OpenApi, new: OpenApi) -> None:
        alone = len(old.library.documents()) == 1 == len(new.library.documents())
        self._comparable = alone and old.dialect == new.dialect
        self._roots = (old.root, new.root)
        self._touched: set[str] | None = None
        self._texts: dict[int, tuple[Json, bytes]] = {}
        self._known: dict[
            tuple[int, int], tuple[Json, Json, bool]
        ] = {}  # with the values, so that ids stay theirs

    def same(self, old: Json, new: Json) -> bool:
        """Whether two values of the two root documents mean the same; False also where that is not known."""
        if not isinstance(old, dict | list):
            return type(old) is type(new) and old == new
        if not self._comparable or old != new:
            return False
        known = self._known.get((id(old), id(new)))
        if known is None:
            known = self._known[id(old), id(new)] = (old, new, self._reach_the_same(old, new))
        return known[2]

    def _reach_the_same(self, old: Json, new: Json) -> bool:
        """Whether two values that are equal are written alike, and all that they refer to is the same."""
        text = self._text(new)
        if text != self._text(old) and not _alike(old, new):
            return False
        return all(self._untouched(ref) for ref in _references(text))

    def same_schema(self, old: Schema, new: Schema) -> bool:
        """The same for schemas; those put together from parts are never known to be the same."""
        if old.scope.dialect != new.scope.dialect or not hasattr(old.scope, "document"):
            return False
        return hasattr(new.scope, "document") and self.same(old.value, new.value)

    def _untouched(self, ref: str) -> bool:
        if self._touched is None:
            self._touched = self._find_touched()
        match = _COMPONENT.match(ref)
        return match is not None and match.group() not in self._touched

    def _text(self, value: Json) -> bytes:
        import msgspec

        known = self._texts.get(id(value))
        if known is None:
            known = self._texts[id(value)] = (value, msgspec.json.encode(value))
        return known[1]

    def _find_touched(self) -> set[str]:
        """The component references in whose reach something differs."""
        old, new = (_components(root) for root in self._roots)
        touched = {
            ref for ref in old.keys() | new.keys() if ref not in old or ref not in new or old[ref] != new[ref]
        }
        users = _heirs_users(old, new)
        for ref in old.keys() & new.keys():
            if ref in touched:
                continue
            text = self._text(new[ref])
            if text != self._text(old[ref]) and not _alike(old[ref], new[ref]):
                touched.add(ref)
                continue
            for used in _references(text):
                match = _COMPONENT.match(used)
                if match is None:
                    touched.add(ref)
                else:
                    users.setdefault(match.group(), []).append(ref)
        pending = list(touched)
        while pending:
            for user in users.get(pending.pop(), ()):
                if user not in touched:
                    touched.add(user)
                    pending.append(user)
        return touched


def _heirs_users(old: dict[str, Json], new: dict[str, Json]) -> dict[str, list[str]]:
    """By component, the parents whose discriminator leads to it: an heir that changes, changes them."""
    users: dict[str, list[str]] = {}
    for components in (old, new):
        for ref, value in components.items():
            for parent in parents(value):
                if "discriminator" in mapping(components.get(parent)):
                    users.setdefault(ref, []).append(parent)
                elif parent in components and parents(components[parent]):
                    users.setdefault(ref, []).append(parent)  # a generation between
    return users


def _components(root: dict[str, Json]) -> dict[str, Json]:
    """Every component by the reference that leads to it."""
    found: dict[str, Json] = {}
    components = root.get("components")
    for section, entries in components.items() if isinstance(components, dict) else ():
        for name, value in entries.items() if isinstance(entries, dict) else ():
            found[f"#/components/{section}/{_escape(name)}"] = value
    for section in _SECTIONS_2:
        entries = root.get(section)
        for name, value in entries.items() if isinstance(entries, dict) else ():
            found[f"#/{section}/{_escape(name)}"] = value
    return found


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _references(text: bytes) -> list[str]:
    """The references in a JSON text; more than there are (in examples, say) does no harm."""
    found = [match.group(1) for match in _REF.finditer(text)]
    for mapped in _MAPPED.finditer(text):
        found += [match.group(1) for match in _STRING.finditer(mapped.group(1)) if b"#" in match.group(1)]
    return [ref.decode("utf-8", "replace") for ref in found]


def _alike(old: Json, new: Json) -> bool:
    """Equality that tells `true` from `1` and does not care about the order of keys."""
    pending = [(old, new)]
    while pending:
        one, two = pending.pop()
        if isinstance(one, dict) and isinstance(two, dict):
            if one.keys() != two.keys():
                return False
            pending += [(one[key], two[key]) for key in one]
        elif isinstance(one, list) and isinstance(two, list):
            if len(one) != len(two):
                return False
            pending += zip(one, two, strict=True)
        elif isinstance(one, bool) != isinstance(two, bool) or one != two:
            return False
    return True
