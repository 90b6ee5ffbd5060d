"""Random schemas in any dialect, made to be confused with each other, and values that may tell them apart.

A pair is a schema and a relative of it: the same with one thing changed, written in other words, or another
one. The world is small (a few names, words and numbers), so that keywords meet each other. Seeded: the
same seed gives the same pairs everywhere. Knows what keywords a dialect has; decides nothing.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from apicontract.schemas.translation.dialects import TABLE

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from apicontract.schemas import Json

Object = dict[str, Any]

NAMES = ("a", "b", "ab", "c")
WORDS = ("", "a", "b", "ab", "ba", "aab", "c1", "é")
NUMBERS = (-1, 0, 0.5, 1, 1.5, 2, 3, 6, 10**20)
STEPS = (0.1, 0.5, 1, 2, 3, 1.5)
PATTERNS = ("^a", "b$", "^[ab]*$", "a.b?", "^(ab|c)+$", "\\d", "^.{1,2}$", "^a?$", "[^a]", "^(?!a)", "^$")
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
FORMATS = ("date", "uuid", "ipv4", "int32", "int64", "float", "nickname")
_FAMILIES: dict[str, tuple[str, ...]] = {
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum", "const"),
    "string": ("minLength", "maxLength", "pattern", "enum", "const", "format"),
    "array": (
        "items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains",
        "minItems", "maxItems", "uniqueItems", "unevaluatedItems", "enum",
    ),
    "object": (
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties",
        "maxProperties", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties", "const",
    ),
    "any": ("enum", "const", "not", "anyOf", "oneOf", "allOf", "if"),
}  # fmt: skip
_SAME_VALUE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_KEPT_LENGTH = 3


class Maker:
    """Makes schemas of one dialect from a source of randomness."""

    def __init__(self, chance: random.Random, dialect: str, *, marks: bool = False) -> None:
        self.chance = chance
        self.dialect = dialect
        self.known = TABLE[dialect].keywords
        self.flags = TABLE[dialect].flags
        self.tuples = TABLE[dialect].tuples
        self.marks = marks and dialect.startswith("openapi")
        self.definitions = "definitions" if self.tuples else "$defs"
        self._made: dict[str, Callable[[int, bool], Any]] = {
            **dict.fromkeys(("minimum", "maximum"), self._number),
            **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), self._exclusive),
            **dict.fromkeys(
                ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), self._count
            ),
            **dict.fromkeys(("minContains", "maxContains"), self._count),
            **dict.fromkeys(("properties", "dependentSchemas"), self._by_name),
            **dict.fromkeys(("allOf", "anyOf", "oneOf"), self._listed),
            "multipleOf": lambda _, __: self.chance.choice(STEPS),
            "pattern": lambda _, __: self.chance.choice(PATTERNS),
            "format": lambda _, __: self.chance.choice(FORMATS),
            "enum": self._enum,
            "const": lambda depth, _: self.value(min(depth, 2)),
            "items": self._items,
            "prefixItems": self._prefix,
            "uniqueItems": lambda _, __: self.chance.random() < 0.9,
            "patternProperties": self._by_pattern,
            "propertyNames": lambda _, __: self._names_schema(),
            "required": lambda _, __: self._names(),
            "dependentRequired": lambda _, __: {self.chance.choice(NAMES): self._names()},
            "dependencies": self._dependencies,
            "not": self._same,
            "if": self._same,
        }  # fmt: skip

    def schema(self, depth: int = 3) -> Json:
        """A schema; some have definitions that refer to each other or to the whole."""
        made = self.part(depth, guarded=False)
        if isinstance(made, dict) and self.chance.random() < 0.2:
            made[self.definitions] = {"d": self.part(2, guarded=False)}
        elif isinstance(made, dict):
            made = _without_references(made)
        return made

    def part(self, depth: int, *, guarded: bool) -> Json:
        """A subschema; `guarded`: a member or item lies between it and the whole, so it may refer back."""
        chance = self.chance
        if depth <= 0 or chance.random() < 0.08:
            return self.leaf()
        if guarded and chance.random() < 0.06:
            return {"$ref": chance.choice(["#", f"#/{self.definitions}/d"])}
        family = chance.choice(list(_FAMILIES))
        words = [word for word in _FAMILIES[family] if word in self.known]
        chosen = chance.sample(words, min(len(words), chance.randint(1, 4)))
        if chance.random() < 0.3:
            chosen += chance.sample([w for w in _FAMILIES["any"] if w in self.known], 1)
        made: Object = {}
        if family != "any" and chance.random() < 0.6:
            made["type"] = self._type(family)
        for word in dict.fromkeys(chosen):
            maker = self._made.get(word, self._below)
            made[word] = maker(depth - 1, guarded)
        self._completed(made, depth - 1, guarded=guarded)
        return made

    def _completed(self, made: Object, depth: int, *, guarded: bool) -> None:
        """Keywords that mean something only beside others."""
        if "if" in made:
            for word in ("then", "else"):
                if self.chance.random() < 0.7:
                    made[word] = self.part(depth, guarded=guarded)
        if ("minContains" in made or "maxContains" in made) and "contains" not in made:
            made["contains"] = self.part(depth, guarded=True)
        for bound, word in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if self.flags and word in made:
                made.setdefault(bound, self._number(0, False))
        if "additionalItems" in made and not isinstance(made.get("items"), list):
            made["items"] = self._prefix(depth, True)
        if "nullable" in self.known and "type" in made and self.chance.random() < 0.25:
            made["nullable"] = True
        if "unevaluatedProperties" in made or "unevaluatedItems" in made:
            keyword = self.chance.choice(["allOf", "anyOf", "oneOf"])
            made.setdefault(keyword, self._listed(depth, guarded))
            closing = self.chance.choice([False, False, {"type": "string"}])
            for word in ("unevaluatedProperties", "unevaluatedItems"):
                if word in made:
                    made[word] = closing

    def leaf(self) -> Json:
        """A schema that holds no other."""
        chance = self.chance
        if self.dialect not in {"draft4", "openapi-2.0", "openapi-3.0"} and chance.random() < 0.15:
            return chance.random() < 0.5
        kind = chance.random()
        if kind < 0.5:
            return {"type": self._type(chance.choice(["number", "string", "array", "object", "any"]))}
        if kind < 0.7:
            return {"enum": self._enum(1, False)}
        if kind < 0.8:
            return {}
        word = chance.choice(["minimum", "maximum", "minLength", "maxLength", "pattern"])
        return {word: self._made[word](0, False)}

    def _type(self, family: str) -> Json:
        chance = self.chance
        own = {"number": ["number", "integer"]}.get(family, [family])
        name = chance.choice(TYPES) if family == "any" else chance.choice(own)
        lists = self.dialect not in {"openapi-2.0", "openapi-3.0"}
        if lists and chance.random() < 0.25:
            return list(dict.fromkeys([name, chance.choice(TYPES)]))
        return name

    def _number(self, _depth: int, _guarded: bool) -> Json:
        return self.chance.choice(NUMBERS)

    def _exclusive(self, _depth: int, _guarded: bool) -> Json:
        return self.chance.random() < 0.8 if self.flags else self.chance.choice(NUMBERS)

    def _count(self, _depth: int, _guarded: bool) -> Json:
        return self.chance.choice([0, 1, 1, 2, 2, 3])

    def _names(self) -> list[str]:
        return self.chance.sample(NAMES, self.chance.choice([1, 1, 2]))

    def _enum(self, depth: int, _guarded: bool) -> Json:
        found: list[Json] = []
        for _ in range(self.chance.randint(1, 4)):
            value = self.value(min(depth, 2))
            if not any(repr(value) == repr(other) for other in found):
                found.append(value)
        return found

    def _below(self, depth: int, _guarded: bool) -> Json:
        return self.part(depth, guarded=True)

    def _same(self, depth: int, guarded: bool) -> Json:
        return self.part(depth, guarded=guarded)

    def _listed(self, depth: int, guarded: bool) -> Json:
        return [self.part(depth, guarded=guarded) for _ in range(self.chance.choice([1, 2, 2, 3]))]

    def _prefix(self, depth: int, _guarded: bool) -> Json:
        return [self.part(depth, guarded=True) for _ in range(self.chance.choice([1, 2]))]

    def _items(self, depth: int, _guarded: bool) -> Json:
        listed = self.tuples and not self.dialect.startswith("openapi") and self.chance.random() < 0.4
        return self._prefix(depth, True) if listed else self.part(depth, guarded=True)

    def _by_name(self, depth: int, guarded: bool) -> Json:
        found: Object = {}
        for name in self._names():
            found[name] = self.part(depth, guarded=guarded)
            if self.marks and isinstance(found[name], dict) and self.chance.random() < 0.3:
                found[name][self.chance.choice(["readOnly", "writeOnly"])] = True
        return found

    def _by_pattern(self, depth: int, _guarded: bool) -> Json:
        chosen = self.chance.sample(PATTERNS, self.chance.choice([1, 1, 2]))
        return {pattern: self.part(depth, guarded=True) for pattern in chosen}

    def _names_schema(self) -> Json:
        choice = self.chance.choice
        return choice([
            {"maxLength": choice([0, 1, 2])}, {"enum": self.chance.sample(NAMES, 2)}, {"pattern": choice(PATTERNS)},
            {"minLength": 2}, {"not": {"enum": self._names()}}, {"const": choice(NAMES)},
        ])  # fmt: skip

    def _dependencies(self, depth: int, guarded: bool) -> Json:
        found = self._names() if self.chance.random() < 0.5 else self.part(depth, guarded=guarded)
        return {self.chance.choice(NAMES): found}

    def value(self, depth: int = 2) -> Json:
        """A value of the small world."""
        chance = self.chance
        kind = chance.random()
        if depth > 0 and kind < 0.2:
            return [self.value(depth - 1) for _ in range(chance.randint(0, 3))]
        if depth > 0 and kind < 0.45:
            names = chance.sample((*NAMES, "x"), chance.randint(0, 3))
            return {name: self.value(depth - 1) for name in names}
        if kind < 0.7:
            return chance.choice(NUMBERS)
        return chance.choice(WORDS) if kind < 0.9 else chance.choice([None, True, False])


class Kin:
    """Makes relatives of a schema."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.chance = maker.chance

    def relative(self, schema: Json) -> Json:
        """The schema with something changed, or in other words, or both; sometimes another one."""
        if not isinstance(schema, dict) or self.chance.random() < 0.25:
            return self.maker.schema()
        found = copy.deepcopy(schema)
        if self.chance.random() < 0.75:
            self._edit(found)
        if self.chance.random() < 0.5 and "$ref" not in str(found):
            found = self._reworded(found)
        return found

    def _edit(self, schema: Object) -> None:
        """One change somewhere inside."""
        places = list(_parts(schema))
        here = self.chance.choice(places)
        words = [word for word in here if word not in {"$ref", "$defs", "definitions"}]
        if not words or self.chance.random() < 0.25:
            other = self.maker.part(1, guarded=False)
            if isinstance(other, dict) and "$ref" not in str(other):
                for word, value in other.items():
                    here.setdefault(word, value)
        elif self.chance.random() < 0.4:
            del here[self.chance.choice(words)]
        else:
            self._alter(here, self.chance.choice(words))
        _consistent(here, self.maker)

    def _alter(self, here: Object, word: str) -> None:
        value = here[word]
        if isinstance(value, bool):
            here[word] = not value
        elif isinstance(value, int | float):
            step = self.chance.choice([-1, 1, 0.5])
            whole = word.startswith(("min", "max")) and not word.endswith("imum")
            changed = value + (int(step) or 1 if whole else step)
            here[word] = max(changed, 0) if whole else changed if word != "multipleOf" else max(changed, 0.5)
        elif isinstance(value, list) and len(value) > 1:
            value.pop(self.chance.randrange(len(value)))
        elif isinstance(value, dict) and word in {"properties", "patternProperties"} and value:
            value[self.chance.choice(list(value))] = self.maker.part(1, guarded=False)
        else:
            del here[word]

    def _reworded(self, schema: Object) -> Json:
        chance, known = self.chance, self.maker.known
        ways: list[Callable[[], Json]] = [lambda: {"allOf": [schema]}]
        if "not" in known:
            other = _without_references(self.maker.part(1, guarded=False))
            ways += [
                lambda: {"not": {"not": schema}},
                lambda: {"anyOf": [schema, {"not": {}}]},
                lambda: {"oneOf": [{"allOf": [schema, other]}, {"allOf": [schema, {"not": other}]}]},
                lambda: {"anyOf": [{"allOf": [schema, other]}, {"allOf": [schema, {"not": other}]}]},
                lambda: {"not": {"anyOf": [{"not": schema}]}},
                lambda: {"allOf": [schema, {"anyOf": [other, {"not": other}]}]},
                lambda: {"anyOf": [schema, other]},
                lambda: {"allOf": [schema, other]},
            ]
        if "if" in known:
            ways.append(lambda: {"if": schema, "then": {}, "else": False})
        return chance.choice(ways)()


