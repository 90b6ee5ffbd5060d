"""How the alternatives of a union are told apart, said in the flat document.

By a discriminator that pydantic reads itself where it can: every alternative has constants of its own. By a
function of the runtime (`by_kind`) where it cannot: an alternative inherits from another, later contracts
may know more of them, the property may be absent, or the union contains itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.generation.arrangement import circles
from apicontract.generation.components import KINDS, MOST, REF
from apicontract.generation.families import line
from apicontract.generation.members import merged
from apicontract.generation.shapes import Shape, follow, said, shape_of, types_of
from apicontract.generation.tags import tags_of
from apicontract.generation.twins import references

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apicontract.generation.components import Component
    from apicontract.generation.families import Families
    from apicontract.generation.tags import Tags
    from apicontract.schemas import Schema
    from apicontract.sources import Json

_CHOICE = 2  # alternatives that make one


def tags(union: Schema, classes: Sequence[Schema], names: Sequence[str], families: Families) -> Tags | None:
    """The property and the values of each alternative in turn; None if nothing tells them apart.

    names: what the contract calls each; empty for one that is written inline.
    """
    return tags_of(union, classes, names) or families.tags(classes)


@dataclass(frozen=True, slots=True)
class _Told:
    """A union: the classes that it offers, the property that tells them apart, its values for each."""

    union: Component
    classes: list[Component]
    name: str
    values: list[list[str]]


def tell_all_apart(components: Mapping[str, Component], families: Families) -> None:
    """Complete the unions among the components, by name, and the classes that they offer."""
    told = [found for one in components.values() if (found := _told(one, components, families))]
    related = _related(told)
    circular = _circular(components)
    for found in told:
        by_function = bool(found.union.family or related & {one.schema for one in found.classes})
        for one, own in zip(found.classes, found.values, strict=True):
            if not by_function:
                _fix(one, found.name, own, components)
            elif not (found.union.family and one is found.classes[-1]):
                _suggest(one, found.name, own)
        if not found.union.family:
            optional = not all(_required(one, found.name) for one in found.classes)
            many = len(found.classes) > MOST
            by_function = by_function or optional or many or found.union.name in circular
            _complete(found, by_function=by_function, optional=optional)


def _told(union: Component, components: Mapping[str, Component], families: Families) -> _Told | None:
    if union.shape is not Shape.UNION:
        return None
    offered = union.offered
    classes = [components[name] for name in offered if name in components]
    if union.family:
        return _Told(union, classes, union.family.tag, [list(one) for one in union.family.values])
    if len(classes) < max(len(offered), _CHOICE) or any(one.shape is not Shape.CLASS for one in classes):
        return None
    found = tags(union.schema, [one.schema for one in classes], [one.said for one in classes], families)
    return _Told(union, classes, *found) if found else None


def _related(told: Sequence[_Told]) -> set[Schema]:
    """The classes of which one inherits from another that has other values: constants would contradict."""
    meant: dict[Schema, set[tuple[str, ...]]] = {}
    for found in told:
        for one, own in zip(found.classes, found.values, strict=True):
            meant.setdefault(one.schema, set()).add((found.name, *sorted(own)))
    pairs = [
        (one, base) for one in meant for base in line(one) if base in meant and meant[base] != meant[one]
    ]
    return {one for pair in pairs for one in pair}


def _circular(components: Mapping[str, Component]) -> set[str]:
    """The names of what contains itself by way of another: pydantic does not see the tags of such a union."""
    uses = {name: set(references(one.value)) & components.keys() for name, one in components.items()}
    heads = circles(uses)
    shared = Counter(heads.values())
    return {name for name, head in heads.items() if shared[head] > 1}


def _required(component: Component, name: str) -> bool:
    member = merged(component.schema, inherit=False).properties.get(name)
    return member is not None and member.required


def _complete(found: _Told, *, by_function: bool, optional: bool) -> None:
    value, pairs = found.union.value, zip(found.classes, found.values, strict=True)
    kinds: dict[str, Json] = {text: one.name for one, own in pairs for text in own}
    if by_function:
        value[KINDS] = {"tag": found.name, "kinds": kinds, "other": "", "optional": optional}
        return
    mapping: dict[str, Json] = {text: f"{REF}{name}" for text, name in kinds.items()}
    value["discriminator"] = {"propertyName": found.name, "mapping": mapping}
    value["oneOf"] = value.pop("anyOf")


def _fix(component: Component, name: str, values: list[str], components: Mapping[str, Component]) -> None:
    """The tag of a class is one of these values, and nothing else."""
    properties, required = (
        component.own.setdefault("properties", {}),
        component.own.setdefault("required", []),
    )
    assert isinstance(properties, dict)  # noqa: S101  # as a class is written
    assert isinstance(required, list)  # noqa: S101
    known = properties.get(name)
    every = [value for value in _consts(known) if value not in values] + list(values)
    consts: list[Json] = [{"const": value} for value in every]
    only = consts[0] if len(consts) == 1 else {"anyOf": consts}
    assert isinstance(only, dict)  # noqa: S101
    properties[name] = {**only, **_words(known)}
    if name not in required and _required(component, name):
        required.append(name)
    _loosen(component, name, components)


def _loosen(component: Component, name: str, components: Mapping[str, Component]) -> None:
    """The tag of what a class inherits from is any text: its heirs have values of their own."""
    listed = component.value.get("allOf")
    bases = listed[:-1] if isinstance(listed, list) else []
    for base in (components[one] for one in references(bases)):
        properties = base.own.get("properties")
        if isinstance(properties, dict) and name in properties and not _consts(properties[name]):
            properties[name] = {"type": "string", **_words(properties[name])}
        _loosen(base, name, components)


def _suggest(component: Component, name: str, values: list[str]) -> None:
    """The tag of a class is a text, and mostly the first of these: later contracts may know heirs of it.

    Nothing is suggested where the contract itself lists the values.
    """
    declared = merged(component.schema, inherit=False).properties.get(name)
    if declared is None or not values:
        return
    followed, _ = follow(declared.schema)
    if (
        shape_of(followed) is not Shape.PLAIN
        or types_of(followed) != ["string"]
        or "format" in said(followed)
    ):
        return
    properties, required = (
        component.own.setdefault("properties", {}),
        component.own.setdefault("required", []),
    )
    assert isinstance(properties, dict)  # noqa: S101  # as a class is written
    assert isinstance(required, list)  # noqa: S101
    if _consts(properties.get(name)):
        return
    properties[name] = {"anyOf": [{"const": values[0]}, {"type": "string"}], **_words(properties.get(name))}
    if name not in required and declared.required:
        required.append(name)


def _consts(value: Json) -> list[str]:
    """The constants that a converted property may be."""
    listed = value.get("anyOf", [value]) if isinstance(value, dict) else []
    found = (
        [one["const"] for one in listed if isinstance(one, dict) and "const" in one]
        if isinstance(listed, list)
        else []
    )
    return [str(one) for one in found]


def _words(converted: Json) -> dict[str, Json]:
    """The description that goes with a converted schema."""
    return (
        {"description": converted["description"]}
        if isinstance(converted, dict) and "description" in converted
        else {}
    )
