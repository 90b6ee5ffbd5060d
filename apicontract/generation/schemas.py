"""The schemas of a contract as one flat document of named models.

What an operation says inline gets a name from where it stands, so that names stay when other parts of the
contract change. What only restricts values is left out unless it is asked for: a client that refuses what
the server sends helps nobody. Knows JSON Schema's structure, not how a class is written (`models.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from apicontract.generation import names
from apicontract.generation.members import Members, merged
from apicontract.generation.rendering import plain
from apicontract.generation.shapes import (
    Shape,
    below,
    branches,
    everything_in,
    follow,
    inside,
    last,
    literal_values,
    nullable,
    parts,
    said,
    shape_of,
    title_of,
    types_of,
)
from apicontract.generation.tags import tags_of
from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas import Schema
    from apicontract.sources import Json

Direction = Literal["in", "out"]
Key = tuple[int, str, str]  # scope, pointer, variant
REF = "#/components/schemas/"
_RESERVED = (  # names that generated modules import or define
    "Any", "Annotated", "Literal", "Field", "Model", "BaseModel", "RootModel", "Enum", "IntEnum", "StrEnum",
    "UUID",
    "Decimal", "TypeAliasType", "Optional", "Union", "OpenStrEnum", "OpenIntEnum", "Base64Bytes",
    "JsonDecimal",
    "AnyUrl", "ConfigDict", "TYPE_CHECKING", "True", "False", "None",
)  # fmt: skip
_ONE_WAY = {"in": "readOnly", "out": "writeOnly"}  # what marks a property that does not travel in a direction
_BOUNDS = ("minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems")
_FORMATS = {  # what is read into a type of its own; any other format is a text, or a number
    ("string", "uuid"), ("string", "date-time"), ("string", "date"), ("string", "duration"),
    ("string", "binary"),
    ("string", "decimal"), ("string", "byte"), ("number", "decimal"), ("integer", "decimal"),
}  # fmt: skip

_CHOICE = 2  # alternatives that make one
_INLINE = 4  # steps to a schema within a shared part: components, responses, its name, schema
_SHARED = frozenset({"responses", "parameters", "requestBodies", "headers"})
_CUSTOM = {  # formats whose type is the runtime's own
    ("string", "byte"): "Base64Bytes", ("number", "decimal"): "JsonDecimal",
    ("integer", "decimal"): "JsonDecimal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How models read: `bounds` keeps what restricts values; `open_enums` takes values of lists not known."""

    bounds: bool = False
    open_enums: bool = True


