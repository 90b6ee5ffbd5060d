"""What a client may send without end: arrays, strings, numbers, further properties, calls (OWASP API4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import operated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_SHORT_FORMATS = frozenset(
    {
        "date", "date-time", "time", "duration", "uuid", "ipv4", "ipv6", "byte-range", "char", "hostname",
        "idn-hostname", "email", "idn-email",
    }
)  # fmt: skip
_SHAPED = frozenset({"maxLength", "pattern", "enum", "const"})
_JOINTS = frozenset({"allOf", "oneOf", "anyOf"})
_BOUNDED = frozenset({"enum", "const"})


def _named(node: Node) -> str:
    """What a reader calls a schema: its property, its component, its parameter."""
    entry = ""
    for above in node.above():
        if above.kind in {"parameter", "header"}:
            name = above.fields.get("name")
            return f"{entry}`{name if isinstance(name, str) else above.key}`"
        if above.field in {"properties", "schemas", "definitions"}:
            return f"{entry}`{above.key}`"
        if above.field in {"items", "prefixItems", "additionalProperties", "patternProperties"}:
            entry = "an entry of "
    return f"{entry}the body"


def _is_sent(node: Node, facts: Facts) -> bool:
    return id(node) in facts.sent and node.fields.get("readOnly") is not True


def _array(node: Node, facts: Facts) -> Iterable[Problem]:
    named = node.fields.get("type")
    if named != "array" and isinstance(named, str) and node.target is None:
        return ()  # as most are
    if "array" in facts.types(node) and "maxItems" not in node.fields and _is_sent(node, facts):
        return (Problem(node.place(), f"{_named(node)} may have any number of entries"),)
    return ()


def _string(node: Node, facts: Facts) -> Iterator[Problem]:
    fields = node.fields
    loose = _SHAPED.isdisjoint(fields) and node.text("format") not in _SHORT_FORMATS
    if _is_sent(node, facts) and loose and "string" in facts.types(node):
        yield Problem(node.place(), f"{_named(node)} may be of any length")


def _number(node: Node, facts: Facts) -> Iterator[Problem]:
    fields = node.fields
    if not facts.types(node) & {"integer", "number"} or _BOUNDED & fields.keys() or not _is_sent(node, facts):
        return
    below = "minimum" in fields or "exclusiveMinimum" in fields
    above = "maximum" in fields or "exclusiveMaximum" in fields
    if not (below and above):
        sizes = "small" if above else "large" if below else "large or small"
        yield Problem(node.place(), f"{_named(node)} may be as {sizes} as the client likes")


def _object(node: Node, facts: Facts) -> Iterator[Problem]:
    """An object that declares properties, is only sent by clients, and takes names that nobody declared."""
    fields = node.fields
    closed = fields.get("additionalProperties", True) is not True or "unevaluatedProperties" in fields
    joined = node.field in _JOINTS or _JOINTS & fields.keys()
    if not closed and not joined and _is_sent(node, facts) and id(node) not in facts.received:
        yield Problem(node.place(), f"{_named(node)} takes any further property")


def _rates(node: Node, facts: Facts) -> Iterator[Problem]:
    """A contract in which no operation says what happens to those who call too often."""
    told = any("429" in endpoint.responses or "4XX" in endpoint.responses for endpoint in facts.endpoints)
    if facts.endpoints and not told:
        yield Problem(node.place("paths"), "no operation describes 429, the answer to too many calls")


def _rate(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if (
        endpoint is not None
        and not {"429", "4XX"} & endpoint.responses.keys()
        and not facts.is_technical(endpoint)
    ):
        yield Problem(node.place(), f"{endpoint.title} does not describe 429, the answer to too many calls")


def _taken(schema: str) -> str:
    return operated(f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}")


_LISTED = "{{type: object, additionalProperties: false, properties: {{lines: {}}}}}"
_LIMITED = operated(
    "summary: Place an order\n"
    'responses: {"204": {description: Done}, '
    '"429": {description: Slow down, headers: {Retry-After: {schema: {type: integer}}}}}'
)
_REFERENCES = ("owasp:API4:2023",)

RULES = (
    LintRule(
        FindingRule(
            "input-array-unbounded",
            "A client may send any number of entries.",
            Severity.WARNING,
            "One call can fill the memory or keep a worker busy for minutes.",
            "Set `maxItems`.",
            _taken(_LISTED.format("{type: array, items: {type: boolean}}")),
            _taken(_LISTED.format("{type: array, maxItems: 100, items: {type: boolean}}")),
            category="security",
            references=(*_REFERENCES, "spectral:owasp:api4:2023-array-limit"),
        ),
        ("schema",),
        _array,
        having=("type",),
    ),
    LintRule(
        FindingRule(
            "input-string-unbounded",
            "A client may send a string of any length.",
            Severity.INFO,
            "One call can fill the memory, the log or the column behind it; the error then comes from the "
            "database.",
            "Set `maxLength`, or `pattern`, `enum` or a format that bounds it.",
            _taken(_LISTED.format("{type: string}")),
            _taken(_LISTED.format("{type: string, maxLength: 200}")),
            category="security",
            tier=Tier.ALL,
            references=(
                *_REFERENCES,
                "spectral:owasp:api4:2023-string-limit",
                "spectral:owasp:api4:2023-string-restricted",
            ),
        ),
        ("schema",),
        _string,
        having=("type",),
    ),
    LintRule(
        FindingRule(
            "input-number-unbounded",
            "A client may send a number of any size.",
            Severity.INFO,
            "Overflows, negative quantities and pages of a million rows begin with a number that nobody bounded.",
            "Set `minimum` and `maximum`.",
            _taken(_LISTED.format("{type: integer, format: int32, minimum: 1}")),
            _taken(_LISTED.format("{type: integer, format: int32, minimum: 1, maximum: 100}")),
            category="security",
            tier=Tier.ALL,
            references=(*_REFERENCES, "spectral:owasp:api4:2023-integer-limit"),
        ),
        ("schema",),
        _number,
        having=("type",),
    ),
    LintRule(
        FindingRule(
            "input-object-open",
            "A client may send properties that nobody declared.",
            Severity.INFO,
            "A misspelt optional property is dropped in silence, and a server that copies what it is sent can be "
            "made to store anything.",
            "Set `additionalProperties: false` on what only clients send; what servers send stays open.",
            _taken("{type: object, properties: {paid: {type: boolean}}}"),
            _taken("{type: object, properties: {paid: {type: boolean}}, additionalProperties: false}"),
            category="security",
            tier=Tier.ALL,
            references=(
                "owasp:API3:2023",
                "spectral:owasp:api3:2023-no-additional",
                "spectral:owasp:api3:2023-no-unevaluated",
            ),
        ),
        ("schema",),
        _object,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "rate-limit-undescribed",
            "No operation describes the answer to too many calls.",
            Severity.WARNING,
            "Clients are written without waiting and retrying, and fail on the first day of load.",
            "Describe 429 with `Retry-After` where calls are limited; limit them where they are not.",
            operated("summary: Place an order"),
            _LIMITED,
            category="security",
            references=(*_REFERENCES, "zalando:153", "rfc:6585#4", "spectral:owasp:api4:2023-rate-limit"),
        ),
        ("document",),
        _rates,
        having=("paths",),
    ),
    LintRule(
        FindingRule(
            "operation-without-rate-limit",
            "An operation does not describe the answer to too many calls.",
            Severity.INFO,
            "Its clients do not know that they may have to wait, nor how long.",
            "Describe 429 with `Retry-After`; one shared response will do.",
            operated("summary: Place an order"),
            _LIMITED,
            category="security",
            tier=Tier.ALL,
            references=(*_REFERENCES, "zalando:153", "spectral:owasp:api4:2023-rate-limit-responses-429"),
        ),
        ("operation",),
        _rate,
    ),
)
