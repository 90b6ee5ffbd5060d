"""One walk over a contract's documents, guided by the object model: every object as a node of its kind.

Each object is visited once. A `$ref` is followed once; what it leads to is a node already, or is
walked as an object of the kind that the reference stands for (another document, an extension).
Knows where things are and what they are, not whether they are right; never raises on odd values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.objectmodel import ObjectType, Shape, object_types, spoken
from apicontract.records import dataclass
from apicontract.sources import ContractError, Place, join, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Document, Json, Target


class Node:
    """An object of the contract: its kind, its value, and the way to it.

    fields: the value, if it is an object; else nothing.
    tokens lead from `parent` to it (`("parameters", "0")`), or from the document's root if there is
    no parent. `target` is set where the value is a reference that leads somewhere.
    """

    __slots__ = ("children", "document", "fields", "kind", "parent", "target", "tokens", "value")

    def __init__(
        self, kind: str, value: Json, parent: Node | None, tokens: tuple[str, ...], document: Document
    ) -> None:
        self.kind = kind
        self.value = value
        self.fields: dict[str, Json] = value if isinstance(value, dict) else {}
        self.parent = parent
        self.tokens = tokens
        self.document = document
        self.target: Node | None = None
        self.children: Sequence[Node] = ()

    @property
    def reference(self) -> str | None:
        """The text of `$ref`, if there is one."""
        found = self.fields.get("$ref")
        return found if isinstance(found, str) else None

    @property
    def key(self) -> str:
        """The last step to it: its name in a map, its index in a list, or its field."""
        return self.tokens[-1] if self.tokens else ""

    @property
    def field(self) -> str:
        """The field of its parent that it stands in; empty if it has no parent."""
        return self.tokens[0] if self.parent is not None else ""

    @property
    def pointer(self) -> str:
        """JSON pointer in its document."""
        steps: list[tuple[str, ...]] = []
        node: Node | None = self
        while node is not None:
            steps.append(node.tokens)
            node = node.parent
        return join("", *(token for tokens in reversed(steps) for token in tokens))

    def text(self, field: str) -> str:
        """What a field says, if it is a string; else nothing."""
        found = self.fields.get(field)
        return found if isinstance(found, str) else ""

    def place(self, *tokens: str | int) -> Place:
        """Where it stands, or where something below it does."""
        return Place(self.document, join(self.pointer, *map(str, tokens)))

    def all(self, field: str) -> list[Node]:
        """The objects in one of its fields, in their order."""
        return [child for child in self.children if child.tokens[0] == field]

    def only(self, field: str) -> Node | None:
        """The object in one of its fields."""
        for child in self.children:
            if child.tokens[0] == field:
                return child
        return None

    def followed(self) -> Node:
        """What it is once references are followed: itself, or the last object that can be reached."""
        node = self.target
        if node is None:
            return self
        if node.target is None:
            return node
        seen = {id(self), id(node)}
        while node.target is not None and id(node.target) not in seen:
            node = node.target
            seen.add(id(node))
        return node

    def above(self) -> Iterator[Node]:
        """Itself and what it stands in, outwards."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True, slots=True)
class Stray:
    """A reference that does not lead to what it stands for: why, and to what kind it leads."""

    node: Node
    reason: str
    found: str = ""


