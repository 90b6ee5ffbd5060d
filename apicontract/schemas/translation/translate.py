"""From schemas as written to nodes: follows references, reads the dialect, applies the direction.

Knows every keyword of the vocabularies; decides nothing. What cannot be read becomes an opaque node with
the reason. Readings that depend on the direction: with flow "request" a `readOnly` property is not sent
and is ignored when received; with "response" the same holds for `writeOnly`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.budget import Exhausted
from apicontract.schemas.handles import PlainScope, escape
from apicontract.schemas.sets.numbers import Unmeasurable
from apicontract.schemas.translation import keywords
from apicontract.schemas.translation.dialects import TABLE, Dialect
from apicontract.schemas.translation.discriminator import tagged
from apicontract.schemas.translation.leniency import Leniency
from apicontract.schemas.translation.unevaluated import with_unevaluated

if TYPE_CHECKING:
    from apicontract.schemas.handles import Flow, Json, Schema, Scope
    from apicontract.schemas.search.engine import Engine
    from apicontract.schemas.sets.nodes import Node

_MARKS = {"readOnly": 1, "writeOnly": 2}
_DYNAMIC = 4
_OPENED = 8  # something here says less where the receiver is lenient
_ALL_FLAGS = 15
_MAX_DEPTH = 150
_MAX_PREFERRED = 6
_SHOWN = frozenset(("example", "examples", "default"))
_PLAIN = frozenset(
    [
        "type",
        "nullable",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "format",
    ]
)
_NOWHERE = {dialect: PlainScope(True, dialect) for dialect in TABLE}  # noqa: FBT003 - a boolean schema
_APPLICATORS = ("allOf", "anyOf", "oneOf")


class Context(NamedTuple):
    """How a place is read: by direction, by what encloses it, by how it was reached.

    mark: the keyword that hides properties, or empty. sent: hidden properties are absent, not ignored.
    hidden: names hidden in the object that an applicator here speaks of. dynamic: the resources entered,
    outermost first, None while nothing asks for them. lenient: read as a lenient receiver reads it.
    """

    mark: str = ""
    sent: bool = True
    hidden: frozenset[str] = frozenset()
    dynamic: tuple[tuple[Scope, str], ...] | None = None
    lenient: bool = False


class Place(NamedTuple):
    """Where a schema stands and how it is read."""

    scope: Scope
    pointer: str
    context: Context

    def below(self, keyword: str, token: str | None = None) -> Place:
        """The place of a subschema."""
        tail = f"/{keyword}" if token is None else f"/{keyword}/{escape(token)}"
        return Place(self.scope, self.pointer + tail, self.context)

    def strict(self) -> Place:
        """The same, read as written: where less accepted means more accepted, nothing is read leniently."""
        return self._replace(context=self.context._replace(lenient=False)) if self.context.lenient else self


class Translator:
    """Translates schemas and remembers every reference target it has translated."""

    def __init__(self, engine: Engine, *, formats: bool, leniency: Leniency | None = None) -> None:
        self.engine = engine
        self.pool = engine.pool
        self.formats = formats
        self.leniency = leniency or Leniency()
        self._known: dict[tuple[Schema | tuple[int, str, int], Context], tuple[Node, int]] = {}
        self._open: dict[tuple[object, Context], Node | None] = {}
        self._leaves: dict[tuple[object, ...], Node] = {}
        # What one question has read: some keywords are looked at more than once.
        self._read: dict[tuple[int, Place], tuple[Node, int]] = {}
        self._kept: list[Json] = []
        self._depth = 0
        self._left = 0
        self.flags = 0

    def node(self, schema: Schema, flow: Flow, *, sent: bool) -> tuple[Node, Context]:
        """The node of a schema in a message of this direction, as sent or as received, and how it is read."""
        self._depth = 0
        self._open.clear()
        self._read.clear()
        self._left = self.engine.meter.budget.translation
        node, flags = self._at(schema.value, Place(schema.scope, schema.pointer, Context()))
        context = Context()
        mark = {"request": "readOnly", "response": "writeOnly"}.get(flow or "", "")
        if mark and flags & _MARKS[mark]:
            context = context._replace(mark=mark, sent=sent)
        if flags & _OPENED and flow == "response" and not sent:
            context = context._replace(lenient=True)
        if flags & _DYNAMIC:
            context = context._replace(dynamic=(self._resource(schema.scope, schema.pointer),))
        if context != Context():
            node, _ = self._at(schema.value, Place(schema.scope, schema.pointer, context))
        return node, context

    def _resource(self, scope: Scope, pointer: str) -> tuple[Scope, str]:
        try:
            found, place, _ = scope.resolve("#", pointer)
        except LookupError:
            return scope, ""
        return found, place

    def _at(self, value: Json, place: Place) -> tuple[Node, int]:
        """The node at a place that may be reached again, and what its closure contains."""
        key = ((id(place.scope), place.pointer, id(value)), place.context)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._open:
            cell = self._open[key]
            if cell is None:
                cell = self._open[key] = self.pool.cell()
            if place.context.lenient:
                return cell, _OPENED
            return cell, 0 if place.context.mark else _ALL_FLAGS & ~_DYNAMIC
        self._open[key] = None
        above, self.flags = self.flags, 0
        node = self.translate(value, place)
        cell = self._open.pop(key)
        if cell is not None:
            cell.target = node
        flags, self.flags = self.flags, above
        self._known[key] = node, flags
        self._kept.append(value)
        return node, flags

    def reference(self, ref: Json, place: Place, *, dynamic: bool = False) -> Node:
        """The node of what a `$ref` leads to."""
        found = self.resolved(ref, place, dynamic=dynamic)
        if found is None:
            return self.pool.opaque(f"the reference {ref} leads nowhere", None)
        node, flags = self._at(*found)
        self.flags |= flags
        return node

    def resolved(self, ref: Json, place: Place, *, dynamic: bool = False) -> tuple[Json, Place] | None:
        """The value and place a reference leads to; None if it leads nowhere."""
        try:
            scope, pointer, value = place.scope.resolve(ref, place.pointer)  # type: ignore[arg-type]
        except (LookupError, TypeError, AttributeError, ValueError):
            return None
        context = place.context
        if dynamic:
            self.flags |= _DYNAMIC
            scope, pointer, value = self._outermost(str(ref), scope, pointer, value, context)
        if context.dynamic is not None:
            entered = self._resource(scope, pointer)
            if entered not in context.dynamic:
                context = context._replace(dynamic=(*context.dynamic, entered))
        return value, Place(scope, pointer, context)

    def _outermost(
        self, ref: str, scope: Scope, pointer: str, value: Json, context: Context
    ) -> tuple[Scope, str, Json]:
        """The outermost schema of that dynamic name (2020-12 section 8.2.3.2, 2019-09 section 8.2.4.2)."""
        name = ref.rpartition("#")[2]
        keyword, wanted = ("$dynamicAnchor", name) if name else ("$recursiveAnchor", True)
        if not isinstance(value, dict) or value.get(keyword) != wanted:
            return scope, pointer, value
        for outer, place in context.dynamic or ():
            try:
                found = outer.resolve(f"#{name}", place)
            except LookupError:
                continue
            if isinstance(found[2], dict) and found[2].get(keyword) == wanted:
                return found
        return scope, pointer, value

    def below(self, value: Json, place: Place, keyword: str, token: str | None = None) -> Node:
        """The node of a member's or item's schema."""
        if isinstance(value, dict):
            leaf = self._leaf(value, place.scope.dialect)
            if leaf is not None:
                return leaf
        context = place.context
        if context.hidden:
            place = place._replace(context=context._replace(hidden=frozenset()))
        return self.translate(value, place.below(keyword, token))

    def anew(self, value: Json, place: Place, keyword: str) -> Node:
        """The same as `below`, of a schema that may be being read further out: then a reference to it."""
        place = place._replace(context=place.context._replace(hidden=frozenset())).below(keyword)
        node, flags = self._at(value, place)
        self.flags |= flags
        return node

    def beside(self, value: Json, place: Place, keyword: str, token: str | None = None) -> Node:
        """The node of an applicator's schema, which speaks of the same value."""
        return self.translate(value, place.below(keyword, token))

    def _leaf(self, value: dict[str, Json], dialect: str) -> Node | None:
        """The node of a schema that holds no other: equal ones, by far the most, are read once."""
        known = TABLE[dialect].keywords
        if "contentEncoding" in value:
            return None
        key: list[object] = [dialect]
        for keyword, item in value.items():
            if keyword in known:
                if keyword not in _PLAIN or isinstance(item, dict | list):
                    return None
                key += (keyword, item.__class__, item)
        node = self._leaves.get(tuple(key))
        if node is None:
            place = Place(_NOWHERE[dialect], "", Context())
            try:
                node = keywords.base(self, value, place, TABLE[dialect])
            except Unmeasurable as problem:
                return self.pool.opaque(str(problem), tuple(key))
            self._leaves[tuple(key)] = node
        if value.get("readOnly") is True:
            self.flags |= 1
        if value.get("writeOnly") is True:
            self.flags |= 2
        return node

    def translate(self, value: Json, place: Place) -> Node:
        """The node of a schema written in place."""
        if isinstance(value, bool):
            return self.pool.everything if value else self.pool.nothing
        if not isinstance(value, dict):
            return self.pool.opaque("a schema that is neither object nor boolean", repr(value)[:200])
        if self._depth > _MAX_DEPTH:
            return self.pool.opaque(f"schemas nested deeper than {_MAX_DEPTH} levels", place.pointer)
        key = (id(value), place)
        read = self._read.get(key)
        if read is None:
            self._left -= 1
            if self._left < 0:
                msg = "more schemas than are read for one question"
                raise Exhausted(msg)
            above, self.flags = self.flags, 0
            self._depth += 1
            try:
                node = self._object(value, place)
            except Unmeasurable as problem:
                node = self.pool.opaque(str(problem), place.pointer)
            finally:
                self._depth -= 1
            read = self._read[key] = node, self.flags
            self.flags = above
        self.flags |= read[1]
        return read[0]

    def _object(self, value: dict[str, Json], place: Place) -> Node:
        dialect = TABLE[place.scope.dialect]
        if value.get("readOnly") is True:
            self.flags |= 1
        if value.get("writeOnly") is True:
            self.flags |= 2
        if "$ref" in value and dialect.lone_ref:
            return self.reference(value["$ref"], place)
        opened = self.leniency.opened(value)
        if opened is not value:
            self.flags |= _OPENED
            value = opened if place.context.lenient else value
        place = self.entered(value, place)
        if place.context.mark:
            place = place._replace(context=self.hiding(value, place))
        parts = [keywords.base(self, value, place, dialect), *self._applied(value, place, dialect)]
        node = self.pool.all_of(parts)
        if "unevaluatedProperties" in value or "unevaluatedItems" in value:
            node = with_unevaluated(self, node, value, place, dialect)
        return node

    def entered(self, value: dict[str, Json], place: Place) -> Place:
        """A schema with an `$id` of its own is a resource entered."""
        dynamic = place.context.dynamic
        if dynamic is None or "$id" not in value or (place.scope, place.pointer) in dynamic:
            return place
        entered = (*dynamic, (place.scope, place.pointer))
        return place._replace(context=place.context._replace(dynamic=entered))

    def _applied(self, value: dict[str, Json], place: Place, dialect: Dialect) -> list[Node]:
        """What the keywords that hold other schemas for the same value ask for."""
        known = dialect.keywords
        parts: list[Node] = []
        if "$ref" in value:
            parts.append(self.reference(value["$ref"], place))
        parts += [
            self.reference(value[keyword], place, dynamic=True)
            for keyword in ("$dynamicRef", "$recursiveRef")
            if keyword in value and keyword in known
        ]
        for keyword in _APPLICATORS:
            listed = value.get(keyword)
            if isinstance(listed, list) and keyword in known:
                nodes, opened = self._branches(listed, place, keyword)
                if keyword == "allOf":
                    parts += nodes
                    continue
                if "discriminator" in value and "discriminator" in known:
                    nodes = tagged(self, nodes, listed, value["discriminator"], place)
                exactly = keyword == "oneOf" and not opened
                parts.append(self.pool.one_of(nodes) if exactly else self.pool.any_of(nodes))
        if "not" in value and "not" in known:
            parts.append(self.pool.negation(self.beside(value["not"], place.strict(), "not")))
        if "if" in value and "if" in known:
            parts.append(self._conditional(value, place))
        parts += keywords.dependents(self, value, place, dialect)
        return parts

    def _branches(self, listed: list[Json], place: Place, keyword: str) -> tuple[list[Node], bool]:
        """The nodes of branches, and whether a lenient receiver that reads here reads past some of them."""
        above, self.flags = self.flags, 0
        nodes = [self.beside(v, place, keyword, str(i)) for i, v in enumerate(listed)]
        opened = place.context.lenient and bool(self.flags & _OPENED)
        self.flags |= above
        return nodes, opened

    def opens_branches(self, listed: list[Json], place: Place, keyword: str) -> bool:
        """Whether alternatives are read leniently: then the first that fits is taken, others may fit too."""
        return place.context.lenient and self._branches(listed, place, keyword)[1]

    def free_branches(self, listed: list[Json], discriminator: Json, place: Place, keyword: str) -> set[int]:
        """The branches whose own schema fixes the discriminating property otherwise than its names do."""
        nodes = [self.beside(v, place, keyword, str(i)) for i, v in enumerate(listed)]
        restricted = tagged(self, nodes, listed, discriminator, place)
        return {i for i, (node, limited) in enumerate(zip(nodes, restricted, strict=True)) if node is limited}

    def _conditional(self, value: dict[str, Json], place: Place) -> Node:
        condition = self.beside(value["if"], place.strict(), "if")
        then = self.beside(value.get("then", True), place, "then")
        other = self.beside(value.get("else", True), place, "else")
        return self.pool.any_of(
            (self.pool.all_of((condition, then)), self.pool.all_of((self.pool.negation(condition), other)))
        )

    def hiding(self, value: dict[str, Json], place: Place) -> Context:
        """The context with every name hidden that this object or an applicator of it marks."""
        context = place.context
        names = set(self._marked_names(value, place, 0))
        return context._replace(hidden=context.hidden | names) if names else context

    def _marked_names(self, value: Json, place: Place, depth: int) -> list[str]:
        if not isinstance(value, dict) or depth > 8:  # noqa: PLR2004 - deeper marks are not found by readers either
            return []
        names: list[str] = []
        properties = value.get("properties")
        if isinstance(properties, dict):
            names += [name for name, sub in properties.items() if self._is_marked(sub, place, 0)]
        for keyword in _APPLICATORS:
            listed = value.get(keyword)
            for branch in listed if isinstance(listed, list) else ():
                names += self._marked_names(branch, place, depth + 1)
        if "$ref" in value:
            scope, pointer, found = self._follow(value["$ref"], place)
            names += self._marked_names(found, place._replace(scope=scope, pointer=pointer), depth + 1)
        return names

    def _follow(self, ref: Json, place: Place) -> tuple[Scope, str, Json]:
        try:
            return place.scope.resolve(str(ref), place.pointer)
        except LookupError:
            return place.scope, place.pointer, None

    def _is_marked(self, value: Json, place: Place, depth: int) -> bool:
        """Whether the schema says the mark itself, by reference or by `allOf`."""
        if not isinstance(value, dict) or depth > 8:  # noqa: PLR2004
            return False
        lone = "$ref" in value and TABLE[place.scope.dialect].lone_ref
        if value.get(place.context.mark) is True and not lone:
            return True
        if "$ref" in value:
            scope, pointer, found = self._follow(value["$ref"], place)
            if self._is_marked(found, place._replace(scope=scope, pointer=pointer), depth + 1):
                return True
        listed = value.get("allOf")
        branches = listed if isinstance(listed, list) and not lone else ()
        return any(self._is_marked(branch, place, depth + 1) for branch in branches)

    def prefer(self, name: str, node: Node, value: Json) -> None:
        """Remember the values the contract shows for a member of this name with this schema."""
        if isinstance(value, dict) and not _SHOWN.isdisjoint(value):
            kept = self.engine.familiar.setdefault((name, node), [])
            kept += shown(value)[: _MAX_PREFERRED - len(kept)]


def shown(value: Json) -> list[Json]:
    """The values that a schema shows itself: `example`, `examples`, `default`."""
    if not isinstance(value, dict):
        return []
    listed = value.get("examples")
    found = [value[k] for k in ("example", "default") if k in value]
    return found + (listed if isinstance(listed, list) else [])