@dataclass(slots=True)
class Component:
    """A schema that becomes a named type: its name, where it stands, and how it is written."""

    name: str
    schema: Schema
    direction: Direction
    shape: Shape
    said: str  # the name that the contract has for it, or an empty one
    value: dict[str, Json] = field(default_factory=dict)
    members: Members | None = None
    bases: tuple[Key, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)


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
        self._unions: list[Key] = []

    def reserve(self, schemas: Iterable[Schema]) -> None:
        """Give the contract's own schemas their names before anything written inline can take them."""
        for schema in schemas:
            said = last(schema.pointer)
            self._names.give(names.pascal(said), (id(schema.scope), schema.pointer, ""))

    def convert(self, schema: Schema, hint: str, direction: Direction) -> dict[str, Json]:
        """The schema in the flat document's words; classes, unions and enums in it are references.

        hint: what to call it if it is written inline and needs a name.
        """
        followed, referred = follow(schema)
        converted = self._converted(followed, hint, direction, referred=referred)
        if nullable(schema, followed):
            return {"anyOf": [converted, {"type": "null"}]}
        return converted

    def finish(self) -> dict[str, dict[str, Json]]:
        """Everything that is named, as `components.schemas`; nothing may be asked after."""
        self._work()
        for key in self._unions:
            self._tag(key)
        return {it.name: it.value for it in sorted(self.components.values(), key=lambda it: it.name)}

    def include(self, schemas: Iterable[Schema]) -> None:
        """See to it that the contract's own schemas have their models, also those that no operation uses."""
        for schema in schemas:
            followed, _ = follow(schema)
            self._converted(followed, names.pascal(last(schema.pointer)), "out", referred=True)

    def declared(self) -> frozenset[str]:
        """The names of those that the contract itself names."""
        return frozenset(it.name for it in self.components.values() if it.said)

    def _work(self) -> None:
        while self._waiting:
            component = self.components[self._waiting.pop()]
            component.value = _WRITERS[component.shape](self, component)
            text = said(component.schema).get("description")
            if isinstance(text, str) and text.strip():
                component.value["description"] = plain(text)

    def _converted(
        self, schema: Schema, hint: str, direction: Direction, *, referred: bool
    ) -> dict[str, Json]:
        shape = shape_of(schema)
        if shape is Shape.SAME:
            inner = parts(schema)[0]
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

    @staticmethod
    def _worth_a_name(schema: Schema, referred: bool) -> bool:  # noqa: FBT001
        """A union that the contract names, or whose branches are objects: not `string or number`."""
        if not referred:
            return False
        return any(shape_of(follow(one)[0]) in (Shape.CLASS, Shape.SAME) for one in branches(schema))

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
            if shape is Shape.UNION:
                self._unions.append(key)
        return {"$ref": REF + component.name}

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
            return listed | self._bounds(value, "array")
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
        written = [self._scalar(kind, value, schema, hint, direction) for kind in kinds]
        return written[0] if len(written) == 1 else {"anyOf": list(written)}

    def _scalar(
        self, kind: str, value: dict[str, Json], schema: Schema, hint: str, direction: Direction
    ) -> dict[str, Json]:
        if kind == "file":
            return {"type": "string", "format": "binary"}
        if kind == "array":
            return self._plain(schema, hint, direction, Shape.ARRAY)
        if kind == "object":
            return {"type": "object", "additionalProperties": True}
        format_ = value.get("format")
        if value.get("contentEncoding") in ("base64", "base64url") and kind == "string":
            format_ = "byte"
        found: dict[str, Json] = {"type": kind}
        if isinstance(format_, str) and (kind, format_) in _FORMATS:
            found["format"] = format_
            if (kind, format_) in _CUSTOM:
                found["customTypePath"] = f"runtime.{_CUSTOM[kind, format_]}"
        return found | self._bounds(value, kind)

    def _bounds(self, value: dict[str, Json], kind: str) -> dict[str, Json]:
        if not self.options.bounds:
            return {}
        about = {"string": "Length", "array": "Items"}.get(
            kind, "mum" if kind in ("integer", "number") else "-"
        )
        found: dict[str, Json] = {
            key: value[key]
            for key in _BOUNDS
            if key in value and (about in key or (about == "mum" and key == "multipleOf"))
        }
        for side, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            bound = value.get(side)
            if about != "mum" or bound is None or bound is False:
                continue
            found[side] = found.pop(inclusive, None) if bound is True else bound
        if kind == "string" and "format" in value and value.get("format") in {name for _, name in _FORMATS}:
            return {}
        return {key: bound for key, bound in found.items() if bound is not None}

    def _union(self, schema: Schema, hint: str, direction: Direction) -> dict[str, Json]:
        found: list[Json] = []
        for number, branch in enumerate(branches(schema), 1):
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
            if "default" in said(one) and "default" not in beside and _fits(said(one)["default"], converted):
                beside["default"] = said(one)["default"]
        return {**converted, **beside}

    def _write_enum(self, component: Component) -> dict[str, Json]:
        values = [value for value in literal_values(component.schema) if value is not None]
        given = names.Names(("name", "value", "mro"))
        kind = "string" if isinstance(values[0], str) else "integer"
        members: list[Json] = [given.give(names.constant(str(value), "member")) for value in values]
        return {"type": kind, "enum": list(values), "x-enum-varnames": members}

    def _write_union(self, component: Component) -> dict[str, Json]:
        shape = shape_of(component.schema)
        if shape is Shape.UNION:
            return self._union(component.schema, component.name, component.direction)
        return self._plain(component.schema, component.name, component.direction, shape)

    def _tag(self, key: Key) -> None:
        """Say by which property's value a union's branches are told apart, if there is one."""
        component = self.components[key]
        listed = component.value.get("anyOf")
        references = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        keys = [self._key_of(one) for one in references if "$ref" in one]
        if (
            len(keys) != len(references)
            or len(keys) < _CHOICE
            or any(  # a choice
                self.components[one].shape is not Shape.CLASS for one in keys
            )
        ):
            return
        classes = [self.components[one] for one in keys]
        found = tags_of(component.schema, [one.schema for one in classes], [one.said for one in classes])
        if found is None:
            return
        name, values = found
        for one, own in zip(keys, values, strict=True):
            self._set_tag(one, name, own)
        mapping: dict[str, Json] = {
            value: REF + self.components[one].name
            for one, own in zip(keys, values, strict=True)
            for value in own
        }
        component.value["discriminator"] = {"propertyName": name, "mapping": mapping}
        component.value["oneOf"] = component.value.pop("anyOf")

    def _set_tag(self, key: Key, name: str, values: list[str]) -> None:
        component = self.components[key]
        listed = component.value.get("allOf")
        own = listed[-1] if isinstance(listed, list) else component.value
        assert isinstance(own, dict)  # noqa: S101  # as _write_class makes it
        properties, required = own.setdefault("properties", {}), own.setdefault("required", [])
        assert isinstance(properties, dict)  # noqa: S101
        assert isinstance(required, list)  # noqa: S101
        known = properties.get(name)
        every = [value for value in _consts(known) if value not in values] + list(values)
        consts: list[Json] = [{"const": value} for value in every]
        properties[name] = (
            dict(consts[0]) if len(consts) == 1 and isinstance(consts[0], dict) else {"anyOf": consts}
        )
        if name not in required:
            required.append(name)
        for base in component.bases:
            self._loosen(base, name)

    def _loosen(self, key: Key, name: str) -> None:
        """A base's own tag is any text: its subclasses have values of their own."""
        component = self.components[key]
        listed = component.value.get("allOf")
        own = listed[-1] if isinstance(listed, list) else component.value
        properties = own.get("properties") if isinstance(own, dict) else None
        if isinstance(properties, dict) and name in properties and not _consts(properties[name]):
            properties[name] = {"type": "string"}
        for base in component.bases:
            self._loosen(base, name)

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
            for under in () if self._directed.get(one) is False else everything_in(one):
                if under not in seen:
                    seen.add(under)
                    waiting.append(under)
        for one in (schema,) if found else seen:
            self._directed[one] = found
        return found


