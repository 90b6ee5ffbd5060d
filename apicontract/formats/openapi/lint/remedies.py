"""What mends a problem: alterations that several rules share, or that need a look at the whole contract.

A remedy is given only where it is plain what to write and where. Whether it is safe the rule says; that
what is safe breaks nobody is proved by comparing the contract before and after, in the tests and in
every run.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.words import usual_style, written
from apicontract.sources import token_escape
from apicontract.sources.alterations import Add, Append, Drop, Put, Rename

if TYPE_CHECKING:
    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources.alterations import Alteration

    Remedy = tuple[Alteration, ...]

_ALIKE = 0.75  # how near two tags must be for one to be a slip of the pen for the other
_VERSION = re.compile(r"[vV]?(\d{1,3})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?")
_TOLD = ("summary", "description", "tags")
# What values must look like where a format is given; dates are looked at where they are meant.
_SHOWN = {"uuid": re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")}
# Names of licences as people write them, and what SPDX calls them (spdx.org/licenses).
_LICENCES = {
    name.casefold(): spdx
    for spdx, names in {
        "Apache-2.0": ("Apache-2.0", "Apache 2.0", "Apache License 2.0", "Apache License, Version 2.0"),
        "MIT": ("MIT", "MIT License", "The MIT License"),
        "BSD-2-Clause": ("BSD-2-Clause",),
        "BSD-3-Clause": ("BSD-3-Clause",),
        "ISC": ("ISC", "ISC License"),
        "MPL-2.0": ("MPL-2.0", "Mozilla Public License 2.0"),
        "CC0-1.0": ("CC0-1.0",),
        "CC-BY-4.0": ("CC-BY-4.0",),
        "EUPL-1.2": ("EUPL-1.2",),
        "Unlicense": ("Unlicense", "The Unlicense"),
    }.items()
    for name in names
}


def said(held: Node, facts: Facts, field: str, value: str | bool) -> Remedy:  # noqa: FBT001  # a JSON value
    """One more keyword for a property or parameter, if its schema stands there and serves nothing else."""
    schema = facts.shape(held)
    inline = held.reference is None and (schema is held or (schema.parent is held and not schema.reference))
    if not inline or field in schema.fields or "string" not in _types(schema):
        return ()
    if field == "writeOnly" and facts.series == "2.0":  # which does not have it
        return ()
    if field == "format" and not _fits(value, (held, schema)):
        return ()
    return (Add(schema.place(), field, value, after="type"),)


def _fits(form: str | bool, holders: tuple[Node, ...]) -> bool:  # noqa: FBT001  # a JSON value
    """Whether each default and example is of a format; `password` takes any text."""
    pattern = _SHOWN.get(str(form))
    if pattern is None:
        return True
    for node in holders:
        listed = node.fields.get("examples")
        shown = [node.fields.get("default"), node.fields.get("example")]
        shown += listed if isinstance(listed, list) else []
        if not all(pattern.fullmatch(one) for one in shown if isinstance(one, str)):
            return False
    return True


def _types(schema: Node) -> set[str]:
    named = schema.fields.get("type")
    listed = named if isinstance(named, list) else [named]
    return {one for one in listed if isinstance(one, str)}


def encrypted(node: Node, *tokens: str) -> Remedy:
    """An address over TLS: the same with `https` for `http`, `wss` for `ws`."""
    place = node.place(*tokens)
    url = place.value
    if not isinstance(url, str):
        return ()
    scheme, colon, rest = url.partition(":")
    return (Put(place, f"{scheme.lower()}s{colon}{rest}"),)


def encrypted_scheme(node: Node, scheme: str) -> Remedy:
    """In the `schemes` of 2.0, `https` for `http`; where both are listed, one of them goes."""
    listed = node.fields.get("schemes")
    if not isinstance(listed, list) or scheme not in listed:
        return ()
    place = node.place("schemes", listed.index(scheme))
    return (Drop(place) if f"{scheme}s" in listed else Put(place, f"{scheme}s"),)


def path_called(item: Node, path: str, wanted: str, facts: Facts) -> Remedy:
    """Another address for a path, unless there is one like it, or something refers to it by its address."""
    holder = item.parent
    if holder is None or "?" in path or not wanted.startswith("/"):
        return ()
    shapes = {addresses.shape(other) for other in holder.fields}
    mark = token_escape(path).encode()
    documents = facts.contract.library.documents()
    if addresses.shape(wanted) in shapes or any(mark in document.text for document in documents):
        return ()
    return (Rename(item.place(), wanted),)


def tag_declared(tag: str, facts: Facts) -> Remedy:
    """The tag among those of the contract, unless it looks like a misspelt one of them."""
    near = get_close_matches(tag.casefold(), [known.casefold() for known in facts.tags], 1, _ALIKE)
    if near or not tag.strip():
        return ()
    declared = facts.root.fields.get("tags")
    if isinstance(declared, list):
        return (Append(facts.root.place("tags"), {"name": tag}),)
    return (Add(facts.root.place(), "tags", [{"name": tag}]),) if declared is None else ()


def terms(node: Node, facts: Facts) -> Remedy:
    """Where the terms of a licence stand that SPDX knows: its id, or before 3.1 the page of SPDX."""
    spdx = _LICENCES.get(node.text("name").strip().casefold())
    if spdx is None or {"url", "identifier"} & node.fields.keys():
        return ()
    if facts.series in {"3.1", "3.2"}:
        return (Add(node.place(), "identifier", spdx, after="name"),)
    return (Add(node.place(), "url", f"https://spdx.org/licenses/{spdx}.html", after="name"),)


def whole_version(node: Node) -> Remedy:
    """A version with all three numbers, of one that has fewer or begins with `v`; no date is one."""
    found = _VERSION.fullmatch(node.text("version").strip())
    if found is None:
        return ()
    numbers = ".".join(str(int(number or "0")) for number in found.groups())
    return (Put(node.place("version"), numbers),)


def operation_ids(facts: Facts) -> dict[int, str]:
    """An operationId for each operation under `paths` without one, by its node's id; none that is taken.

    Made of method and path, in the style of those that are there: `getOrdersByOrderId`.
    """
    known = [node.text("operationId") for node in facts.nodes("operation") if node.text("operationId")]
    style = usual_style(known, facts.settings.majority) or "camelCase"
    made: dict[int, str] = {}
    for endpoint in facts.endpoints:
        if "operationId" not in endpoint.node.fields:
            parts = [endpoint.method]
            for segment in addresses.segments(endpoint.path):
                parts += ["by", *addresses.variables(segment)] if "{" in segment else [segment]
            made[id(endpoint.node)] = written("-".join(parts), style)
    counts = Counter([*known, *made.values()])
    return {node: name for node, name in made.items() if counts[name] == 1}


def called(node: Node, name: str | None) -> Remedy:
    """An operationId for an operation, below what it says of itself."""
    if name is None:
        return ()
    after = next((field for field in _TOLD if field in node.fields), "")
    return (Add(node.place(), "operationId", name, after=after),)
