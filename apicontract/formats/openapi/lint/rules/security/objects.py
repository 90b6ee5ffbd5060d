"""What identifies things, and what of them clients may set (OWASP API1, API3, API7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import remedies
from apicontract.formats.openapi.lint.lint_rule import NAMED, LintRule, Problem
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import operated, schemed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_ADDRESSES = frozenset(
    {
        "callback", "callback_uri", "callback_url", "fetch_url", "hook_url", "image_url", "import_url",
        "proxy_url", "redirect", "redirect_uri", "redirect_url", "source_url", "target_url", "uri", "url",
        "webhook", "webhook_uri", "webhook_url",
    }
)  # fmt: skip


def _sequential(node: Node, facts: Facts) -> Iterator[Problem]:
    if node.fields.get("in") == "path" and "integer" in facts.types(facts.shape(node)):
        name = node.fields.get("name")
        if isinstance(name, str) and snake(name).rpartition("_")[2] in {"id", "number", "no"}:
            yield Problem(
                node.place(), f"things are identified by a number, `{name}`, that can be counted through"
            )


def _is_uuid(name: str) -> bool:
    return snake(name).rpartition("_")[2] in {"uuid", "guid"}


def _loose_uuid(node: Node, facts: Facts) -> Iterator[Problem]:
    """A parameter or property that is called a UUID and does not say that it is one."""
    for name, held in facts.called(node, _is_uuid):
        schema = facts.shape(held.followed())
        types = facts.types(schema)
        if types & {"integer", "number"}:
            yield Problem(held.place(), f"`{name}` promises a UUID and is a number")
        elif "string" in types and not {"format", "pattern", "enum", "const"} & {
            *schema.fields,
            *held.fields,
        }:
            remedy = remedies.said(held, facts, "format", "uuid")
            yield Problem(held.place(), f"`{name}` promises a UUID, but any string fits", remedy=remedy)


def _writable(node: Node, facts: Facts) -> Iterator[Problem]:
    """What the server decides, among what a client may send (mass assignment)."""
    for _name, held in facts.called(node, lambda name: snake(name) in facts.settings.server_owned_names):
        read_only = held.fields.get("readOnly") or held.followed().fields.get("readOnly")
        if id(held.parent) in facts.sent and not read_only:
            yield Problem(held.place(), f"a client may set `{held.key}`, which the server should decide")


def _address_taken(node: Node, facts: Facts) -> Iterator[Problem]:
    """A URL from a client, which the service may be made to call."""
    for _name, held in facts.called(node, lambda name: snake(name) in _ADDRESSES):
        schema = held.followed()
        limited = {"pattern", "enum", "const", "readOnly"} & {*schema.fields, *held.fields}
        if id(held.parent) in facts.sent and "string" in facts.types(schema) and not limited:
            yield Problem(held.place(), f"`{held.key}` takes any address, one inside your network too")


def _identified(schema: str, name: str = "orderId") -> str:
    return operated(
        f"parameters: [{{name: {name}, in: path, required: true, schema: {schema}}}]",
        path=f"/orders/{{{name}}}",
        method="get",
    )


def _taken(properties: str) -> str:
    schema = f"{{type: object, additionalProperties: false, properties: {properties}}}"
    return operated(f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}", path="/users")


RULES = (
    LintRule(
        FindingRule(
            "id-can-be-counted",
            "Things are identified by numbers.",
            Severity.INFO,
            "Whoever knows one id tries the next; a single forgotten check opens them all, and the ids tell how "
            "many there are.",
            "Use a random id (`type: string, format: uuid`), and check on each call whose thing it is.",
            _identified("{type: integer, format: int64, minimum: 1, maximum: 9999999}"),
            _identified("{type: string, format: uuid}"),
            category="security",
            tier=Tier.ALL,
            references=("owasp:API1:2023", "spectral:owasp:api1:2023-no-numeric-ids"),
        ),
        ("parameter",),
        _sequential,
        having=("in",),
    ),
    LintRule(
        FindingRule(
            "uuid-not-promised",
            "What is called a UUID may be anything.",
            Severity.WARNING,
            "Readers rely on the name, servers on the schema: ids that can be guessed pass, and generated code "
            "has the wrong type.",
            "Give it `type: string, format: uuid`.",
            schemed("Order: {type: object, properties: {customerUuid: {type: string}}}"),
            schemed("Order: {type: object, properties: {customerUuid: {type: string, format: uuid}}}"),
            category="security",
            fix=Fix.UNSAFE,
            mends="Adds `format: uuid`, where the schema stands in the property or parameter.",
            references=("owasp:API1:2023", "rfc:9562", "zalando:238"),
        ),
        ("document", "parameter"),
        _loose_uuid,
        having=NAMED,
    ),
    LintRule(
        FindingRule(
            "server-owned-property-writable",
            "A client may set what the server should decide.",
            Severity.WARNING,
            "A server that copies what it is sent lets anyone become administrator, or rewrite history.",
            "Mark the property `readOnly`, or leave it out of the request's schema.",
            _taken("{isAdmin: {type: boolean}}"),
            _taken("{isAdmin: {type: boolean, readOnly: true}}"),
            category="security",
            tier=Tier.ALL,
            references=("owasp:API3:2023",),
        ),
        ("document",),
        _writable,
    ),
    LintRule(
        FindingRule(
            "address-from-client",
            "A client sends an address, and any will do.",
            Severity.INFO,
            "A service that calls what it is told to call can be sent to machines behind its own firewall.",
            "Limit the scheme and hosts by `pattern` or `enum`, and say in the description what is called.",
            _taken("{callbackUrl: {type: string, format: uri, maxLength: 999}}"),
            _taken("{callbackUrl: {type: string, format: uri, maxLength: 999, pattern: '^https://'}}"),
            category="security",
            tier=Tier.ALL,
            references=("owasp:API7:2023", "spectral:owasp:api7:2023-concerning-url-parameter"),
        ),
        ("document",),
        _address_taken,
    ),
)
