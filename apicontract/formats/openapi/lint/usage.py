"""Which components of a contract are used: by a path, webhook or requirement, through however many others.

Goes by component: what the objects in each of them lead to is gathered once, from those that lead anywhere
at all. Follows what OpenAPI calls a use, and references in extensions, which bundlers and pages follow.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.formats.openapi.walk import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.sources import Json

SHELVES_20 = ("definitions", "parameters", "responses", "securityDefinitions")
_SHELVES = (
    "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks",
    "pathItems", "mediaTypes", "securitySchemes",
)  # fmt: skip
_SCHEMES = frozenset({"securitySchemes", "securityDefinitions"})
_SHOWING = frozenset({"value", "dataValue", "example", "examples", "default"})
_HOLDERS = frozenset({dict, list})
_OUTSIDE = 0  # the owner of what stands in no part of the entry document that the object model knows


def unused(facts: Facts) -> list[tuple[str, Node]]:
    """The components that nothing uses, each with the field that holds it, in document order."""
    shelves = shelves_of(facts)
    usage = _Usage(facts, shelves)
    asked = _asked(facts)
    left = [
        (field, held)
        for field, held_ones in shelves.items()
        for held in held_ones
        if not usage.is_used(held) and not (field in _SCHEMES and {held.key, id(held)} & asked)
    ]
    shown = {id(held) for held in usage.shown()} if left else set()
    return [(field, held) for field, held in left if id(held) not in shown]


def shelves_of(facts: Facts) -> dict[str, list[Node]]:
    """The components of the entry document by the field that holds them."""
    holder = facts.root if facts.series == "2.0" else facts.root.only("components")
    fields = SHELVES_20 if facts.series == "2.0" else _SHELVES
    return {field: holder.all(field) for field in fields} if holder is not None else {}


def _asked(facts: Facts) -> set[str | int]:
    """What requirements ask for: the names of schemes, and the ids of those asked for by URI (3.2)."""
    asked: set[str | int] = set()
    for requirement in facts.nodes("security-requirement"):
        for name in requirement.fields:
            asked.add(name)
            if facts.series == "3.2" and ("#" in name or "/" in name):
                found = facts.walk.lookup(name, "security-scheme", requirement)
                asked |= {id(found)} if isinstance(found, Node) else set()
    return asked


class _Usage:
    """What is used. An object is known by its owner: the component it stands in, else the document."""

    def __init__(self, facts: Facts, shelves: dict[str, list[Node]]) -> None:
        self._facts = facts
        self._components = [held for held_ones in shelves.values() for held in held_ones]
        self._owners = {id(held): id(held) for held in self._components}
        self._owners[id(facts.root)] = id(facts.root)
        self._extending = _extending(facts, shelves)
        self._used: set[int] = set()
        self._used_outside: set[int] = set()
        self._reach()

    @cached_property
    def _shelved(self) -> dict[str, Node]:
        return {held.pointer: held for held in self._components}

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[Node]]:
        """Operations by their id, and schemas by their `$dynamicAnchor`: each by the field and its value."""
        found: dict[tuple[str, str], list[Node]] = {}
        for kind, field in (("operation", "operationId"), ("schema", "$dynamicAnchor")):
            for node in self._facts.nodes(kind):
                if name := node.text(field):
                    found.setdefault((field, name), []).append(node)
        return found

    def is_used(self, node: Node) -> bool:
        """Whether anything uses the object, or what it stands in."""
        return self._owner(node) in self._used or id(node) in self._used_outside

    def shown(self) -> Iterator[Node]:
        """What example values refer to: OpenAPI does not follow such a `$ref`, but bundlers and pages do."""
        for kind in ("example", "media-type", "schema", "parameter", "response", "header"):
            for node in self._facts.nodes(kind):
                if not _SHOWING.isdisjoint(node.fields) and self.is_used(node):
                    values = [node.fields[name] for name in _SHOWING & node.fields.keys()]
                    if _may_refer(values):
                        yield from self._referred(values)

    def _owner(self, node: Node) -> int:
        owners, way = self._owners, []
        at: Node | None = node
        found = _OUTSIDE
        while at is not None:
            known = owners.get(id(at))
            if known is not None:
                found = known
                break
            way.append(id(at))
            at = at.parent
        for one in way:
            owners[one] = found
        return found

    def _reach(self) -> None:
        """Mark what is used, from the document on."""
        leads: dict[int, dict[int, Node]] = {}
        for node in self._facts.walk.references:
            if node.target is not None:
                leads.setdefault(self._owner(node), {})[id(node.target)] = node.target
        for node in self._leading_otherwise():
            leads.setdefault(self._owner(node), {}).update((id(one), one) for one in self._led_to(node))
        start = id(self._facts.root)
        self._used.add(start)
        waiting = list(leads.get(start, {}).values())
        while waiting:
            node = waiting.pop()
            owner = self._owner(node)
            if owner != _OUTSIDE:
                if owner not in self._used:
                    self._used.add(owner)
                    waiting += leads.get(owner, {}).values()
            elif id(node) not in self._used_outside:
                self._used_outside.add(id(node))
                waiting += node.children
                waiting += self._led_to(node)

    def _leading_otherwise(self) -> Iterator[Node]:
        """The objects that may lead to others without a `$ref`; what `components` itself says does not."""
        facts = self._facts
        components = facts.root.only("components") if facts.series != "2.0" else None
        yield from (node for node in facts.walk.extended if node is not components)
        yield from facts.nodes("link")
        yield from facts.nodes("discriminator")
        for node in facts.nodes("schema"):
            if "discriminator" in node.fields or "$dynamicRef" in node.fields:
                yield node

    def _led_to(self, node: Node) -> Iterator[Node]:
        """What an object uses: by reference, by mapping, by its extensions, by name."""
        if node.target is not None:
            yield node.target
        yield from self._extending.get(id(node), ())
        if node.kind == "discriminator" or "discriminator" in node.fields:
            yield from self._mapped(node)
        for name in node.fields:
            if name.startswith("x-"):
                yield from self._referred((node.fields[name],))
        if node.kind == "link":
            yield from self._named.get(("operationId", node.text("operationId")), ())
            yield from self._looked_up(node.text("operationRef"), "operation", node)
        elif ref := node.text("$dynamicRef"):
            yield from self._named.get(("$dynamicAnchor", ref.rpartition("#")[2]), ())
            yield from self._looked_up(ref, "schema", node)

    def _looked_up(self, ref: str, kind: str, node: Node) -> Iterator[Node]:
        found = self._facts.walk.lookup(ref, kind, node) if ref else None
        if isinstance(found, Node):
            yield found

    def _mapped(self, node: Node) -> Iterator[Node]:
        mapping = node.fields.get("mapping")
        for written in mapping.values() if isinstance(mapping, dict) else ():
            if isinstance(written, str):
                ref = written if "/" in written or "#" in written else f"#/components/schemas/{written}"
                yield from self._looked_up(ref, "schema", node)

    def _referred(self, values: Iterable[Json]) -> Iterator[Node]:
        """The components that values refer to at any depth: extensions (`x-webhooks`, for one), examples."""
        held = list(values)
        while held:
            value = held.pop()
            if isinstance(value, dict):
                ref = value.get("$ref")
                if isinstance(ref, str) and ref.removeprefix("#") in self._shelved:
                    yield self._shelved[ref.removeprefix("#")]
                held += [one for one in value.values() if type(one) in _HOLDERS]
            elif isinstance(value, list):
                held += [one for one in value if type(one) in _HOLDERS]


def _extending(facts: Facts, shelves: dict[str, list[Node]]) -> dict[int, list[Node]]:
    """By the id of a schema with a discriminator: the components that extend it, by however many `allOf`."""
    found: dict[int, list[Node]] = {}
    for schema in (*shelves.get("schemas", ()), *shelves.get("definitions", ())):
        for base in facts.parts(schema)[1:]:
            if "discriminator" in base.fields:
                found.setdefault(id(base), []).append(schema)
    return found


def _may_refer(values: list[Json]) -> bool:
    """Whether a `$ref` stands anywhere in values: written out, they are searched in far less time."""
    import msgspec

    try:
        return b'"$ref"' in msgspec.json.encode(values)
    except (msgspec.MsgspecError, RecursionError, TypeError, ValueError, OverflowError):
        return True
