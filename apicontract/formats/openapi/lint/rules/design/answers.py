"""Answers: status codes that exist, a success that is described, a body where one belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import operated
from apicontract.sources.alterations import Drop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

# IANA, HTTP Status Code Registry; 306 and 418 are listed there as unused.
_REGISTERED = frozenset(
    map(
        str,
        (
            *range(100, 105), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 418),
            *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510, 511,
        ),
    )
)  # fmt: skip
_BODILESS = frozenset({"204", "205", "304"})
_FULL = frozenset({"200", "201", "2XX"})


def _unregistered(node: Node, _: Facts) -> Iterator[Problem]:
    for response in node.children:
        if len(response.key) == 3 and response.key.isdigit() and response.key not in _REGISTERED:  # noqa: PLR2004
            yield Problem(response.place(), f"{response.key} is no status code of HTTP")


def _no_success(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or not endpoint.responses:
        return
    if not any(status.startswith(("2", "3")) or status == "101" for status in endpoint.responses):
        only = (
            "only `default` is described"
            if [*endpoint.responses] == ["default"]
            else "only failures are described"
        )
        yield Problem(
            node.place("responses"), f"what a successful {endpoint.title} answers is left open: {only}"
        )


def _body_where_none_is(node: Node, _: Facts) -> Iterator[Problem]:
    response = node.followed()
    if (
        node.field != ""
        and node.key in _BODILESS
        and (response.fields.get("content") or response.fields.get("schema"))
    ):
        field = "content" if response.fields.get("content") else "schema"
        remedy = (Drop(node.place(field)),) if node.reference is None else ()
        yield Problem(node.place(), f"{node.key} has no body, and one is described", remedy=remedy)


def _shapeless(node: Node, facts: Facts) -> Iterator[Problem]:
    """A success whose body nobody describes: none at all for a GET, or JSON without a schema."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method == "head":
        return
    for status, response in endpoint.responses.items():
        if status not in _FULL:
            continue
        at = node.place("responses", status)
        if facts.series == "2.0":
            if endpoint.method == "get" and response.only("schema") is None:
                yield Problem(at, f"nothing says what {endpoint.title} answers with {status}")
            continue
        contents = response.all("content")
        if not contents and endpoint.method == "get" and status != "2XX":
            yield Problem(at, f"nothing says what {endpoint.title} answers with {status}")
        for media in contents:
            fields = media.followed().fields
            if "json" in media.key and not {"schema", "itemSchema"} & fields.keys():
                yield Problem(media.place(), f"nothing says what the JSON of {endpoint.title} looks like")


def _bare_array(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    for status, response in endpoint.successes().items() if endpoint is not None else ():
        for media, schema in facts.bodies(response):
            if ("json" in media or not media) and "array" in facts.types(schema):
                yield Problem(
                    node.place("responses", status), f"the body of {node_title(node, facts)} is a bare array"
                )
                break


def node_title(node: Node, facts: Facts) -> str:
    """`GET /orders`, or the operation's field where it is a callback or webhook."""
    endpoint = facts.by_operation.get(id(node))
    return endpoint.title if endpoint is not None else node.key


def _answering(response: str, method: str = "get") -> str:
    return operated(f"responses: {{{response}}}", method=method)


def _content(schema: str) -> str:
    return f'"200": {{description: Orders, content: {{application/json: {schema}}}}}'


_THING = "{type: object, properties: {paid: {type: boolean}}}"

RULES = (
    LintRule(
        FindingRule(
            "status-code-unregistered",
            "A status code does not exist.",
            Severity.WARNING,
            "Clients, proxies and monitoring treat it by its first digit, or not at all.",
            "Use a registered one; 400, 409 and 422 with a problem type tell most failures apart.",
            _answering('"204": {description: Done}, "499": {description: Failed}', "delete"),
            _answering('"204": {description: Done}, "409": {description: Failed}', "delete"),
            category="design",
            references=("zalando:150", "iana:http-status-codes"),
        ),
        ("responses",),
        _unregistered,
    ),
    LintRule(
        FindingRule(
            "success-undescribed",
            "An operation does not describe its success.",
            Severity.WARNING,
            "Generated clients have nothing to return, and tests nothing to expect.",
            "Describe the 2xx or 3xx answer.",
            _answering('"404": {description: Not found}'),
            _answering('"204": {description: Nothing there}, "404": {description: Not found}'),
            category="design",
            tier=Tier.MINIMAL,
            references=(
                "zalando:151",
                "spectral:operation-success-response",
                "redocly:operation-2xx-response",
            ),
        ),
        ("operation",),
        _no_success,
    ),
    LintRule(
        FindingRule(
            "body-forbidden",
            "An answer that has no body describes one.",
            Severity.ERROR,
            "HTTP ends 204, 205 and 304 after their headers: what is described never arrives, or is taken for "
            "the next answer.",
            "Use 200, or leave the content out.",
            _answering(
                '"204": {description: Done, content: {application/json: {schema: {type: boolean}}}}', "delete"
            ),
            _answering(
                '"200": {description: Done, content: {application/json: {schema: {type: boolean}}}}', "delete"
            ),
            fix=Fix.UNSAFE,
            mends="Takes the content out, unless a reference leads to the answer.",
            category="design",
            tier=Tier.MINIMAL,
            references=("rfc:9110#15.3.5", "rfc:9110#15.3.6", "rfc:9110#15.4.5"),
        ),
        ("response",),
        _body_where_none_is,
    ),
    LintRule(
        FindingRule(
            "success-without-schema",
            "Nothing says what a successful answer looks like.",
            Severity.WARNING,
            "Clients are written by trial, and nothing notices when the answer changes.",
            "Give the answer's JSON a schema; answer 204 where there is nothing to say.",
            _answering('"200": {description: Orders}'),
            _answering(_content(f"{{schema: {_THING}, example: {{paid: true}}}}")),
            category="design",
            references=("zalando:101", "zalando:151"),
        ),
        ("operation",),
        _shapeless,
    ),
    LintRule(
        FindingRule(
            "response-bare-array",
            "The body of an answer is a bare array.",
            Severity.INFO,
            "A page token, a total or a link cannot be added without breaking every client.",
            'Put the array into an object: `{"items": […]}`.',
            _answering(_content(f"{{schema: {{type: array, items: {_THING}}}}}")),
            _answering(
                _content(
                    f"{{schema: {{type: object, properties: {{items: {{type: array, items: {_THING}}}}}}}}}"
                )
            ),
            category="design",
            tier=Tier.ALL,
            references=("zalando:110", "aip:158"),
        ),
        ("operation",),
        _bare_array,
    ),
)
