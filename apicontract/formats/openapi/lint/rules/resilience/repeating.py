"""Calls that are repeated: safely, in time, and not over what someone else has changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import snake, words
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node

_LATER = frozenset({"429", "503"})
_VERSIONS = frozenset({"version", "etag", "revision", "resource_version", "lock_version"})


def _no_retry_after(node: Node, _: Facts) -> Iterator[Problem]:
    response = node.followed()
    if node.field and node.key in _LATER and node.parent is not None and node.parent.kind == "responses":
        headers = {header.key.lower() for header in response.all("headers")}
        if "retry-after" not in headers and not any(
            name.startswith(("ratelimit", "x-ratelimit")) for name in headers
        ):
            yield Problem(response.place(), f"nothing says how long to wait after {node.key}")


def _said_words(endpoint: Endpoint) -> set[str]:
    """The words of the last named segment, the custom method and the operationId."""
    parts = [part for part in addresses.segments(endpoint.path) if not addresses.is_variable(part)]
    identified = endpoint.node.fields.get("operationId")
    said = set(words(parts[-1])) if parts else set()
    return said | set(words(identified) if isinstance(identified, str) else ())


def _is_repeatable(endpoint: Endpoint, facts: Facts) -> bool:
    """Whether a repeated call can be told from a second one: by a header, or an id that the client chooses."""
    headers = {
        str(one.fields.get("name")).lower() for one in endpoint.parameters if one.fields.get("in") == "header"
    }
    if headers & facts.settings.idempotency_headers:
        return True
    for _, schema in facts.bodies(endpoint.body):
        names = {snake(name) for name in facts.required(schema)}
        if names & {"id", "request_id", "idempotency_key", "client_request_id", "client_token", "message_id"}:
            return True
    return False


def _creates(endpoint: Endpoint) -> bool:
    return endpoint.method == "post" and bool({"201", "202"} & endpoint.responses.keys())


def _charges(endpoint: Endpoint, facts: Facts) -> bool:
    return endpoint.method == "post" and bool(_said_words(endpoint) & facts.settings.charging_words)


def _charge_twice(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or _is_repeatable(endpoint, facts):
        return
    does = endpoint.body is not None or addresses.custom_method(endpoint.path)
    if does and _charges(endpoint, facts):
        yield Problem(node.place(), f"{endpoint.title} repeated after a timeout may happen twice")


def _create_twice(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or _charges(endpoint, facts):
        return
    if _creates(endpoint) and not _is_repeatable(endpoint, facts):
        yield Problem(node.place(), f"{endpoint.title} repeated after a timeout may create a second one")


def _lost_update(node: Node, facts: Facts) -> Iterator[Problem]:
    """An update of an item that cannot say which state it is an update of."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method not in {"put", "patch"} or not addresses.collection(endpoint.path):
        return
    asked = {snake(str(one.fields.get("name"))) for one in endpoint.parameters}
    names = {snake(name) for _, schema in facts.bodies(endpoint.body) for name in facts.properties(schema)}
    if not asked & {"if_match", "if_unmodified_since", *_VERSIONS} and not names & _VERSIONS:
        yield Problem(node.place(), f"{endpoint.title} overwrites what another client changed meanwhile")


def _never_down(node: Node, facts: Facts) -> Iterator[Problem]:
    told = any({"503", "5XX", "default"} & endpoint.responses.keys() for endpoint in facts.endpoints)
    if facts.endpoints and not told:
        yield Problem(node.place("paths"), "no operation describes 503, the answer while the service is down")