class Walk:
    """Every object of a contract.

    nodes: by kind, in the order of the documents. references: those that hold a `$ref`. strays: the
    references that do not lead to what they stand for. extended: those with fields of somebody's own, `x-`.
    """

    def __init__(self, contract: OpenApi) -> None:
        self.contract = contract
        self.series = contract.series
        self.types: dict[str, ObjectType] = object_types(contract.series)
        self.nodes: dict[str, list[Node]] = {kind: [] for kind in self.types}
        self.strays: list[Stray] = []
        self.mappings: dict[tuple[str, str, str], Node | None] = {}
        self.extended: list[Node] = []
        self._first: dict[int, Node] = {}  # of each object, by its identity
        self._further: dict[tuple[int, str], Node] = {}  # where it stands for objects of other kinds too
        self._resolved: dict[tuple[str, str], Target | str] = {}
        self._schema_siblings = contract.series in {"3.1", "3.2"}
        self.references: list[Node] = []
        self._waiting: list[Node] = []
        root = contract.library.root
        self.root = Node("document", root.value, None, (), root)
        self._visit(self.root)
        self._follow_all()

    def lookup(self, ref: str, kind: str, node: Node) -> Node | Stray:
        """The object of `kind` that `ref`, written in `node`, leads to."""
        target = self._resolve(ref, node)
        if isinstance(target, str):
            return Stray(node, target)
        return self._at(target, kind, node)

    def referring(self, kind: str) -> list[Node]:
        """The objects of a kind that are references."""
        return [node for node in self.references if node.kind == kind]

    def _visit(self, start: Node) -> None:
        stack = [start]
        nodes, types, first = self.nodes, self.types, self._first
        while stack:
            node = stack.pop()
            value, kind = node.value, node.kind
            nodes[kind].append(node)
            if not isinstance(value, dict):
                continue
            known = first.setdefault(id(value), node)
            if known.kind != kind:
                self._further.setdefault((id(value), kind), node)
            object_type = types[kind]
            if "$ref" in value and object_type.referable and isinstance(value["$ref"], str):
                self._waiting.append(node)
                if kind != "path-item" and not (kind == "schema" and self._schema_siblings):
                    if len(value) > 1 and any(name.startswith("x-") for name in value):
                        self.extended.append(node)
                    continue
            if not object_type.plain.issuperset(value):
                node.children = children = _below(node, value, object_type, self.extended)
                stack += children[::-1]

    def _follow_all(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            self.references += waiting
            for node in waiting:
                ref = node.reference
                if ref is None:
                    continue
                found = self.lookup(ref, node.kind, node)
                if isinstance(found, Stray):
                    self.strays.append(found)
                else:
                    node.target = found

    def _resolve(self, ref: str, node: Node) -> Target | str:
        """One step of a reference, or why it leads nowhere; remembered per document and text."""
        identified = (
            any("$id" in above.fields for above in node.above() if above.kind == "schema")
            if (self._schema_siblings and not ref.startswith("#/"))
            else False
        )
        key = (node.document.uri, ref)
        known = self._resolved.get(key)
        if known is not None and not identified:
            return known
        library = self.contract.library
        found: Target | str
        try:
            pointer = node.pointer if library.has_names(node.document) else ""  # of no account without names
            found = library.resolve(ref, document=node.document, pointer=pointer)
        except ContractError as error:
            found = getattr(error, "message", "") or str(error)
        if not identified:
            self._resolved[key] = found
        return found

    def _at(self, target: Target, kind: str, node: Node) -> Node | Stray:
        value = target.value
        if kind == "schema" and isinstance(value, bool):
            return Node(kind, value, None, _tokens(target), target.document)
        if not isinstance(value, dict):
            return Stray(node, "", _described(value))
        first = self._first.get(id(value))
        known = first if first is not None and first.kind == kind else self._further.get((id(value), kind))
        if known is not None:
            return known
        other = first.kind if first is not None else self._kind_at(target)
        if other and other != kind:
            return Stray(node, "", other)
        fresh = Node(kind, value, None, _tokens(target), target.document)
        self._visit(fresh)
        return fresh

    def _kind_at(self, target: Target) -> str:
        """What stands at a place by the object model; empty outside of it, or if the document is a part only.

        In a whole description the place decides what an object is, not who refers to it first.
        """
        root = target.document.value
        if not isinstance(root, dict) or not ("openapi" in root or "swagger" in root):
            return ""
        kind = "document"
        waiting = iter(_tokens(target))
        for token in waiting:
            field = self.types[kind].fields.get(token)
            if field is None or not field.kind:
                if field is not None or not self.types[kind].patterned or token.startswith("x-"):
                    return ""
                kind = self.types[kind].patterned
                continue
            if field.shape is not Shape.ONE and next(waiting, None) is None:
                return f"a {'map' if field.shape is Shape.MAP else 'list'} of {spoken(field.kind)} objects"
            kind = field.kind
        return kind


def _below(
    node: Node, value: dict[str, Json], object_type: ObjectType, extended: list[Node]
) -> Sequence[Node]:
    """The objects in the fields of an object, in their order; `extended` takes it if it has an `x-` field."""
    fields, patterned, document = object_type.fields, object_type.patterned, node.document
    below: list[Node] = []
    own = False
    for name, held in value.items():
        field = fields.get(name)
        if field is None:
            own = own or name.startswith("x-")
            if patterned and _is_patterned(node, name, patterned):
                below.append(Node(patterned, held, node, (name,), document))
            continue
        kind = field.kind
        if not kind:
            continue
        if field.shape is Shape.ONE and not (kind == "schema" and isinstance(held, list)):
            below.append(Node(kind, held, node, (name,), document))
        elif field.shape is Shape.MAP:
            if isinstance(held, dict):
                below += [Node(kind, one, node, (name, key), document) for key, one in held.items()]
        elif isinstance(held, list):
            below += [Node(kind, one, node, (name, str(at)), document) for at, one in enumerate(held)]
    if own:
        extended.append(node)
    return below or ()


def _is_patterned(node: Node, name: str, patterned: str) -> bool:
    """Whether a name that is no field stands for an object: a path, a status, an expression."""
    if name.startswith("x-"):
        return False
    return patterned != "path-item" or node.kind == "callback" or name.startswith("/")


def _tokens(target: Target) -> tuple[str, ...]:
    return tuple(split(target.pointer))


def _described(value: Json) -> str:
    names = {str: "a string", list: "a list", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
