"""What rules of lint ask about a contract, worked out once: its operations with all that applies to them.

Knows what the contract says, references followed; judges nothing. Maturity reads the same facts.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeVar

from apicontract.findings import DEFAULT_SETTINGS
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.objectmodel import METHODS
from apicontract.formats.openapi.walk import Walk
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from apicontract.findings import LintSettings
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

T = TypeVar("T")
_CARRIERS = frozenset({"schema", "media-type", "header", "items", "parameter"})
_LIST_NAMES = frozenset(
    {
        "content", "data", "elements", "entries", "hits", "items", "list", "objects", "records", "resources",
        "results", "rows", "value", "values",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One operation that clients call, with what applies to it; every reference is followed.

    path: as written, without server or base path. parameters: the operation's own, then those of its
    path item that it does not replace. body: the request body (2.0: the body parameter), or None.
    responses: by status as written. security: the alternatives that apply, each the names of the schemes
    it needs; one empty alternative is "anonymous".
    """

    method: str
    path: str
    node: Node
    item: Node
    parameters: tuple[Node, ...]
    body: Node | None
    responses: dict[str, Node]
    security: tuple[frozenset[str], ...]

    @property
    def title(self) -> str:
        """`GET /orders/{id}`."""
        return f"{self.method.upper()} {self.path}"

    def successes(self) -> dict[str, Node]:
        """The 2xx responses by status; `default` where nothing else is described."""
        found = {status: node for status, node in self.responses.items() if status.startswith("2")}
        if not found and list(self.responses) == ["default"]:
            return self.responses
        return found


