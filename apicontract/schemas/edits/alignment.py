"""Which parts of an old schema stand opposite which parts of the new one.

An alignment names each pair of subschemas and knows how to say something of just that part of the
whole (`wrap`). It decides nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.edits.pairing import pair
from apicontract.schemas.edits.view import View, child, mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.schemas.edits.assembly import Assembly
    from apicontract.schemas.handles import Json, Schema

Label = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A pair of subschemas.

    label: names it within the pair of wholes: `("properties", "id")`, `("items",)`, `("branch", "0", "1")`.
    wrap: turns a schema about the part into one about the whole; None where no schema can say that.
    beside: names that the old and the new whole declare beside the branches among which this part is one.
    """

    label: Label
    old: Schema
    new: Schema
    wrap: Callable[[Json], Json] | None
    beside: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def align(old: View, new: View, assembly: Assembly, whole: tuple[Schema, Schema]) -> dict[Label, Part]:
    """Every pair of parts of two schemas, by label; `whole` is the pair itself."""
    parts = [
        *_properties(old, new, assembly),
        *_arrays(old, new),
        *_names(old, new),
        *_branches(old, new, whole),
    ]
    return {part.label: part for part in parts}


def tail(view_: View) -> tuple[Schema, str, Schema] | None:
    """The schema of the items after any prefix: its conjunct, its keyword, itself; None if there is none."""
    for conjunct in view_.conjuncts:
        value = mapping(conjunct.value)
        keyword = "additionalItems" if isinstance(value.get("items"), list) else "items"
        if isinstance(value.get(keyword), dict | bool):
            return conjunct, keyword, child(conjunct, keyword)
    return None


def prefix(view_: View) -> list[Schema]:
    """The schemas of the first items, one by one, from `prefixItems` or the array form of `items`."""
    for conjunct in view_.conjuncts:
        for keyword in ("prefixItems", "items"):
            listed = mapping(conjunct.value).get(keyword)
            if isinstance(listed, list):
                return [child(conjunct, keyword, index) for index in range(len(listed))]
    return []


def _under(keyword: str, name: str, inner: Json) -> Json:
    return {keyword: {name: inner}}


def _nth(index: int, inner: Json) -> Json:
    return {"prefixItems": [*[True] * index, inner]}


def _rest(named: list[str], patterns: list[str], inner: Json) -> Json:
    return {
        "properties": dict.fromkeys(named, True),
        "patternProperties": dict.fromkeys(patterns, True),
        "additionalProperties": inner,
    }


def _properties(old: View, new: View, assembly: Assembly) -> Iterator[Part]:
    for name, schemas in old.properties.items():
        if name in new.properties:
            yield Part(
                ("properties", name),
                assembly.all_of(schemas),
                assembly.all_of(new.properties[name]),
                partial(_under, "properties", name),
            )


def _arrays(old: View, new: View) -> Iterator[Part]:
    first, second = prefix(old), prefix(new)
    for index, (before, after) in enumerate(zip(first, second, strict=False)):
        yield Part(
            ("prefixItems", str(index)),
            before,
            after,
            partial(_nth, index),
        )
    before_tail, after_tail = tail(old), tail(new)
    if before_tail and after_tail:
        count = max(len(first), len(second))
        yield Part(
            ("items",),
            before_tail[2],
            after_tail[2],
            lambda inner: {"prefixItems": [True] * count, "items": inner} if count else {"items": inner},
        )


def _names(old: View, new: View) -> Iterator[Part]:
    """Parts whose names are data: `additionalProperties` and `patternProperties`."""
    for before in old.conjuncts:
        for after in new.conjuncts:
            one, two = mapping(before.value), mapping(after.value)
            if isinstance(one.get("additionalProperties"), dict) and isinstance(
                two.get("additionalProperties"), dict
            ):
                named = [*mapping(one.get("properties")), *mapping(two.get("properties"))]
                patterns = [*mapping(one.get("patternProperties")), *mapping(two.get("patternProperties"))]
                yield Part(
                    ("additionalProperties",),
                    child(before, "additionalProperties"),
                    child(after, "additionalProperties"),
                    partial(_rest, named, patterns),
                )
            for pattern in mapping(one.get("patternProperties")):
                if pattern in mapping(two.get("patternProperties")):
                    yield Part(
                        ("patternProperties", pattern),
                        child(before, "patternProperties", pattern),
                        child(after, "patternProperties", pattern),
                        partial(_under, "patternProperties", pattern),
                    )


def _branches(old: View, new: View, whole: tuple[Schema, Schema]) -> Iterator[Part]:
    """Pairs of branches; where only one side has any, the other side as a whole stands for its branch."""
    before = next((branches for _, _, branches in old.alternations()), None)
    after = next((branches for _, _, branches in new.alternations()), None)
    if before is None and after is None:
        return
    beside = frozenset(old.properties), frozenset(new.properties)
    for i, j in pair(before or whole[:1], after or whole[1:]):
        yield Part(
            ("branch", str(i) if before else "", str(j) if after else ""),
            before[i] if before else whole[0],
            after[j] if after else whole[1],
            lambda inner: inner,
            beside,
        )
