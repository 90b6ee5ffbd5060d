"""Rules on paths, servers, and the text of both."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described, operated

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"


def _two(first: str, second: str) -> str:
    rows = "\n".join(
        f"  {path}:\n    {_ID.replace('id,', path.split('{')[-1].split('}')[0] + ',', 1)}\n"
        '    get: {responses: {"204": {description: Done}}}'
        for path in (first, second)
    )
    return described(f"paths:\n{rows}")


def _served(url: str) -> str:
    return described(f"servers: [{{url: '{url}', variables: {{at: {{default: eu}}}}}}]\npaths: {{}}", "3.2.0")


RULES = (
    FindingRule(
        "path-without-slash",
        "A path does not start with a slash.",
        _ERROR,
        "Paths are appended to the server's address; without the slash the result is another address.",
        "Start the path with `/`.",
        operated("summary: Place an order", path="orders"),
        operated("summary: Place an order", path="/orders"),
    ),
    FindingRule(
        "path-template-malformed",
        "The braces of a path template do not pair up, or hold nothing.",
        _ERROR,
        "Nobody can tell which part of the path is a parameter.",
        "Write parameters as `{name}`, each brace once.",
        operated("summary: Place an order", path="'/orders/{id'"),
        operated(_ID, path="'/orders/{id}'"),
    ),
    FindingRule(
        "path-parameter-undeclared",
        "A path has a parameter in braces that is declared nowhere.",
        _ERROR,
        "Clients cannot know what to put there, and generated ones send the braces as they are.",
        "Declare it with `in: path` and `required: true`, at the path or at every operation.",
        operated("summary: Place an order", path="'/orders/{id}'"),
        operated(_ID, path="'/orders/{id}'"),
    ),
    FindingRule(
        "path-parameter-unused",
        "A path parameter is declared, but the path has no such name in braces.",
        _ERROR,
        "There is no place where the value could be sent; often the two names differ by a letter.",
        "Take the declaration out, or write the name into the path.",
        operated(_ID),
        operated(_ID, path="'/orders/{id}'"),
    ),
    FindingRule(
        "path-parameter-repeated",
        "A path names the same parameter twice.",
        _ERROR,
        "One value would have to stand in two places; the specification forbids it.",
        "Give the two places different names.",
        operated(_ID, path="'/orders/{id}/items/{id}'"),
        operated(_ID, path="'/orders/{id}/items'"),
    ),
    FindingRule(
        "path-parameter-optional",
        "A path parameter is not declared as required.",
        _ERROR,
        "A path without the value would be another path; the specification asks for `required: true`.",
        "Write `required: true`.",
        operated("parameters: [{name: id, in: path, schema: {type: string}}]", path="'/orders/{id}'"),
        operated(_ID, path="'/orders/{id}'"),
    ),
    FindingRule(
        "paths-equivalent",
        "Two paths are the same once the names of their parameters are ignored.",
        _ERROR,
        "A request to one is a request to the other, so nobody can tell which of them answers.",
        "Merge the two path items.",
        _two("/orders/{id}", "/orders/{number}"),
        _two("/orders/{id}", "/orders/by-number/{number}"),
    ),
    FindingRule(
        "path-has-query",
        "A path has a query or a fragment in it.",
        _ERROR,
        "The path is matched without the query, so this path is never reached.",
        "Describe the query as parameters with `in: query`.",
        operated("summary: Place an order", path="/orders?draft=true"),
        operated("parameters: [{name: draft, in: query, schema: {type: boolean}}]"),
    ),
    FindingRule(
        "server-url-malformed",
        "The address of a server cannot be read.",
        _ERROR,
        "Requests cannot be sent to it; a query or fragment is not allowed, and braces must pair up.",
        "Write an absolute or relative URL with variables as `{name}`.",
        described("servers: [{url: 'https://{region.example.com'}]\npaths: {}"),
        described("servers: [{url: 'https://eu.example.com'}]\npaths: {}"),
    ),
    FindingRule(
        "server-variable-undeclared",
        "The address of a server has a variable that is declared nowhere.",
        _ERROR,
        "There is no value to put in its place.",
        "Declare it under `variables` with a `default`.",
        described("servers: [{url: 'https://{region}.example.com'}]\npaths: {}"),
        described(
            "servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu}}}]\npaths: {}"
        ),
    ),
    FindingRule(
        "server-variable-repeated",
        "The address of a server has the same variable twice.",
        _ERROR,
        "OpenAPI 3.2 forbids it: each variable stands in one place.",
        "Give the two places different names.",
        _served("https://{at}.example.com/{at}"),
        _served("https://{at}.example.com"),
    ),
    FindingRule(
        "server-variable-unused",
        "A server variable is declared, but the address does not use it.",
        _WARNING,
        "Setting it changes nothing, which is not what its author meant.",
        "Use it in the address, or take it out.",
        described(
            "servers: [{url: 'https://eu.example.com', variables: {region: {default: eu}}}]\npaths: {}"
        ),
        described(
            "servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu}}}]\npaths: {}"
        ),
    ),
    FindingRule(
        "server-variable-default-not-in-enum",
        "The default of a server variable is not among its allowed values.",
        _ERROR,
        "Whoever does not choose sends requests to a server that does not exist.",
        "Add the default to `enum`, or change it.",
        described(
            "servers: [{url: 'https://{at}.example.com', variables: {at: {default: us, enum: [eu]}}}]\n"
            "paths: {}"
        ),
        described(
            "servers: [{url: 'https://{at}.example.com', variables: {at: {default: eu, enum: [eu]}}}]\n"
            "paths: {}"
        ),
    ),
)
