"""Reads an OpenAPI 3.x contract into the model: references followed, defaults filled in, inheritance done.

Broken parts of a contract are read as absent: saying what is wrong with them is validation's job.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.model import (
    METHODS,
    Body,
    Encoding,
    Header,
    Media,
    Node,
    Operation,
    Parameter,
    PathItem,
    Requirement,
    Response,
    Server,
)
from apicontract.formats.openapi.scopes import Scopes
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.schemas import Schema

_DEFAULT_STYLE = {
    "query": "form",
    "cookie": "form",
    "path": "simple",
    "header": "simple",
    "querystring": "form",
}
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OAS 3.0.3, 4.7.12.1
_TEMPLATE = re.compile(r"\{([^{}]*)\}")


def template_names(path: str) -> list[str]:
    """The parameter names of a path template, in order."""
    return _TEMPLATE.findall(path)


def parameter_key(name: str, location: str, names: list[str]) -> tuple[str, str] | None:
    """How a parameter is matched between versions; None for one that OpenAPI ignores."""
    if location == "path":
        return (location, str(names.index(name)) if name in names else name)
    if location == "header":
        return None if name.lower() in _IGNORED_HEADERS else (location, name.lower())
    if location == "querystring":  # the whole of it: its name does not travel (OAS 3.2, 4.12.1)
        return (location, "")
    return (location, name)


class Reader:
    """Reads one OpenAPI 3.x contract; nothing is read before it is asked for."""

    def __init__(self, contract: OpenApi) -> None:
        self.contract = contract
        self.scopes = Scopes(contract)
        self.root = Node(contract.library.root, "", contract.root)

    def deref(self, node: Node) -> Node | None:
        """The node, or what its `$ref` leads to; None, and noted, if that is nowhere."""
        ref = node.fields.get("$ref")
        if not isinstance(ref, str):
            return node
        try:
            target = self.contract.library.follow(ref, document=node.document, pointer=node.pointer)
        except ContractError as error:
            self.scopes.unresolved.append(error)
            return None
        return Node(target.document, target.pointer, target.value)

    def paths(self) -> list[PathItem]:
        """Every path with its operations, in document order."""
        return self._items(self.root.get("paths"))

    def webhooks(self) -> list[PathItem]:
        """Every webhook (3.1), in document order."""
        return self._items(self.root.get("webhooks"))

    def callback_items(self, callback: Node) -> list[PathItem]:
        """The path items of one callback, by expression."""
        return self._items(self.deref(callback))

    def _items(self, holder: Node | None) -> list[PathItem]:
        items = []
        for path, written in holder.members() if holder else ():
            if path.startswith("x-") or not isinstance(written.value, dict):
                continue
            item = self.deref(written)
            if item is None:
                continue
            found = [(key, node) for key, node in item.members() if key in METHODS]
            if item is not written:  # operations beside a `$ref` (OAS 3.1, 4.8.9.1)
                found += [
                    (key, node)
                    for key, node in written.members()
                    if key in METHODS and key not in item.fields
                ]
            further = item.get("additionalOperations")
            operations = {key.upper(): node for key, node in found if isinstance(node.value, dict)}
            operations |= dict(further.members() if further else ())
            items.append(PathItem(path, item, operations))
        return items

    def operation(self, item: PathItem, method: str) -> Operation:
        """The operation with all that it inherits from its path item and the root."""
        node = item.operations[method]
        names = template_names(item.path)
        parameters: dict[tuple[str, str], Parameter] = {}
        for holder in (item.node, node):
            for parameter in self._parameters(holder):
                key = parameter_key(parameter.name, parameter.location, names)
                if key is not None:
                    parameters[key] = parameter
        return Operation(
            method,
            item.path,
            node,
            parameters,
            self._body(node),
            self.responses(node),
            self.security(node),
            self.servers(item, node),
            dict(found.members()) if (found := node.get("callbacks")) else {},
        )

    def _parameters(self, holder: Node) -> Iterable[Parameter]:
        listed = holder.get("parameters")
        for written in listed.elements() if listed else ():
            node = self.deref(written)
            if node is None:
                continue
            name, location = node.fields.get("name"), node.fields.get("in")
            if isinstance(name, str) and isinstance(location, str):
                yield self._parameter(node, name, location)

    def _parameter(self, node: Node, name: str, location: str) -> Parameter:
        fields = node.fields
        style = fields.get("style")
        style = style if isinstance(style, str) else _DEFAULT_STYLE.get(location, "form")
        explode = fields.get("explode")
        return Parameter(
            name,
            location,
            node,
            fields.get("required") is True or location == "path",
            self.schema(node.get("schema")),
            self.content(node.get("content")),
            style,
            explode if isinstance(explode, bool) else style in ("form", "cookie"),
            fields.get("allowReserved") is True,
            fields.get("allowEmptyValue") is True,
        )

    def schema(self, node: Node | None) -> Schema | None:
        """The schema written at `node`, in the scope of its document."""
        if node is None or not isinstance(node.value, dict | bool):
            return None
        return self.scopes.schema(node)

    def content(self, node: Node | None) -> dict[str, Media]:
        """A `content` map by normal media type."""
        content: dict[str, Media] = {}
        for name, written in node.members() if node else ():
            entry = self.deref(written)
            if entry is None or name.startswith("x-"):
                continue
            normal = media_types.normal(name)
            content[normal] = Media(
                normal,
                entry,
                self.schema(entry.get("schema")),
                self.schema(entry.get("itemSchema")),
                self._encodings(entry.get("encoding")),
            )
        return content

    def _encodings(self, node: Node | None) -> dict[str, Encoding]:
        encodings: dict[str, Encoding] = {}
        for name, entry in node.members() if node else ():
            fields = entry.fields
            types, style, explode = fields.get("contentType"), fields.get("style"), fields.get("explode")
            style = style if isinstance(style, str) else "form"
            encodings[name] = Encoding(
                entry,
                frozenset(media_types.normal(part) for part in types.split(","))
                if isinstance(types, str)
                else None,
                style,
                explode if isinstance(explode, bool) else style == "form",
                fields.get("allowReserved") is True,
                self.headers(entry.get("headers")),
            )
        return encodings

    def headers(self, node: Node | None) -> dict[str, Header]:
        """A `headers` map by lower-case name, without `Content-Type`, which OpenAPI ignores there."""
        headers: dict[str, Header] = {}
        for name, written in node.members() if node else ():
            entry = self.deref(written)
            if entry is None or name.lower() == "content-type":
                continue
            headers[name.lower()] = Header(
                name,
                entry,
                entry.fields.get("required") is True,
                self.schema(entry.get("schema")),
                self.content(entry.get("content")),
                entry.fields.get("explode") is True,
            )
        return headers

    def _body(self, node: Node) -> Body | None:
        written = node.get("requestBody")
        entry = self.deref(written) if written else None
        if entry is None:
            return None
        return Body(entry, entry.fields.get("required") is True, self.content(entry.get("content")))

    def responses(self, node: Node) -> dict[str, Response]:
        """The responses of an operation by status key."""
        responses: dict[str, Response] = {}
        listed = node.get("responses")
        for status, written in listed.members() if listed else ():
            entry = self.deref(written)
            if entry is None or status.startswith("x-"):
                continue
            key = status if status == "default" else status.upper()
            links = entry.get("links")
            responses[key] = Response(
                key,
                entry,
                self.content(entry.get("content")),
                self.headers(entry.get("headers")),
                dict(links.members()) if links else {},
            )
        return responses

    def security(self, node: Node) -> tuple[Requirement, ...]:
        """The alternatives that apply: the operation's own or the root's; one empty one if there are none."""
        listed = node.get("security") or self.root.get("security")
        found = []
        for entry in listed.elements() if listed else ():
            schemes = {
                name: frozenset(scope for scope in scopes if isinstance(scope, str))
                for name, scopes in entry.fields.items()
                if isinstance(scopes, list)
            }
            found.append(Requirement(entry, schemes))
        return tuple(found) or (Requirement(listed or node, {}),)

    def security_schemes(self) -> dict[str, Node]:
        """The security schemes by name, references followed."""
        components = self.root.get("components")
        listed = components.get("securitySchemes") if components else None
        found = {name: self.deref(entry) for name, entry in (listed.members() if listed else ())}
        return {name: node for name, node in found.items() if node is not None}

    def servers(self, *holders: PathItem | Node) -> tuple[Server, ...]:
        """The servers that apply: of the last of `holders` that has any, else of the root, else `/`."""
        for holder in reversed((self.root, *holders)):
            node = holder.node if isinstance(holder, PathItem) else holder
            listed = node.get("servers")
            if listed is not None and listed.value:
                found = [self._server(entry) for entry in listed.elements()]
                if servers := tuple(server for server in found if server is not None):
                    return servers
        return (Server("/", self.root, {}),)

    def _server(self, node: Node) -> Server | None:
        url = node.fields.get("url")
        if not isinstance(url, str):
            return None
        variables = node.get("variables")
        return Server(normal_url(url), node, dict(variables.members()) if variables else {})


def normal_url(url: str) -> str:
    """Without a trailing slash, scheme and host in lower case, default ports left out (RFC 3986, 6.2)."""
    match = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)$", url)
    if match:
        scheme, host, rest = match[1].lower(), match[2], match[3]
        host = host if "{" in host else host.lower()
        host = re.sub({"http": r":80$", "https": r":443$"}.get(scheme, r"$^"), "", host)
        url = f"{scheme}://{host}{rest}"
    return url.rstrip("/") or "/"
