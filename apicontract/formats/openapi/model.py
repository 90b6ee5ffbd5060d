"""What an OpenAPI contract says, in one set of words for every version of OpenAPI from 2.0 to 3.2.

Values only: each keeps the node it was read from, so that whoever looks at it can show where it is
written. How they are read is `reading.py` (3.x) and `swagger.py` (2.0).
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.sources import Place, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas import Schema
    from apicontract.sources import Document, Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value in a document, with where it stands."""

    document: Document
    pointer: str
    value: Json

    @property
    def place(self) -> Place:
        """Where the node stands, for a report."""
        return Place(self.document, self.pointer)

    @property
    def fields(self) -> dict[str, Json]:
        """The value if it is an object, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        fields = self.fields
        return Node(self.document, join(self.pointer, key), fields[key]) if key in fields else None

    def spot(self, *keys: str) -> Place:
        """The place of what stands below `keys`, as deep as it exists."""
        node = self
        for key in keys:
            below = node.get(key)
            if below is None:
                break
            node = below
        return node.place

    def members(self) -> Iterator[tuple[str, Node]]:
        """Each key of an object with its node."""
        for key, value in self.fields.items():
            yield key, Node(self.document, join(self.pointer, key), value)

    def elements(self) -> Iterator[Node]:
        """Each element of an array."""
        for index, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield Node(self.document, join(self.pointer, str(index)), value)


@dataclass(frozen=True, slots=True)
class Media:
    """One entry of a `content` map: `name` as written, lower case, without parameters that say nothing."""

    name: str
    node: Node
    schema: Schema | None
    item_schema: Schema | None = None
    encoding: dict[str, Encoding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form is put on the wire (OAS 3.0.3, 4.7.15); None is "as usual"."""

    node: Node
    content_types: frozenset[str] | None
    style: str
    explode: bool
    allow_reserved: bool
    headers: dict[str, Header]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `location` is path, query, header, cookie or querystring.

    serialisation: style, explode, allowReserved and allowEmptyValue with their defaults filled in.
    """

    name: str
    location: str
    node: Node
    required: bool
    schema: Schema | None
    content: dict[str, Media]
    style: str
    explode: bool
    allow_reserved: bool
    allow_empty: bool


@dataclass(frozen=True, slots=True)
class Header:
    """A response header (or one of a part of a multipart body); `name` as written."""

    name: str
    node: Node
    required: bool
    schema: Schema | None
    content: dict[str, Media]
    explode: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A request body."""

    node: Node
    required: bool
    content: dict[str, Media]


@dataclass(frozen=True, slots=True)
class Response:
    """A response; `status` is a code, a range such as `4XX`, or `default`; header names in lower case."""

    status: str
    node: Node
    content: dict[str, Media]
    headers: dict[str, Header]
    links: dict[str, Node]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One alternative of `security`: the schemes it needs, each with its scopes; empty is "anonymous"."""

    node: Node
    schemes: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Server:
    """A server; `url` is normalised (no trailing slash; variables kept as templates)."""

    url: str
    node: Node
    variables: dict[str, Node]


@dataclass(frozen=True, slots=True)
class PathItem:
    """A path (or webhook, or callback expression) and its operations by method, in upper case."""

    path: str
    node: Node
    operations: dict[str, Node]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with everything that applies to it, inherited or not.

    parameters: by (location, key); the key is the position in the template for path parameters, the
    name in lower case for headers, the name otherwise. Parameters that OpenAPI ignores are left out.
    """

    method: str
    path: str
    node: Node
    parameters: dict[tuple[str, str], Parameter]
    body: Body | None
    responses: dict[str, Response]
    security: tuple[Requirement, ...]
    servers: tuple[Server, ...]
    callbacks: dict[str, Node]

    @property
    def title(self) -> str:
        """`GET /orders/{id}`."""
        return f"{self.method} {self.path}"
