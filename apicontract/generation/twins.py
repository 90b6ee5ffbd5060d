"""Schemas that are the same but for their names: one is written, the others are copies of its text.

A contract of any size says the same thing inline again and again; each place keeps a class of its own, so
that a change in one does not rename another, but the work is done once.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from apicontract.generation.components import REF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.sources import Json

_ROUNDS = 8  # what is the same in its parts is the same, level by level


def twins(schemas: Mapping[str, dict[str, Json]]) -> dict[str, str]:
    """For each schema that is a copy, the one that it is a copy of.

    What unions and subclasses refer to is never one: there the name matters to how they are written.
    """
    pinned = {name for value in schemas.values() for name in _pinning(value)}
    found: dict[str, str] = {}
    for _ in range(_ROUNDS):
        first: dict[str, str] = {}
        before = len(found)
        for name, value in schemas.items():
            if name in pinned or name in found or "allOf" in value or "oneOf" in value or "anyOf" in value:
                continue
            text = json.dumps(with_names(value, found), sort_keys=True, default=str)
            leader = first.setdefault(text, name)
            if leader != name:
                found[name] = leader
        if len(found) == before:
            break
    return {name: _last(name, found) for name in found}


def _last(name: str, found: Mapping[str, str]) -> str:
    while name in found:
        name = found[name]
    return name


def with_names(value: Json, names: Mapping[str, str]) -> Json:
    """The value with references to other names."""
    if isinstance(value, dict):
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.startswith(REF):
            name = ref.removeprefix(REF)
            return {**value, "$ref": REF + _last(name, names)}
        return {key: with_names(item, names) for key, item in value.items()}
    return [with_names(item, names) for item in value] if isinstance(value, list) else value


def restored(
    text: str, name: str, leader: str, fields: Mapping[str, str], value: Json, found: Mapping[str, str]
) -> str:
    """The text of a class, written for `leader`, as that of `name`, with its own references.

    fields: the Python name of each property. value: what the schema says. found: as `twins` gives it.
    """
    if name != leader:
        text = re.sub(rf"^class {re.escape(leader)}\(", f"class {name}(", text)
    properties = value.get("properties") if isinstance(value, dict) else None
    for key, said in properties.items() if isinstance(properties, dict) else ():
        renamed = {_last(one, found): one for one in references(said) if one in found}
        if renamed:
            words = re.compile(rf"\b({'|'.join(map(re.escape, renamed))})\b")
            text = re.sub(
                rf"^    {re.escape(fields[key])}: .*$",
                lambda line: words.sub(lambda word: renamed[word[1]], line[0]),  # noqa: B023  # used at once
                text,
                count=1,
                flags=re.MULTILINE,
            )
    return text


def references(value: Json) -> Iterator[str]:
    """The names that a converted schema refers to."""
    if isinstance(value, dict):
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.startswith(REF):
            yield ref.removeprefix(REF)
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def _pinning(value: dict[str, Json]) -> Iterator[str]:
    for keyword in ("allOf", "oneOf", "anyOf", "discriminator"):
        if keyword in value:
            yield from references(value[keyword])
