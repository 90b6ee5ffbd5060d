"""Names that say what a thing is, that can be typed, and that cannot be taken for one another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import is_plural, snake, words
from apicontract.formats.openapi.validate.rules.documents import described, operated, schemed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_EXTENSION = re.compile(r"\.(?:json|ya?ml|xml|html?|csv|txt|php|aspx?|jsp|do|action|cgi)$", re.IGNORECASE)
_URL_SAFE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*")  # RFC 3986, section 2
_TYPEABLE = re.compile(r"[A-Za-z_$@][\w$@.:-]*", re.ASCII)
_CONVENTIONAL = {
    "page_size": "limit", "per_page": "limit", "max_results": "limit", "top": "limit", "take": "limit",
    "order_by": "sort", "sort_by": "sort", "sorting": "sort", "order": "sort",
    "search": "q", "query": "q", "term": "q",
    "select": "fields", "include": "embed", "expand": "embed",
    "skip": "offset", "start": "offset",
    "page_token": "cursor", "continuation_token": "cursor", "next_token": "cursor",
}  # fmt: skip


def _extension(node: Node, _: Facts) -> Iterator[Problem]:
    for item in node.children:
        parts = addresses.segments(item.key)
        found = _EXTENSION.search(parts[-1]) if parts else None
        if found is not None and not parts[-1].lower().startswith(
            ("openapi", "swagger", "robots", "favicon", ".")
        ):
            yield Problem(item.place(), f"{item.key} carries `{found[0]}` in its name")


def _singular(node: Node, facts: Facts) -> Iterator[Problem]:
    """The name of a collection (it has a path itself, and one for its items) that speaks of one thing."""
    for item in node.children:
        parts = addresses.resources(item.key)
        if not parts or addresses.has_variable(parts[-1]) or ":" in item.key:
            continue
        own = facts.by_path.get(addresses.shape(item.key), {})
        items = facts.by_path.get(f"{addresses.shape(item.key).rstrip('/')}/{{}}", {})
        lists = "get" in own and facts.listed(own["get"]) is not None
        adds = "post" in own and "201" in own["post"].responses
        if (
            (lists or adds)
            and items.keys() & {"get", "put", "patch", "delete"}
            and not is_plural(parts[-1], facts.settings.uncountable)
        ):
            yield Problem(item.place(), f"{item.key} holds many things, and its name speaks of one")


def _singular_array(node: Node, facts: Facts) -> Iterator[Problem]:
    for held in node.all("properties"):
        several = any(is_plural(word, facts.settings.uncountable) for word in words(held.key))
        if not several and facts.types(held) - {"null"} == {"array"}:
            yield Problem(held.place(), f"`{held.key}` is a list, and its name speaks of one")


def _prefixed_boolean(node: Node, facts: Facts) -> Iterator[Problem]:
    for name, held in facts.called(node, lambda name: words(name)[:1] == ("is",) and len(words(name)) > 1):
        if facts.types(held) - {"null"} == {"boolean"}:
            yield Problem(held.place(), f"`{name}` says `is`, which its type says already")


def _look_alikes(node: Node, _: Facts) -> Iterator[Problem]:
    """Names beside each other that differ in case or separators only."""
    fields = ("properties",) if node.kind == "schema" else ("schemas", "definitions", "paths")
    for field in fields:
        beside = node.fields.get(field)
        if field == "properties" and isinstance(beside, dict) and len(set(map(_flat, beside))) == len(beside):
            continue
        held = node.all(field)
        if field == "paths":
            held = [item for paths in held for item in paths.children]
        yield from _alike(held, paths=field == "paths")


def _alike(held: Iterable[Node], *, paths: bool) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for one in held:
        shown = addresses.shape(one.key) if paths else one.key
        known = first.setdefault(shown.lower() if paths else _flat(shown), shown)
        if known != shown:
            yield Problem(one.place(), f"`{one.key}` and `{known}` differ only in how they are written")


@lru_cache(maxsize=65536)
def _flat(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _untypeable(node: Node, facts: Facts) -> Iterator[Problem]:
    for name, held in facts.called(node, lambda name: not _TYPEABLE.fullmatch(name)):
        if held.kind == "schema":
            yield Problem(held.place(), f"`{name}` cannot be a name in any language")


def _x_header(node: Node, _: Facts) -> Iterator[Problem]:
    """A header of one's own that says `X-`; those of others that are in use everywhere are not one's own."""
    if node.kind == "parameter":
        name = node.fields.get("name") if node.fields.get("in") == "header" else None
    else:
        name = (
            node.key
            if node.field == "headers" and node.parent is not None and node.parent.kind == "response"
            else None
        )
    if (
        isinstance(name, str)
        and name.lower().startswith("x-")
        and not name.lower().startswith(("x-forwarded", "x-b3"))
    ):
        yield Problem(node.place(), f"`{name}` says that it is not standard")


def _unsafe_id(node: Node, _: Facts) -> Iterator[Problem]:
    name = node.fields.get("operationId")
    if isinstance(name, str) and not _URL_SAFE.fullmatch(name):
        yield Problem(node.place("operationId"), f"`{name}` has signs that a URL cannot hold")


def _undated_name(node: Node, _: Facts) -> Iterator[Problem]:
    for held in node.all("properties"):
        if held.followed().fields.get("format") == "date-time" and words(held.key)[-1:] != ("at",):
            yield Problem(held.place(), f"`{held.key}` is a moment, and its name does not end with `at`")


def _number_id(node: Node, facts: Facts) -> Iterator[Problem]:
    for name, held in facts.called(node, lambda name: name.lower() == "id"):
        if "integer" in facts.types(held):
            yield Problem(held.place(), f"`{name}` is a number")


def _unconventional(node: Node, _: Facts) -> Iterator[Problem]:
    name = node.fields.get("name")
    usual = (
        _CONVENTIONAL.get(snake(name)) if isinstance(name, str) and node.fields.get("in") == "query" else None
    )
    if usual is not None:
        yield Problem(node.place("name"), f"`{name}` is usually called `{usual}`")


def _pathed(*paths: str) -> str:
    lines = []
    for path in paths:
        names = addresses.variables(path)
        listed = ", ".join(
            f"{{name: {name}, in: path, required: true, schema: {{type: boolean}}}}" for name in names
        )
        lines.append(
            f"  {path}: {{post: {{parameters: [{listed}], responses: {{'201': {{description: There}}}}}}, "
        )
        lines[-1] += f"delete: {{parameters: [{listed}], responses: {{'204': {{description: Done}}}}}}}}"
    return described("paths:\n" + "\n".join(lines))


def _asked(name: str, where: str = "query") -> str:
    return operated(
        f"parameters: [{{name: {name}, in: {where}, schema: {{type: boolean}}}}]", method="delete"
    )


def _held(properties: str) -> str:
    return schemed(f"Order: {{type: object, properties: {{{properties}}}}}")


RULES = (
    LintRule(
        FindingRule(
            "path-has-extension",
            "A path ends with the extension of a file.",
            Severity.WARNING,
            "The format, or the technology behind it, becomes part of the address; another format needs another "
            "one.",
            "Leave it out; `Accept` and `Content-Type` say which format is meant.",
            _pathed("/orders.json"),
            _pathed("/orders"),
            category="naming",
            references=("zalando:172", "rfc:9110#12.5.1"),
        ),
        ("paths",),
        _extension,
    ),
    LintRule(
        FindingRule(
            "collection-singular",
            "The name of a collection speaks of one thing.",
            Severity.INFO,
            "`/order/7` reads well and `/order` does not: clients guess which of the two forms you use.",
            "Use the plural: `/orders` and `/orders/{orderId}`.",
            _pathed("/order", "/order/{orderId}"),
            _pathed("/orders", "/orders/{orderId}"),
            category="naming",
            references=("zalando:134", "aip:122", "redocly:path-segment-plural"),
        ),
        ("paths",),
        _singular,
    ),
    LintRule(
        FindingRule(
            "array-singular",
            "The name of a list speaks of one thing.",
            Severity.INFO,
            "Code that reads `order.line` looks right and is wrong.",
            "Use the plural.",
            _held("line: {type: array, items: {type: boolean}}"),
            _held("lines: {type: array, items: {type: boolean}}"),
            category="naming",
            tier=Tier.ALL,
            references=("zalando:120", "aip:140"),
        ),
        ("schema",),
        _singular_array,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "boolean-prefixed",
            "The name of a boolean begins with `is`.",
            Severity.INFO,
            "Generators add `is` to the accessor of a boolean: `isIsPaid`.",
            "Use the word alone: `paid`.",
            _held("isPaid: {type: boolean}"),
            _held("paid: {type: boolean}"),
            category="naming",
            tier=Tier.ALL,
            references=("aip:140",),
        ),
        ("document",),
        _prefixed_boolean,
    ),
    LintRule(
        FindingRule(
            "names-look-alike",
            "Two names differ only in how they are written.",
            Severity.WARNING,
            "People take one for the other; generated code and files on many systems have one name for both.",
            "Take one of them out, or give it a name of its own.",
            _held("userid: {type: boolean}, userId: {type: boolean}, paid: {type: boolean}"),
            _held("userid: {type: boolean}, paid: {type: boolean}"),
            category="naming",
            references=("zalando:118",),
        ),
        ("schema", "components", "document"),
        _look_alikes,
        having=("properties", "schemas", "definitions", "paths"),
    ),
    LintRule(
        FindingRule(
            "property-not-typeable",
            "The name of a property cannot be a name in any language.",
            Severity.INFO,
            "Generated code must invent another one, each generator its own.",
            "Use letters, digits and underscores, and begin with a letter.",
            _held("'+1': {type: boolean}"),
            _held("'plus': {type: boolean}"),
            category="naming",
            tier=Tier.ALL,
            references=("zalando:118", "aip:140"),
        ),
        ("document",),
        _untypeable,
    ),
    LintRule(
        FindingRule(
            "header-x-prefixed",
            "The name of a header begins with `X-`.",
            Severity.INFO,
            "The prefix was given up: what begins as private becomes a standard, and then has two names.",
            "Leave `X-` out; the name of the company makes a header your own.",
            _asked("X-Dry-Run", "header"),
            _asked("Dry-Run", "header"),
            category="naming",
            tier=Tier.ALL,
            references=("rfc:6648#3",),
        ),
        ("parameter", "header"),
        _x_header,
    ),
    LintRule(
        FindingRule(
            "operation-id-not-url-safe",
            "An operationId has signs that a URL cannot hold.",
            Severity.WARNING,
            "Links and pages of documentation use it in addresses, and generated code in names.",
            "Use letters, digits, `-`, `_` and `.`.",
            operated("operationId: place order"),
            operated("operationId: placeorder"),
            category="naming",
            references=(
                "spectral:operation-operationId-valid-in-url",
                "redocly:operation-operationId-url-safe",
            ),
        ),
        ("operation",),
        _unsafe_id,
        having=("operationId",),
    ),
    LintRule(
        FindingRule(
            "moment-not-called-at",
            "The name of a moment does not end with `at`.",
            Severity.INFO,
            "`created` may be a date, a person or a yes; `created_at` is a moment at first sight.",
            "Let the name end with `_at`.",
            _held("created: {type: string, format: date-time}"),
            _held("createdAt: {type: string, format: date-time}"),
            category="naming",
            tier=Tier.ALL,
            references=("zalando:235",),
        ),
        ("schema",),
        _undated_name,
        having=("properties",),
    ),
    LintRule(
        FindingRule(
            "id-is-number",
            "An id is a number.",
            Severity.INFO,
            "Nobody calculates with it, leading zeros are lost, and the day it becomes a UUID every client breaks.",
            "Use an opaque string.",
            _held("id: {type: integer, format: int32}"),
            _held("id: {type: string}"),
            category="naming",
            tier=Tier.ALL,
            references=("zalando:174", "aip:148"),
        ),
        ("document",),
        _number_id,
    ),
    LintRule(
        FindingRule(
            "query-parameter-unusual",
            "A query parameter has another name than is usual.",
            Severity.INFO,
            "Clients of many APIs try `limit`, `sort` and `q` first.",
            "Use `q`, `sort`, `fields`, `embed`, `offset`, `cursor`, `limit`.",
            _asked("orderBy"),
            _asked("sort"),
            category="naming",
            tier=Tier.ALL,
            references=("zalando:137",),
        ),
        ("parameter",),
        _unconventional,
        having=("in",),
    ),
)
