"""Random mistakes in documents: what people and generators do wrong, and worse. The same seed, the same mistakes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from apicontract.sources import Json

_ODD: list[Json] = [
    None, True, False, 0, -1, 3.5, 10**30, "", "x", "string", "object", "array", "path", "query", [], {}, [1],
    ["a", "a"], {"a": 1}, {"$ref": "#/nope"}, {"$ref": "#/info"}, {"$ref": 5}, {"$ref": "#"}, {"type": "string"},
    {"type": "integer", "default": "x"}, {"allOf": []}, [[]], [{"name": "id", "in": "path", "required": True}],
]  # fmt: skip
_NAMES = [
    "x-a",
    "foo",
    "type",
    "$ref",
    "default",
    "required",
    "properties",
    "schema",
    "content",
    "in",
    "name",
    "enum",
    "items",
    "allOf",
    "oneOf",
    "not",
    "nullable",
    "exclusiveMinimum",
    "description",
    "200",
    "operationId",
    "parameters",
    "example",
    "examples",
    "style",
    "minLength",
    "maximum",
    "pattern",
    "additionalProperties",
    "discriminator",
    "readOnly",
    "links",
    "callbacks",
    "servers",
    "tags",
    "security",
    "$schema",
    "$id",
    "format",
]


def mutate(document: dict[str, Json], random: Random) -> dict[str, Json]:
    """A copy of `document` with one or two mistakes in it; what says its version is left alone."""
    changed = copy.deepcopy(document)
    for _ in range(random.choice((1, 1, 1, 2))):
        paths = [path for path in _paths(changed) if path and path[0] not in ("openapi", "swagger")]
        if paths:
            _mistake(changed, random.choice(paths), paths, random)
    return changed


def _paths(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, held in value.items():
            yield from _paths(held, (*path, key))
    elif isinstance(value, list):
        for at, held in enumerate(value):
            yield from _paths(held, (*path, at))


def _at(value: Json, path: tuple[str | int, ...]) -> Json:
    for token in path:
        value = value[token]  # type: ignore[index, call-overload]  # the path was read from the value
    return value


def _mistake(
    document: Json, path: tuple[str | int, ...], paths: list[tuple[str | int, ...]], random: Random
) -> None:
    parent, key = _at(document, path[:-1]), path[-1]
    assert isinstance(parent, (dict, list))
    held = parent[key]  # type: ignore[index]
    odd = copy.deepcopy(random.choice(_ODD))
    kind = random.randrange(6)
    if kind == 0:
        del parent[key]  # type: ignore[arg-type]
    elif kind == 1:
        parent[key] = odd  # type: ignore[index]
    elif kind == 2:
        if isinstance(parent, dict):
            parent[random.choice(_NAMES)] = parent.pop(str(key))
        else:
            parent.append(copy.deepcopy(held))
    elif kind == 3 and isinstance(held, (dict, list)):
        if isinstance(held, dict):
            held[random.choice(_NAMES)] = odd
        else:
            held.append(odd)
    elif kind == 4:
        parent[key] = copy.deepcopy(_at(document, random.choice(paths)))  # type: ignore[index]
    elif isinstance(held, str):
        parent[key] = held[:-1] or "z"  # type: ignore[index]
    elif isinstance(held, bool):
        parent[key] = not held  # type: ignore[index]
    elif isinstance(held, int):
        parent[key] = -held  # type: ignore[index]
