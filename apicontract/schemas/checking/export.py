"""Schemas as one plain JSON Schema 2020-12 document, for a validator that is not ours.

Works from the schemas as written, not from nodes, so that a verified witness also checks the reading.
References are bundled into `$defs`. Only the properties that a value can have are written: a document
serves the values with the same member names. A discriminator becomes a
condition on its property, a number format its bounds, a hidden property `false` or `true`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.sets.formats import NUMBER_FORMATS, STRING_FORMATS
from apicontract.schemas.translation.dialects import TABLE, Dialect
from apicontract.schemas.translation.discriminator import branch_tags
from apicontract.schemas.translation.translate import Context, Place

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json, Schema
    from apicontract.schemas.translation.translate import Translator

# Most schemas of a contract are a type and prose: those are converted without a look at anything else.
_BARE = frozenset(("type", "description", "example", "title"))
_FEW = 4
_SIMPLE_TYPES = ("string", "integer", "boolean", "number")
_COPIED = [
    "const",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "minContains",
    "maxContains",
    "dependentRequired",
]
_ONE = [
    "not",
    "additionalProperties",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "if",
    "then",
    "else",
]
_MAPS = ["properties", "patternProperties", "dependentSchemas"]
_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"]
_SAME_VALUE = frozenset(["not", "if", "then", "else", "dependentSchemas", "allOf", "anyOf", "oneOf"])


class Exporter:
    """Converts for values whose members, at any depth, are among `names`.

    Without `formats` and `tags` those say nothing in the result.
    """

    def __init__(self, translator: Translator, names: frozenset[str], *, formats: bool, tags: bool) -> None:
        self._names = names
        self._with_tags = tags
        self._translator = translator
        self._formats = formats
        self._numbers: dict[tuple[tuple[int, str, int], Context], int] = {}
        self._bodies: list[Json] = []
        self._refs: list[set[int]] = []
        self._waiting: list[tuple[Json, Place, int]] = []
        self._current: set[int] = set()
        self._broken = False
        self._unreadable: set[int] = set()
        self._replaced = False
        self._rewritten: set[int] = set()
        self.rewritten = False
        self._kept: list[Json] = []

    def document(self, schema: Schema, context: Context) -> dict[str, Json] | None:
        """The schema and all it reaches; the root is `#/$defs/N`. None if a reference leads nowhere.

        Says in `rewritten` whether a discriminator or a number format became a plain condition in it.
        """
        root = self._number(schema.value, Place(schema.scope, schema.pointer, context))
        while self._waiting:
            value, place, number = self._waiting.pop()
            self._current, self._broken, self._replaced = self._refs[number], False, False
            self._bodies[number] = self._convert(value, place)
            if self._replaced:
                self._rewritten.add(number)
            if self._broken:
                self._unreadable.add(number)
        reached = {root}
        waiting = [root]
        while waiting:
            for number in self._refs[waiting.pop()] - reached:
                reached.add(number)
                waiting.append(number)
        if reached & self._unreadable:
            return None
        self.rewritten = bool(reached & self._rewritten)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": f"#/$defs/{root}",
            "$defs": {str(number): self._bodies[number] for number in sorted(reached)},
        }

    def _number(self, value: Json, place: Place) -> int:
        key = ((id(place.scope), place.pointer, id(value)), place.context)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._bodies)
            self._bodies.append(True)
            self._refs.append(set())
            self._waiting.append((value, place, number))
            self._kept.append(value)
        return number

    def _reference(self, ref: Json, place: Place, *, dynamic: bool = False) -> Json:
        found = self._translator.resolved(ref, place, dynamic=dynamic)
        if found is None:
            self._broken = True
            return True
        number = self._number(*found)
        self._current.add(number)
        return {"$ref": f"#/$defs/{number}"}

    def _convert(self, value: Json, place: Place) -> Json:
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        if len(value) <= _FEW and value.keys() <= _BARE and value.get("type") in _SIMPLE_TYPES:
            return {"type": value["type"]}
        dialect = TABLE[place.scope.dialect]
        if "$ref" in value and dialect.lone_ref:
            return self._reference(value["$ref"], place)
        place = self._translator.entered(value, place)
        present = value.keys() & dialect.keywords
        made: dict[str, Json] = {k: value[k] for k in _COPIED if k in present}
        extra: list[Json] = []
        if "$ref" in value:
            extra.append(self._reference(value["$ref"], place))
        extra += [
            self._reference(value[k], place, dynamic=True)
            for k in ("$dynamicRef", "$recursiveRef")
            if k in present
        ]
        self._types(value, dialect, made)
        _flags(made)
        if self._formats and "format" in value:
            self._format(value["format"], made, extra)
        self._nested(value, place, present, made)
        self._items(value, place, dialect, present, made)
        if "contains" in present:
            self._contains(value, place, dialect, made, extra)
        self._objects(value, place, made)
        if "discriminator" in present and self._with_tags:
            self._tags(value, place, made)
        if "dependencies" in present and isinstance(value["dependencies"], dict):
            self._dependencies(value["dependencies"], place, extra)
        if extra:
            listed = made.get("allOf")
            made["allOf"] = [*(listed if isinstance(listed, list) else ()), *extra]
        return made

    def _types(self, value: dict[str, Json], dialect: Dialect, made: dict[str, Json]) -> None:
        nullable = "nullable" in dialect.keywords and value.get("nullable") is True and "type" in value
        if "type" in value:
            named = value["type"]
            names = list(named) if isinstance(named, list) else [named]
            if dialect.files:
                names = ["string" if name == "file" else name for name in names]
            if nullable:
                names.append("null")
            made["type"] = list(dict.fromkeys(str(name) for name in names))
        if isinstance(value.get("enum"), list):
            given = list(value["enum"])  # type: ignore[arg-type]
            made["enum"] = [*given, None] if nullable and None not in given else given

    def _below(
        self, value: Json, place: Place, keyword: str, token: str | None = None, *, same: bool = False
    ) -> Json:
        """The plain form of a subschema; `same` if it speaks of the same value as the schema around it."""
        context = place.context
        if context.hidden and not same:
            place = place._replace(context=context._replace(hidden=frozenset()))
        return self._convert(value, self._hidden(value, place.below(keyword, token)))

    def _hidden(self, value: Json, place: Place) -> Place:
        if place.context.mark and isinstance(value, dict):
            return place._replace(context=self._translator.hiding(value, place))
        return place

    def _nested(self, value: dict[str, Json], place: Place, present: set[str], made: dict[str, Json]) -> None:
        for keyword in _ONE:
            if keyword in present:
                made[keyword] = self._below(value[keyword], place, keyword, same=keyword in _SAME_VALUE)
        for keyword in _MAPS:
            given = value.get(keyword)
            if keyword in present and isinstance(given, dict):
                made[keyword] = {
                    name: self._below(sub, place, keyword, name, same=keyword in _SAME_VALUE)
                    for name, sub in given.items()
                    if keyword != "properties" or name in self._names
                }
        for keyword in _LISTS:
            given = value.get(keyword)
            if keyword in present and isinstance(given, list):
                made[keyword] = [
                    self._below(sub, place, keyword, str(i), same=keyword in _SAME_VALUE)
                    for i, sub in enumerate(given)
                ]

    def _items(
        self, value: dict[str, Json], place: Place, dialect: Dialect, present: set[str], made: dict[str, Json]
    ) -> None:
        items = value.get("items")
        if "items" not in present:
            return
        if not isinstance(items, list):
            made["items"] = self._below(items, place, "items")
        elif dialect.tuples:
            made["prefixItems"] = [self._below(sub, place, "items", str(i)) for i, sub in enumerate(items)]
            if "additionalItems" in present:
                made["items"] = self._below(value["additionalItems"], place, "additionalItems")

    def _format(self, name: Json, made: dict[str, Json], extra: list[Json]) -> None:
        if name in STRING_FORMATS:
            made["format"] = name
        elif name in NUMBER_FORMATS:
            self._replaced = True
            numbers = NUMBER_FORMATS[str(name)]
            bounds: dict[str, Json] = {"minimum": numbers.low, "maximum": numbers.high}  # type: ignore[dict-item]
            if numbers.step is not None:
                bounds["multipleOf"] = 1
            extra.append(bounds)

    def _contains(
        self, value: dict[str, Json], place: Place, dialect: Dialect, made: dict[str, Json], extra: list[Json]
    ) -> None:
        """Before 2020-12 `contains` evaluates no item: a double negation keeps its annotations in."""
        inner: dict[str, Json] = {"contains": self._below(value["contains"], place, "contains")}
        for keyword in ("minContains", "maxContains"):
            if keyword in made:
                inner[keyword] = made.pop(keyword)
        if dialect.seen_by_contains:
            made.update(inner)
        else:
            extra.append({"not": {"not": inner}})

    def _objects(self, value: dict[str, Json], place: Place, made: dict[str, Json]) -> None:
        """`required`, and the properties that the direction hides."""
        required = value.get("required")
        context = place.context
        if isinstance(required, list):
            made["required"] = [
                name for name in required if isinstance(name, str) and name not in context.hidden
            ]
        properties = made.get("properties")
        hidden = sorted(context.hidden)
        if hidden and (isinstance(properties, dict) or (not context.sent and "additionalProperties" in made)):
            own = dict(properties) if isinstance(properties, dict) else {}
            for name in hidden:
                if name in own or not context.sent:
                    own[name] = not context.sent
            made["properties"] = own

    def _tags(self, value: dict[str, Json], place: Place, made: dict[str, Json]) -> None:
        for keyword in ("anyOf", "oneOf"):
            listed = value.get(keyword)
            if not isinstance(listed, list):
                continue
            tags = branch_tags(listed, value["discriminator"], place)
            if tags is None:
                continue
            name, words = tags
            self._replaced = True
            free = self._translator.free_branches(listed, value["discriminator"], place, keyword)
            made[keyword] = [
                made_branch
                if index in free
                else {"allOf": [made_branch, {"properties": {name: {"enum": _words(words[index])}}}]}
                for index, made_branch in enumerate(made[keyword])  # type: ignore[arg-type]
            ]

    def _dependencies(self, given: dict[str, Json], place: Place, extra: list[Json]) -> None:
        for name, wanted in given.items():
            if isinstance(wanted, list):
                extra.append({"dependentRequired": {name: wanted}})
            else:
                extra.append(
                    {"dependentSchemas": {name: self._below(wanted, place, "dependencies", name, same=True)}}
                )


def _words(words: frozenset[str]) -> list[Json]:
    return [*sorted(words)]


def _flags(made: dict[str, Json]) -> None:
    """Draft 4's boolean exclusive bounds as numbers."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(made.get(exclusive), bool) and made.pop(exclusive) and bound in made:
            made[exclusive] = made.pop(bound)
