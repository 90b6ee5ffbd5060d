"""Rules on operations, responses, callbacks, links and tags."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described, operated

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_BODY = "requestBody: {content: {application/json: {schema: {type: object}}}}"


def _linked(link: str) -> str:
    return described(
        f"""
        paths:
          /orders/{{id}}:
            get:
              operationId: readOrder
              parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
              responses: {{"204": {{description: Done, links: {{self: {link}}}}}}}
        """
    )


def _called(expression: str) -> str:
    seen = "{post: {responses: {default: {description: Seen}}}}"
    return operated(f"callbacks: {{shipped: {{'{expression}': {seen}}}}}")


def _identified(second: str) -> str:
    done = 'responses: {"204": {description: Done}}'
    return described(
        f"paths:\n  /orders:\n    get: {{operationId: listOrders, {done}}}\n"
        f"    post: {{operationId: {second}, {done}}}"
    )


RULES = (
    FindingRule(
        "operation-id-duplicate",
        "Two operations have the same operationId.",
        _ERROR,
        "Generated clients name methods after it, and links find operations by it.",
        "Give each operation an id of its own.",
        _identified("listOrders"),
        _identified("placeOrder"),
    ),
    FindingRule(
        "request-body-without-meaning",
        "A GET, HEAD, DELETE or TRACE operation has a request body.",
        _WARNING,
        "HTTP gives such a body no meaning (RFC 9110, section 9.3); caches and proxies drop it.",
        "Use query parameters, or another method.",
        operated(_BODY, method="get"),
        operated(_BODY, method="post"),
    ),
    FindingRule(
        "response-missing",
        "An operation declares no response.",
        _ERROR,
        "Callers cannot know what success looks like; at least one status or `default` must be there.",
        "Describe the response of a successful call.",
        operated("responses: {}"),
        operated('responses: {"204": {description: Done}}'),
    ),
    FindingRule(
        "status-code-invalid",
        "The key of a response is no status code.",
        _ERROR,
        "Responses are found by status: 100 to 599, 1XX to 5XX, or `default`.",
        "Write a status code in quotes, a range such as `4XX`, or `default`.",
        operated("responses: {'20': {description: Done}, default: {description: Failed}}"),
        operated("responses: {'200': {description: Done}, default: {description: Failed}}"),
    ),
    FindingRule(
        "runtime-expression-invalid",
        "A runtime expression cannot be read.",
        _ERROR,
        "The address or the value that it stands for cannot be found.",
        "Write `$url`, `$method`, `$statusCode`, or `$request.` or `$response.` with `header.`, `query.`, "
        "`path.` or `body#/…`.",
        _called("{$request.body#callback}"),
        _called("{$request.body#/callback}"),
    ),
    FindingRule(
        "link-operation-unknown",
        "A link leads to an operation that does not exist.",
        _ERROR,
        "Nobody can follow it.",
        "Name an existing operationId, or correct the operationRef.",
        _linked("{operationId: readOrdr}"),
        _linked("{operationId: readOrder}"),
    ),
    FindingRule(
        "link-parameter-unknown",
        "A link sets a parameter that its operation does not have.",
        _ERROR,
        "The value goes nowhere, and the parameter that was meant stays empty.",
        "Name a parameter of the operation, as `name` or `place.name`.",
        _linked("{operationId: readOrder, parameters: {number: $request.path.id}}"),
        _linked("{operationId: readOrder, parameters: {id: $request.path.id}}"),
    ),
    FindingRule(
        "tag-duplicate",
        "Two tags have the same name.",
        _ERROR,
        "Names of tags must be unique; which description holds is a guess.",
        "Merge the two.",
        described("tags: [{name: orders}, {name: orders, description: All about orders}]\npaths: {}"),
        described("tags: [{name: orders, description: All about orders}]\npaths: {}"),
    ),
    FindingRule(
        "tag-parent-unknown",
        "A tag names a parent that is not declared.",
        _ERROR,
        "The hierarchy of tags cannot be built.",
        "Declare the parent, or correct its name.",
        described("tags: [{name: orders, parent: shop}]\npaths: {}", "3.2.0"),
        described("tags: [{name: orders, parent: shop}, {name: shop}]\npaths: {}", "3.2.0"),
    ),
    FindingRule(
        "tag-parent-circular",
        "Tags are each other's parents.",
        _ERROR,
        "The hierarchy of tags has no top; careless readers never come back.",
        "Take one of the parents out.",
        described("tags: [{name: orders, parent: shop}, {name: shop, parent: orders}]\npaths: {}", "3.2.0"),
        described("tags: [{name: orders, parent: shop}, {name: shop}]\npaths: {}", "3.2.0"),
    ),
    FindingRule(
        "runtime-expression-unknown",
        "A runtime expression asks for a parameter that its operation does not declare.",
        _WARNING,
        "Parameters must be declared, or the expression cannot be evaluated.",
        "Declare the parameter at the operation, or correct its name.",
        _called("{$request.query.url}"),
        _called("{$request.body#/url}"),
    ),
)
