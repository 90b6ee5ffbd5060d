"""Who may call an operation, and by which means: security requirements, schemes, flows, scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import addresses, remedies
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import words
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

_WRITES = frozenset({"post", "put", "patch", "delete"})
_OUTDATED = {
    "implicit": "the access token travels in a URL, where histories, logs and scripts see it",
    "password": "every client sees the password of every user",
}


def _unsecured(node: Node, facts: Facts) -> Iterator[Problem]:
    """An operation that nothing says anything about; one problem where the whole contract says nothing."""
    if "security" in facts.root.fields:
        return
    silent = not facts.secured
    if node is facts.root:
        if silent and facts.endpoints:
            count = len(facts.endpoints)
            yield Problem(node.place("paths"), f"nothing says who may call any of the {count} operations")
        return
    endpoint = facts.by_operation.get(id(node))
    if endpoint is not None and not silent and "security" not in node.fields:
        yield Problem(node.place(), f"nothing says who may call {endpoint.title}")


def _public_write(node: Node, facts: Facts) -> Iterator[Problem]:
    """An operation that changes something and that anyone may call, unless it is how one logs in."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method not in _WRITES or frozenset() not in endpoint.security:
        return
    if "security" not in node.fields and "security" not in facts.root.fields:
        return  # nothing is said at all, which is another rule
    said = {word for part in addresses.segments(endpoint.path) for word in words(part)}
    identified = node.fields.get("operationId")
    said.update(words(identified) if isinstance(identified, str) else ())
    if not said & facts.settings.public_words:
        at = node.place("security") if "security" in node.fields else node.place()
        yield Problem(at, f"anyone may call {endpoint.title}, which changes something")


def _basic(node: Node, _: Facts) -> Iterator[Problem]:
    scheme = node.fields.get("scheme")
    named = isinstance(scheme, str) and scheme.lower() == "basic"
    if node.fields.get("type") == "basic" or (node.fields.get("type") == "http" and named):
        yield Problem(node.place(), f"`{node.key}` sends user name and password with every call")


def _flows(node: Node) -> Iterator[tuple[str, dict[str, Json], tuple[str, ...]]]:
    """The flows of an OAuth scheme: name, fields, and the way to it."""
    if isinstance(node.fields.get("flow"), str):  # 2.0
        yield str(node.fields["flow"]), node.fields, ()
    flows = node.fields.get("flows")
    for name, flow in flows.items() if isinstance(flows, dict) else ():
        if isinstance(flow, dict):
            yield name, flow, ("flows", name)


def _outdated_flow(node: Node, _: Facts) -> Iterator[Problem]:
    for name, _fields, way in _flows(node):
        if name in _OUTDATED:
            yield Problem(node.place(*way), f"`{node.key}` offers the {name} flow: {_OUTDATED[name]}")


def _plain_authority(node: Node, _: Facts) -> Iterator[Problem]:
    holders: list[tuple[dict[str, Json], tuple[str, ...]]] = [(node.fields, ())]
    holders += [(flow, way) for _, flow, way in _flows(node) if way]
    for fields, way in holders:
        for field in (
            "authorizationUrl",
            "tokenUrl",
            "refreshUrl",
            "openIdConnectUrl",
            "deviceAuthorizationUrl",
        ):
            url = fields.get(field)
            if isinstance(url, str) and url.lower().startswith("http:") and not addresses.is_local(url):
                told = f"`{field}` of `{node.key}` is not https: {url}"
                remedy = remedies.encrypted(node, *way, field)
                yield Problem(node.place(*way, field), told, remedy=remedy)


def _key_in_query(node: Node, _: Facts) -> Iterator[Problem]:
    if node.fields.get("type") == "apiKey" and node.fields.get("in") == "query":
        yield Problem(node.place("in"), f"the key of `{node.key}` travels in the query of every URL")


