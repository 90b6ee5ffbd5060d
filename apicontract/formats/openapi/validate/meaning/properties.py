"""Which properties a schema declares, wherever: in itself, behind references, in any of its branches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.meaning.circles import circles

if TYPE_CHECKING:
    from apicontract.formats.openapi.walk import Node, Walk

_WITHIN = ("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas")


@dataclass(slots=True)
class Declared:
    """Names of properties, where they are declared, which are required.

    complete: False if something cannot be seen (a broken reference), or if names are data
    (`patternProperties`, `additionalProperties` with a schema).
    """

    found: dict[str, Node] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    complete: bool = True


class Declarations:
    """What the schemas of one contract declare; schemas that are parts of each other are looked at once."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._shared: dict[int, Declared] | None = None

    def of(self, schema: Node) -> Declared:
        """Every property that a schema or one of its parts declares."""
        if self._shared is None:
            self._shared = {}
            for group in circles(self._walk.referring("schema"), _parts):
                whole = self._collected(group, {id(node) for node in group})
                self._shared.update((id(node), whole) for node in group)
        return self._shared.get(id(schema)) or self._collected([schema], set())

    def _collected(self, schemas: list[Node], own: set[int]) -> Declared:
        """What schemas and their parts declare; groups other than that of `own` are known already."""
        shared = self._shared or {}
        result = Declared()
        seen: set[int] = set()
        waiting = list(reversed(schemas))
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            known = shared.get(id(node))
            if known is not None and id(node) not in own:
                for name, where in known.found.items():
                    result.found.setdefault(name, where)
                result.required |= known.required
                result.complete = result.complete and known.complete
                continue
            _add(node, result)
            waiting += _parts(node)
        return result


def _parts(node: Node) -> list[Node]:
    parts = [node.target] if node.target is not None else []
    return [*parts, *(child for child in node.children if child.tokens[0] in _WITHIN)]


def _add(node: Node, result: Declared) -> None:
    """What stands in a schema itself."""
    if "$dynamicRef" in node.fields or (node.reference is not None and node.target is None):
        result.complete = False
    required = node.fields.get("required")
    if isinstance(required, list):
        result.required.update(name for name in required if isinstance(name, str))
    for child in node.children:
        head = child.tokens[0]
        if head == "properties" and len(child.tokens) > 1:
            result.found.setdefault(child.key, child)
        elif head == "patternProperties" or (
            head == "additionalProperties" and isinstance(child.value, dict)
        ):
            result.complete = False
