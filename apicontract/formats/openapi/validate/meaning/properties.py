"""Which properties a schema declares, wherever: in itself, behind references, in any of its branches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.formats.openapi.walk import Node

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


def declared(schema: Node) -> Declared:
    """Every property that a schema or one of its parts declares."""
    result = Declared()
    seen: set[int] = set()
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if "$dynamicRef" in node.fields or (node.reference is not None and node.target is None):
            result.complete = False
        if node.target is not None:
            waiting.append(node.target)
        required = node.fields.get("required")
        if isinstance(required, list):
            result.required.update(name for name in required if isinstance(name, str))
        for child in node.children:
            head = child.tokens[0]
            if head == "properties" and len(child.tokens) > 1:
                result.found.setdefault(child.key, child)
            elif head in _WITHIN:
                waiting.append(child)
            elif head == "patternProperties" or (
                head == "additionalProperties" and isinstance(child.value, dict)
            ):
                result.complete = False
    return result
