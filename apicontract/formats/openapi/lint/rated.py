"""Which operations Richardson's model says something about, and which are left out by design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint import addresses

if TYPE_CHECKING:
    from apicontract.formats.openapi.lint.facts import Endpoint, Facts

_ABOUT_THE_CHANNEL = frozenset({"options", "trace"})
GRAPHQL = "GraphQL over HTTP: RPC by design, not rated"


def why_unrated(endpoint: Endpoint, facts: Facts) -> str:
    """Why an operation is not rated; empty if it is."""
    parts = addresses.resources(endpoint.path)
    reading = endpoint.method in {"get", "head"}
    if endpoint.method in _ABOUT_THE_CHANNEL:
        return "tells about the connection"
    if reading and not parts:
        return "the entry point"
    if reading and facts.is_technical(endpoint):
        return "tells about the service: health, metrics or its own contract"
    if is_graphql(endpoint, facts):
        return GRAPHQL
    return ""


def is_graphql(endpoint: Endpoint, facts: Facts) -> bool:
    """Whether a query language is spoken there: `/graphql`, or a body of `query` and `variables`."""
    parts = addresses.resources(endpoint.path)
    if parts and parts[-1].lower() in {"graphql", "gql"}:
        return True
    if endpoint.method != "post" or (len(parts) > 1 and addresses.is_variable(parts[-1])):
        return False
    return any(
        "graphql" in media or {"query", "variables"} <= facts.properties(schema).keys()
        for media, schema in facts.bodies(endpoint.body)
    )
