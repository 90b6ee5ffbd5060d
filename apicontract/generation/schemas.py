"""The schemas of a contract as one flat document of named models.

What an operation says inline gets a name from where it stands, so that names stay when other parts of the
contract change. What only restricts values is left out unless it is asked for: a client that refuses what
the server sends helps nobody. Knows JSON Schema's structure, not how a class is written (`models.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.generation import names, telling
from apicontract.generation.components import KINDS, REF, Component, Direction, Key
from apicontract.generation.defaults import fits
from apicontract.generation.families import Families
from apicontract.generation.members import Members, merged
from apicontract.generation.rendering import plain
from apicontract.generation.scalars import bounds, scalar
from apicontract.generation.shapes import (
    Shape,
    below,
    branches,
    endless,
    everything_in,
    follow,
    inside,
    last,
    listed,
    literal_values,
    nullable,
    parts,
    said,
    shape_of,
    title_of,
    types_of,
)
from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from apicontract.generation.families import Family
    from apicontract.schemas import Schema
    from apicontract.sources import Json

_RESERVED = (  # names that generated modules import or define
    "Any", "Annotated", "Dict", "List", "Literal",
    "Field", "Model", "BaseModel", "RootModel", "Enum", "IntEnum", "StrEnum",
    "UUID",
    "Decimal", "TypeAliasType", "Optional", "Union", "OpenStrEnum", "OpenIntEnum", "Base64Bytes",
    "Duration", "JsonDecimal",
    "AnyUrl", "ConfigDict", "TYPE_CHECKING", "True", "False", "None",
)  # fmt: skip
_ONE_WAY = {"in": "readOnly", "out": "writeOnly"}  # what marks a property that does not travel in a direction
_CHOICE = 2  # alternatives that make one
_INLINE = 4  # steps to a schema within a shared part: components, responses, its name, schema
_SHARED = frozenset({"responses", "parameters", "requestBodies", "headers"})


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How models read: `bounds` keeps what restricts values; `open_enums` takes values of lists not known."""

    bounds: bool = False
    open_enums: bool = True


