"""The components of GitHub's API that changed between six versions of its description, as pairs of schemas.

A component changed if it differs once prose and examples are dropped and lists without order are sorted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import corpora

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS = ("10.0.0", "14.0.0", "18.0.0", "20.0.0", "22.0.0", "23.0.2")
CONTRACT = "api.github.com"
PLACE = "/components/schemas/"
_PROSE = frozenset(["description", "title", "example", "examples", "externalDocs", "deprecated", "summary"])


class Pair(NamedTuple):
    """One component at two versions, each with its whole document."""

    name: str
    old: Any
    new: Any


def document(version: str) -> Any:
    """One version of the contract; NotAvailable if it cannot be had."""
    return json.loads(corpora.github(version, CONTRACT).read_text(encoding="utf-8"))


def changed(old: Any, new: Any) -> Iterator[Pair]:
    """The changed components of two documents."""
    before, after = old["components"]["schemas"], new["components"]["schemas"]
    for name, schema in before.items():
        if name in after and stripped(schema) != stripped(after[name]):
            yield Pair(name, old, new)


def stripped(schema: Any) -> Any:
    """The schema without prose, lists without order sorted; names of properties are no keywords."""
    if isinstance(schema, list):
        return [stripped(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for word, value in schema.items():
        if word == "properties" and isinstance(value, dict):
            found[word] = {name: stripped(part) for name, part in value.items()}
        elif word in {"required", "enum"} and isinstance(value, list):
            found[word] = sorted(value, key=repr)
        elif word not in _PROSE and not word.startswith("x-"):
            found[word] = stripped(value)
    return found


def inlined(schema: Any, whole: Any) -> Any:
    """The schema with every reference replaced by its target: GitHub's have no circle. Formats are dropped."""
    if isinstance(schema, list):
        return [inlined(item, whole) for item in schema]
    if not isinstance(schema, dict):
        return schema
    ref = schema.get("$ref")
    if isinstance(ref, str):
        target = whole
        for token in ref.removeprefix("#/").split("/"):
            target = target[token.replace("~1", "/").replace("~0", "~")]
        return inlined(target, whole)
    return {word: inlined(value, whole) for word, value in schema.items() if word not in _PROSE | {"format"}}
