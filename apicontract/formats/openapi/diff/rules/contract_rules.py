"""The rules about operations as such, security, servers, events and the contract as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.openapi.diff.rules.documents import document
from apicontract.formats.openapi.diff.rules.operation_rules import CODE, LOST, WIRE, Row, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.changes import Rule

_OK = "responses: {'204': {description: done}}"
_PEOPLE = "Only people read it."
_PATCH = Level.PATCH


def _paths(inner: str) -> str:
    return f"paths: {{/things: {{{inner}}}}}"


def _scheme(inner: str) -> str:
    return f"components: {{securitySchemes: {{s: {{{inner}}}}}}}\nsecurity: [{{s: []}}]"


def _oauth(*flows: str) -> str:
    return _scheme(f"type: oauth2, flows: {{{', '.join(flows)}}}")


_CODE_FLOW = "authorizationCode: {authorizationUrl: 'https://a.example/go', tokenUrl: 'https://a.example/t', scopes: {r: read}}"
_MACHINE_FLOW = "clientCredentials: {tokenUrl: 'https://a.example/t', scopes: {r: read}}"
_ONE, _TWO = (
    "servers: [{url: 'https://a.example'}]",
    "servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]",
)
_HOST = "servers: [{url: 'https://{h}.example', variables: {h: {default: %s, enum: [%s]}}}]"
_HOOK = "webhooks: {thing: {post: {responses: {'204': {description: done}}}}}"
_SIGNED = _HOOK.replace("{post: {", "{post: {security: [{s: []}], ")
_CALLBACK = "callbacks: {done: {'{$request.body#/url}': {post: {responses: {'204': {description: done}}}}}}"
_REFUSED = "Clients that were served under the old contract are refused under the new one."
_SERVED = "Whoever was served still is."

_ROWS = (
    Row(
        "operation-removed",
        "An operation is gone.",
        "Clients that call it fail.",
        _paths(f"get: {{{_OK}}}, put: {{{_OK}}}"),
        _paths(f"get: {{{_OK}}}"),
        LOST,
    ),
    Row(
        "operation-added",
        "An operation was added.",
        "Nobody calls it yet.",
        _paths(f"get: {{{_OK}}}"),
        _paths(f"get: {{{_OK}}}, put: {{{_OK}}}"),
    ),
    Row(
        "path-prefix-changed",
        "The whole API moved under another prefix.",
        "Clients that call the old paths fail.",
        f"paths: {{/v1/a: {{get: {{{_OK}}}}}, /v1/b: {{get: {{{_OK}}}}}}}",
        f"paths: {{/v2/a: {{get: {{{_OK}}}}}, /v2/b: {{get: {{{_OK}}}}}}}",
        LOST,
        advice="Serve both prefixes until the sunset of the old one; compare the parts with `--path-prefix /v1=/v2`.",
    ),
    Row(
        "operation-id-changed",
        "An operationId changed.",
        "Generated code has the old name.",
        _paths(f"get: {{operationId: a, {_OK}}}"),
        _paths(f"get: {{operationId: b, {_OK}}}"),
        CODE,
    ),
    Row(
        "operation-documentation-changed",
        "The prose or the tags of an operation changed.",
        _PEOPLE,
        _paths(f"get: {{{_OK}}}"),
        _paths(f"get: {{summary: words, {_OK}}}"),
        level=_PATCH,
    ),
    Row(
        "path-documentation-changed",
        "The prose of a path changed.",
        _PEOPLE,
        _paths(f"get: {{{_OK}}}"),
        _paths(f"summary: words, get: {{{_OK}}}"),
        level=_PATCH,
    ),
    Row(
        "deprecated",
        "An element is deprecated.",
        "It works, and is to be replaced before its sunset.",
        _paths(f"get: {{{_OK}}}"),
        _paths(f"get: {{deprecated: true, {_OK}}}"),
        advice="Give it an `x-sunset` date.",
    ),
    Row(
        "reactivated",
        "An element is not deprecated any more.",
        "It stays.",
        _paths(f"get: {{deprecated: true, {_OK}}}"),
        _paths(f"get: {{{_OK}}}"),
    ),
    Row(
        "sunset-changed",
        "The day on which an element may be removed changed.",
        "Clients plan by it.",
        _paths(f"get: {{deprecated: true, x-sunset: '2030-01-01', {_OK}}}"),
        _paths(f"get: {{deprecated: true, x-sunset: '2031-01-01', {_OK}}}"),
    ),
    Row(
        "stability-decreased",
        "An element promises less than before.",
        "Clients relied on the higher level.",
        _paths(f"get: {{{_OK}}}"),
        _paths(f"get: {{x-stability-level: beta, {_OK}}}"),
        LOST,
    ),
    Row(
        "stability-increased",
        "An element promises more than before.",
        _SERVED,
        _paths(f"get: {{x-stability-level: beta, {_OK}}}"),
        _paths(f"get: {{{_OK}}}"),
    ),
    Row(
        "callback-removed",
        "A callback is gone.",
        "Clients wait for calls that never come.",
        _paths(f"get: {{{_CALLBACK}, {_OK}}}"),
        _paths(f"get: {{{_OK}}}"),
        LOST,
    ),
    Row(
        "callback-added",
        "A callback was added.",
        "Clients get it only if they ask for it.",
        _paths(f"get: {{{_OK}}}"),
        _paths(f"get: {{{_CALLBACK}, {_OK}}}"),
    ),
    Row(
        "callback-renamed",
        "A callback has another name.",
        "Generated code has the old name.",
        _paths(f"get: {{{_CALLBACK}, {_OK}}}"),
        _paths(f"get: {{{_CALLBACK.replace('done:', 'finished:', 1)}, {_OK}}}"),
        CODE,
    ),
    Row(
        "webhook-removed",
        "A webhook is gone.",
        "Receivers wait for events that never come.",
        _HOOK,
        "webhooks: {}",
        LOST,
    ),
    Row(
        "webhook-added",
        "A webhook was added.",
        "Receivers get it only if they subscribe.",
        "webhooks: {}",
        _HOOK,
    ),
    Row(
        "security-alternative-removed",
        "A way to authenticate is not accepted any more.",
        _REFUSED,
        _scheme("type: http, scheme: basic"),
        _scheme("type: http, scheme: basic")
        .replace("{s: []}", "{s: [], t: []}")
        .replace("{s: {", "{t: {type: apiKey, in: header, name: X-T}, s: {"),
        WIRE,
    ),
    Row(
        "security-alternative-added",
        "A further way to authenticate is accepted.",
        _SERVED,
        _scheme("type: http, scheme: basic").replace(
            "{s: {", "{t: {type: apiKey, in: header, name: X-T}, s: {"
        ),
        _scheme("type: http, scheme: basic")
        .replace("{s: []}", "{s: []}, {t: []}")
        .replace("{s: {", "{t: {type: apiKey, in: header, name: X-T}, s: {"),
    ),
    Row(
        "event-security-changed",
        "A webhook or callback is sent with other credentials.",
        "Receivers refuse an event that does not authenticate as they were promised.",
        _scheme("type: http, scheme: basic").rpartition("\n")[0] + "\n" + _SIGNED,
        _scheme("type: http, scheme: basic").rpartition("\n")[0] + "\n" + _SIGNED.replace("{s: []}", "{}"),
        WIRE,
    ),
    Row(
        "anonymous-access-removed",
        "Calls without credentials are refused now.",
        _REFUSED,
        "components: {securitySchemes: {s: {type: http, scheme: basic}}}",
        _scheme("type: http, scheme: basic"),
        WIRE,
    ),
    Row(
        "anonymous-access-added",
        "Calls without credentials are accepted now.",
        _SERVED,
        _scheme("type: http, scheme: basic"),
        "components: {securitySchemes: {s: {type: http, scheme: basic}}}",
    ),
    Row(
        "security-scheme-changed",
        "A security scheme is another one now.",
        _REFUSED,
        _scheme("type: apiKey, in: header, name: X-A"),
        _scheme("type: apiKey, in: header, name: X-B"),
        WIRE,
    ),
    Row(
        "security-scheme-documentation-changed",
        "The prose of a security scheme changed.",
        _PEOPLE,
        _scheme("type: http, scheme: basic"),
        _scheme("type: http, scheme: basic, description: words"),
        level=_PATCH,
    ),
    Row(
        "oauth-flow-removed",
        "An OAuth flow is gone.",
        _REFUSED,
        _oauth(_CODE_FLOW, _MACHINE_FLOW),
        _oauth(_CODE_FLOW),
        WIRE,
    ),
    Row(
        "oauth-flow-added",
        "An OAuth flow was added.",
        _SERVED,
        _oauth(_CODE_FLOW),
        _oauth(_CODE_FLOW, _MACHINE_FLOW),
    ),
    Row(
        "oauth-url-changed",
        "An OAuth flow has another URL.",
        "Clients go to the old one for their tokens.",
        _oauth(_MACHINE_FLOW),
        _oauth(_MACHINE_FLOW.replace("a.example", "b.example")),
        WIRE,
    ),
    Row(
        "oauth-scope-removed",
        "An OAuth scope is gone.",
        "Clients that ask for it may be refused a token.",
        _oauth(_MACHINE_FLOW.replace("{r: read}", "{r: read, w: write}")),
        _oauth(_MACHINE_FLOW),
    ),
    Row(
        "oauth-scope-added",
        "An OAuth scope was added.",
        _SERVED,
        _oauth(_MACHINE_FLOW),
        _oauth(_MACHINE_FLOW.replace("{r: read}", "{r: read, w: write}")),
    ),
    Row(
        "server-url-changed",
        "The server has another URL.",
        "Clients call the old one.",
        _ONE,
        _ONE.replace("a.example", "b.example"),
        LOST,
    ),
    Row("server-removed", "A server is gone.", "Clients call it.", _TWO, _ONE, LOST),
    Row("server-added", "A server was added.", _SERVED, _ONE, _TWO),
    Row(
        "server-variable-value-removed",
        "A server variable has fewer values.",
        "Clients use the values that are gone.",
        _HOST % ("a", "a, b"),
        _HOST % ("a", "a"),
        LOST,
    ),
    Row(
        "server-variable-value-added",
        "A server variable has more values.",
        _SERVED,
        _HOST % ("a", "a"),
        _HOST % ("a", "a, b"),
    ),
    Row(
        "server-variable-default-changed",
        "A server variable has another default.",
        "Clients that do not set it reach another server.",
        _HOST % ("a", "a, b"),
        _HOST % ("b", "a, b"),
    ),
    Row(
        "server-documentation-changed",
        "The prose of a server changed.",
        _PEOPLE,
        _ONE,
        _ONE.replace("}]", ", description: words}]"),
        level=_PATCH,
    ),
    Row(
        "openapi-version-changed",
        "The contract is written in another version of OpenAPI.",
        "What it says is judged by itself.",
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        level=_PATCH,
    ),
    Row(
        "api-documentation-changed",
        "The prose of the contract changed.",
        _PEOPLE,
        "info: {title: A, version: 1.0.0}",
        "info: {title: B, version: 1.0.0}",
        level=_PATCH,
    ),
    Row(
        "tag-changed",
        "A tag was added, removed or described in other words.",
        _PEOPLE,
        "tags: []",
        "tags: [{name: a}]",
        level=_PATCH,
    ),
    Row(
        "component-removed",
        "A component schema is gone.",
        "Generated code has a class of that name.",
        "components: {schemas: {A: {type: string}}}",
        "components: {schemas: {}}",
        CODE,
    ),
    Row(
        "component-renamed",
        "A component schema has another name.",
        "Generated code has a class of the old name.",
        "components: {schemas: {A: {type: string}}}",
        "components: {schemas: {B: {type: string}}}",
        CODE,
    ),
    Row(
        "component-added",
        "A component schema was added.",
        "Nobody uses it by name yet.",
        "components: {schemas: {}}",
        "components: {schemas: {A: {type: string}}}",
        level=_PATCH,
    ),
)


def contract_rules() -> Iterator[Rule]:
    """Every rule about a contract beyond the messages of its operations."""
    for row in _ROWS:
        yield rule(
            Row(row.id, row.title, row.why, row.old, row.new, row.surfaces, row.level, row.advice, document)
        )
