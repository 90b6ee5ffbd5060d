"""What the contract tells about parts: parameters, schemas, properties, answers, scopes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described, operated, schemed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_PLACEHOLDER = re.compile(
    r"\W*(?:todo|tbd|tba|fixme|xxx+|lorem ipsum.*|string|description|n/?a|none|null|undefined|-+|\?+|test"
    r"|(?:add|insert|write|your) (?:a )?(?:description|text|summary)(?: here)?|default response|to be (?:defined|done))\W*",
    re.IGNORECASE | re.DOTALL,
)
_TOLD = (
    "info", "tag", "path-item", "operation", "parameter", "request-body", "response", "header", "schema",
    "example", "link", "server", "security-scheme", "external-docs",
)  # fmt: skip
_LONGEST, _MOST_SPACES = 80, 12  # no placeholder is longer
_UNSAID = re.compile(r"\b(?:TODO|TBD|FIXME)\b")


def _silent_parameter(node: Node, facts: Facts) -> Iterator[Problem]:
    """A parameter that neither itself nor its schema describes."""
    if node.reference is not None or not isinstance(node.fields.get("name"), str):
        return
    if not node.fields.get("description") and not facts.shape(node).fields.get("description"):
        yield Problem(node.place(), f"nothing says what the parameter `{node.fields['name']}` does")


def _silent_schema(node: Node, _: Facts) -> Iterator[Problem]:
    if node.field not in {"schemas", "definitions"} or node.parent is None or node.parent.kind == "schema":
        return
    if node.reference is None and not node.fields.get("description") and not node.fields.get("title"):
        yield Problem(node.place(), f"nothing says what `{node.key}` is")


def _silent_property(node: Node, _: Facts) -> Iterator[Problem]:
    for held in node.all("properties"):
        told = held.fields.get("description") or held.followed().fields.get("description")
        if isinstance(held.value, dict) and not told:
            yield Problem(held.place(), f"nothing says what `{held.key}` is")


def _silent_response(node: Node, _: Facts) -> Iterator[Problem]:
    description = node.fields.get("description")
    if node.reference is None and isinstance(description, str) and not description.strip():
        yield Problem(node.place("description"), f"nothing says what {node.key} means")


def _placeholder(node: Node, _: Facts) -> Iterator[Problem]:
    for field in ("description", "summary"):
        text = node.fields.get(field)
        if not isinstance(text, str):
            continue
        if len(text) < _LONGEST and _is_placeholder(text):
            yield Problem(node.place(field), f"the {field} is still to be written: `{text.strip()}`")
        elif ("TODO" in text or "TBD" in text or "FIXME" in text) and (found := _UNSAID.search(text)):
            yield Problem(node.place(field), f"the {field} still says {found[0]}")


@lru_cache(maxsize=65536)
def _is_placeholder(text: str) -> bool:
    return text.count(" ") <= _MOST_SPACES and bool(text.strip()) and _PLACEHOLDER.fullmatch(text) is not None


def _silent_scope(node: Node, _: Facts) -> Iterator[Problem]:
    scopes = node.fields.get("scopes")
    for scope, text in scopes.items() if isinstance(scopes, dict) else ():
        if not isinstance(scope, str) or scope.startswith("x-"):
            continue
        if not isinstance(text, str) or not text.strip() or text.strip() == scope:
            yield Problem(node.place("scopes", scope), f"nothing says what the scope `{scope}` allows")


def _asked(description: str) -> str:
    return operated(
        f"parameters: [{{name: paid, in: query, {description}schema: {{type: boolean}}}}]", method="delete"
    )


def _scoped(scopes: str) -> str:
    flow = f"{{clientCredentials: {{tokenUrl: 'https://id.acme-shop.com', scopes: {scopes}}}}}"
    return described(
        f"paths: {{}}\ncomponents: {{securitySchemes: {{login: {{type: oauth2, flows: {flow}}}}}}}"
    )


RULES = (
    LintRule(
        FindingRule(
            "parameter-undocumented",
            "Nothing says what a parameter does.",
            Severity.INFO,
            "Names of parameters are short; what they select, in which unit, and what happens without them is not "
            "in the name.",
            "Describe it, with its unit and what happens when it is left out.",
            _asked(""),
            _asked("description: Only those that are paid., "),
            category="documentation",
            references=(
                "spectral:oas3-parameter-description",
                "spectral:oas2-parameter-description",
                "redocly:parameter-description",
            ),
        ),
        ("parameter",),
        _silent_parameter,
    ),
    LintRule(
        FindingRule(
            "schema-undocumented",
            "Nothing says what a schema of the components is.",
            Severity.INFO,
            "It is the vocabulary of the API: two teams read two things into one word.",
            "Define the word in a sentence.",
            schemed("Order: {type: boolean}"),
            schemed("Order: {type: boolean, description: What a customer wants to have.}"),
            category="documentation",
            tier=Tier.ALL,
            references=("zalando:101", "vacuum:component-description"),
        ),
        ("schema",),
        _silent_schema,
    ),
    LintRule(
        FindingRule(
            "property-undocumented",
            "Nothing says what a property is.",
            Severity.INFO,
            "Units, sources and exceptions are known to its author only.",
            "Describe it.",
            schemed("Order: {type: object, properties: {paid: {type: boolean}}}"),
            schemed(
                "Order: {type: object, properties: {paid: {type: boolean, description: All of it has arrived.}}}"
            ),
            category="documentation",
            tier=Tier.ALL,
            references=("zalando:101", "vacuum:oas3-missing-property-description"),
        ),
        ("schema",),
        _silent_property,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "response-undocumented",
            "The description of an answer is empty.",
            Severity.INFO,
            "OpenAPI requires it for a reason: when a status is answered is not in its number.",
            "Say when it is answered.",
            operated("responses: {'204': {description: ''}}", method="delete"),
            operated("responses: {'204': {description: The order is gone.}}", method="delete"),
            category="documentation",
            references=("zalando:151",),
        ),
        ("response",),
        _silent_response,
        having=("description",),
    ),
    LintRule(
        FindingRule(
            "text-still-to-write",
            "A text is still to be written.",
            Severity.WARNING,
            "Placeholders pass every check for missing texts, and stay.",
            "Write it, or leave it out.",
            operated("description: TODO"),
            operated("description: Places an order."),
            category="documentation",
            references=("zalando:101",),
        ),
        _TOLD,
        _placeholder,
        having=("description", "summary"),
    ),
    LintRule(
        FindingRule(
            "scope-undocumented",
            "Nothing says what a scope allows.",
            Severity.INFO,
            "People are asked to grant it, and see its description.",
            "Say what may be done with it.",
            _scoped("{orders: ''}"),
            _scoped("{orders: Read and place orders}"),
            category="documentation",
            tier=Tier.ALL,
            references=("zalando:225",),
        ),
        ("oauth-flow", "security-scheme"),
        _silent_scope,
        having=("scopes",),
    ),
)
