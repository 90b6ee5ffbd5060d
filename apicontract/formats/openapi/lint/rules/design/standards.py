"""Values that have a standard or a unit: countries, currencies, languages, durations; and how many kinds of thing there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import NAMED, LintRule, Problem
from apicontract.formats.openapi.lint.words import snake, words
from apicontract.formats.openapi.validate.rules.documents import described, schemed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_STANDARDS = {
    "country": "ISO 3166-1", "country_code": "ISO 3166-1", "currency": "ISO 4217", "currency_code": "ISO 4217",
    "language_code": "BCP 47", "locale": "BCP 47", "time_zone": "the IANA time zones",
    "timezone": "the IANA time zones",
}  # fmt: skip
_SAID = ("format", "pattern", "enum", "const", "maxLength", "x-extensible-enum")
_SPANS = frozenset({"delay", "duration", "expiry", "interval", "lifetime", "timeout", "ttl"})
_UNITS = (
    "second", "minute", "hour", "day", "week", "month", "year", "millisecond", "microsecond", "nanosecond",
    " ms", "(ms)", "`ms`", "seconds",
)  # fmt: skip


def _no_standard(node: Node, facts: Facts) -> Iterator[Problem]:
    """A country, currency, language or time zone that may be written in any way."""
    for name, held in facts.called(node, lambda name: snake(name) in _STANDARDS):
        schema = facts.shape(held.followed())
        told = any(field in part.fields for part in (held, schema) for field in _SAID)
        standard = _STANDARDS[snake(name)]
        texts = (held.fields.get("description"), schema.fields.get("description"))
        said = any(
            isinstance(text, str) and any(mark in text for mark in ("ISO", "IANA", "BCP")) for text in texts
        )
        if not told and not said and "string" in facts.types(schema):
            yield Problem(held.place(), f"nothing says that `{name}` is written after {standard}")


def _no_unit(node: Node, facts: Facts) -> Iterator[Problem]:
    """A span of time as a number, with its unit neither in the name nor in the description."""
    for name, held in facts.called(node, lambda name: bool(_SPANS & {*words(name)[-1:]})):
        schema = facts.shape(held.followed())
        texts = (held.fields.get("description"), schema.fields.get("description"))
        said = any(isinstance(text, str) and any(unit in text.lower() for unit in _UNITS) for text in texts)
        if not said and facts.types(schema) & {"integer", "number"}:
            yield Problem(held.place(), f"`{name}` is a number of what?")


def _many_kinds(node: Node, facts: Facts) -> Iterator[Problem]:
    kinds = {part.lower() for path in facts.by_path for part in addresses.resources(path) if "{" not in part}
    most = facts.settings.max_resource_types
    if len(kinds) > most:
        yield Problem(
            node.place("paths"), f"the paths speak of {len(kinds)} kinds of thing; {most} is the limit"
        )


def _held(schema: str) -> str:
    return schemed(f"Order: {{type: object, properties: {{{schema}}}}}")


def _kinds(count: int) -> str:
    names = ("apples", "pears", "plums", "figs", "limes", "nuts", "dates", "grapes", "kiwis")
    done = "{put: {responses: {'204': {description: Done}}}}"
    return described("paths:\n" + "".join(f"  /{name}: {done}\n" for name in names[:count]))


RULES = (
    LintRule(
        FindingRule(
            "code-without-standard",
            "A country, currency, language or time zone may be written in any way.",
            Severity.INFO,
            "`DE`, `DEU`, `Germany` and `de_DE` all arrive, and each client guesses which is meant.",
            "Name the standard, and bound the value by `pattern` or `enum`.",
            _held("currency: {type: string}"),
            _held("currency: {type: string, pattern: '^[A-Z]{3}$', description: As in ISO 4217.}"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:170", "aip:143"),
        ),
        ("document", "parameter"),
        _no_standard,
        having=NAMED,
    ),
    LintRule(
        FindingRule(
            "duration-without-unit",
            "A span of time is a number, and nothing says of what.",
            Severity.WARNING,
            "Seconds and milliseconds look alike; a timeout is then a thousand times too long.",
            "Put the unit into the name (`timeoutSeconds`), or use an ISO 8601 duration (`format: duration`).",
            _held("timeout: {type: integer, format: int32}"),
            _held("timeoutSeconds: {type: integer, format: int32}"),
            category="design",
            references=("zalando:127", "aip:142"),
        ),
        ("document", "parameter"),
        _no_unit,
        having=NAMED,
    ),
    LintRule(
        FindingRule(
            "resource-types-too-many",
            "One contract speaks of many kinds of thing.",
            Severity.INFO,
            "Nobody takes it in as a whole, and a change for one kind is a new version for all.",
            "Look for the seam, and give each part a contract of its own.",
            _kinds(9),
            _kinds(8),
            category="design",
            tier=Tier.ALL,
            references=("zalando:146",),
        ),
        ("document",),
        _many_kinds,
        having=("paths",),
    ),
)
