"""Rules on comments: everything that can be named says what it is, and what is deprecated says so first.

Source: AIP-192; a directive to a tool is no comment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.elements import Enum, EnumValue, Field, Message, Method, Oneof, Service
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.wording import a
from apicontract.formats.proto.validate.rules.texts import orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts
    from apicontract.formats.proto.lint.lint_rule import E

    #: What can have a comment and be named.
    Named = Message | Field | Oneof | Enum | EnumValue | Service | Method

_FIELD = "message Order {\n%s  string id = 1;\n}"
_ONEOF = "message Order {\n%s  oneof paid_by {\n    string card = 1;\n  }\n}"
_VALUE = "enum State {\n%s  STATE_UNSPECIFIED = 0;\n}"
_RPC = (
    "service OrderService {\n%s  rpc GetOrder(GetOrderRequest) returns (GetOrderResponse);\n}\n\n"
    "message GetOrderRequest {}\n\nmessage GetOrderResponse {}"
)


def _uncommented(kind: type[E], what: str, buf: str, text: str, comment: str, tier: Tier) -> LintRule[E]:
    """The rule that a kind of element has a comment above it; `text` has a place for one."""

    def check(named: Named, facts: Facts) -> Iterator[Problem]:
        if facts.comment(named) == "":
            yield Problem(named.place, f"`{named.full_name}` has no comment above it")

    rule = FindingRule(
        f"{what.replace(' ', '-')}-uncommented",
        f"{a(what)} has no comment.",
        Severity.INFO,
        "Comments become the documentation of generated code and of references: who calls the API sees them, and"
        " nothing else of what was meant.",
        "Write above it what it is, in units and limits where it has some. A comment behind it, or with an empty line"
        " between, does not belong to it.",
        orders(text % ""),
        orders(text % comment),
        tier=tier,
        references=(f"buf:{buf}", "aip:192"),
    )
    return LintRule(rule, kind, check)  # type: ignore[arg-type]  # each of these has a place and a name


def _undeprecated(named: Field | Method, facts: Facts) -> Iterator[Problem]:
    said = facts.comment(named) if named.deprecated else None
    if said is not None and "deprecated" not in said.lower():
        yield Problem(
            named.place,
            f"`{named.full_name}` is deprecated, and its comment does not tell what to use instead",
        )


def _unexplained(kind: type[E], what: str, bad: str, good: str) -> LintRule[E]:
    rule = FindingRule(
        f"{what}-deprecation-unexplained",
        f"{a(what)} is deprecated, and no comment says what to use instead.",
        Severity.INFO,
        "The option makes compilers warn whoever uses it; what to do about that only a comment can say.",
        "Begin the comment with `Deprecated:` and name what takes its place.",
        orders(bad),
        orders(good),
        references=("aip:192",),
    )
    return LintRule(rule, kind, _undeprecated)  # type: ignore[arg-type]  # each of these may be deprecated


RULES = (
    _uncommented(
        Service,
        "service",
        "COMMENT_SERVICE",
        "%sservice OrderService {}",
        "// Orders of customers.\n",
        Tier.RECOMMENDED,
    ),
    _uncommented(Method, "rpc", "COMMENT_RPC", _RPC, "  // Gets an order.\n", Tier.RECOMMENDED),
    _uncommented(
        Message, "message", "COMMENT_MESSAGE", "%smessage Order {}", "// What a customer bought.\n", Tier.ALL
    ),
    _uncommented(
        Enum,
        "enum",
        "COMMENT_ENUM",
        "%senum State {\n  STATE_UNSPECIFIED = 0;\n}",
        "// How far it is.\n",
        Tier.ALL,
    ),
    _uncommented(Field, "field", "COMMENT_FIELD", _FIELD, "  // Unique among all orders.\n", Tier.ALL),
    _uncommented(Oneof, "oneof", "COMMENT_ONEOF", _ONEOF, "  // How it was paid.\n", Tier.ALL),
    _uncommented(EnumValue, "enum value", "COMMENT_ENUM_VALUE", _VALUE, "  // Nobody said.\n", Tier.ALL),
    _unexplained(
        Field,
        "field",
        "message Order {\n  // The number.\n  string number = 1 [deprecated = true];\n}",
        "message Order {\n  // Deprecated: use `name`.\n  string number = 1 [deprecated = true];\n}",
    ),
    _unexplained(
        Method,
        "rpc",
        _RPC.replace(";\n}", " {\n    option deprecated = true;\n  }\n}", 1) % "  // Gets an order.\n",
        _RPC.replace(";\n}", " {\n    option deprecated = true;\n  }\n}", 1)
        % "  // Deprecated: use `FindOrder`.\n",
    ),
)
