"""Reads a Swagger 2.0 contract into the same model as OpenAPI 3.x.

Source: Swagger 2.0 specification; the correspondence of `collectionFormat` to `style` and `explode`
follows OAS 3.0.3 section 4.7.12.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.model import (
    Body,
    Encoding,
    Header,
    Media,
    Node,
    Operation,
    Parameter,
    PathItem,
    Response,
    Server,
)
from apicontract.formats.openapi.reading import Reader, normal_url, parameter_key, template_names
from apicontract.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.sources import Json

_STYLES = {
    "csv": (None, False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
}
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_DEEPEST = 8  # lists within lists that anyone writes
_NOT_SCHEMA = frozenset({"name", "in", "required", "description", "collectionFormat", "allowEmptyValue"})


def _nested(items: Json, depth: int = 0) -> str:
    """How lists within a list are written, which no style of OpenAPI 3.x can say; empty if there are none."""
    if not isinstance(items, dict) or items.get("type") != "array" or depth > _DEEPEST:
        return ""
    return f" of {items.get('collectionFormat', 'csv')}{_nested(items.get('items'), depth + 1)}"


class SwaggerReader(Reader):
    """Reads one Swagger 2.0 contract; what it shares with 3.x is inherited, what differs is here."""

    def operation(self, item: PathItem, method: str) -> Operation:
        """The operation, its body and form parameters read as a request body."""
        node = item.operations[method]
        names = template_names(item.path)
        written: dict[tuple[str, str], Node] = {}
        for holder in (item.node, node):
            for entry in self._entries(holder):
                written[str(entry.fields.get("in")), str(entry.fields.get("name"))] = entry
        parameters: dict[tuple[str, str], Parameter] = {}
        for (location, name), entry in written.items():
            key = parameter_key(name, location, names)
            if location in ("query", "header", "path") and key is not None:
                parameters[key] = self._simple(entry, name, location)
        return Operation(
            method,
            item.path,
            node,
            parameters,
            self._request(node, written),
            self.responses(node),
            self.security(node),
            self.servers(item, node),
            {},
        )

    def _entries(self, holder: Node) -> Iterable[Node]:
        listed = holder.get("parameters")
        for entry in listed.elements() if listed else ():
            node = self.deref(entry)
            if node is not None and isinstance(node.value, dict):
                yield node

    def _simple(self, node: Node, name: str, location: str) -> Parameter:
        style, explode = self._style(node, location)
        return Parameter(
            name,
            location,
            node,
            node.fields.get("required") is True or location == "path",
            self._schema_of(node),
            {},
            style,
            explode,
            allow_reserved=False,
            allow_empty=node.fields.get("allowEmptyValue") is True,
        )

    def _style(self, node: Node, location: str) -> tuple[str, bool]:
        written = node.fields.get("collectionFormat", "csv")
        style, explode = _STYLES.get(written if isinstance(written, str) else "csv", (None, False))
        style = style or ("form" if location in ("query", "formData") else "simple")
        return style + _nested(node.fields.get("items")), explode

    def _schema_of(self, node: Node) -> Schema:
        """The schema that a parameter or header object itself is."""
        value: dict[str, Json] = {key: said for key, said in node.fields.items() if key not in _NOT_SCHEMA}
        return Schema(value, self.scopes.of(node.document), node.pointer)

    def _request(self, node: Node, written: dict[tuple[str, str], Node]) -> Body | None:
        for (location, _), entry in written.items():
            if location == "body":
                schema = self.schema(entry.get("schema"))
                content = {name: Media(name, entry, schema) for name in self._types(node, "consumes")}
                return Body(entry, entry.fields.get("required") is True, content)
        fields = {name: entry for (location, name), entry in written.items() if location == "formData"}
        return self._form(node, fields) if fields else None

    def _form(self, node: Node, fields: dict[str, Node]) -> Body:
        assembly = self.scopes.assembly
        schema = assembly.schema(
            {
                "type": "object",
                "properties": {name: assembly.ref(self._schema_of(entry)) for name, entry in fields.items()},
                "required": [name for name, entry in fields.items() if entry.fields.get("required") is True],
            }
        )
        names = [name for name in self._types(node, "consumes") if name in _FORMS]
        if not names:
            names = [_FORMS[0 if any(entry.fields.get("type") == "file" for entry in fields.values()) else 1]]
        required = any(entry.fields.get("required") is True for entry in fields.values())
        # Where the form as a whole is pointed at: at what makes it required, else at its first field.
        demanding = (entry for entry in fields.values() if entry.fields.get("required") is True)
        first = next(demanding, next(iter(fields.values())))
        encoding = {name: self._encoding(entry) for name, entry in fields.items()}
        return Body(first, required, {name: Media(name, first, schema, None, encoding) for name in names})

    def _encoding(self, node: Node) -> Encoding:
        """How a form field is written; only lists are written in ways that differ."""
        style, explode = self._style(node, "formData")
        if node.fields.get("type") != "array":
            style, explode = "form", True
        return Encoding(node, None, style, explode, allow_reserved=False, headers={})

    def _types(self, node: Node, key: str) -> list[str]:
        listed = node.fields.get(key, self.root.fields.get(key))
        names = (
            [media_types.normal(name) for name in listed if isinstance(name, str)]
            if isinstance(listed, list)
            else []
        )
        return names or [media_types.UNSPECIFIED]

    def responses(self, node: Node) -> dict[str, Response]:
        """The responses; every media type that is produced has the response's one schema."""
        responses: dict[str, Response] = {}
        listed = node.get("responses")
        for status, written in listed.members() if listed else ():
            entry = self.deref(written)
            if entry is None or status.startswith("x-"):
                continue
            schema = self.schema(entry.get("schema"))
            content = (
                {}
                if schema is None
                else {name: Media(name, entry, schema) for name in self._types(node, "produces")}
            )
            responses[status] = Response(status, entry, content, self.headers(entry.get("headers")), {})
        return responses

    def headers(self, node: Node | None) -> dict[str, Header]:
        """Response headers: each header object is its own schema."""
        found = [
            (name, entry)
            for name, entry in (node.members() if node else ())
            if name.lower() != "content-type"
        ]
        return {
            name.lower(): Header(
                name, entry, required=False, schema=self._schema_of(entry), content={}, explode=False
            )
            for name, entry in found
        }

    def security_schemes(self) -> dict[str, Node]:
        """`securityDefinitions`."""
        listed = self.root.get("securityDefinitions")
        return dict(listed.members()) if listed else {}

    def servers(self, *holders: PathItem | Node) -> tuple[Server, ...]:
        """`schemes`, `host` and `basePath` as URLs; an operation may have schemes of its own."""
        root = self.root.fields
        host, base = root.get("host"), root.get("basePath")
        path = base if isinstance(base, str) else "/"
        node = next(
            (h for h in reversed(holders) if isinstance(h, Node) and "schemes" in h.fields), self.root
        )
        place = node.get("schemes") or self.root.get("host") or self.root.get("basePath") or self.root
        if not isinstance(host, str):
            return (Server(normal_url(path), place, {}),)
        listed = node.fields.get("schemes")
        schemes = [scheme for scheme in listed if isinstance(scheme, str)] if isinstance(listed, list) else []
        if not schemes:
            return (Server(normal_url(f"//{host}{path}"), place, {}),)
        return tuple(Server(normal_url(f"{scheme}://{host}{path}"), place, {}) for scheme in schemes)
