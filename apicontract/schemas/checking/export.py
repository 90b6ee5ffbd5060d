"""Schemas as one plain JSON Schema 2020-12 document, for a validator that is not ours.

Works from the schemas as written, not from nodes, so that a verified witness also checks the reading.
References are bundled into `$defs`. A document serves one value: what that value cannot reach is left out,
so that a small witness of a large schema is checked against a small document. A discriminator becomes a
condition on its property, a number format its bounds, a hidden property `false` or `true`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.sets.formats import NUMBER_FORMATS, STRING_FORMATS
from apicontract.schemas.translation.dialects import TABLE, Dialect
from apicontract.schemas.translation.discriminator import branch_tags
from apicontract.schemas.translation.keywords import format_of
from apicontract.schemas.translation.translate import Context, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.schemas.handles import Json, Schema
    from apicontract.schemas.translation.translate import Translator

# Most schemas of a contract are a type and prose: those are converted without a look at anything else.
_BARE = frozenset(("type", "description", "example", "title"))
_FEW = 4
_SIMPLE_TYPES = ("string", "integer", "boolean", "number")
_COPIED = frozenset(
    [
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
)
_ONE = frozenset(
    [
        "not",
        "additionalProperties",
        "propertyNames",
        "unevaluatedProperties",
        "unevaluatedItems",
        "if",
        "then",
        "else",
    ]
)
# Keywords that hold no schema and are not rewritten where the direction hides a property.
_FLAT = _COPIED | {"type", "nullable", "enum", "format"}
_MAPS = frozenset(["properties", "patternProperties", "dependentSchemas"])
_LISTS = frozenset(["allOf", "anyOf", "oneOf", "prefixItems"])
_SAME_VALUE = frozenset(["not", "if", "then", "else", "dependentSchemas", "allOf", "anyOf", "oneOf"])


class Exporter:
    """Converts one schema for one value.

    Only what the value can reach is converted: a member's schema for a member the value has.
    broken: a reference led nowhere. shared: how often a definition was referred to again. ranges, tags: the
    definitions that number formats and discriminators became; to ignore those, replace the definitions by
    `true`. textual: some text has a format.
    """

    def __init__(self, translator: Translator, *, formats: bool) -> None:
        self._translator = translator
        self._formats = formats
        self._numbers: dict[tuple[tuple[int, str, int], Context, tuple[int, ...]], int] = {}
        self._bodies: list[Json] = []
        self._waiting: list[tuple[Json, Place, tuple[Json, ...], int]] = []
        self._met: tuple[Json, ...] = ()
        self.broken = False
        self.shared = 0
        self.textual = False
        self.ranges: dict[str, Json] = {}
        self.tags: dict[str, Json] = {}

    def document(self, schema: Schema, context: Context, met: Json) -> dict[str, Json]:
        """The schema and what it reaches on the way through the value `met`."""
        self._met = (met,)
        self._number(schema.value, Place(schema.scope, schema.pointer, context))
        while self._waiting:
            value, place, self._met, number = self._waiting.pop()
            self._bodies[number] = self._convert(value, place)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": "#/$defs/0",
            "$defs": {str(number): body for number, body in enumerate(self._bodies)}
            | self.ranges
            | self.tags,
        }

    def _number(self, value: Json, place: Place) -> int:
        key = ((id(place.scope), place.pointer, id(value)), place.context, tuple(map(id, self._met)))
        number = self._numbers.get(key)
        self.shared += number is not None
        if number is None:
            number = self._numbers[key] = len(self._bodies)
            self._bodies.append(True)
            self._waiting.append((value, place, self._met, number))
        return number

    def _reference(self, ref: Json, place: Place, *, dynamic: bool = False) -> Json:
        found = self._translator.resolved(ref, place, dynamic=dynamic)
        if found is None:
            self.broken = True
            return True
        return {"$ref": f"#/$defs/{self._number(*found)}"}

    def _convert(self, value: Json, place: Place) -> Json:
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        if len(value) <= _FEW and value.keys() <= _BARE and value.get("type") in _SIMPLE_TYPES:
            return {"type": value["type"]}
        dialect = TABLE[place.scope.dialect]
        if "$ref" in value and dialect.lone_ref:
            return self._reference(value["$ref"], place)
        if place.context.lenient:
            value = self._translator.leniency.opened(value)
        place = self._translator.entered(value, place)
        if place.context.mark:
            place = place._replace(context=self._translator.hiding(value, place))
        present = value.keys() & dialect.keywords
        made: dict[str, Json] = {k: value[k] for k in present & _COPIED}
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
        if self._formats:
            self._format(format_of(value, dialect), made, extra)
        if present <= _FLAT:
            return {**made, "allOf": extra} if extra else made
        self._nested(value, place, present, made)
        self._items(value, place, dialect, present, made)
        if "contains" in present:
            self._contains(value, place, dialect, made, extra)
        self._objects(value, place, made)
        if "discriminator" in present:
            self._tags(value, place, made)
        self._opened(value, place, made)
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
        place = place.below(keyword, token)
        if same:
            return self._convert(value, place)
        above, self._met = self._met, tuple(_inside(self._met, keyword, token))
        if not self._met:
            self._met = above
            return True
        if place.context.hidden:
            place = place._replace(context=place.context._replace(hidden=frozenset()))
        converted = self._convert(value, place)
        self._met = above
        return converted

    def _nested(self, value: dict[str, Json], place: Place, present: set[str], made: dict[str, Json]) -> None:
        for keyword in present & _ONE:
            here = place.strict() if keyword in ("not", "if") else place
            made[keyword] = self._below(value[keyword], here, keyword, same=keyword in _SAME_VALUE)
        for keyword in present & _MAPS:
            given = value[keyword]
            if isinstance(given, dict):
                made[keyword] = {
                    name: self._below(sub, place, keyword, name, same=keyword in _SAME_VALUE)
                    for name, sub in self._reached(given, keyword)
                }
        for keyword in present & _LISTS:
            given = value[keyword]
            if isinstance(given, list):
                made[keyword] = [
                    self._below(sub, place, keyword, str(i), same=keyword in _SAME_VALUE)
                    for i, sub in enumerate(given)
                ]

    def _reached(self, given: dict[str, Json], keyword: str) -> Iterable[tuple[str, Json]]:
        """The members of a keyword's mapping that matter: of `properties`, those that some value met has."""
        if keyword != "properties":
            return given.items()
        names = {name for met in self._met if isinstance(met, dict) for name in met}
        return [(name, given[name]) for name in names if name in given]

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
        if not isinstance(name, str):
            return
        if name in STRING_FORMATS:
            made["format"] = name
            self.textual = True
        elif name in NUMBER_FORMATS:
            numbers = NUMBER_FORMATS[name]
            bounds: dict[str, Json] = {"minimum": numbers.low, "maximum": numbers.high}  # type: ignore[dict-item]
            if numbers.step is not None:
                bounds["multipleOf"] = 1
            self.ranges[str(name)] = bounds
            extra.append({"$ref": f"#/$defs/{name}"})

    def _contains(
        self, value: dict[str, Json], place: Place, dialect: Dialect, made: dict[str, Json], extra: list[Json]
    ) -> None:
        """Before 2020-12 `contains` evaluates no item: a double negation keeps its annotations in."""
        here = place.strict() if "maxContains" in made else place
        inner: dict[str, Json] = {"contains": self._below(value["contains"], here, "contains")}
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
            free = self._translator.free_branches(listed, value["discriminator"], place, keyword)
            made[keyword] = [
                branch if index in free else {"allOf": [branch, self._tag(name, words[index])]}
                for index, branch in enumerate(made[keyword])  # type: ignore[arg-type]
            ]

    def _opened(self, value: dict[str, Json], place: Place, made: dict[str, Json]) -> None:
        """Alternatives that are read leniently: any may fit."""
        listed = value.get("oneOf")
        if "oneOf" not in made or not isinstance(listed, list):
            return
        if self._translator.opens_branches(listed, place, "oneOf"):
            others = made.get("allOf")
            made["allOf"] = [*(others if isinstance(others, list) else ()), {"anyOf": made.pop("oneOf")}]

    def _tag(self, name: str, words: frozenset[str]) -> Json:
        number = f"tag{len(self.tags)}"
        self.tags[number] = {"properties": {name: {"enum": [*sorted(words)]}}}
        return {"$ref": f"#/$defs/{number}"}

    def _dependencies(self, given: dict[str, Json], place: Place, extra: list[Json]) -> None:
        for name, wanted in given.items():
            if isinstance(wanted, list):
                extra.append({"dependentRequired": {name: wanted}})
            else:
                extra.append(
                    {"dependentSchemas": {name: self._below(wanted, place, "dependencies", name, same=True)}}
                )


_MEMBERS = frozenset(["patternProperties", "additionalProperties", "unevaluatedProperties"])


def _inside(met: tuple[Json, ...], keyword: str, token: str | None) -> Iterator[Json]:
    """The values that a keyword hands to its subschema, given the values that meet the keyword."""
    for value in met:
        if isinstance(value, dict):
            if keyword == "properties":
                if token in value:
                    yield value[token]
            elif keyword == "propertyNames":
                yield from value
            elif keyword in _MEMBERS:
                yield from value.values()
        elif isinstance(value, list) and keyword not in _MEMBERS:
            yield from value


def _flags(made: dict[str, Json]) -> None:
    """Draft 4's boolean exclusive bounds as numbers."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(made.get(exclusive), bool) and made.pop(exclusive) and bound in made:
            made[exclusive] = made.pop(bound)
