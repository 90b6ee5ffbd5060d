"""The contract as a whole: where it is served, and components that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.usage import SHELVES_20, unused
from apicontract.formats.openapi.validate.rules.documents import described, operated
from apicontract.sources.alterations import Drop, Put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_EXAMPLE_HOSTS = ("example.com", "example.org", "example.net", "example")


def _unused(node: Node, facts: Facts) -> Iterator[Problem]:
    """Components that no path, webhook or requirement leads to, through however many others."""
    if not facts.endpoints and not node.all("webhooks"):
        return  # a library of components, which others use
    for field, held in unused(facts):
        remedy = (Drop(held.place(), prune=True),)
        yield Problem(held.place(), f"nothing uses `{held.key}` of `{field}`", remedy=remedy)


def _no_server(node: Node, facts: Facts) -> Iterator[Problem]:
    if (
        facts.endpoints
        and not facts.nodes("server")
        and not (facts.series == "2.0" and "host" in node.fields)
    ):
        yield Problem(node.place(), "nothing says where the API is served")


def _placeholder(_: Node, facts: Facts) -> Iterator[Problem]:
    for url, holder, field in facts.servers:
        host = addresses.host(url)
        if host in _EXAMPLE_HOSTS or host.endswith(tuple(f".{name}" for name in _EXAMPLE_HOSTS)):
            yield Problem(holder.place(field), f"nobody is served at {url}, which is reserved for examples")


def _only_local(_: Node, facts: Facts) -> Iterator[Problem]:
    """Every server is the reader's own machine, or in someone's private network."""
    written = [(url, holder, field) for url, holder, field in facts.servers if addresses.host(url)]
    if written and all(addresses.is_local(url) for url, _holder, _field in written):
        url, holder, field = written[0]
        yield Problem(holder.place(field), f"{url} is another machine for every reader")


def _server_slash(node: Node, facts: Facts) -> Iterator[Problem]:
    if node is facts.root:
        base = node.fields.get("basePath") if facts.series == "2.0" else None
        if isinstance(base, str) and len(base) > 1 and base.endswith("/"):
            told = f"the base path `{base}` ends with a slash, and paths begin with one"
            yield Problem(node.place("basePath"), told, remedy=_unslashed(node, "basePath"))
        return
    url = node.fields.get("url")
    if isinstance(url, str) and len(url) > 1 and url.endswith("/"):
        told = f"{url} ends with a slash, and paths begin with one"
        yield Problem(node.place("url"), told, remedy=_unslashed(node, "url"))


def _unslashed(node: Node, field: str) -> tuple[Put, ...]:
    left = node.text(field).rstrip("/")
    return (Put(node.place(field), left),) if left and not left.endswith(":") else ()


def _nested_callback(node: Node, _: Facts) -> Iterator[Problem]:
    if any(above.kind == "callback" for above in node.above()):
        yield Problem(node.place("callbacks"), "a callback has callbacks of its own")


def _served(url: str) -> str:
    return described(f"servers: [{{url: '{url}'}}]\npaths: {{}}")


_USED = (
    operated("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}")
    + "components: {schemas: {Order: {type: object, additionalProperties: false, properties: {paid: {type: boolean}}}"
)
_SEEN = "responses: {'204': {description: Seen}}"
_CALLS = "callbacks: {{shipped: {{'{{$request.body#/url}}': {{post: {{{}{}}}}}}}}}"

RULES = (
    LintRule(
        FindingRule(
            "component-unused",
            "Nothing uses a component.",
            Severity.WARNING,
            "It is read, translated into code and kept up to date for nobody; often a reference was meant.",
            "Take it out, or refer to it.",
            _USED + ", Basket: {type: object, properties: {paid: {type: boolean}}}}}\n",
            _USED + "}}\n",
            category="design",
            fix=Fix.SAFE,
            mends="Takes the component out, and what then holds nothing. Not where a file of another "
            "contract names this one.",
            references=(
                "spectral:oas3-unused-component",
                "spectral:oas2-unused-definition",
                "redocly:no-unused-components",
                "vacuum:oas3-unused-component",
            ),
        ),
        ("document",),
        _unused,
        having=("components", *SHELVES_20),
    ),
    LintRule(
        FindingRule(
            "server-missing",
            "Nothing says where the API is served.",
            Severity.INFO,
            "Clients, consoles and mocks start from the address; without one the file's own address is meant.",
            "List the servers, production first.",
            operated("summary: Place an order"),
            operated("summary: Place an order") + "servers: [{url: 'https://api.acme-shop.com'}]\n",
            category="design",
            references=("spectral:oas3-api-servers", "spectral:oas2-api-host", "redocly:no-empty-servers"),
        ),
        ("document",),
        _no_server,
    ),
    LintRule(
        FindingRule(
            "server-placeholder",
            "A server is a host reserved for examples.",
            Severity.WARNING,
            "Nobody is there (RFC 2606): the address was never filled in.",
            "Write the real address; a variable with a default where it differs by customer.",
            _served("https://api.example.com"),
            _served("https://api.acme-shop.com"),
            category="design",
            references=(
                "rfc:2606#3",
                "spectral:oas3-server-not-example.com",
                "spectral:oas2-host-not-example",
                "redocly:no-server-example.com",
            ),
        ),
        ("document",),
        _placeholder,
    ),
    LintRule(
        FindingRule(
            "server-only-local",
            "The only servers are local ones.",
            Severity.INFO,
            "It works on the machine of whoever wrote it; nobody else learns where the API is.",
            "List a server that consumers can reach.",
            _served("https://localhost:8080"),
            _served("https://api.acme-shop.com"),
            category="design",
            references=("owasp:API9:2023",),
        ),
        ("document",),
        _only_local,
    ),
    LintRule(
        FindingRule(
            "server-trailing-slash",
            "The address of a server ends with a slash.",
            Severity.WARNING,
            "Address and path are put together as they are: `https://api.acme-shop.com//orders`.",
            "Leave the slash out.",
            _served("https://api.acme-shop.com/v1/"),
            _served("https://api.acme-shop.com/v1"),
            category="design",
            fix=Fix.UNSAFE,
            mends="Takes the slash away.",
            references=(
                "oas:3.1.1#server-object",
                "spectral:oas3-server-trailing-slash",
                "spectral:oas2-host-trailing-slash",
                "redocly:no-server-trailing-slash",
            ),
        ),
        ("server", "document"),
        _server_slash,
    ),
    LintRule(
        FindingRule(
            "callback-in-callback",
            "A callback has callbacks of its own.",
            Severity.INFO,
            "The roles of client and server turn round twice; few tools follow, and hardly a reader.",
            "Describe the inner call as an operation or a webhook.",
            operated(_CALLS.format(_CALLS.format(_SEEN, "") + ", ", _SEEN)),
            operated(_CALLS.format(_SEEN, "")),
            category="design",
            tier=Tier.ALL,
            references=("spectral:oas3-callbacks-in-callbacks",),
        ),
        ("operation",),
        _nested_callback,
        having=("callbacks",),
    ),
)