def _consistent(here: Object, maker: Maker) -> None:
    """Undo what an edit left malformed."""
    if maker.flags:
        for bound, word in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if word in here and (bound not in here or not isinstance(here[word], bool)):
                del here[word]
    if not here.get("enum", True):
        del here["enum"]
    if "nullable" in here and "type" not in here:
        del here["nullable"]


def _parts(schema: Any) -> Any:
    """The schema and every schema object inside it."""
    if not isinstance(schema, dict):
        return
    yield schema
    for word, value in schema.items():
        if word in {"enum", "const"}:
            continue
        if isinstance(value, dict) and word in _MAPS:
            for part in value.values():
                yield from _parts(part)
        elif isinstance(value, dict):
            yield from _parts(value)
        elif isinstance(value, list) and word != "required":
            for part in value:
                yield from _parts(part)


_MAPS = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions", "dependentRequired"}
)  # fmt: skip


def _without_references(schema: Any) -> Any:
    """The schema with every reference replaced by one that allows anything."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            return {}
        return {word: value if word in {"enum", "const"} else _without_references(value) for word, value in schema.items()}  # fmt: skip
    return [_without_references(part) for part in schema] if isinstance(schema, list) else schema


class Values:
    """Values that may tell two schemas apart: what they mention, what lies beside it, what fits them."""

    def __init__(self, chance: random.Random, maker: Maker, *schemas: Json) -> None:
        self.chance = chance
        self.maker = maker
        self.scalars: list[Json] = [None, True, False, 0, 1, -1, 0.5, "", "a", "b", "ab", "zz"]
        self.names = set(NAMES)
        self.whole: list[Json] = []
        for schema in schemas:
            self._collect(schema)

    def _collect(self, schema: Any) -> None:
        for part in _parts(schema):
            for word, value in part.items():
                if word in {"enum", "const"}:
                    self.whole += value if word == "enum" else [value]
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    self.scalars += (
                        [value, value + 1, value - 1, value + 0.5] if abs(value) < 10**9 else [value]
                    )
                    if word.endswith("Length"):
                        self.scalars += ["b" * min(value + 1, 9), "a" * value]
                elif word in {"properties", "dependentSchemas", "dependencies", "dependentRequired"}:
                    self.names |= set(value)

    def some(self, count: int, *schemas: Json) -> list[Json]:
        """`count` values; most of them follow one of the schemas."""
        found = []
        for _ in range(count):
            made = (
                self._following(self.chance.choice(schemas), 3)
                if self.chance.random() < 0.8
                else self._any(2)
            )
            found.append(_written(made))
        return found

    def _any(self, depth: int) -> Json:
        chance = self.chance
        kind = chance.random()
        if self.whole and kind < 0.2:
            return chance.choice(self.whole)
        if depth > 0 and kind < 0.4:
            return [self._any(depth - 1) for _ in range(chance.randint(0, 3))]
        if depth > 0 and kind < 0.65:
            names = chance.sample([*sorted(self.names), "zz", "extra"], chance.randint(0, 3))
            return {name: self._any(depth - 1) for name in names}
        return chance.choice(self.scalars)

    def _following(self, schema: Any, depth: int) -> Json:  # noqa: PLR0911 - one per kind of keyword
        """A value that the schema was asked about, keyword by keyword, without a promise to fit."""
        chance = self.chance
        if not isinstance(schema, dict) or depth <= 0 or chance.random() < 0.1:
            return self._any(1)
        if schema.get("enum") and chance.random() < 0.5:
            return chance.choice(schema["enum"])
        if "const" in schema and chance.random() < 0.5:
            return schema["const"]
        same = [word for word in _SAME_VALUE if word in schema]
        if same and chance.random() < 0.4:
            value = schema[chance.choice(same)]
            return self._following(
                chance.choice(value) if isinstance(value, list) and value else value, depth
            )
        if schema.keys() & set(_FAMILIES["object"]) - {"const"} or schema.get("type") == "object":
            return self._an_object(schema, depth)
        if schema.keys() & set(_FAMILIES["array"]) - {"enum"} or schema.get("type") == "array":
            return self._an_array(schema, depth)
        return self._any(1) if chance.random() < 0.3 else chance.choice(self.scalars)

    def _an_object(self, schema: Object, depth: int) -> Json:
        chance = self.chance
        properties = schema.get("properties", {})
        names = set(schema.get("required", ()))
        names |= {name for name in properties if chance.random() < 0.5}
        if chance.random() < 0.4:
            names.add(chance.choice([*sorted(self.names), "zz", "extra", "a1", "é"]))
        rest = schema.get("additionalProperties", {})
        return {name: self._following(properties.get(name, rest), depth - 1) for name in sorted(names)}

    def _an_array(self, schema: Object, depth: int) -> Json:
        items = schema.get("prefixItems", schema.get("items"))
        rest = schema.get("contains", schema.get("additionalItems", {}))
        length = self.chance.randint(0, _KEPT_LENGTH)
        listed = items if isinstance(items, list) else [items if items is not None else rest] * length
        made = [self._following(part, depth - 1) for part in listed[:length]]
        while len(made) < length:
            made.append(self.chance.choice(made) if made and self.chance.random() < 0.3 else self._following(rest, depth - 1))  # fmt: skip
        return made


def _written(value: Any) -> Json:
    """The value without integral floats, on which the drafts disagree."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_written(item) for item in value]
    return {name: _written(item) for name, item in value.items()} if isinstance(value, dict) else value