def _requirements(endpoint: Endpoint, facts: Facts) -> list[dict[str, Json]]:
    """The requirements that apply to an endpoint, as written."""
    holder = endpoint.node.fields if "security" in endpoint.node.fields else facts.root.fields
    listed = holder.get("security")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _unscoped(node: Node, facts: Facts) -> Iterator[Problem]:
    """An operation that any token opens, whatever it was given for."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None:
        return
    schemes = facts.security_schemes
    for entry in _requirements(endpoint, facts):
        for name, scopes in entry.items():
            scheme = schemes.get(name)
            if scopes == [] and scheme is not None and scheme.fields.get("type") == "oauth2":
                at = node.place("security") if "security" in node.fields else node.place()
                yield Problem(
                    at, f"{endpoint.title} asks for no scope of `{name}`: any of its tokens will do"
                )


def _administration(_: Node, facts: Facts) -> Iterator[Problem]:
    """Operations of administrators that ask for no more than one of everyone's does."""
    others = {_asked(one, facts) for one in facts.endpoints if not _is_administrative(one)}
    for endpoint in facts.endpoints:
        if (
            _is_administrative(endpoint)
            and _requirements(endpoint, facts)
            and _asked(endpoint, facts) in others
        ):
            yield Problem(
                endpoint.node.place(), f"{endpoint.title} is open to everyone who may call the rest"
            )


def _asked(endpoint: Endpoint, facts: Facts) -> frozenset[str]:
    """What an endpoint asks for, in a form that can be compared."""
    return frozenset(repr(sorted(entry.items())) for entry in _requirements(endpoint, facts))


def _is_administrative(endpoint: Endpoint) -> bool:
    return any(
        words(part)[:1] in {("admin",), ("administration",)} for part in addresses.segments(endpoint.path)
    )


def _schemed(scheme: str, version: str = "3.0.3") -> str:
    return described(f"paths: {{}}\ncomponents: {{securitySchemes: {{login: {scheme}}}}}", version)


def _flowing(flow: str) -> str:
    return _schemed(f"{{type: oauth2, flows: {flow}}}")


def _secured(operation: str, *, scopes: str = "[]", path: str = "/orders") -> str:
    text = operated(operation, path=path)
    offered = "{read: Read orders, admin: All of it}"
    flows = f"{{clientCredentials: {{tokenUrl: 'https://id.example.com/token', scopes: {offered}}}}}"
    return (
        f"{text}security: [{{login: {scopes}}}]\n"
        f"components: {{securitySchemes: {{login: {{type: oauth2, flows: {flows}}}}}}}\n"
    )


_NOTHING_SAID = operated('responses: {"200": {description: Orders}}', method="get")
_ADMIN = """
paths:
  /orders: {{get: {{responses: {{"200": {{description: Orders}}}}}}}}
  /stock: {{get: {{security: [{{staff: []}}], responses: {{"200": {{description: Stock}}}}}}}}
  /admin/orders: {{get: {{{security}responses: {{"200": {{description: Orders}}}}}}}}
security: [{{key: []}}]
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: Key}}
    staff: {{type: apiKey, in: header, name: Staff-Key}}
"""

