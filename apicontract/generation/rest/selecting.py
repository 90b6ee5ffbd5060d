"""Parameters that choose what an answer holds: `expand`, `include`, `embed`, `fields`, `select`.

They are lists of names, written in one way or another; callers may give one name or several, and those that
the contract lists are known to editors and type checkers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.generation import names
from apicontract.generation.models import annotation
from apicontract.generation.rest.plan import SelectionPlan
from apicontract.generation.shapes import Shape, below, follow, literal_values, shape_of, types_of

if TYPE_CHECKING:
    from apicontract.formats.openapi.model import Parameter
    from apicontract.schemas import Schema
    from apicontract.sources import Json

_NAMES = frozenset({"expand", "expands", "include", "includes", "embed", "embeds", "fields", "select"})
_SPARSE = re.compile(r"fields\[[^\[\]]+\]")  # JSON:API 1.1, 7.3: `fields[articles]`
_PLAIN = re.compile(r"[\w.:/$*-]+", re.ASCII)


def selection_of(parameter: Parameter, converted: Json) -> SelectionPlan | None:
    """How a parameter chooses parts of an answer; None if it does not.

    converted: its schema as models have it.
    """
    if parameter.location != "query" or parameter.content or parameter.schema is None:
        return None
    if "_".join(names.words(parameter.name)) not in _NAMES and not _SPARSE.fullmatch(parameter.name):
        return None
    schema, _ = follow(parameter.schema)
    if shape_of(schema) is Shape.ARRAY:
        entries = below(schema, "items")
        items = converted.get("items") if isinstance(converted, dict) else None
        found = None if entries is None or items is None else _chosen(follow(entries)[0], annotation(items))
        return found and SelectionPlan("list", found[0], f"Sequence[{found[1]}] | {found[1]}")
    found = _chosen(schema, annotation(converted))
    if found is not None and shape_of(schema) is Shape.ENUM:
        return SelectionPlan("one", *found)
    return found and SelectionPlan("text", (), "Sequence[str] | str")


def _chosen(schema: Schema, type_: str) -> tuple[tuple[str, ...], str] | None:
    """The names that there are, if they are listed, and the type of one; None if they are no texts."""
    if shape_of(schema) is not Shape.ENUM:
        return ((), "str") if types_of(schema) == ["string"] and type_ in ("str", "str | None") else None
    listed = [value for value in literal_values(schema) if value is not None]
    known = tuple(value for value in listed if isinstance(value, str))
    if len(known) != len(listed):
        return None
    bare = type_.removesuffix(" | None")
    if not all(_PLAIN.fullmatch(value) for value in known):
        return known, bare
    return known, f"{bare} | Literal[{', '.join(map(repr, known))}]"
