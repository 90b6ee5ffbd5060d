"""The contract as a whole: where it is served, and components that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described, operated
from apicontract.formats.openapi.walk import Node
from apicontract.sources.alterations import Drop, Put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.sources import Json

_SHELVES_20 = ("definitions", "parameters", "responses", "securityDefinitions")
_SHELVES = (
    "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks",
    "pathItems", "mediaTypes", "securitySchemes",
)  # fmt: skip
_SHOWING = frozenset({"value", "dataValue", "example", "examples", "default"})
_EXAMPLE_HOSTS = ("example.com", "example.org", "example.net", "example")


def _shelves(facts: Facts) -> dict[str, list[Node]]:
    holder = facts.root if facts.series == "2.0" else facts.root.only("components")
    fields = _SHELVES_20 if facts.series == "2.0" else _SHELVES
    return {field: holder.all(field) for field in fields} if holder is not None else {}


def _unused(node: Node, facts: Facts) -> Iterator[Problem]:
    """Components that no path, webhook or requirement leads to, through however many others."""
    if not facts.endpoints and not node.all("webhooks"):
        return  # a library of components, which others use
    shelves = _shelves(facts)
    shelved = {held.pointer: held for held_ones in shelves.values() for held in held_ones}
    asked = _asked(facts)
    used = _reached(facts, shelved)
    left = [
        (field, held)
        for field, held_ones in shelves.items()
        for held in held_ones
        if id(held) not in used
        and not (field in {"securitySchemes", "securityDefinitions"} and {held.key, id(held)} & asked)
    ]
    shown = {id(held) for held in _in_examples(facts, used, shelved)} if left else set()
    for field, held in left:
        if id(held) not in shown:
            remedy = (Drop(held.place(), prune=True),)
            yield Problem(held.place(), f"nothing uses `{held.key}` of `{field}`", remedy=remedy)


def _asked(facts: Facts) -> set[str | int]:
    """What requirements ask for: the names of schemes, and the ids of those asked for by URI (3.2)."""
    asked: set[str | int] = set()
    for requirement in facts.nodes("security-requirement"):
        for name in requirement.fields:
            asked.add(name)
            if facts.series == "3.2" and ("#" in name or "/" in name):
                found = facts.walk.lookup(name, "security-scheme", requirement)
                asked |= {id(found)} if isinstance(found, Node) else set()
    return asked


def _in_examples(facts: Facts, used: set[int], shelved: dict[str, Node]) -> Iterator[Node]:
    """What example values refer to: OpenAPI does not follow such a `$ref`, but bundlers and pages do."""
    for kind in ("example", "media-type", "schema", "parameter", "response", "header"):
        for node in facts.nodes(kind):
            if id(node) in used and not _SHOWING.isdisjoint(node.fields):
                yield from _referred([node.fields[field] for field in _SHOWING & node.fields.keys()], shelved)


def _reached(facts: Facts, shelved: dict[str, Node]) -> set[int]:
    """The ids of the nodes that are used: below what is no component, and what that refers to."""
    holders = {"components"} if facts.series != "2.0" else set(_SHELVES_20)
    listed = {id(held) for held in shelved.values()}
    seen: set[int] = set()
    stack = [child for child in facts.root.children if child.tokens[0] not in holders]
    extending, named = _extending(facts), _named(facts)
    stack += _referred([held for name, held in facts.root.fields.items() if name.startswith("x-")], shelved)
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        stack += node.children
        if id(node) in extending:
            stack += extending[id(node)]
        if node.kind == "discriminator" or "discriminator" in node.fields:
            stack += _mapped(node, facts)
        for name in node.fields:
            if name.startswith("x-"):
                stack += _referred([node.fields[name]], shelved)
        for target in (*([node.target] if node.target is not None else ()), *_pointed(node, named, facts)):
            stack.append(target)
            if id(target) not in listed:  # a reference into a component uses the component
                stack += [above for above in target.above() if id(above) in listed]
    return seen


def _named(facts: Facts) -> dict[tuple[str, str], list[Node]]:
    """Operations by their id, and schemas by their `$dynamicAnchor`: each by the field and its value."""
    found: dict[tuple[str, str], list[Node]] = {}
    for kind, field in (("operation", "operationId"), ("schema", "$dynamicAnchor")):
        for node in facts.nodes(kind):
            if name := node.text(field):
                found.setdefault((field, name), []).append(node)
    return found


def _pointed(node: Node, named: dict[tuple[str, str], list[Node]], facts: Facts) -> Iterator[Node]:
    """What a node uses without a `$ref`: a link its operation, a `$dynamicRef` each schema it may mean."""
    if node.kind == "link":
        yield from named.get(("operationId", node.text("operationId")), ())
        yield from _looked_up(node.text("operationRef"), "operation", node, facts)
    elif ref := node.text("$dynamicRef"):
        yield from named.get(("$dynamicAnchor", ref.rpartition("#")[2]), ())
        yield from _looked_up(ref, "schema", node, facts)


def _looked_up(ref: str, kind: str, node: Node, facts: Facts) -> Iterator[Node]:
    found = facts.walk.lookup(ref, kind, node) if ref else None
    if isinstance(found, Node):
        yield found


def _referred(held: list[Json], shelved: dict[str, Node]) -> Iterator[Node]:
    """The components that values refer to at any depth: extensions (`x-webhooks`, for one), examples."""
    while held:
        value = held.pop()
        if isinstance(value, list):
            held += [one for one in value if isinstance(one, (dict, list))]
        elif isinstance(value, dict):
            ref = value.get("$ref")
            if isinstance(ref, str) and ref.removeprefix("#") in shelved:
                yield shelved[ref.removeprefix("#")]
            held += [one for one in value.values() if isinstance(one, (dict, list))]


def _mapped(node: Node, facts: Facts) -> Iterator[Node]:
    mapping = node.fields.get("mapping")
    for written in mapping.values() if isinstance(mapping, dict) else ():
        if isinstance(written, str):
            ref = written if "/" in written or "#" in written else f"#/components/schemas/{written}"
            found = facts.walk.lookup(ref, "schema", node)
            if isinstance(found, Node):
                yield found


def _extending(facts: Facts) -> dict[int, list[Node]]:
    """By the id of a schema with a discriminator: the components that extend it, over however many `allOf`."""
    found: dict[int, list[Node]] = {}
    shelves = _shelves(facts)
    for schema in (*shelves.get("schemas", ()), *shelves.get("definitions", ())):
        for base in facts.parts(schema)[1:]:
            if "discriminator" in base.fields:
                found.setdefault(id(base), []).append(schema)
    return found


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
        having=("components", *_SHELVES_20),
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