RULES = (
    LintRule(
        FindingRule(
            "operation-without-security",
            "Nothing says who may call an operation.",
            Severity.WARNING,
            "Whoever implements it leaves it open, and whoever calls it sends no credentials.",
            "Give the operation or the whole contract `security`; `security: []` where anyone may call.",
            _NOTHING_SAID,
            _NOTHING_SAID
            + "security: [{key: []}]\n"
            + "components: {securitySchemes: {key: {type: apiKey, in: header, name: Key}}}\n",
            category="security",
            tier=Tier.MINIMAL,
            references=(
                "owasp:API2:2023",
                "zalando:104",
                "spectral:oas3-operation-security-defined",
                "spectral:oas2-operation-security-defined",
                "redocly:security-defined",
            ),
        ),
        ("document", "operation"),
        _unsecured,
    ),
    LintRule(
        FindingRule(
            "write-operation-public",
            "Anyone may call an operation that changes something.",
            Severity.WARNING,
            "What strangers may change, they will; a log-in or a sign-up is the exception, and is left out by "
            "its words.",
            "Require a scheme, or add the word that makes it public to `public-words` under `[lint.words]`.",
            _secured("security: []"),
            _secured("security: [{login: [read]}]"),
            category="security",
            references=("owasp:API2:2023", "spectral:owasp:api2:2023-write-restricted"),
        ),
        ("operation",),
        _public_write,
    ),
    LintRule(
        FindingRule(
            "basic-authentication",
            "A security scheme is HTTP basic authentication.",
            Severity.WARNING,
            "The password of a person travels with every call and lies in every client; it cannot be limited "
            "or taken back alone (RFC 7617, section 4).",
            "Use OAuth 2 or OpenID Connect, or a key in a header.",
            _schemed("{type: http, scheme: basic}"),
            _schemed("{type: http, scheme: bearer}"),
            category="security",
            references=("owasp:API2:2023", "rfc:7617#4", "spectral:owasp:api2:2023-no-http-basic"),
        ),
        ("security-scheme",),
        _basic,
    ),
    LintRule(
        FindingRule(
            "oauth-flow-outdated",
            "An OAuth scheme offers the implicit or the password flow.",
            Severity.WARNING,
            "RFC 9700 forbids the password grant and advises against the implicit one: tokens leak through "
            "URLs, passwords through clients.",
            "Use the authorisation code flow with PKCE; between services, client credentials.",
            _flowing("{implicit: {authorizationUrl: 'https://id.example.com/authorize', scopes: {}}}"),
            _flowing(
                "{authorizationCode: {authorizationUrl: 'https://id.example.com/authorize', "
                "tokenUrl: 'https://id.example.com/token', scopes: {}}}"
            ),
            category="security",
            references=("owasp:API2:2023", "rfc:9700#2.1.2", "rfc:9700#2.4"),
        ),
        ("security-scheme",),
        _outdated_flow,
        having=("flow", "flows"),
    ),
    LintRule(
        FindingRule(
            "oauth-url-not-https",
            "An address of a security scheme is not https.",
            Severity.ERROR,
            "Whoever sits between reads the credentials and the tokens (RFC 6749, section 3.1).",
            "Give the https address.",
            _flowing("{clientCredentials: {tokenUrl: 'http://id.example.com/token', scopes: {}}}"),
            _flowing("{clientCredentials: {tokenUrl: 'https://id.example.com/token', scopes: {}}}"),
            category="security",
            tier=Tier.MINIMAL,
            fix=Fix.UNSAFE,
            mends="Writes `https` for `http`.",
            references=("owasp:API8:2023", "rfc:6749#3.1"),
        ),
        ("security-scheme",),
        _plain_authority,
    ),
    LintRule(
        FindingRule(
            "api-key-in-query",
            "A security scheme sends its key in the query.",
            Severity.WARNING,
            "URLs end up in logs, histories and `Referer` headers, and the key with them.",
            "Send the key in a header.",
            _schemed("{type: apiKey, in: query, name: key}"),
            _schemed("{type: apiKey, in: header, name: Key}"),
            category="security",
            tier=Tier.MINIMAL,
            references=("owasp:API2:2023", "spectral:owasp:api2:2023-no-api-keys-in-url"),
        ),
        ("security-scheme",),
        _key_in_query,
        having=("in",),
    ),
    LintRule(
        FindingRule(
            "operation-without-scope",
            "An operation asks for an OAuth token, but for no scope.",
            Severity.INFO,
            "A token that was given for something else opens it too.",
            "Name the scope that the operation needs.",
            _secured("summary: Place an order"),
            _secured("summary: Place an order", scopes="[read]"),
            category="security",
            tier=Tier.ALL,
            references=("owasp:API5:2023", "zalando:105"),
        ),
        ("operation",),
        _unscoped,
    ),
    LintRule(
        FindingRule(
            "administration-not-apart",
            "An operation of administrators asks for no more than the others.",
            Severity.WARNING,
            "Whoever may call anything may administer everything.",
            "Ask for a scheme or a scope of its own.",
            described(_ADMIN.format(security="")),
            described(_ADMIN.format(security="security: [{staff: [], key: []}], ")),
            category="security",
            references=("owasp:API5:2023", "spectral:owasp:api5:2023-admin-security-unique"),
        ),
        ("document",),
        _administration,
    ),
)