_WRITERS = {
    Shape.CLASS: Schemas._write_class,  # noqa: SLF001
    Shape.ENUM: Schemas._write_enum,  # noqa: SLF001
    Shape.UNION: Schemas._write_union,  # noqa: SLF001
}


def _shared_part(pointer: str) -> str:
    """What to call a schema that stands inline in a shared response, parameter, body or header."""
    tokens = split(pointer)
    if len(tokens) < _INLINE or tokens[0] != "components" or tokens[1] not in _SHARED:  # …/schema
        return ""
    return names.pascal(tokens[2]) if tokens[-1] == "schema" else ""


def _hidden(schema: Schema, direction: Direction) -> bool:
    """Whether a property does not travel in this direction."""
    return any(said(one).get(_ONE_WAY[direction]) is True for one in (schema, follow(schema)[0]))


def _consts(value: Json) -> list[str]:
    """The constants that a converted property is, if it is nothing else."""
    if not isinstance(value, dict):
        return []
    listed = value.get("anyOf", [value])
    found = (
        [one["const"] for one in listed if isinstance(one, dict) and "const" in one]
        if isinstance(listed, list)
        else []
    )
    return [str(one) for one in found]


_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def _fits(default: Json, converted: dict[str, Json]) -> bool:
    """Whether a default is a plain value of a plain type: others would need code of their own."""
    listed = converted.get("anyOf")
    if isinstance(listed, list) and len(listed) == _CHOICE and {"type": "null"} in listed:  # T or null
        [converted] = [one for one in listed if one != {"type": "null"} and isinstance(one, dict)]
    kind = converted.get("type")
    if not isinstance(kind, str) or kind not in _PYTHON_TYPES or "format" in converted:
        return False
    return isinstance(default, _PYTHON_TYPES[kind]) and (kind == "boolean" or not isinstance(default, bool))
