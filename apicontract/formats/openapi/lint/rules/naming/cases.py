"""The style of names: the one that is set, or the one that most names of the contract have.

Names with signs of their own (`filter[name]`, `@type`) are left out: no style says how to write them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.usage import shelves_of
from apicontract.formats.openapi.lint.words import styles, usual_style, written
from apicontract.formats.openapi.validate.rules.documents import described, operated, schemed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.lint.lint_rule import Check
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Place

    #: A name, how its place is found, and what names of its kind are called.
    Named = Iterator[tuple[str, Callable[[], Place]]]

_PLAIN = re.compile(r"_?[A-Za-z][A-Za-z0-9_-]*")


def _checked(named: Callable[[Facts], Named], setting: str, kind: str) -> Check:
    """A check of all the names that `named` gives, against the setting or against most of them."""

    def check(_: Node, facts: Facts) -> Iterator[Problem]:
        found: dict[str, Callable[[], Place]] = {}
        for name, place in named(facts):
            found.setdefault(name, place)
        plain = [name for name in found if _PLAIN.fullmatch(name)]
        wanted: str = getattr(facts.settings, setting)
        case = wanted or usual_style(plain, facts.settings.majority)
        for name in plain:
            if case and case not in styles(name.lstrip("_")):
                rest = f"{case} is asked for" if wanted else f"most {kind} are in {case}"
                yield Problem(found[name](), f"`{name}` would be `{written(name, case)}`: {rest}")

    return check


def _path_segments(facts: Facts) -> Named:
    for item in (item for paths in facts.nodes("paths") for item in paths.children):
        for part in addresses.resources(item.key):
            if not addresses.has_variable(part):
                yield part.partition(".")[0], item.place


def _parameters(facts: Facts, where: str) -> Named:
    for node in facts.nodes("parameter"):
        name = node.fields.get("name")
        if node.fields.get("in") == where and isinstance(name, str):
            yield name, lambda node=node: node.place("name")  # type: ignore[misc]


def _headers(facts: Facts) -> Named:
    yield from _parameters(facts, "header")
    for node in facts.nodes("header"):
        if node.field == "headers" and node.parent is not None and node.parent.kind == "response":
            yield node.key, node.place


def _properties(facts: Facts) -> Named:
    for name, held in facts.by_name.items():
        yield name, held[0].place


def _schemas(facts: Facts) -> Named:
    shelves = shelves_of(facts)
    for node in (*shelves.get("schemas", ()), *shelves.get("definitions", ())):
        yield node.key, node.place


def _enum_values(facts: Facts) -> Named:
    for kind in ("schema", "parameter", "items"):
        for node in facts.nodes(kind):
            values = node.fields.get("enum")
            for at, value in enumerate(values if isinstance(values, list) else ()):
                if isinstance(value, str):
                    yield value, lambda node=node, at=at: node.place("enum", at)  # type: ignore[misc]


def _operation_ids(facts: Facts) -> Named:
    for node in facts.nodes("operation"):
        name = node.fields.get("operationId")
        if isinstance(name, str):
            yield name, lambda node=node: node.place("operationId")  # type: ignore[misc]


def _pathed(*paths: str) -> str:
    return described(
        "paths:\n"
        + "\n".join(f"  {path}: {{put: {{responses: {{'204': {{description: Done}}}}}}}}" for path in paths)
    )


def _asked(*names: str, where: str = "query") -> str:
    listed = ", ".join(f"{{name: {name}, in: {where}, schema: {{type: boolean}}}}" for name in names)
    return operated(f"parameters: [{listed}]", method="delete")


def _held(*names: str) -> str:
    return schemed(
        f"Order: {{type: object, properties: {{{', '.join(f'{name}: {{type: boolean}}' for name in names)}}}}}"
    )


def _schemas_named(*names: str) -> str:
    return schemed("\n".join(f"{name}: {{type: boolean}}" for name in names))


def _identified(*names: str) -> str:
    done = "responses: {'204': {description: Done}}"
    return described(
        "paths:\n"
        + "\n".join(
            f"  /orders{at}: {{put: {{operationId: {name}, {done}}}}}" for at, name in enumerate(names)
        )
    )


_MIXED = "Whoever writes a client must look every name up, and generated code turns two styles into one name."
_ADVICE = (
    "Keep to one style; `{setting}` in the settings of lint says which, if the most usual one is not it."
)


def _case_rule(
    rule_id: str, title: str, setting: str, check: Check, bad: str, good: str, references: tuple[str, ...],
    tier: Tier = Tier.RECOMMENDED,
) -> LintRule:  # fmt: skip
    """A rule on the style of one kind of name; all of them have one reason and one remedy."""
    return LintRule(
        FindingRule(
            rule_id,
            title,
            Severity.INFO,
            _MIXED,
            _ADVICE.format(setting=setting.replace("_", "-")),
            bad,
            good,
            category="naming",
            tier=tier,
            references=references,
        ),
        ("document",),
        check,
    )


RULES = (
    _case_rule(
        "path-segment-case",
        "A segment of a path is not in the style of the others.",
        "path_case",
        _checked(_path_segments, "path_case", "segments"),
        _pathed("/sales-orders", "/stock-lists", "/cancelReasons"),
        _pathed("/sales-orders", "/stock-lists", "/cancel-reasons"),
        ("zalando:129", "aip:122", "redocly:paths-kebab-case", "vacuum:paths-kebab-case"),
    ),
    _case_rule(
        "query-parameter-case",
        "A query parameter is not in the style of the others.",
        "query_case",
        _checked(lambda facts: _parameters(facts, "query"), "query_case", "query parameters"),
        _asked("only_paid", "with_lines", "isSent"),
        _asked("only_paid", "with_lines", "is_sent"),
        ("zalando:130",),
    ),
    _case_rule(
        "header-case",
        "A header is not in the style of the others.",
        "header_case",
        _checked(_headers, "header_case", "headers"),
        _asked("request_id", where="header"),
        _asked("Request-Id", where="header"),
        ("zalando:132",),
        tier=Tier.ALL,
    ),
    _case_rule(
        "property-case",
        "A property is not in the style of the others.",
        "property_case",
        _checked(_properties, "property_case", "properties"),
        _held("paidInFull", "fullyPacked", "sent_away"),
        _held("paidInFull", "fullyPacked", "sentAway"),
        ("zalando:118", "aip:140", "vacuum:camel-case-properties"),
    ),
    _case_rule(
        "schema-name-case",
        "The name of a schema is not in the style of the others.",
        "schema_case",
        _checked(_schemas, "schema_case", "schema names"),
        _schemas_named("SalesOrder", "StockList", "cancel_reason"),
        _schemas_named("SalesOrder", "StockList", "CancelReason"),
        ("aip:190",),
    ),
    _case_rule(
        "enum-value-case",
        "A value of an enum is not in the style of the others.",
        "enum_case",
        _checked(_enum_values, "enum_case", "values of enums"),
        schemed("State: {type: string, enum: [NOT_PAID, NOT_SENT, allDone]}"),
        schemed("State: {type: string, enum: [NOT_PAID, NOT_SENT, ALL_DONE]}"),
        ("zalando:240", "aip:126"),
        tier=Tier.ALL,
    ),
    _case_rule(
        "operation-id-case",
        "An operationId is not in the style of the others.",
        "operation_id_case",
        _checked(_operation_ids, "operation_id_case", "operationIds"),
        _identified("placeOrder", "cancelOrder", "Send_order"),
        _identified("placeOrder", "cancelOrder", "sendOrder"),
        ("vacuum:operation-operationId",),
    ),
)
