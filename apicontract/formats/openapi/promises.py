"""What an OpenAPI contract promises beside its messages: visible majors, stability, deprecations, waivers.

Sources of the extensions: `x-sunset` and `x-stability-level` as other tools for OpenAPI have them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from apicontract.changes.promises import IGNORE, Deprecation, Ignore, VisibleMajor
from apicontract.records import dataclass
from apicontract.sources import Place, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.model import Node
    from apicontract.formats.openapi.reading import Reader
    from apicontract.sources import Document, Json

STABILITY = ("draft", "alpha", "beta", "stable")
_MAJOR = re.compile(r"[vV](\d{1,4})(?:(alpha|beta)\d*)?", re.ASCII)
_DEPTH = 3  # steps of a path in which a version is looked for: /v1, /api/v1, /apis/batch/v1
_DATA = frozenset({"example", "examples", "default", "enum", "const"})


@dataclass(frozen=True, slots=True)
class _Operation:
    title: str
    node: Node
    stability: str


def stability_of(node: Node, path: str) -> str:
    """The level at which an operation is promised: as it says, else the channel in its path, else stable."""
    written = node.fields.get("x-stability-level")
    if isinstance(written, str) and written in STABILITY:
        return written
    found = _version_in(path)
    return (found[2] if found else "") or "stable"


def operations(contract: OpenApi) -> tuple[str, ...]:
    """The titles of its operations, in document order."""
    return tuple(operation.title for operation in _operations(contract))


def majors(contract: OpenApi) -> tuple[VisibleMajor, ...]:
    """Every major that clients see in a path or a server's URL, each once.

    Where less than half of the paths show one, it is that of a part (`/scim/v2`), and not the API's.
    """
    reader = _reader(contract)
    listed = reader.root.get("paths")
    paths = [(path, node.place) for path, node in (listed.members() if listed else ()) if path[:1] == "/"]
    shown = [_major("path", path, place) for path, place in paths]
    if sum(major is not None for major in shown) * 2 < len(shown):
        shown = []
    for server in reader.servers():
        url = urlsplit(_default_url(server.url, server.variables))
        shown.append(_major("server", url.path, server.node.place))
    found: dict[tuple[str, str], VisibleMajor] = {}
    for major in shown:
        if major is not None:
            found.setdefault((major.kind, major.prefix), major)
    return tuple(found.values())


def _major(kind: str, address: str, place: Place) -> VisibleMajor | None:
    version = _version_in(address)
    if version is None:
        return None
    text, prefix, channel = version
    return VisibleMajor(kind, text, int(re.sub(r"\D.*", "", text[1:])), channel, prefix, place)


def _default_url(url: str, variables: dict[str, Node]) -> str:
    """A server's URL with the default of each variable in its place."""
    for name, node in variables.items():
        url = url.replace(f"{{{name}}}", str(node.fields.get("default", "")))
    return url


def _version_in(path: str) -> tuple[str, str, str] | None:
    """(what is written, the path up to it, its channel) of the first version among the first steps."""
    steps = path.split("/")[1 : _DEPTH + 1]
    for number, step in enumerate(steps):
        if "{" in step:
            break
        match = _MAJOR.fullmatch(step)
        if match:
            return step, "/" + "/".join(steps[: number + 1]), match[2] or ""
    return None


def deprecations(contract: OpenApi) -> tuple[Deprecation, ...]:
    """Everything that says `deprecated: true`: operations first, then parts of messages."""
    documents = [one for one in contract.library.documents() if b"deprecated" in one.text]
    if not documents:
        return ()
    listed = list(_operations(contract))
    found = [
        Deprecation(each.node.place, each.title, _sunset(each.node.fields), each.stability)
        for each in listed
        if each.node.fields.get("deprecated") is True
    ]
    at = {(each.node.document.uri, each.node.pointer): each for each in listed}
    for document in documents:
        for pointer, value, stability in _objects(document, at):
            if value.get("deprecated") is True and (document.uri, pointer) not in at:
                label = _label(pointer, value)
                found.append(Deprecation(Place(document, pointer), label, _sunset(value), stability))
    return tuple(found)


def ignores(contract: OpenApi) -> tuple[Ignore, ...]:
    """Every `x-apicontract-ignore`, with the operations that the object it stands in holds."""
    documents = [one for one in contract.library.documents() if IGNORE.encode() in one.text]
    if not documents:
        return ()
    listed = list(_operations(contract))
    found = []
    for document in documents:
        for pointer, value, _ in _objects(document, {}):
            if IGNORE in value:
                within = tuple(each.title for each in listed if _holds(document, pointer, each.node))
                note = Place(document, join(pointer, IGNORE))
                found.append(Ignore(Place(document, pointer), note, value[IGNORE], within))
    return tuple(found)


def _holds(document: Document, pointer: str, node: Node) -> bool:
    return node.document is document and (node.pointer == pointer or node.pointer.startswith(pointer + "/"))


def _operations(contract: OpenApi) -> Iterator[_Operation]:
    for item in _reader(contract).paths():
        for method, node in item.operations.items():
            yield _Operation(f"{method.upper()} {item.path}", node, stability_of(node, item.path))


def _objects(
    document: Document, operations: dict[tuple[str, str], _Operation]
) -> Iterator[tuple[str, dict[str, Json], str]]:
    """Every object that is no data, in document order, with its pointer and its stability level."""
    waiting: list[tuple[str, Json, str]] = [("", document.value, "stable")]
    while waiting:
        pointer, value, stability = waiting.pop()
        if isinstance(value, dict):
            operation = operations.get((document.uri, pointer))
            own = operation.stability if operation else value.get("x-stability-level")
            stability = own if isinstance(own, str) and own in STABILITY else stability
            yield pointer, value, stability
            names = pointer.endswith(("/properties", "/patternProperties"))
            below = [(key, item) for key, item in value.items() if names or key not in _DATA]
        elif isinstance(value, list):
            below = [(str(index), item) for index, item in enumerate(value)]
        else:
            continue
        for key, item in reversed(below):
            if isinstance(item, dict | list):
                waiting.append((join(pointer, key), item, stability))


def _label(pointer: str, value: dict[str, Json]) -> str:
    """What to call something that is no operation, the same wherever it moves within a list."""
    name, where = value.get("name"), value.get("in")
    if isinstance(name, str) and isinstance(where, str):
        return f"{where} parameter `{name}` at `{pointer.rpartition('/')[0]}`"
    return f"`{pointer}`"


def _sunset(fields: dict[str, Json]) -> str:
    written = fields.get("x-sunset")
    return "" if written is None else str(written)


def _reader(contract: OpenApi) -> Reader:
    from apicontract.formats.openapi.reading import Reader  # loads schemas, and few contracts have waivers
    from apicontract.formats.openapi.swagger import SwaggerReader

    return SwaggerReader(contract) if contract.series == "2.0" else Reader(contract)
