"""What travels in the open, or shows what nobody should see: addresses, secrets in URLs and answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import addresses, remedies
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_INTERNALS = frozenset(
    {
        "backtrace", "debug_info", "exception", "exception_class", "exception_type", "sql", "sql_state",
        "stack", "stack_trace", "stacktrace", "traceback",
    }
)  # fmt: skip
_ACTIVE = re.compile(r"<script\b|\beval\(|\]\(\s*javascript:")
_TOLD = (
    "info", "tag", "path-item", "operation", "parameter", "request-body", "response", "header", "schema",
    "example", "link", "server", "security-scheme", "external-docs",
)  # fmt: skip
_TEXTS = ("description", "summary", "title")


def _plain_server(node: Node, facts: Facts) -> Iterator[Problem]:
    """A server that is reached without TLS; one's own machine may be."""
    if node is facts.root:
        for url, holder, field in facts.servers if facts.series == "2.0" else ():
            if url.lower().startswith(("http:", "ws:")) and not addresses.is_local(url):
                at = "schemes" if "schemes" in holder.fields else field
                remedy = remedies.encrypted_scheme(holder, url.partition(":")[0])
                told = f"calls to {url} can be read and changed on their way"
                yield Problem(holder.place(at), told, remedy=remedy)
        return
    written = node.fields.get("url")
    if (
        isinstance(written, str)
        and written.lower().startswith(("http:", "ws:"))
        and not addresses.is_local(written)
    ):
        told = f"calls to {written} can be read and changed on their way"
        yield Problem(node.place("url"), told, remedy=remedies.encrypted(node, "url"))


def _credential(node: Node, facts: Facts) -> Iterator[Problem]:
    where, name = node.text("in"), node.text("name")
    if where not in {"query", "path"} or not isinstance(name, str):
        return
    if snake(name) in facts.settings.credential_names and not (
        where == "path" and snake(name).endswith("_id")
    ):
        yield Problem(node.place("name"), f"the {where} parameter `{name}` puts a credential into the URL")


def _personal(node: Node, facts: Facts) -> Iterator[Problem]:
    where, name = node.text("in"), node.text("name")
    if where in {"query", "path"} and isinstance(name, str) and snake(name) in facts.settings.personal_names:
        yield Problem(
            node.place("name"), f"the {where} parameter `{name}` puts data of a person into the URL"
        )


def _readable_secret(node: Node, facts: Facts) -> Iterator[Problem]:
    """A secret among the properties of what clients receive, unless it is write-only."""
    for name, held in facts.called(node, lambda name: snake(name) in facts.settings.secret_names):
        schema = held.followed()
        hidden = held.fields.get("writeOnly") or schema.fields.get("writeOnly")
        if id(held.parent) in facts.received and not hidden and facts.types(schema) <= {"string", "null"}:
            sent = id(held.parent) in facts.sent
            remedy = remedies.said(held, facts, "writeOnly", value=True) if sent else ()
            yield Problem(held.place(), f"`{name}` is sent back to whoever reads this", remedy=remedy)


def _unmasked(node: Node, facts: Facts) -> Iterator[Problem]:
    for name, held in facts.called(node, lambda name: snake(name) in facts.settings.secret_names):
        schema = held.followed()
        told = held.fields.get("format") or schema.fields.get("format")
        if id(held.parent) in facts.sent and not told and "string" in facts.types(schema):
            told_by = remedies.said(held, facts, "format", "password")
            message = f"nothing tells a form or a log that `{name}` is a secret"
            yield Problem(held.place(), message, remedy=told_by)


def _internals(node: Node, facts: Facts) -> Iterator[Problem]:
    """A stack trace, exception or query among the properties of an error."""
    if node.kind != "response" or not node.key.startswith(("4", "5", "default")):
        return
    for _, schema in facts.bodies(node.followed()):
        for name, held in facts.properties(schema).items():
            if snake(name) in _INTERNALS:
                yield Problem(held.place(), f"errors show `{name}`, which is about the inside of the service")


def _active_text(node: Node, _: Facts) -> Iterator[Problem]:
    for field in _TEXTS:
        text = node.fields.get(field)
        if not isinstance(text, str) or not ("<" in text or "(" in text):
            continue
        low = text.lower()
        hinted = "<script" in low or "eval(" in low or "javascript:" in low
        found = _ACTIVE.search(low) if hinted else None
        if found is not None:
            yield Problem(node.place(field), f"the {field} holds `{found[0]}`, which a page may run")


def _environments(node: Node, _: Facts) -> Iterator[Problem]:
    """Several servers that nothing tells apart."""
    servers = node.all("servers")
    if len(servers) > 1:
        for server in servers:
            if not server.fields.get("description") and not server.fields.get("name"):
                yield Problem(server.place(), f"nothing says what {server.fields.get('url')} is for")


def _served(url: str) -> str:
    return described(f"servers: [{{url: '{url}'}}]\npaths: {{}}")


def _asked(parameter: str) -> str:
    return operated(f"parameters: [{parameter}]", method="get")


def _answered(properties: str, status: str = "200") -> str:
    schema = f"{{type: object, properties: {properties}}}"
    return operated(
        f'responses: {{"{status}": {{description: Answer, content: {{application/json: {{schema: {schema}}}}}}}}}'
    )


def _taken(properties: str) -> str:
    schema = f"{{type: object, properties: {properties}}}"
    return operated(f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}", path="/users")


