"""Schemas of a contract as plain JSON Schema 2020-12, for jsonschema-rs to run on values.

Takes out what OpenAPI bends: `nullable`, the exclusive flags of draft 4, siblings of `$ref` before
3.1, `readOnly` and `writeOnly` in view of who sends, numeric formats. References become entries of
one `$defs`, resolved by our own rules (files, anchors), so what is run has neither files nor ids.
A keyword with a value of the wrong type is left out: the meta-schema reports it. `$dynamicRef`
counts as "anything".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.regex import runnable

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

_DEPTH = 50  # levels written in place; what is nested deeper accepts anything
# Formats whose violation is a mistake for sure; others are annotations (an empty `uri` is common).
FORMATS = frozenset({"date", "date-time", "email", "idn-email", "ipv4", "ipv6", "uuid", "regex", "byte"})
_INTEGERFORMATS: dict[str, tuple[int, int]] = {
    "int32": (-(1 << 31), (1 << 31) - 1),
    "int64": (-(1 << 63), (1 << 63) - 1),
}
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_APPLICATORS = frozenset(
    [
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "properties",
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "items",
        "prefixItems",
        "contains",
        "dependentSchemas",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)


def _natural(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(value: Json) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _positive(value: Json) -> bool:
    return _number(value) and value > 0  # type: ignore[operator]  # a number


def _truth(value: Json) -> bool:
    return isinstance(value, bool)


def _names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _pattern(value: Json) -> bool:
    return isinstance(value, str) and runnable(value)


def _choices(value: Json) -> bool:
    return isinstance(value, list) and bool(value)


# Keywords taken over as they are, if their value is of the right type.
_VERBATIM: dict[str, Callable[[Json], bool]] = {
    "multipleOf": _positive,
    "maximum": _number,
    "minimum": _number,
    "exclusiveMaximum": _number,
    "exclusiveMinimum": _number,
    "maxLength": _natural,
    "minLength": _natural,
    "maxItems": _natural,
    "minItems": _natural,
    "maxProperties": _natural,
    "minProperties": _natural,
    "maxContains": _natural,
    "minContains": _natural,
    "uniqueItems": _truth,
    "pattern": _pattern,
    "enum": _choices,
    "const": lambda _: True,
    "format": lambda value: isinstance(value, str) and value in FORMATS,
    "dependentRequired": lambda value: (
        isinstance(value, dict) and all(_names(names) for names in value.values())
    ),
}


_EXCUSED = {"request": ("readOnly",), "response": ("writeOnly",), "any": ("readOnly", "writeOnly")}


@dataclass(slots=True)
class _Job:
    """One definition in the making: for which flow, and which others it turns out to need."""

    flow: str
    needed: list[tuple[Node, str]]


class Plain:
    """Plain forms of a contract's schemas, as one set of definitions.

    A form is made for one flow: `request` (readOnly properties need not be there), `response` (writeOnly
    ones), or `any` (both). Schemas for which that makes no difference have one form.
    """

    def __init__(self, series: str, schemas: list[Node]) -> None:
        self.definitions: dict[str, Json] = {}
        self._lenient_references = series in {"2.0", "3.0"}
        self._named: dict[tuple[int, str], str] = {}
        self._two_faced = _two_faced(schemas)

    def reference(self, node: Node, flow: str) -> Json:
        """A schema that refers to the plain form of `node`."""
        return {"$ref": f"#/$defs/{self.define(node, flow)}"}

    def define(self, node: Node, flow: str) -> str:
        """The name of the definition that is the plain form of `node`."""
        job = _Job(flow, [])
        name = self._name(node, job)
        self._make(job)
        return name

    def without(self, node: Node, *keywords: str) -> Json:
        """The plain form of `node` in place for any flow, without some of its own keywords."""
        job = _Job("any", [])
        built = self._build(node, 0, job, frozenset(keywords))
        self._make(job)
        return built

    def _make(self, job: _Job) -> None:
        while job.needed:
            node, flow = job.needed.pop()
            one = _Job(flow, job.needed)
            self.definitions[self._named[id(node), flow]] = self._build(node, 0, one)

    def _name(self, node: Node, job: _Job) -> str:
        flow = job.flow if id(node) in self._two_faced else "any"
        name = self._named.get((id(node), flow))
        if name is None:
            name = self._named[id(node), flow] = str(len(self._named))
            job.needed.append((node, flow))
        return name

    def _build(self, node: Node, depth: int, job: _Job, leave: frozenset[str] = frozenset()) -> Json:
        value = node.value
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        refers = "$ref" in value and node.reference is not None
        if depth > _DEPTH or (refers and node.target is None):
            return True
        target: Json = (
            {"$ref": f"#/$defs/{self._name(node.target, job)}"} if node.target is not None else True
        )
        if refers and (self._lenient_references or len(value) == 1):
            return target
        plain: dict[str, Json] = {}
        for keyword, held in value.items():
            fits = _VERBATIM.get(keyword)
            if fits is not None and keyword not in leave and fits(held):
                plain[keyword] = held
        self._applicators(node, plain, depth, job, leave)
        _exclusive(value, plain)
        _integers(value, plain)
        types = _typed(value)
        if types and "type" not in leave:
            plain["type"] = types
        if "required" in value:
            plain["required"] = _required(node, job.flow)
        if refers:
            plain = {"allOf": [target, plain]}
        return _nullable(value, plain)

    def _applicators(
        self, node: Node, plain: dict[str, Json], depth: int, job: _Job, leave: frozenset[str]
    ) -> None:
        for child in node.children:
            head = child.tokens[0]
            if head not in _APPLICATORS or head in leave:
                continue
            built = self._build(child, depth + 1, job)
            if len(child.tokens) == 1:
                plain[head] = built
            elif isinstance(node.fields[head], list):
                held = plain.setdefault("prefixItems" if head == "items" else head, [])
                if isinstance(held, list):
                    held.append(built)
            else:
                mapped = plain.setdefault(head, {})
                if isinstance(mapped, dict) and (head != "patternProperties" or runnable(child.key)):
                    mapped[child.key] = built


def _required(node: Node, flow: str) -> list[Json]:
    """The names that a value must have in this flow."""
    required = node.fields.get("required")
    if not isinstance(required, list):
        return []
    absent = _excused(node, _EXCUSED[flow])
    return [name for name in required if isinstance(name, str) and name not in absent]


def _excused(node: Node, marks: tuple[str, ...]) -> set[str]:
    """The required properties that bear one of the marks, themselves or by what they refer to."""
    required = node.fields.get("required")
    names = {name for name in required if isinstance(name, str)} if isinstance(required, list) else ()
    if not names:
        return set()
    return {
        child.key
        for child in node.children
        if child.field == "properties"
        and child.key in names
        and any(child.fields.get(mark) is True or child.followed().fields.get(mark) is True for mark in marks)
    }


def _two_faced(schemas: list[Node]) -> set[int]:
    """The schemas that differ by flow: they excuse a property, or have a part or a target that does."""
    referring: dict[int, list[Node]] = {}
    for node in schemas:
        if node.target is not None:
            referring.setdefault(id(node.target), []).append(node)
    requiring = [node for node in schemas if isinstance(node.value, dict) and "required" in node.value]
    waiting = [node for node in requiring if _excused(node, _EXCUSED["any"])]
    found: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found.add(id(node))
            waiting.extend(referring.get(id(node), ()))
            if node.parent is not None and node.parent.kind == "schema":
                waiting.append(node.parent)
    return found


def _typed(value: dict[str, Json]) -> Json:
    given = value.get("type")
    if isinstance(given, str):
        return given if given in _TYPES else None
    if isinstance(given, list):
        return list(dict.fromkeys(name for name in given if isinstance(name, str) and name in _TYPES)) or None
    return None


def _nullable(value: dict[str, Json], plain: dict[str, Json]) -> Json:
    """`nullable` adds null to the type beside it; an enum has to list it all the same (3.0.4, Schema Object).

    Without a type it has no effect, which is said where it stands; here it counts as its authors mean it.
    """
    if value.get("nullable") is True and isinstance(plain.get("type"), str):
        return {**plain, "type": [plain["type"], "null"]}
    if value.get("nullable") is not True and value.get("x-nullable") is not True:
        return plain
    return {"anyOf": [{"type": "null"}, plain]} if plain else plain


def _exclusive(value: dict[str, Json], plain: dict[str, Json]) -> None:
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if value.get(flag) is True and bound in plain:
            plain[flag] = plain.pop(bound)


def _integers(value: dict[str, Json], plain: dict[str, Json]) -> None:
    limits = _INTEGERFORMATS.get(str(value.get("format")))
    if limits is not None and value.get("type") in ("integer", "number"):
        bounds: Json = {"minimum": limits[0], "maximum": limits[1]}
        held = plain.setdefault("allOf", [])
        if isinstance(held, list):
            held.append(bounds)
