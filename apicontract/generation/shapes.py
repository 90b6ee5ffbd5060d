"""What kind of Python thing a schema is: a class, a list, a choice, a text; and what it consists of.

Reads every dialect of OpenAPI 2.0 to 3.2 alike. Knows structure only: what restricts values is not looked at.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from apicontract.schemas import Schema
from apicontract.sources import join, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.sources import Json

_DEEPEST = 64  # references one after another, or compositions within each other, that anyone writes
_SAYS_SHAPE = frozenset({
    "type", "properties", "items", "additionalProperties", "enum", "const", "allOf", "oneOf", "anyOf", "$ref",
    "prefixItems", "patternProperties", "format",
})  # fmt: skip
_BY_KEYWORD = (
    ("properties", "object"), ("additionalProperties", "object"), ("patternProperties", "object"),
    ("items", "array"), ("prefixItems", "array"),
)  # fmt: skip


class Shape(Enum):
    """The kinds. SAME is what another schema is: an `allOf` of one."""

    ANY = "any"
    PLAIN = "plain"
    CONST = "const"
    ENUM = "enum"
    ARRAY = "array"
    MAP = "map"
    CLASS = "class"
    UNION = "union"
    SAME = "same"


def said(schema: Schema) -> dict[str, Json]:
    """What the schema says; nothing if it is `true`, `false` or no schema at all."""
    return schema.value if isinstance(schema.value, dict) else {}


def below(schema: Schema, *tokens: str) -> Schema | None:
    """The schema that stands at `tokens` below this one, or None."""
    value: Json = schema.value
    for token in tokens:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    if not isinstance(value, dict | bool):
        return None
    return Schema(value, schema.scope, join(schema.pointer, *tokens))


def listed(schema: Schema, keyword: str) -> list[Schema]:
    """The schemas in a keyword that holds a list of them."""
    value = said(schema).get(keyword)
    found = [
        below(schema, keyword, str(index)) for index in range(len(value) if isinstance(value, list) else 0)
    ]
    return [one for one in found if one is not None]


def mapped(schema: Schema, keyword: str) -> dict[str, Schema]:
    """The schemas in a keyword that holds a map of them."""
    value = said(schema).get(keyword)
    found = {name: below(schema, keyword, name) for name in (value if isinstance(value, dict) else ())}
    return {name: one for name, one in found.items() if one is not None}


def follow(schema: Schema) -> tuple[Schema, bool]:
    """The schema, or what its `$ref`s lead to in the end, and whether there was one; anything if nowhere."""
    current, referred = schema, False
    for _ in range(_DEEPEST):
        ref = said(current).get("$ref")
        if not isinstance(ref, str):
            return current, referred
        try:
            scope, pointer, value = current.scope.resolve(ref, current.pointer)
        except LookupError:
            break
        current, referred = Schema(value, scope, pointer), True
    return Schema(True, schema.scope, schema.pointer), False  # noqa: FBT003


def types_of(schema: Schema) -> list[str]:
    """The JSON types it speaks of, as written or as its keywords tell; `null` is not among them."""
    value = said(schema)
    written = value.get("type")
    found = [written] if isinstance(written, str) else written if isinstance(written, list) else []
    kinds = [str(kind) for kind in found if kind != "null"]
    if not found:
        kinds = [kind for keyword, kind in _BY_KEYWORD if keyword in value][:1]
    if set(kinds) == {"integer", "number"}:
        kinds = ["number"]
    return kinds


def is_null(schema: Schema) -> bool:
    """Whether it is null and nothing else."""
    value = said(schema)
    return (
        value.get("type") in ("null", ["null"])
        or value.get("enum") == [None]
        or value.get("const", 0) is None
    )


def nullable(schema: Schema, followed: Schema) -> bool:
    """Whether null is a value of it, as it says itself or as what it refers to says."""
    return any(_says_null(one, set()) for one in (schema, followed))


def _says_null(schema: Schema, seen: set[Schema], depth: int = 0) -> bool:
    value = said(schema)
    if depth > _DEEPEST or schema in seen:  # looked at already, or being looked at
        return False
    seen.add(schema)
    written = value.get("type")
    if value.get("nullable") is True or value.get("x-nullable") is True or is_null(schema):
        return True
    if isinstance(written, list) and "null" in written:
        return True
    if isinstance(listed_values := value.get("enum"), list) and None in listed_values:
        return True
    choices = [*listed(schema, "oneOf"), *listed(schema, "anyOf")]
    if any(is_null(one) or _says_null(follow(one)[0], seen, depth + 1) for one in choices):
        return True
    return shape_of(schema) is Shape.SAME and _says_null(follow(parts(schema)[0])[0], seen, depth + 1)


def parts(schema: Schema) -> list[Schema]:
    """The parts of its `allOf` that say what a value looks like, not only what it may be."""
    return [one for one in listed(schema, "allOf") if _SAYS_SHAPE & said(one).keys()]


def endless(schema: Schema) -> bool:
    """Whether it is an `allOf` of one that comes to itself again: such a schema says nothing of a value."""
    seen: set[Schema] = set()
    while schema not in seen and shape_of(schema) is Shape.SAME:
        seen.add(schema)
        schema = follow(parts(schema)[0])[0]
    return schema in seen


def branches(schema: Schema) -> list[Schema]:
    """The alternatives that it offers, without null and without those that only restrict."""
    found = [*listed(schema, "oneOf"), *listed(schema, "anyOf")]
    return [one for one in found if _SAYS_SHAPE & said(one).keys() and not is_null(one)]


def literal_values(schema: Schema) -> list[Json]:
    """The values of its `enum`, each once."""
    value = said(schema).get("enum")
    kept: list[Json] = []
    seen = set()
    for one in value if isinstance(value, list) else ():
        mark = (type(one), repr(one))
        if mark not in seen:
            seen.add(mark)
            kept.append(one)
    return kept


def shape_of(schema: Schema) -> Shape:  # noqa: PLR0911
    """What a schema is that has no `$ref`."""
    value = said(schema)
    if not _SAYS_SHAPE & value.keys():
        return Shape.ANY
    const = value.get("const")
    if isinstance(const, str | bool) or (isinstance(const, int) and "const" in value):
        return Shape.CONST
    composed, choices = parts(schema), branches(schema)
    if value.get("properties"):
        return Shape.CLASS
    if len(composed) == 1 and not choices and not _own(value):
        return Shape.SAME
    if composed:
        return _of_all(schema, composed, choices)
    if len(choices) == 1 and not _own(value):
        return Shape.UNION
    if choices and not _own(value):
        return Shape.UNION
    if choices and types_of(schema) in (["object"], []):
        return Shape.UNION
    return _of_itself(schema)


def _own(value: dict[str, Json]) -> bool:
    return bool(
        value.get("properties") or "items" in value or isinstance(value.get("additionalProperties"), dict)
    )


def _of_all(schema: Schema, composed: list[Schema], choices: list[Schema]) -> Shape:
    """What a schema of several parts is: a class if one of them is."""
    if _own(said(schema)) or choices:
        return Shape.CLASS
    shapes = [_deep(one, {schema}, 0) for one in composed]
    if Shape.CLASS in shapes or Shape.UNION in shapes or Shape.MAP in shapes:
        return Shape.CLASS
    return Shape.ANY if not shapes else Shape.SAME


def _deep(schema: Schema, seen: set[Schema], depth: int) -> Shape:
    """The shape of what it leads to, through references and `allOf`s of one."""
    followed, _ = follow(schema)
    if depth > _DEEPEST or followed in seen:
        return Shape.ANY
    seen.add(followed)
    value = said(followed)
    if value.get("properties"):
        return Shape.CLASS
    composed = parts(followed)
    if composed:
        found = [_deep(one, seen, depth + 1) for one in composed]
        return next((one for one in (Shape.CLASS, Shape.UNION, Shape.MAP) if one in found), found[0])
    return Shape.UNION if branches(followed) else _of_itself(followed)


def _of_itself(schema: Schema) -> Shape:
    values = [value for value in literal_values(schema) if value is not None]
    if values and (
        all(isinstance(one, str) for one in values)
        or all(isinstance(one, int) and not isinstance(one, bool) for one in values)
    ):
        return Shape.ENUM
    kinds = types_of(schema)
    if kinds == ["array"]:
        return Shape.ARRAY
    if kinds == ["object"]:
        return Shape.MAP
    return Shape.PLAIN if kinds else Shape.ANY


def inside(schema: Schema) -> Iterator[Schema]:
    """What a list, a map or a choice holds, references followed; of a class nothing."""
    shape = shape_of(schema)
    if shape is Shape.ARRAY:
        found = [below(schema, "items")]
    elif shape is Shape.MAP:
        found = [below(schema, "additionalProperties")]
    elif shape is Shape.UNION:
        found = list(branches(schema))
    elif shape is Shape.SAME:
        found = list(parts(schema)[:1])
    else:
        return
    for one in found:
        if one is not None and isinstance(one.value, dict):
            yield follow(one)[0]


def everything_in(schema: Schema) -> Iterator[Schema]:
    """Every schema directly in this one, and what its reference leads to in one go."""
    followed, referred = follow(schema)
    if referred:
        yield followed
        return
    for keyword in ("allOf", "oneOf", "anyOf"):
        yield from listed(schema, keyword)
    yield from mapped(schema, "properties").values()
    for keyword in ("items", "additionalProperties"):
        one = below(schema, keyword)
        if one is not None:
            yield one


def title_of(schema: Schema) -> str:
    """What an inline alternative calls itself, or nothing."""
    title = said(schema).get("title")
    return title if isinstance(title, str) and "$ref" not in said(schema) else ""


def last(pointer: str) -> str:
    """The name a pointer ends in; nothing for a whole document."""
    tokens = split(pointer)
    return tokens[-1] if tokens else ""