class Schemas:
    """Collects the schemas that are asked for, with all that they reach."""

    def __init__(self, options: ModelOptions) -> None:
        self.options = options
        self.components: dict[Key, Component] = {}
        self._names = names.Names(_RESERVED, separator="", fold=True)
        self._waiting: list[Key] = []
        self._recursive: dict[Schema, bool] = {}
        self._directed: dict[Schema, bool] = {}
        self._by_name: dict[str, Key] = {}
        self._families = Families()
        self._known: dict[tuple[Schema, Direction], dict[str, Json]] = {}

    def reserve(self, schemas: Collection[Schema]) -> None:
        """Give the contract's own schemas their names before anything written inline can take them."""
        for schema in schemas:
            said = last(schema.pointer)
            self._names.give(names.pascal(said), (id(schema.scope), schema.pointer, ""))
        self._families.declare(schemas)

    def convert(self, schema: Schema, hint: str, direction: Direction) -> dict[str, Json]:
        """The schema in the flat document's words; classes, unions and enums in it are references.

        hint: what to call it if it is written inline and needs a name.
        """
        followed, referred = follow(schema)
        known = self._known.get((followed, direction)) if referred else None
        converted = known or self._converted(followed, hint, direction, referred=referred)
        if referred:
            self._known[followed, direction] = converted
        if nullable(schema, followed):
            return {"anyOf": [converted, {"type": "null"}]}
        return converted

    def finish(self) -> dict[str, dict[str, Json]]:
        """Everything that is named, as `components.schemas`; nothing may be asked after."""
        self._work()
        telling.tell_all_apart({it.name: it for it in self.components.values()}, self._families)
        return {it.name: it.value for it in sorted(self.components.values(), key=lambda it: it.name)}

    def include(self, schemas: Iterable[Schema]) -> None:
        """See to it that the contract's own schemas have their models, also those that no operation uses."""
        for schema in schemas:
            followed, _ = follow(schema)
            name = names.pascal(last(schema.pointer))
            if self._families.of(followed):
                self._named(followed, name, "out", Shape.CLASS, referred=True)
            else:
                self._converted(followed, name, "out", referred=True)

    def declared(self) -> frozenset[str]:
        """The names of those that the contract itself names."""
        return frozenset(it.name for it in self.components.values() if it.said)

    def _work(self) -> None:
        while self._waiting:
            component = self.components[self._waiting.pop()]
            component.value = _WRITERS[component.shape](self, component)
            if component.family is None:  # a family's base says it itself
                component.value |= _told(component.schema)

    def _converted(  # noqa: PLR0911  # a way for each shape
        self, schema: Schema, hint: str, direction: Direction, *, referred: bool
    ) -> dict[str, Json]:
        shape = shape_of(schema)
        family = self._families.of(schema) if referred else None
        if family:
            return self._family(family, direction)
        if shape is Shape.SAME:
            inner = parts(schema)[0]
            if endless(schema):
                return {}
            if referred and shape_of(follow(inner)[0]) is Shape.CLASS:
                return self._named(schema, hint, direction, Shape.CLASS, referred=True)
            return self.convert(inner, hint, direction)
        if shape in (Shape.CLASS, Shape.ENUM) or (
            shape is Shape.UNION and self._worth_a_name(schema, referred)
        ):
            return self._named(schema, hint, direction, shape, referred=referred)
        if shape in (Shape.ARRAY, Shape.MAP, Shape.UNION) and self._is_recursive(schema):
            return self._named(schema, hint, direction, Shape.UNION, referred=referred)
        if shape is Shape.UNION:
            return self._union(schema, hint, direction)
        return self._plain(schema, hint, direction, shape)

    def _worth_a_name(self, schema: Schema, referred: bool) -> bool:  # noqa: FBT001
        """A union that the contract names, or whose branches are objects: not `string or number`."""
        if not referred:
            return self._told_apart(schema)
        return any(shape_of(follow(one)[0]) in (Shape.CLASS, Shape.SAME) for one in branches(schema))

    def _told_apart(self, schema: Schema) -> bool:
        """Whether all alternatives are classes, of which a property says which one a value is."""
        offered = [follow(one) for one in branches(schema)]
        if len(offered) < _CHOICE or any(shape_of(one) is not Shape.CLASS for one, _ in offered):
            return False
        classes = [member for one, _ in offered for member in self._families.members(one)]
        called = [last(one.pointer) if one.pointer else "" for one in classes]
        return telling.tags(schema, classes, called, self._families) is not None

    def _named(
        self, schema: Schema, hint: str, direction: Direction, shape: Shape, *, referred: bool
    ) -> dict[str, Json]:
        sent = direction == "in" and shape is not Shape.ENUM and self._is_directed(schema)
        key = (id(schema.scope), schema.pointer, "in" if sent else "")
        component = self.components.get(key)
        if component is None:
            called = last(schema.pointer) if referred else ""
            hint = _shared_part(schema.pointer) or hint
            wanted = (names.pascal(called) if called else hint).replace("_", "")
            name = self._names.give(wanted + "Input" if sent and called else wanted, key)
            component = Component(name, schema, "in" if sent else "out", shape, called)
            self.components[key] = component
            self._by_name[name] = key
            self._waiting.append(key)
        return {"$ref": REF + component.name}

    def _family(self, family: Family, direction: Direction) -> dict[str, Json]:
        """What is one of a family, of whichever kind; one that is not known is read as the base."""
        base = family.base
        sent = direction == "in" and any(self._is_directed(one) for one in family.members)
        key = (id(base.scope), base.pointer, "any in" if sent else "any")
        component = self.components.get(key)
        if component is None:
            wanted = f"Any{names.pascal(last(base.pointer))}" + ("Input" if sent else "")
            name = self._names.give(wanted, key)
            component = Component(name, base, "in" if sent else "out", Shape.UNION, "", family=family)
            self.components[key] = component
            self._by_name[name] = key
            self._waiting.append(key)
        return {"$ref": REF + component.name}

    def _write_family(self, component: Component, family: Family) -> dict[str, Json]:
        found: list[Json] = []
        kinds: dict[str, Json] = {}
        for member, values in zip(family.members, family.values, strict=True):
            reference = self._named(member, "", component.direction, Shape.CLASS, referred=True)
            found.append(reference)
            kinds |= dict.fromkeys(values, str(reference["$ref"]).removeprefix(REF))
        other = str(found[-1]["$ref"]).removeprefix(REF) if isinstance(found[-1], dict) else ""
        return {"anyOf": found, KINDS: {"tag": family.tag, "kinds": kinds, "other": other, "optional": False}}

    def _plain(self, schema: Schema, hint: str, direction: Direction, shape: Shape) -> dict[str, Json]:
        """What needs no name: scalars, lists, maps, constants, anything."""
        value = schema.value if isinstance(schema.value, dict) else {}
        if shape is Shape.CONST:
            return {"const": value["const"]}
        if shape is Shape.ARRAY:
            items = below(schema, "items")
            listed: dict[str, Json] = {"type": "array", "items": {}}
            if items is not None:
                listed["items"] = self.convert(items, hint + "Item", direction)
            return listed | (bounds(value, "array") if self.options.bounds else {})
        if shape is Shape.MAP:
            further = below(schema, "additionalProperties")
            if further is None or further.value in (True, False):
                return {"type": "object", "additionalProperties": True}
            return {
                "type": "object",
                "additionalProperties": self.convert(further, hint + "Value", direction),
            }
        kinds = [kind for kind in types_of(schema) if kind != "null"]
        if shape is Shape.ANY or not kinds:
            return {}
        written = [self._of_kind(kind, value, schema, hint, direction) for kind in kinds]
        return written[0] if len(written) == 1 else {"anyOf": list(written)}

    def _of_kind(
        self, kind: str, value: dict[str, Json], schema: Schema, hint: str, direction: Direction
    ) -> dict[str, Json]:
        if kind == "array":
            return self._plain(schema, hint, direction, Shape.ARRAY)
        if kind == "object":
            return {"type": "object", "additionalProperties": True}
        return scalar(kind, value, bounded=self.options.bounds)

    def _union(self, schema: Schema, hint: str, direction: Direction) -> dict[str, Json]:
        found: list[Json] = []
        offered = branches(schema)
        for number, branch in enumerate(offered, 1):
            family = self._families.of(follow(branch)[0]) if len(offered) > 1 else None
            if family:  # all that it may be stands beside the other alternatives, to be told apart with them
                members = [
                    self._named(one, "", direction, Shape.CLASS, referred=True) for one in family.members
                ]
                found += [one for one in members if one not in found]
                continue
            title = title_of(branch)
            name = hint + names.pascal(title) if title else f"{hint}{number}"
            converted = self.convert(branch, name, direction)
            inner = converted.get("anyOf")
            for one in inner if isinstance(inner, list) else [converted]:
                if one not in found:
                    found.append(one)
        if {} in found:
            return {}
        return dict(found[0]) if len(found) == 1 and isinstance(found[0], dict) else {"anyOf": found}

    def _write_class(self, component: Component) -> dict[str, Json]:
        """A class: its bases, then what it says itself."""
        found = self._members_of(component)
        bases = self._bases(component, found)
        inherited = {name for base in bases for name in self._all_names(base)}
        if not bases:
            found = component.members = merged(component.schema, inherit=False)
        properties: dict[str, Json] = {}
        required: list[Json] = []
        for name, member in found.properties.items():
            if _hidden(member.schema, component.direction):
                continue
            if name in inherited and not member.narrows:
                continue
            properties[name] = self._property(member.schema, component, name)
            if member.required:
                required.append(name)
        own: dict[str, Json] = {"type": "object", "properties": properties}
        if required:
            own["required"] = required
        if found.further is not None and isinstance(found.further.value, dict) and found.further.value:
            own["additionalProperties"] = self.convert(
                found.further, component.name + "Value", component.direction
            )
        if not bases:
            return own
        component.bases = tuple(bases)
        references: list[Json] = [{"$ref": REF + self.components[base].name} for base in bases]
        return {"allOf": [*references, own]}

    def _members_of(self, component: Component) -> Members:
        if component.members is None:
            component.members = merged(component.schema)
        return component.members

    def _bases(self, component: Component, found: Members) -> list[Key]:
        """The classes it inherits from; none where what they say does not go together."""
        bases: list[Key] = []
        seen: dict[str, Key] = {}
        for base in found.bases:
            key = self._key_of(self._named(base, "", component.direction, Shape.CLASS, referred=True))
            inherited = self._all_names(key)
            if key in bases or any(name in seen for name in inherited) or self.components[key] is component:
                return []
            bases.append(key)
            seen |= dict.fromkeys(inherited, key)
        for name, member in found.properties.items():
            if name in seen and not member.narrows:
                return []
        return bases

    def _key_of(self, reference: dict[str, Json]) -> Key:
        return self._by_name[str(reference["$ref"]).removeprefix(REF)]

    def _all_names(self, key: Key) -> frozenset[str]:
        """Every property of a class, its own and inherited."""
        component = self.components[key]
        return frozenset(merged(component.schema, inherit=False).properties)

    def _property(self, schema: Schema, component: Component, name: str) -> dict[str, Json]:
        converted = self.convert(schema, component.name + names.pascal(name), component.direction)
        beside: dict[str, Json] = {}
        for one in (schema, follow(schema)[0]):
            default = said(one).get("default")
            if default is not None and "default" not in beside and fits(default, converted, self._values):
                beside["default"] = default
        return {**converted, **beside, **_told(schema)}

    def _values(self, reference: str) -> list[Json]:
        """The values of an enumeration by its reference; none for what is no enumeration."""
        component = self.components[self._key_of({"$ref": reference})]
        return literal_values(component.schema) if component.shape is Shape.ENUM else []

    def _write_enum(self, component: Component) -> dict[str, Json]:
        values = [value for value in literal_values(component.schema) if value is not None]
        given = names.Names(("name", "value", "mro"))
        kind = "string" if isinstance(values[0], str) else "integer"
        members: list[Json] = [given.give(names.constant(str(value), "member")) for value in values]
        return {"type": kind, "enum": list(values), "x-enum-varnames": members}

    def _write_union(self, component: Component) -> dict[str, Json]:
        if component.family:
            return self._write_family(component, component.family)
        shape = shape_of(component.schema)
        if shape is Shape.UNION:
            return self._union(component.schema, component.name, component.direction)
        return self._plain(component.schema, component.name, component.direction, shape)

    def _is_recursive(self, schema: Schema) -> bool:
        """Whether a list, map or union comes to itself again without a class between."""
        if schema not in self._recursive:
            waiting: list[Schema] = list(inside(schema))
            seen: set[Schema] = set()
            self._recursive[schema] = False
            while waiting:
                one = waiting.pop()
                if one == schema:
                    self._recursive[schema] = True
                    break
                if one not in seen:
                    seen.add(one)
                    waiting += inside(one)
        return self._recursive[schema]

    def _is_directed(self, schema: Schema) -> bool:
        """Whether it reaches a property that travels in one direction only."""
        known = self._directed.get(schema)
        if known is not None:
            return known
        waiting, seen, found = [schema], {schema}, False
        while waiting and not found:
            one = waiting.pop()
            found = self._directed.get(one) or any(said(one).get(key) is True for key in _ONE_WAY.values())
            for under in () if self._directed.get(one) is False else self._reached(one):
                if under not in seen:
                    seen.add(under)
                    waiting.append(under)
        for one in (schema,) if found else seen:
            self._directed[one] = found
        return found

    def _reached(self, schema: Schema) -> Iterator[Schema]:
        """Every schema that a value of this one may have in it; of what it inherits from, the base."""
        bases = {follow(part)[0] for part in listed(schema, "allOf")}
        yield from bases
        for one in everything_in(schema):
            followed, _ = follow(one)
            if followed not in bases:
                yield from self._families.members(followed)


_WRITERS = {
    Shape.CLASS: Schemas._write_class,  # noqa: SLF001
    Shape.ENUM: Schemas._write_enum,  # noqa: SLF001
    Shape.UNION: Schemas._write_union,  # noqa: SLF001
}


def _told(schema: Schema) -> dict[str, Json]:
    """What a schema says of itself in words, as the flat document has it."""
    text = said(schema).get("description")
    words = plain(text).strip() if isinstance(text, str) else ""
    return {"description": words} if words else {}


def _shared_part(pointer: str) -> str:
    """What to call a schema that stands inline in a shared response, parameter, body or header."""
    tokens = split(pointer)
    if len(tokens) < _INLINE or tokens[0] != "components" or tokens[1] not in _SHARED:  # …/schema
        return ""
    return names.pascal(tokens[2]) if tokens[-1] == "schema" else ""


def _hidden(schema: Schema, direction: Direction) -> bool:
    """Whether a property does not travel in this direction."""
    return any(said(one).get(_ONE_WAY[direction]) is True for one in (schema, follow(schema)[0]))
