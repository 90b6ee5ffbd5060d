"""Deprecation, and room to grow: what lets a contract change without surprising anyone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_SUCCESSOR = re.compile(
    r"\b(?:instead|replaced|superseded|in favou?r of|use|see|migrate|moved|successor|will be removed|no longer"
    r"|sunset|alternative|removed)\b|https?://|\]\(",
    re.IGNORECASE,
)
_SUNSETS = ("x-sunset", "x-sunset-date", "x-deprecated-until", "x-removal-date", "sunset")
_OPEN = ("x-extensible-enum", "x-open-enum")


def _unexplained(node: Node, _: Facts) -> Iterator[Problem]:
    if node.fields.get("deprecated") is not True:
        return
    texts = [
        node.fields.get(field)
        for field in ("description", "summary", "x-deprecation-reason", "x-deprecated-reason")
    ]
    if not any(isinstance(text, str) and _SUCCESSOR.search(text) for text in texts):
        yield Problem(
            node.place("deprecated"), f"{_called(node)} is deprecated, and nothing says what to use instead"
        )


def _no_sunset(node: Node, _: Facts) -> Iterator[Problem]:
    if node.fields.get("deprecated") is True and not any(node.fields.get(field) for field in _SUNSETS):
        yield Problem(
            node.place("deprecated"), f"{_called(node)} is deprecated, and nothing says until when it works"
        )


def _no_deprecation_header(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or node.fields.get("deprecated") is not True:
        return
    for response in endpoint.successes().values():
        if {header.key.lower() for header in response.all("headers")} & {"deprecation", "sunset"}:
            return
    yield Problem(
        node.place("deprecated"), f"no answer of {endpoint.title} tells its callers that it is deprecated"
    )


def _called(node: Node) -> str:
    """What a reader calls a thing that may be deprecated."""
    name = node.fields.get("operationId") or node.fields.get("name")
    if isinstance(name, str):
        return f"`{name}`"
    if node.kind == "operation" and node.parent is not None:
        return f"{node.key.upper()} {node.parent.key}"
    return f"`{node.key}`"


def _closed_enum(node: Node, facts: Facts) -> Iterator[Problem]:
    values = node.fields.get("enum")
    if id(node) not in facts.received or not isinstance(values, list) or len(values) == 1:
        return
    opened = any(field in node.fields for field in _OPEN)
    if not opened and all(isinstance(value, str) for value in values):
        at = node.place("enum")
        yield Problem(at, f"a further value of `{node.key}` breaks the clients that know these")


def _closed_answer(node: Node, facts: Facts) -> Iterator[Problem]:
    """An object in answers only, to which no property can be added."""
    closed = (
        node.fields.get("additionalProperties") is False or node.fields.get("unevaluatedProperties") is False
    )
    if closed and id(node) in facts.received and id(node) not in facts.sent:
        field = "additionalProperties" if "additionalProperties" in node.fields else "unevaluatedProperties"
        yield Problem(
            node.place(field), f"no property can be added to `{node.key}` without breaking strict clients"
        )


def _answered(schema: str) -> str:
    return operated(
        f'responses: {{"200": {{description: Orders, content: {{application/json: {{schema: {schema}}}}}}}}}',
        method="put",
    )


_OLD = "deprecated: true\nx-sunset: 2027-01-01\ndescription: Use orders instead."
_TOLD = "responses: {'204': {description: Done, headers: {Sunset: {schema: {type: string}}}}}"

RULES = (
    LintRule(
        FindingRule(
            "deprecated-without-successor",
            "Something is deprecated, and nothing says what to use instead.",
            Severity.WARNING,
            "Those who are told to leave are not told where to go, and stay.",
            "Say in the description what replaces it, or that nothing does and why.",
            operated("deprecated: true\nx-sunset: 2027-01-01\ndescription: Places an order."),
            operated(
                "deprecated: true\nx-sunset: 2027-01-01\ndescription: Places an order. Use `/baskets` instead."
            ),
            category="versioning",
            references=("zalando:187",),
        ),
        ("operation", "parameter", "schema", "header"),
        _unexplained,
        having=("deprecated",),
    ),
    LintRule(
        FindingRule(
            "deprecated-without-sunset",
            "Something is deprecated, and nothing says until when it works.",
            Severity.INFO,
            "Nobody plans a move that has no date; the day it is switched off is then a surprise.",
            "Set `x-sunset` to the day after which it may be gone.",
            operated(_OLD.replace("x-sunset: 2027-01-01\n", "")),
            operated(_OLD),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:187", "rfc:8594"),
        ),
        ("operation", "parameter", "schema", "header"),
        _no_sunset,
        having=("deprecated",),
    ),
    LintRule(
        FindingRule(
            "deprecation-not-sent",
            "No answer tells a caller that the operation is deprecated.",
            Severity.INFO,
            "Contracts are read once; answers are seen, logged and counted every day.",
            "Describe the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) on its answers.",
            operated(f"{_OLD}\n{_TOLD.replace('Sunset', 'Server')}"),
            operated(f"{_OLD}\n{_TOLD}"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:189", "rfc:9745", "rfc:8594"),
        ),
        ("operation",),
        _no_deprecation_header,
        having=("deprecated",),
    ),
    LintRule(
        FindingRule(
            "enum-closed",
            "An enum in an answer cannot grow.",
            Severity.INFO,
            "Every new value is a break for clients that were generated with the old ones.",
            "Use `x-extensible-enum`, and let clients expect values that they do not know.",
            _answered("{type: string, enum: [OPEN, PAID]}"),
            _answered("{type: string, x-extensible-enum: [OPEN, PAID]}"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:112", "aip:180"),
        ),
        ("schema",),
        _closed_enum,
        having=("enum",),
    ),
    LintRule(
        FindingRule(
            "answer-closed",
            "No property can be added to an answer.",
            Severity.INFO,
            "Clients that check what they receive refuse the first property that is new.",
            "Leave `additionalProperties` out of what servers send; close what clients send.",
            _answered("{type: object, additionalProperties: false, properties: {paid: {type: boolean}}}"),
            _answered("{type: object, properties: {paid: {type: boolean}}}"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:111", "zalando:108"),
        ),
        ("schema",),
        _closed_answer,
        having=("additionalProperties", "unevaluatedProperties"),
    ),
)