class Facts:
    """A contract under lint: its walk, the team's settings, and what several rules need to know."""

    def __init__(self, contract: OpenApi, settings: LintSettings = DEFAULT_SETTINGS) -> None:
        self.contract = contract
        self.settings = settings
        self.series = contract.series
        self.walk = Walk(contract)
        self._properties: dict[int, dict[str, Node]] = {}
        self._types: dict[int, frozenset[str]] = {}
        self._told: dict[object, object] = {}

    def once(self, ask: Callable[[Facts], T]) -> T:
        """What a function says of the contract, worked out at the first call."""
        if ask not in self._told:
            self._told[ask] = ask(self)
        return self._told[ask]  # type: ignore[return-value]  # it is what `ask` gave

    def about(self, ask: Callable[[Endpoint, Facts], T], endpoint: Endpoint) -> T:
        """What a function says of an operation, worked out at the first call."""
        key = ask, id(endpoint)
        if key not in self._told:
            self._told[key] = ask(endpoint, self)
        return self._told[key]  # type: ignore[return-value]  # it is what `ask` gave

    @property
    def root(self) -> Node:
        """The entry document."""
        return self.walk.root

    def nodes(self, kind: str) -> list[Node]:
        """Every object of a kind, references among them; empty where the series has no such kind."""
        return self.walk.nodes.get(kind, [])

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every operation under `paths`, in document order."""
        return tuple(self._endpoints())

    @cached_property
    def by_operation(self) -> dict[int, Endpoint]:
        """The endpoint of an operation's node, by the node's id; none for callbacks and webhooks."""
        return {id(endpoint.node): endpoint for endpoint in self.endpoints}

    @cached_property
    def by_path(self) -> dict[str, dict[str, Endpoint]]:
        """The endpoints by path, variables unnamed (`/orders/{}`), and method."""
        found: dict[str, dict[str, Endpoint]] = {}
        for endpoint in self.endpoints:
            found.setdefault(addresses.shape(endpoint.path), {})[endpoint.method] = endpoint
        return found

    @cached_property
    def methods_below(self) -> dict[str, set[str]]:
        """The methods of what stands below a path, sub-resources and custom methods, by the path's shape."""
        found: dict[str, set[str]] = {}
        for path, methods in self.by_path.items():
            for at, sign in enumerate(path):
                if sign in "/:" and at:
                    found.setdefault(path[:at], set()).update(methods)
        return found

    @cached_property
    def things(self) -> frozenset[str]:
        """The kinds of thing of which each can be read by a path of its own: `orders`, in snake_case."""
        found = set()
        for path, methods in self.by_path.items():
            parts = addresses.resources(path)
            if len(parts) > 1 and parts[-1] == "{}" and "get" in methods:
                found.add(snake(parts[-2]))
        return frozenset(found)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The names of the tags that are declared."""
        return frozenset(tag.text("name") for tag in self.root.all("tags"))

    @cached_property
    def servers(self) -> tuple[tuple[str, Node, str], ...]:
        """The contract's own servers: URL, node, and the field in it that holds the URL.

        2.0: made of schemes, host and base path, without a scheme where none is given.
        """
        if self.series != "2.0":
            written = [(node.fields.get("url"), node) for node in self.root.all("servers")]
            return tuple((url, node, "url") for url, node in written if isinstance(url, str))
        fields = self.root.fields
        host, base = fields.get("host"), fields.get("basePath")
        schemes = fields.get("schemes")
        listed = [one for one in schemes if isinstance(one, str)] if isinstance(schemes, list) else []
        if not isinstance(host, str):
            return ((base, self.root, "basePath"),) if isinstance(base, str) else ()
        rest = f"//{host}{base if isinstance(base, str) else ''}"
        return tuple((f"{one}:{rest}" if one else rest, self.root, "host") for one in listed or [""])

    @cached_property
    def secured(self) -> bool:
        """Whether anything at all says who may call: the contract, or one of its operations."""
        own = (endpoint.node for endpoint in self.endpoints)
        return any("security" in node.fields for node in (self.root, *own))

    @cached_property
    def security_schemes(self) -> dict[str, Node]:
        """The security schemes that the entry document defines, by name, references followed."""
        components = self.root.only("components")
        holder, field = (
            (self.root, "securityDefinitions") if components is None else (components, "securitySchemes")
        )
        return {node.key: node.followed() for node in holder.all(field)}

    @cached_property
    def sent(self) -> frozenset[int]:
        """The ids of the schema nodes (and 2.0 parameters) of what clients send."""
        return frozenset(self._reach(request=True))

    @cached_property
    def received(self) -> frozenset[int]:
        """The ids of the schema nodes of what clients receive."""
        return frozenset(self._reach(request=False))

    def is_technical(self, endpoint: Endpoint) -> bool:
        """Whether it tells about the service (health, metrics, its contract) and not about its matter."""
        parts = addresses.resources(endpoint.path)
        return bool(parts) and parts[-1].lower() in self.settings.unrated_words and len(parts) <= 2  # noqa: PLR2004

    def bodies(self, holder: Node | None) -> list[tuple[str, Node]]:
        """The schemas of a request body or response by media type (2.0: empty), references followed."""
        if holder is None:
            return []
        if self.series == "2.0":
            schema = holder.only("schema")
            return [("", schema.followed())] if schema else []
        found = []
        for media in holder.all("content"):
            schema = media.followed().only("schema")
            if schema is not None:
                found.append((media.key, schema.followed()))
        return found

    def shape(self, parameter: Node) -> Node:
        """Where a parameter or header says what values it takes: its schema, followed; in 2.0 itself.

        A schema is its own.
        """
        if parameter.kind == "schema":
            return parameter.followed()
        schema = parameter.only("schema")
        if schema is not None:
            return schema.followed()
        for _, schema in self.bodies(parameter):
            return schema
        return parameter

    def parts(self, schema: Node) -> list[Node]:
        """The schemas that all apply: itself and what its `allOf` holds, references followed, each once."""
        schema = schema.followed()
        if "allOf" not in schema.fields:
            return [schema]
        found: dict[int, Node] = {}
        stack = [schema]
        while stack:
            node = stack.pop()
            if id(node) not in found:
                found[id(node)] = node
                stack += [part.followed() for part in reversed(node.all("allOf"))]
        return list(found.values())

    def types(self, schema: Node) -> frozenset[str]:
        """The JSON types a schema names, itself or through `allOf`; else what its keywords imply."""
        if schema.target is not None:
            schema = schema.followed()
        named = schema.fields.get("type")
        if isinstance(named, str):
            return _one_type(named)
        known = self._types.get(id(schema))
        if known is None:
            known = self._types[id(schema)] = self._named_types(self.parts(schema))
        return known

    @staticmethod
    def _named_types(parts: list[Node]) -> frozenset[str]:
        for part in parts:
            named = part.fields.get("type")
            if isinstance(named, str):
                return frozenset({named})
            if isinstance(named, list):
                return frozenset(one for one in named if isinstance(one, str))
        if any("properties" in part.fields for part in parts):
            return frozenset({"object"})
        return frozenset({"array"} if any("items" in part.fields for part in parts) else ())

    @staticmethod
    def is_nullable(schema: Node) -> bool:
        """Whether null is among the values that a schema names, itself or as one of its branches."""
        if schema.target is not None:
            schema = schema.followed()
        fields = schema.fields
        if fields.get("nullable") is True or fields.get("x-nullable") is True:
            return True
        return _names_null(fields) or any(
            _names_null(branch.fields)
            for field in ("oneOf", "anyOf")
            if field in fields
            for branch in schema.all(field)
        )

    def nullable_properties(self, schema: Node) -> Iterator[Node]:
        """The properties of a schema, as written in it, that may be null."""
        later = self.series in {"3.1", "3.2"}
        for held in schema.children:
            if held.tokens[0] != "properties":
                continue
            fields = held.fields
            if (
                later or "nullable" in fields or "$ref" in fields or "x-nullable" in fields
            ) and self.is_nullable(held):
                yield held

    @cached_property
    def by_name(self) -> dict[str, list[Node]]:
        """Every property of every schema, by its name."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes("schema"):
            if node.parent is not None and node.tokens[0] == "properties":
                found.setdefault(node.tokens[1], []).append(node)
        return found

    def called(self, node: Node, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Node]]:
        """What has a name that is wanted: of the document its properties, of a parameter itself."""
        if node is self.root:
            for name, held in self.by_name.items():
                if wanted(name):
                    yield from ((name, one) for one in held)
        elif node.kind == "parameter" and node.fields.get("in") != "body":
            written = node.fields.get("name")
            if isinstance(written, str) and wanted(written):
                yield written, node

    def properties(self, schema: Node) -> dict[str, Node]:
        """The properties that an object schema declares, those of `allOf` among them, as written."""
        schema = schema.followed()
        known = self._properties.get(id(schema))
        if known is None:
            declared = [node for part in reversed(self.parts(schema)) for node in part.all("properties")]
            known = self._properties[id(schema)] = {node.tokens[1]: node for node in declared}
        return known

    def required(self, schema: Node) -> frozenset[str]:
        """The properties that an object schema requires, by `allOf` too."""
        lists = [part.fields.get("required") for part in self.parts(schema)]
        return frozenset(
            name for held in lists if isinstance(held, list) for name in held if isinstance(name, str)
        )

    def listed(self, endpoint: Endpoint) -> Node | None:
        """The array of things that a GET on a collection gives: the body itself, or the one list in it."""
        if endpoint.method != "get" or addresses.collection(endpoint.path):
            return None
        for response in endpoint.successes().values():
            for _, schema in self.bodies(response):
                if "array" in self.types(schema):
                    return schema
                lists = [
                    held.followed()
                    for name, held in self.properties(schema).items()
                    if "array" in self.types(held) and self._is_payload(name, endpoint)
                ]
                if len(lists) == 1:
                    return lists[0]
        return None

    @staticmethod
    def _is_payload(name: str, endpoint: Endpoint) -> bool:
        parts = addresses.resources(endpoint.path)
        return snake(name) in _LIST_NAMES or (bool(parts) and snake(name) == snake(parts[-1]))

    def _reach(self, *, request: bool) -> Iterable[int]:
        """Ids of the nodes below what is sent in that direction; callbacks and webhooks turn it round."""
        seen: set[int] = set()
        stack: list[Node] = []
        for node in self.nodes("operation"):
            asked = request == (id(node) in self.by_operation)
            if asked:
                bodies = [node.only("requestBody"), *node.all("parameters")]
                bodies += node.parent.all("parameters") if node.parent is not None else []
            else:
                responses = node.only("responses")
                bodies = list(responses.children) if responses else []
            stack += [body for body in bodies if body is not None]
        while stack:
            node = stack.pop()
            if node.target is not None:
                node = node.followed()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.children:
                stack += [child for child in node.children if child.kind in _CARRIERS]
            if node.target is not None:
                stack.append(node.target)
        return seen

    def _endpoints(self) -> Iterator[Endpoint]:
        for paths in self.root.all("paths"):
            for written in paths.children:
                item = written.followed()
                for node in item.children:
                    method = _method(node)
                    if method and isinstance(node.value, dict):
                        yield self._endpoint(method, written.key, node, item)

    def _endpoint(self, method: str, path: str, node: Node, item: Node) -> Endpoint:
        parameters: dict[tuple[str, str], Node] = {}
        for holder in (item, node):
            for written in holder.all("parameters"):
                parameter = written.followed()
                parameters[parameter.text("in"), parameter.text("name")] = parameter
        body = node.only("requestBody")
        if self.series == "2.0":
            body = next((one for (where, _), one in parameters.items() if where == "body"), None)
        responses = node.only("responses")
        return Endpoint(
            method,
            path,
            node,
            item,
            tuple(parameters.values()),
            body.followed() if body else None,
            {one.key: one.followed() for one in responses.children} if responses else {},
            self._security(node),
        )

    def _security(self, node: Node) -> tuple[frozenset[str], ...]:
        holder = node if isinstance(node.fields.get("security"), list) else self.root
        listed = holder.fields.get("security")
        found = [
            frozenset(entry)
            for entry in (listed if isinstance(listed, list) else ())
            if isinstance(entry, dict)
        ]
        return tuple(found) or (frozenset(),)


@cache
def _one_type(name: str) -> frozenset[str]:
    return frozenset({name})


def _names_null(fields: dict[str, Json]) -> bool:
    named = fields.get("type")
    return named == "null" or (isinstance(named, list) and "null" in named)


def _method(node: Node) -> str:
    """The method of an operation in a path item; empty if the node is none."""
    if node.kind != "operation":
        return ""
    if node.field in METHODS:
        return node.field
    return node.key if node.field == "additionalOperations" else ""
