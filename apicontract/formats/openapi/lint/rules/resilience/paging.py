"""Lists: in pages, of a size that is bounded, with a way to the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node


def _queries(endpoint: Endpoint) -> dict[str, Node]:
    """The query parameters by name in snake_case; `page[size]` is `page_size`."""
    asked = [
        (one.fields.get("name"), one) for one in endpoint.parameters if one.text("in") in {"query", "header"}
    ]
    return {snake(name): one for name, one in asked if isinstance(name, str)}


def _is_bounded(listed: Node) -> bool:
    return "maxItems" in listed.fields


def _unpaged(node: Node, facts: Facts) -> Iterator[Problem]:
    """A list that comes whole: no paging parameter, no bound, and no Range."""
    endpoint = facts.by_operation.get(id(node))
    listed = facts.listed(endpoint) if endpoint is not None else None
    if endpoint is None or listed is None or _is_bounded(listed):
        return
    if not _queries(endpoint).keys() & (facts.settings.page_parameters | {"range"}):
        yield Problem(node.place(), f"{endpoint.title} gives the whole list, however long it grows")


def _unbounded_page(node: Node, facts: Facts) -> Iterator[Problem]:
    name = node.fields.get("name")
    if node.fields.get("in") != "query" or not isinstance(name, str):
        return
    schema = facts.shape(node)
    bounded = {"maximum", "exclusiveMaximum", "enum", "const"} & schema.fields.keys()
    if snake(name) in facts.settings.size_parameters and "integer" in facts.types(schema) and not bounded:
        yield Problem(node.place(), f"a client may ask for a page of any size by `{name}`")


def _page_default(node: Node, facts: Facts) -> Iterator[Problem]:
    name = node.fields.get("name")
    if node.fields.get("in") != "query" or not isinstance(name, str) or node.fields.get("required") is True:
        return
    schema = facts.shape(node)
    sizes = snake(name) in facts.settings.size_parameters and "integer" in facts.types(schema)
    if sizes and "default" not in schema.fields:
        yield Problem(node.place(), f"nothing says how large a page is without `{name}`")


def _no_next(node: Node, facts: Facts) -> Iterator[Problem]:
    """A list in pages whose answers do not say whether there is another one, nor how to get it."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or facts.listed(endpoint) is None:
        return
    asked = _queries(endpoint).keys()
    if not asked & facts.settings.page_parameters:
        return
    for response in endpoint.successes().values():
        headers = {header.key.lower() for header in response.all("headers")}
        names = {snake(name) for _, schema in facts.bodies(response) for name in facts.properties(schema)}
        told = any("link" in name or "next" in name or "total" in name or "range" in name for name in headers)
        if told or response.all("links") or names & _next_names(facts):
            return
    yield Problem(node.place(), f"no answer of {endpoint.title} tells whether there is another page")


def _next_names(facts: Facts) -> frozenset[str]:
    return facts.settings.next_page_names | {snake(name) for name in facts.settings.next_page_names}


def _by_offset(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or facts.listed(endpoint) is None:
        return
    asked = _queries(endpoint)
    offsets = sorted(asked.keys() & facts.settings.offset_parameters)
    if offsets and not asked.keys() & {
        "cursor",
        "after",
        "before",
        "page_token",
        "continuation_token",
        "marker",
    }:
        name = asked[offsets[0]].fields.get("name")
        yield Problem(node.place(), f"the pages of {endpoint.title} are found by counting (`{name}`)")


_ITEM = "{type: object, properties: {paid: {type: boolean}}}"


def _list(parameters: str, more: str = "", items: str = "") -> str:
    schema = f"{{type: object, properties: {{{more}items: {{type: array, {items}items: {_ITEM}}}}}}}"
    return operated(
        f"parameters: [{parameters}]\n"
        f'responses: {{"200": {{description: Orders, content: {{application/json: {{schema: {schema}}}}}}}}}',
        method="get",
    )


def _sized(schema: str) -> str:
    return f"{{name: limit, in: query, example: 20, schema: {{type: integer, format: int32, minimum: 1{schema}}}}}"


_CURSOR = "{name: cursor, in: query, schema: {type: string, maxLength: 99}}"

RULES = (
    LintRule(
        FindingRule(
            "list-without-paging",
            "A list comes whole.",
            Severity.WARNING,
            "It is short today. In two years it takes ten seconds and a gigabyte, and paging it then breaks every "
            "client.",
            "Add `limit` and `cursor` now; where the list is short by its nature, say so by `maxItems`.",
            _list("", "next: {type: string}, "),
            _list(_CURSOR, "next: {type: string}, "),
            category="resilience",
            references=("zalando:159", "aip:158", "owasp:API4:2023"),
        ),
        ("operation",),
        _unpaged,
    ),
    LintRule(
        FindingRule(
            "page-size-unbounded",
            "A client may ask for a page of any size.",
            Severity.WARNING,
            "`limit=1000000` is the whole list again, in one call, by anyone.",
            "Set `maximum` on the parameter.",
            _list(_sized(", default: 20"), "next: {type: string}, "),
            _list(_sized(", default: 20, maximum: 100"), "next: {type: string}, "),
            category="resilience",
            references=("aip:158", "owasp:API4:2023"),
        ),
        ("parameter",),
        _unbounded_page,
        having=("in",),
    ),
    LintRule(
        FindingRule(
            "page-size-without-default",
            "Nothing says how large a page is by default.",
            Severity.INFO,
            "Clients rely on what they see, and break when it changes.",
            "Set `default` on the parameter.",
            _list(_sized(", maximum: 100"), "next: {type: string}, "),
            _list(_sized(", maximum: 100, default: 20"), "next: {type: string}, "),
            category="resilience",
            tier=Tier.ALL,
            references=("aip:158",),
        ),
        ("parameter",),
        _page_default,
        having=("in",),
    ),
    LintRule(
        FindingRule(
            "page-without-next",
            "An answer with a page does not say whether there is another one.",
            Severity.INFO,
            "Clients ask until a page is empty, or stop one too early.",
            "Give a `next` cursor or link in the answer, or a `Link` header (RFC 8288).",
            _list(_CURSOR),
            _list(_CURSOR, "next: {type: string}, "),
            category="resilience",
            references=("zalando:161", "zalando:248", "aip:158", "rfc:8288"),
        ),
        ("operation",),
        _no_next,
    ),
    LintRule(
        FindingRule(
            "paging-by-offset",
            "The pages of a list are found by counting.",
            Severity.INFO,
            "What is added or removed meanwhile is shown twice or never; far pages cost as much as all before them.",
            "Use an opaque cursor.",
            _list(
                "{name: offset, in: query, schema: {type: string, maxLength: 99}}", "next: {type: string}, "
            ),
            _list(_CURSOR, "next: {type: string}, "),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:160", "aip:158"),
        ),
        ("operation",),
        _by_offset,
    ),
)
