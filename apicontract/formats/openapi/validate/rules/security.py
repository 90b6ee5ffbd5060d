"""Rules on security requirements and schemes."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described

_ERROR = Severity.ERROR
_KEY = "components: {securitySchemes: {key: {type: apiKey, name: X-Key, in: header}}}"
_OAUTH = (
    "components: {securitySchemes: {login: {type: oauth2, flows: {clientCredentials:"
    " {tokenUrl: https://example.com/token, scopes: {read: Read orders}}}}}}"
)

RULES = (
    FindingRule(
        "security-scheme-undefined",
        "A security requirement names a scheme that is not defined.",
        _ERROR,
        "Clients cannot know how to authenticate, and a check that looks for the scheme finds none.",
        "Define it under `components.securitySchemes` (2.0: `securityDefinitions`), or correct the name.",
        described(f"paths: {{}}\nsecurity: [{{kay: []}}]\n{_KEY}"),
        described(f"paths: {{}}\nsecurity: [{{key: []}}]\n{_KEY}"),
    ),
    FindingRule(
        "security-scope-undefined",
        "A security requirement asks for a scope that no flow of its scheme offers.",
        _ERROR,
        "No token can ever have that scope, so no request can pass.",
        "Add the scope to the flows, or correct its name.",
        described(f"paths: {{}}\nsecurity: [{{login: [write]}}]\n{_OAUTH}"),
        described(f"paths: {{}}\nsecurity: [{{login: [read]}}]\n{_OAUTH}"),
    ),
    FindingRule(
        "security-scopes-misplaced",
        "A security requirement asks for scopes of a scheme that has none.",
        _ERROR,
        "Before OpenAPI 3.1 only `oauth2` and `openIdConnect` know scopes; others need an empty list.",
        "Write an empty list.",
        described(f"paths: {{}}\nsecurity: [{{key: [read]}}]\n{_KEY}"),
        described(f"paths: {{}}\nsecurity: [{{key: []}}]\n{_KEY}"),
    ),
)
