"""Rules on names: the style of each kind of name, prefixes of values of enums, suffixes of services.

Source: the style guide of the Protocol Buffers documentation; AIP-126, 140, 191, 215.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.elements import Enum, EnumValue, Field, Message, Method, Oneof, Service
from apicontract.formats.proto.lint import cases
from apicontract.formats.proto.lint.facts import Package
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.wording import a
from apicontract.formats.proto.model import File
from apicontract.formats.proto.validate.rules.texts import files, orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.formats.proto.lint.facts import Facts
    from apicontract.formats.proto.lint.lint_rule import E

    #: The words of a style, the check of it, the name written in it.
    Style = tuple[str, Callable[[str], bool], Callable[[str], str]]

    #: What has a short name.
    Named = Message | Field | Oneof | Enum | EnumValue | Service | Method

_PASCAL: Style = ("PascalCase", cases.is_pascal, cases.pascal)
_LOWER: Style = ("lower_snake_case", cases.is_lower_snake, cases.lower_snake)
_UPPER: Style = ("UPPER_SNAKE_CASE", cases.is_upper_snake, cases.upper_snake)
_CALL = "service OrderService {\n  rpc %s(OrderQuery) returns (Order);\n}\n\nmessage OrderQuery {}\n\nmessage Order {}"
_RENAMING = "Rename it in the next major version: names are part of generated code, and of JSON in fields and values of enums."


def _styled(
    kind: type[E], what: str, style: Style, buf: str, bad: str, good: str, *references: str
) -> LintRule[E]:
    """The rule that names of a kind are in a style."""
    case, fits, written = style

    def check(named: Named, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
        if not fits(named.name):
            yield Problem(named.at("name"), f"`{named.name}` would be `{written(named.name)}` in {case}")

    rule = FindingRule(
        f"{what.replace(' ', '-')}-name-case",
        f"{a(what)} is not named in {case}.",
        Severity.WARNING,
        "Generators make names of their languages out of it by rules that suppose this style. Other styles come out"
        " odd, and two names may become one.",
        _RENAMING,
        bad,
        good,
        references=(f"buf:{buf}", *references),
    )
    return LintRule(rule, kind, check)  # type: ignore[arg-type]  # each of these has a name


def _package_case(package: Package, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if all(map(cases.is_lower_snake, package.name.split("."))) or not package.name:
        return
    meant = ".".join(map(cases.lower_snake, package.name.split(".")))
    for file in package.files:
        yield Problem(file.element.at("package"), f"the package `{package.name}` would be `{meant}`")


def _file_case(file: File, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    name = file.name.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    if not cases.is_lower_snake(stem):
        meant = f"{cases.lower_snake(stem)}{dot}{extension}"
        yield Problem(file.element.place, f"the file `{name}` would be called `{meant}`")


def _value_prefix(enum: Enum, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    prefix = f"{cases.upper_snake(enum.name)}_"
    for value in enum.values:
        if not value.name.startswith(prefix):
            yield Problem(
                value.at("name"), f"`{value.name}` of `{enum.full_name}` does not begin with `{prefix}`"
            )


def _zero_suffix(value: EnumValue, facts: Facts) -> Iterator[Problem]:
    suffix = facts.settings.enum_zero_suffix
    if value.number == 0 and not value.name.endswith(suffix):
        yield Problem(
            value.at("name"),
            f"the zero of `{value.enum.full_name}` is `{value.name}`, which does not end in `{suffix}`",
        )


def _service_suffix(service: Service, facts: Facts) -> Iterator[Problem]:
    suffix = facts.settings.service_suffix
    if not service.name.endswith(suffix):
        yield Problem(service.at("name"), f"the service `{service.name}` does not end in `{suffix}`")


_CASES = (
    _styled(
        Message,
        "message",
        _PASCAL,
        "MESSAGE_PASCAL_CASE",
        orders("message order_line {}"),
        orders("message OrderLine {}"),
    ),
    _styled(
        Field,
        "field",
        _LOWER,
        "FIELD_LOWER_SNAKE_CASE",
        orders("message Order {\n  string customerId = 1;\n}"),
        orders("message Order {\n  string customer_id = 1;\n}"),
        "aip:140",
    ),
    _styled(
        Oneof,
        "oneof",
        _LOWER,
        "ONEOF_LOWER_SNAKE_CASE",
        orders("message Order {\n  oneof PaidBy {\n    string card = 1;\n    string iban = 2;\n  }\n}"),
        orders("message Order {\n  oneof paid_by {\n    string card = 1;\n    string iban = 2;\n  }\n}"),
    ),
    _styled(
        Enum,
        "enum",
        _PASCAL,
        "ENUM_PASCAL_CASE",
        orders("enum order_state {\n  ORDER_STATE_UNSPECIFIED = 0;\n}"),
        orders("enum OrderState {\n  ORDER_STATE_UNSPECIFIED = 0;\n}"),
        "aip:126",
    ),
    _styled(
        EnumValue,
        "enum value",
        _UPPER,
        "ENUM_VALUE_UPPER_SNAKE_CASE",
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_Paid = 1;\n}"),
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_PAID = 1;\n}"),
        "aip:126",
    ),
    _styled(
        Service,
        "service",
        _PASCAL,
        "SERVICE_PASCAL_CASE",
        orders("service order_Service {}"),
        orders("service Order_Service {}").replace("Order_Service", "OrderService"),
    ),
    _styled(
        Method, "rpc", _PASCAL, "RPC_PASCAL_CASE", orders(_CALL % "getOrder"), orders(_CALL % "GetOrder")
    ),
)

RULES = (
    *_CASES,
    LintRule(
        FindingRule(
            "package-name-case",
            "A package is not named in lower_snake_case.",
            Severity.WARNING,
            "Packages become directories, modules and import paths; on file systems that do not tell capitals apart,"
            " two of them may become one.",
            _RENAMING,
            orders("message Order {}", package="acme.orderLines.v1"),
            orders("message Order {}", package="acme.order_lines.v1"),
            references=("buf:PACKAGE_LOWER_SNAKE_CASE", "aip:215"),
        ),
        Package,
        _package_case,
    ),
    LintRule(
        FindingRule(
            "file-name-case",
            "A file is not named in lower_snake_case.",
            Severity.WARNING,
            "Generators make names of modules and classes out of the name of the file; dashes and capitals come out"
            " differently in each language.",
            "Rename the file, and the imports of it.",
            files(acme__orders__v1__orderLines=orders("message Order {}")),
            files(acme__orders__v1__order_lines=orders("message Order {}")),
            references=("buf:FILE_LOWER_SNAKE_CASE", "aip:191"),
        ),
        File,
        _file_case,
    ),
    LintRule(
        FindingRule(
            "enum-value-prefix-missing",
            "A value of an enum does not begin with the name of the enum.",
            Severity.WARNING,
            "Values are siblings of their enum, so that two enums beside each other cannot both have a value"
            " `UNKNOWN`; in C++ and Go the name stands without that of the enum.",
            "Begin the values of `OrderState` with `ORDER_STATE_`, in the next major version where JSON is used.",
            orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  PAID = 1;\n}"),
            orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_PAID = 1;\n}"),
            tier=Tier.ALL,
            references=("buf:ENUM_VALUE_PREFIX",),
        ),
        Enum,
        _value_prefix,
    ),
    LintRule(
        FindingRule(
            "enum-zero-suffix-missing",
            "The zero of an enum does not have the team's suffix.",
            Severity.WARNING,
            "One word for 'nobody said' in all enums is found by readers and by tools. Whether a zero that is called"
            " otherwise does harm is what `enum-zero-value-has-meaning` of validation tells.",
            "Call it `STATE_UNSPECIFIED`; `enum-zero-suffix` in the configuration names another suffix.",
            orders("enum State {\n  STATE_UNKNOWN = 0;\n  STATE_PAID = 1;\n}"),
            orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_PAID = 1;\n}"),
            tier=Tier.ALL,
            references=("buf:ENUM_ZERO_VALUE_SUFFIX", "aip:126"),
        ),
        EnumValue,
        _zero_suffix,
    ),
    LintRule(
        FindingRule(
            "service-suffix-missing",
            "The name of a service does not have the team's suffix.",
            Severity.WARNING,
            "A message `Order` and a service `Order` cannot stand in one package; with the suffix they never meet.",
            "Call it `OrderService`; `service-suffix` in the configuration names another suffix.",
            orders("service Orders {}"),
            orders("service OrderService {}"),
            tier=Tier.ALL,
            references=("buf:SERVICE_SUFFIX",),
        ),
        Service,
        _service_suffix,
    ),
)
