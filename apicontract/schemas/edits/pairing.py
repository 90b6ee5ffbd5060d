"""Which branch of an old `oneOf` or `anyOf` became which branch of the new one.

Branches have no names of their own, so they are paired by what they are: the component they refer
to, the type they allow, the constant that tags them, their title, the properties they share, and
last by being the only ones left. A wrong pair costs clarity of the report, never a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.edits.view import mapping, settle, view

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from apicontract.schemas.handles import Schema

_SIMILAR = 0.5


def pair(old: Sequence[Schema], new: Sequence[Schema]) -> list[tuple[int, int]]:
    """Pairs of positions (in `old`, in `new`); each position is used once at most."""
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old))), list(range(len(new)))
    for trait in (_reference, _text, _tag, _title, _scalar):
        _match(old, new, left, right, trait, pairs)
    _match_similar(old, new, left, right, pairs)
    if len(left) == len(right) == 1 and _kind(old[left[0]]) == _kind(new[right[0]]):
        pairs.append((left[0], right[0]))
    return sorted(pairs)


def _match(
    old: Sequence[Schema],
    new: Sequence[Schema],
    left: list[int],
    right: list[int],
    trait: Callable[[Schema], Hashable],
    pairs: list[tuple[int, int]],
) -> None:
    places: dict[Hashable, list[int]] = {}
    for j in right:
        key = trait(new[j])
        if key is not None:
            places.setdefault(key, []).append(j)
    for i in list(left):
        candidates = places.get(trait(old[i]))
        if candidates:
            j = candidates.pop(0)
            pairs.append((i, j))
            left.remove(i)
            right.remove(j)


def _match_similar(
    old: Sequence[Schema],
    new: Sequence[Schema],
    left: list[int],
    right: list[int],
    pairs: list[tuple[int, int]],
) -> None:
    names_old = {i: set(view(old[i]).properties) for i in left}
    names_new = {j: set(view(new[j]).properties) for j in right}
    scored = sorted(
        (
            (-len(a & b) / len(a | b), i, j)
            for i, a in names_old.items()
            for j, b in names_new.items()
            if a and b and len(a & b) / len(a | b) >= _SIMILAR
        ),
    )
    for _, i, j in scored:
        if i in left and j in right:
            pairs.append((i, j))
            left.remove(i)
            right.remove(j)


def _reference(branch: Schema) -> Hashable:
    ref = mapping(branch.value).get("$ref")
    return ref.rsplit("/", 1)[-1] if isinstance(ref, str) else None


def _text(branch: Schema) -> Hashable:
    return repr(settle(branch).value)


def _title(branch: Schema) -> Hashable:
    title = mapping(settle(branch).value).get("title")
    return title if isinstance(title, str) else None


def _tag(branch: Schema) -> Hashable:
    """The constant values by which an object branch can be told from its siblings."""
    tags = []
    for name, schemas in view(branch).properties.items():
        for schema in schemas:
            value = mapping(schema.value)
            listed = value.get("enum")
            if "const" in value:
                tags.append((name, repr(value["const"])))
            elif isinstance(listed, list) and len(listed) == 1:
                tags.append((name, repr(listed[0])))
    return tuple(sorted(tags)) or None


def _kind(branch: Schema) -> Hashable:
    for _, written in view(branch).values("type"):
        return repr(written)
    return "object" if view(branch).properties else None


def _scalar(branch: Schema) -> Hashable:
    kind = _kind(branch)
    return None if kind in (None, "'object'", "object", "'array'") else kind