RULES = (
    LintRule(
        FindingRule(
            "server-not-https",
            "A server is reached without TLS.",
            Severity.ERROR,
            "Everyone between client and server reads and changes what is said, credentials included.",
            "Give the https address.",
            _served("http://api.acme-shop.com/v1"),
            _served("https://api.acme-shop.com/v1"),
            fix=Fix.UNSAFE,
            mends="Writes `https` for `http`; in 2.0, in `schemes`.",
            category="security",
            tier=Tier.MINIMAL,
            references=(
                "owasp:API8:2023",
                "rfc:9325",
                "spectral:owasp:api8:2023-no-server-http",
                "spectral:owasp:api8:2023-no-scheme-http",
            ),
        ),
        ("server", "document"),
        _plain_server,
    ),
    LintRule(
        FindingRule(
            "credential-in-url",
            "A parameter of the path or query is a credential.",
            Severity.ERROR,
            "URLs end up in logs, histories and `Referer` headers, and the credential with them.",
            "Send it in a header, by a security scheme.",
            _asked("{name: access_token, in: query, schema: {type: string, maxLength: 99}}"),
            _asked("{name: colour, in: query, schema: {type: string, maxLength: 99}}"),
            category="security",
            tier=Tier.MINIMAL,
            references=("owasp:API2:2023", "spectral:owasp:api2:2023-no-credentials-in-url"),
        ),
        ("parameter",),
        _credential,
        having=("in",),
    ),
    LintRule(
        FindingRule(
            "personal-data-in-url",
            "A parameter of the path or query tells about a person.",
            Severity.INFO,
            "URLs end up in logs, histories and `Referer` headers, where nobody looks for data of persons and "
            "nobody deletes it.",
            "Identify the person by an opaque id, or send the value in a body.",
            _asked("{name: email, in: query, schema: {type: string, maxLength: 99}}"),
            _asked("{name: colour, in: query, schema: {type: string, maxLength: 99}}"),
            category="security",
            tier=Tier.ALL,
            references=("owasp:API3:2023",),
        ),
        ("parameter",),
        _personal,
        having=("in",),
    ),
    LintRule(
        FindingRule(
            "secret-readable",
            "A secret is among the properties of an answer.",
            Severity.WARNING,
            "Whoever may read the thing learns the secret, and so does every log and cache on the way.",
            "Mark it `writeOnly`, or leave it out of what is sent back.",
            _answered("{password: {type: string, format: password}}"),
            _answered("{password: {type: string, format: password, writeOnly: true}}"),
            fix=Fix.UNSAFE,
            mends="Adds `writeOnly: true` to what is sent too, where the schema stands in the property.",
            category="security",
            references=("owasp:API3:2023",),
        ),
        ("document",),
        _readable_secret,
    ),
    LintRule(
        FindingRule(
            "secret-not-marked",
            "A secret has no format that says so.",
            Severity.INFO,
            "Forms show it while it is typed, and tools that mask by format write it into logs.",
            "Give it `format: password`.",
            _taken("{password: {type: string, maxLength: 99}}"),
            _taken("{password: {type: string, format: password, maxLength: 99}}"),
            category="security",
            fix=Fix.SAFE,
            mends="Adds `format: password`, where the schema stands in the property.",
            references=("owasp:API8:2023",),
        ),
        ("document",),
        _unmasked,
    ),
    LintRule(
        FindingRule(
            "error-shows-internals",
            "An error shows the inside of the service.",
            Severity.WARNING,
            "Stack traces, exceptions and queries help nobody but an attacker, and clients come to depend on "
            "them.",
            "Answer with a problem (RFC 9457) and an id by which the log is found.",
            _answered("{stackTrace: {type: string}}", "500"),
            _answered("{instance: {type: string}}", "500"),
            category="security",
            references=("owasp:API8:2023", "zalando:177", "rfc:9457#5"),
        ),
        ("response",),
        _internals,
    ),
    LintRule(
        FindingRule(
            "text-runs-script",
            "A text holds what a page may run.",
            Severity.ERROR,
            "Documentation pages show texts as Markdown with HTML: a script in them runs in the reader's "
            "browser.",
            "Take it out, or write it as code between backticks, with `&lt;` for `<`.",
            operated("description: Places an order. <script>count()</script>"),
            operated("description: Places an order."),
            category="security",
            tier=Tier.MINIMAL,
            references=("spectral:no-script-tags-in-markdown", "spectral:no-eval-in-markdown"),
        ),
        _TOLD,
        _active_text,
        having=_TEXTS,
    ),
    LintRule(
        FindingRule(
            "server-not-described",
            "Several servers, and nothing says what each is for.",
            Severity.INFO,
            "Someone will try things out in production, and an old environment that nobody tends stays open.",
            "Give each server a description: production, sandbox, test.",
            described(
                "servers: [{url: 'https://a.acme-shop.com'}, {url: 'https://b.acme-shop.com'}]\npaths: {}"
            ),
            described(
                "servers:\n- {url: 'https://a.acme-shop.com', description: Production}\n"
                "- {url: 'https://b.acme-shop.com', description: Sandbox}\npaths: {}"
            ),
            category="security",
            references=("owasp:API9:2023", "spectral:owasp:api9:2023-inventory-environment"),
        ),
        ("document",),
        _environments,
        having=("servers",),
    ),
)
