"""What rules of lint ask about a contract, worked out once: its operations with all that applies to them.

Knows what the contract says, references followed; judges nothing. Maturity reads the same facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.formats.openapi.objectmodel import METHODS
from apicontract.formats.openapi.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.walk import Node


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
    """A contract under lint: its walk, and what several rules need to know."""

    def __init__(self, contract: OpenApi) -> None:
        self.contract = contract
        self.series = contract.series
        self.walk = Walk(contract)

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

    def _endpoints(self) -> Iterator[Endpoint]:
        for paths in self.root.all("paths"):
            for written in paths.children:
                item = written.followed()
                for node in item.children:
                    method = _method(node)
                    if method and isinstance(node.value, dict):
                        yield self._endpoint(method, written.key, node, item)

    def _endpoint(self, method: str, path: str, node: Node, item: Node) -> Endpoint:
        parameters: dict[tuple[object, object], Node] = {}
        for holder in (item, node):
            for written in holder.all("parameters"):
                parameter = written.followed()
                parameters[parameter.fields.get("in"), parameter.fields.get("name")] = parameter
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


def _method(node: Node) -> str:
    """The method of an operation in a path item; empty if the node is none."""
    if node.kind != "operation":
        return ""
    if node.field in METHODS:
        return node.field
    return node.key if node.field == "additionalOperations" else ""
