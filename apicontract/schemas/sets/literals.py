"""JSON values as nodes: the set of one value, and of a list of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.sets.nodes import Arrays, Atom, Members, Node, Objects, Pool, Type
from apicontract.schemas.sets.numbers import Exact, Numbers, exact
from apicontract.schemas.sets.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas.handles import Json


def literal(pool: Pool, value: Json) -> Node:
    """The node of exactly this value; Unmeasurable for a number beyond what is computed with."""
    return literals(pool, (value,))


def literals(pool: Pool, values: Iterable[Json]) -> Node:
    """The node of exactly these values."""
    rows: list[dict[Atom, None]] = [{} for _ in Type]
    booleans: set[bool] = set()
    numbers: set[Exact] = set()
    words: set[str] = set()
    for value in values:
        if value is None:
            rows[Type.NULL][None] = None
        elif isinstance(value, bool):
            booleans.add(value)
        elif isinstance(value, str):
            words.add(value)
        elif isinstance(value, list):
            rows[Type.ARRAY][_array(pool, value)] = None
        elif isinstance(value, dict):
            rows[Type.OBJECT][_object(pool, value)] = None
        else:
            numbers.add(exact(value))
    if numbers:
        rows[Type.NUMBER][Numbers(listed=frozenset(numbers))] = None
    if words:
        rows[Type.STRING][Strings(listed=frozenset(words))] = None
    listed = [tuple(row) for row in rows]
    listed[Type.BOOLEAN] = tuple(sorted(booleans))
    return pool.base(tuple(listed))


def _array(pool: Pool, value: list[Json]) -> Arrays:
    items = tuple(literal(pool, item) for item in value)
    return Arrays(items, pool.nothing, len(items), len(items))


def _object(pool: Pool, value: dict[str, Json]) -> Objects:
    named = Members({name: literal(pool, item) for name, item in value.items()})
    return Objects(named, ((pool.everything, pool.nothing),), frozenset(value))
