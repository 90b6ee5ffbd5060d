"""Names of types and formats: in the words of OpenAPI, not in those of one programming language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import schemed
from apicontract.sources.alterations import Drop, Put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

# Formats that are written for a registered one (JSON Schema 2020-12 "Validation" 7.3, OpenAPI format registry).
_MEANT = {
    "datetime": "date-time", "dateTime": "date-time", "DateTime": "date-time", "date_time": "date-time",
    "iso8601": "date-time", "iso-8601": "date-time", "iso-date-time": "date-time", "rfc3339": "date-time",
    "timestamp": "date-time", "Date": "date", "full-date": "date",
    "guid": "uuid", "UUID": "uuid", "GUID": "uuid", "uuid4": "uuid", "uuidv4": "uuid",
    "url": "uri", "URL": "uri", "URI": "uri", "uri_reference": "uri-reference", "URI-reference": "uri-reference",
    "mail": "email", "e-mail": "email", "Email": "email", "ip": "ipv4", "IPv4": "ipv4", "IPv6": "ipv6",
    "host": "hostname", "int": "int32", "integer": "int32", "long": "int64", "Int32": "int32", "Int64": "int64",
    "regexp": "regex", "base64": "byte",
}  # fmt: skip
_EMPTY_FORMATS = frozenset({"string", "boolean", "bool", "number", "object", "array", "text", "str"})
_NUMERIC = frozenset({"int32", "int64"})
_LANGUAGE = re.compile(
    r"(?:javax?|jakarta|kotlin|scala|org\.joda|system|com|numpy|pandas)\.[A-Za-z.]+"
    r"|(?:datetime64|Int64Index|DateTimeOffset|BigDecimal|BigInteger|LocalDate(?:Time)?|ZonedDateTime"
    r"|OffsetDateTime|ArrayList|HashMap|LinkedHashMap|HashSet|ResponseEntity|IEnumerable|ICollection|IList"
    r"|NSString|NSDate|NSNumber|StringBuilder|TimeSpan|varchar|nvarchar|smallint|bigint|tinyint)\d*"
)
_GENERIC = re.compile(r"[«<`]|\[\]$")
_WRAPPED = re.compile(
    r"(?:ResponseEntity|ArrayList|HashMap|IEnumerable|ICollection|IList|Optional|CompletableFuture)(?:Of)?[«<_A-Z`].*"
)


def _misspelt(node: Node, facts: Facts) -> Iterator[Problem]:
    """A format that no tool knows, beside one that every tool does."""
    written = node.fields.get("format")
    if not isinstance(written, str):
        return
    meant = _MEANT.get(written)
    if meant is not None and (meant in _NUMERIC) == bool(facts.types(node) & {"integer", "number"}):
        place = node.place("format")
        told = f"no tool knows the format `{written}`: is `{meant}` meant?"
        yield Problem(place, told, remedy=(Put(place, meant),))
    elif written in _EMPTY_FORMATS:
        place = node.place("format")
        told = f"the format `{written}` says nothing that the type does not say"
        remedy = (Drop(place),) if "type" in node.fields else ()
        yield Problem(place, told, remedy=remedy, fix=Fix.SAFE)


@lru_cache(maxsize=4096)
def _is_of_language(name: str) -> bool:
    return _LANGUAGE.fullmatch(name) is not None


def _language(node: Node, _: Facts) -> Iterator[Problem]:
    """A format or the name of a component that is a type of one programming language or database."""
    written = node.fields.get("format")
    if isinstance(written, str) and _is_of_language(written):
        yield Problem(node.place("format"), f"the format `{written}` is a type of one language")


def _generic(node: Node, _: Facts) -> Iterator[Problem]:
    for field in ("schemas", "definitions"):
        for held in node.all(field):
            if _GENERIC.search(held.key) or _LANGUAGE.fullmatch(held.key) or _WRAPPED.fullmatch(held.key):
                yield Problem(held.place(), f"the schema `{held.key}` is named after a type of one language")


def _formatted(written: str) -> str:
    return schemed(f"Order: {{type: object, properties: {{placed: {{type: string, format: {written}}}}}}}")


RULES = (
    LintRule(
        FindingRule(
            "format-misspelt",
            "A format is misspelt, or only repeats the type.",
            Severity.WARNING,
            "Unknown formats are ignored: nothing is checked, and generated code has a plain string or number.",
            "Write the registered name: `date-time`, `uuid`, `uri`, `int32`.",
            _formatted("datetime"),
            _formatted("date-time"),
            category="design",
            fix=Fix.UNSAFE,
            mends="Writes the format that is meant. One that only repeats the type is taken out, which is "
            "safe.",
            references=("zalando:238", "zalando:171", "oas:3.1.1#data-type-format"),
        ),
        ("schema", "parameter", "items", "header"),
        _misspelt,
        having=("format",),
    ),
    LintRule(
        FindingRule(
            "format-of-one-language",
            "A format is a type of one programming language or database.",
            Severity.WARNING,
            "Readers in other languages cannot know what it stands for, and yours cannot be changed any more.",
            "Use a registered format, and describe what is special about the value.",
            _formatted("java.time.LocalDate"),
            _formatted("date"),
            category="design",
            references=("zalando:238", "oas:3.1.1#data-type-format"),
        ),
        ("schema", "parameter", "items", "header"),
        _language,
        having=("format",),
    ),
    LintRule(
        FindingRule(
            "schema-named-after-language",
            "A schema is named after a type of one programming language.",
            Severity.WARNING,
            "The name shows how the server is built, not what the thing is, and generators turn it into names "
            "that cannot be typed.",
            "Name it after what it holds: `OrderPage` for `Page«Order»`.",
            schemed("ResponseEntityOrder: {type: object, properties: {paid: {type: boolean}}}"),
            schemed("Order: {type: object, properties: {paid: {type: boolean}}}"),
            category="design",
            references=("zalando:142",),
        ),
        ("components", "document"),
        _generic,
        having=("schemas", "definitions"),
    ),
)