def _uncached(node: Node, facts: Facts) -> Iterator[Problem]:
    """A GET of one thing that says nothing about caching."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method != "get" or not addresses.collection(endpoint.path):
        return
    for response in endpoint.successes().values():
        if facts.bodies(response):
            headers = {header.key.lower() for header in response.all("headers")}
            if not headers & facts.settings.max_age_words:
                yield Problem(node.place(), f"nothing says how long the answer of {endpoint.title} holds")
            return


_ID = "{name: id, in: path, required: true, schema: {type: string, format: uuid}}"
_BODY = (
    "requestBody: {content: {application/json: {schema: {type: object, additionalProperties: false, "
    "properties: {paid: {type: boolean}}}}}}\n"
)
_DONE = 'responses: {"204": {description: Done}}'
_KEY = "{name: Idempotency-Key, in: header, required: true, schema: {type: string, format: uuid}}"
_MATCH = "{name: If-Match, in: header, required: true, schema: {type: string, maxLength: 99}}"
_CREATED = 'responses: {"201": {description: There, headers: {Location: {schema: {type: string}}}}}'


def _waiting(headers: str) -> str:
    return operated(
        f'responses: {{"204": {{description: Done}}, "503": {{description: Down{headers}}}}}', method="delete"
    )


def _answered(headers: str) -> str:
    schema = "{type: object, properties: {paid: {type: boolean}}}"
    return operated(
        f"parameters: [{_ID}]\n"
        f'responses: {{"200": {{description: The order, {headers}content: {{application/json: {{schema: {schema}}}}}}}}}',
        path="/orders/{id}",
        method="get",
    )


RULES = (
    LintRule(
        FindingRule(
            "retry-after-missing",
            "An answer that says to come back does not say when.",
            Severity.WARNING,
            "Every client waits as long as it likes, most of them not at all: the overload is kept alive.",
            "Describe a `Retry-After` header on it (RFC 9110, section 10.2.3).",
            _waiting(""),
            _waiting(
                ", headers: {Retry-After: {schema: {type: integer, format: int32, description: Seconds}}}"
            ),
            category="resilience",
            references=(
                "zalando:153",
                "rfc:9110#10.2.3",
                "rfc:6585#4",
                "spectral:owasp:api4:2023-rate-limit-retry-after",
            ),
        ),
        ("response",),
        _no_retry_after,
    ),
    LintRule(
        FindingRule(
            "charge-not-repeatable",
            "A payment or an order repeated after a timeout may happen twice.",
            Severity.WARNING,
            "The client does not know whether the first call arrived. If it repeats, someone pays twice; if it "
            "does not, nobody pays.",
            "Take an `Idempotency-Key` header, or an id that the client chooses; answer the repeated call as the "
            "first.",
            operated(f"{_BODY}{_DONE}", path="/payments"),
            operated(f"parameters: [{_KEY}]\n{_BODY}{_DONE}", path="/payments"),
            category="resilience",
            references=("zalando:230", "zalando:229", "aip:155", "rfc:9110#9.2.2"),
        ),
        ("operation",),
        _charge_twice,
    ),
    LintRule(
        FindingRule(
            "creation-not-repeatable",
            "A creation repeated after a timeout may create a second thing.",
            Severity.INFO,
            "The client does not know whether the first call arrived, and repeats it.",
            "Take an `Idempotency-Key` header or an id that the client chooses, or let clients PUT.",
            operated(f"{_BODY}{_CREATED}", path="/notes"),
            operated(f"parameters: [{_KEY}]\n{_BODY}{_CREATED}", path="/notes"),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:230", "zalando:229", "aip:155", "rfc:9110#9.2.2"),
        ),
        ("operation",),
        _create_twice,
    ),
    LintRule(
        FindingRule(
            "update-without-precondition",
            "An update overwrites what another client changed meanwhile.",
            Severity.INFO,
            "Two people edit the same thing, and the changes of the first are lost in silence.",
            "Take `If-Match` with the `ETag` of what was read, or a version in the body; answer 412 or 409.",
            operated(f"parameters: [{_ID}]\n{_BODY}{_DONE}", path="/notes/{id}", method="put"),
            operated(f"parameters: [{_ID}, {_MATCH}]\n{_BODY}{_DONE}", path="/notes/{id}", method="put"),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:182", "aip:154", "rfc:9110#13.1.1"),
        ),
        ("operation",),
        _lost_update,
    ),
    LintRule(
        FindingRule(
            "outage-undescribed",
            "No operation describes the answer while the service is down.",
            Severity.INFO,
            "Clients are written as if it never were; the first outage shows what they do then.",
            "Describe 503 with `Retry-After`; one shared response will do.",
            described(f"paths: {{/notes: {{delete: {{{_DONE}}}}}}}"),
            described(f"paths: {{/notes: {{delete: {{{_DONE[:-1]}, default: {{description: Failed}}}}}}}}}}"),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:151", "rfc:9110#15.6.4"),
        ),
        ("document",),
        _never_down,
        having=("paths",),
    ),
    LintRule(
        FindingRule(
            "answer-without-caching",
            "Nothing says how long an answer holds.",
            Severity.INFO,
            "Without a word each cache guesses (RFC 9111, section 4.2.2), and clients ask again for what has not "
            "changed.",
            "Describe `Cache-Control`, or an `ETag` by which a client can ask whether it changed.",
            _answered(""),
            _answered("headers: {ETag: {schema: {type: string}}}, "),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:227", "rfc:9111#4.2.2"),
        ),
        ("operation",),
        _uncached,
    ),
)
