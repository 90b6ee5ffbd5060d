"""Rules on fields: the types of those that have a meaning everywhere, points in time, counts, words.

Source: AIP-132, 134, 140 to 142, 148, 154, 155, 157, 158, 163; AIP-191 for options of files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.elements import Cardinality, Field, Kind
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.model import File
from apicontract.formats.proto.validate.rules.texts import orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts

_TIMESTAMP, _MASK = "google.protobuf.Timestamp", "google.protobuf.FieldMask"
_DURATION = "google.protobuf.Duration"
_MEANT = {  # AIP-148 unless another is named
    "create_time": _TIMESTAMP,
    "update_time": _TIMESTAMP,
    "delete_time": _TIMESTAMP,
    "expire_time": _TIMESTAMP,
    "purge_time": _TIMESTAMP,
    "display_name": "string",
    "etag": "string",  # 154
    "uid": "string",
    "request_id": "string",  # 155
    "page_size": "int32",  # 158
    "page_token": "string",
    "next_page_token": "string",
    "order_by": "string",  # 132
    "show_deleted": "bool",
    "allow_missing": "bool",  # 134
    "validate_only": "bool",  # 163
    "update_mask": _MASK,  # 134
    "read_mask": _MASK,  # 157
}
_MANY = (Cardinality.REPEATED, Cardinality.MAP)
_NO_TIME = frozenset({Kind.MESSAGE, Kind.GROUP, Kind.ENUM, Kind.BOOL, Kind.BYTES})
_UNITS = ("_seconds", "_secs", "_millis", "_ms", "_nanos", "_minutes", "_hours")
_WHOLE = frozenset({Kind.INT32, Kind.INT64, Kind.UINT32, Kind.UINT64, Kind.SINT32, Kind.SINT64,
                    Kind.FIXED32, Kind.FIXED64, Kind.SFIXED32, Kind.SFIXED64})  # fmt: skip
_UNSIGNED = frozenset({Kind.UINT32, Kind.UINT64, Kind.FIXED32, Kind.FIXED64})
_PREPOSITIONS = frozenset(
    {"after", "at", "before", "between", "but", "by", "except", "for", "from", "in", "including", "into",
     "of", "on", "over", "per", "since", "to", "toward", "under", "upon", "with", "within", "without"}
)  # fmt: skip
_USUAL = frozenset({"order_by", "group_by"})
_OWN_NAMES = (
    "display_name",
    "given_name",
    "family_name",
    "full_name",
    "middle_name",
    "resource_name",
    "full_resource_name",
    "crypto_key_name",
    "file_name",
    "host_name",
)
_JAVA = ("java_package", "java_multiple_files", "java_outer_classname")


def _standard_type(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    wanted = _MEANT.get(field.name)
    if wanted is None:
        return
    found = field.type_name or str(field.kind)
    if field.cardinality in _MANY:
        found = f"a list or map of `{found}`"
    elif found in (wanted, "google.protobuf.StringValue") or (
        wanted == "bool" and found.endswith("BoolValue")
    ):
        return
    else:
        found = f"`{found}`"
    yield Problem(field.place, f"`{field.full_name}` is {found}, and everywhere else `{wanted}`")


def _time_scalar(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if (
        field.name.endswith(("_time", "_timestamp"))
        and field.name not in _MEANT
        and field.kind not in _NO_TIME
    ):
        yield Problem(field.place, f"`{field.full_name}` holds a time as {field.kind}")


def _time_name(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if field.type_name != _TIMESTAMP or field.cardinality is Cardinality.MAP:
        return
    many = field.cardinality is Cardinality.REPEATED
    if not f"_{field.name}".endswith(("_times", "_timestamps") if many else "_time"):
        yield Problem(
            field.at("name"), f"`{field.full_name}` is a point in time, and its name does not end in `_time`"
        )


def _duration(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    unit = next((unit for unit in _UNITS if field.name.endswith(unit)), "")
    if unit and field.kind in _WHOLE:
        yield Problem(field.place, f"`{field.full_name}` holds a length of time as {field.kind}")


def _unsigned(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if field.kind in _UNSIGNED:
        yield Problem(field.place, f"`{field.full_name}` is {field.kind}")


def _count(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    for prefix in ("num_", "number_of_"):
        if field.name.startswith(prefix) and field.kind in _WHOLE:
            noun = field.name.removeprefix(prefix).removesuffix("s")
            yield Problem(field.at("name"), f"`{field.name}` would be `{noun}_count`")


def _preposition(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    found = [word for word in field.name.split("_") if word in _PREPOSITIONS]
    if found and field.name not in _USUAL:
        yield Problem(field.at("name"), f"`{field.full_name}` has the preposition `{found[0]}` in its name")


def _name_suffix(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if field.name.endswith("_name") and field.kind is Kind.STRING and not field.name.endswith(_OWN_NAMES):
        noun = field.name.removesuffix("_name")
        yield Problem(field.at("name"), f"`{field.full_name}` would be `{noun}` if it names a resource")


def _is(field: Field, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if field.kind is Kind.BOOL and field.name.startswith("is_"):
        yield Problem(field.at("name"), f"`{field.full_name}` would be `{field.name.removeprefix('is_')}`")


def _java(file: File, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    missing = [name for name in _JAVA if not file.options.HasField(name)]  # type: ignore[arg-type]  # names of it
    if missing and file.package:
        listed = ", ".join(f"`{name}`" for name in missing)
        yield Problem(file.element.at("package"), f"`{file.name}` says nothing for {listed}")


def _field(
    rule_id: str, title: str, why: str, advice: str, fields: tuple[str, str], *references: str,
    tier: Tier = Tier.ALL, severity: Severity = Severity.INFO, imports: str = "",
) -> FindingRule:  # fmt: skip
    """A rule whose examples are a message with one field."""
    bad, good = (orders(f"message Order {{\n  {one} = 1;\n}}", imports=imports) for one in fields)
    return FindingRule(rule_id, title, severity, why, advice, bad, good, tier=tier, references=references)


_TIME_IMPORT = "google/protobuf/timestamp.proto"
_DURATION_IMPORT = "google/protobuf/duration.proto"


def _imported(text: str, path: str) -> str:
    return text.replace("package acme.orders.v1;\n", f'package acme.orders.v1;\nimport "{path}";\n', 1)


_SCALAR_TIME = orders("message Order {\n  int64 shipping_time = 1;\n}")
_REAL_TIME = _imported(orders(f"message Order {{\n  {_TIMESTAMP} shipping_time = 1;\n}}"), _TIME_IMPORT)
_SECONDS = orders("message Order {\n  int64 return_seconds = 1;\n}")
_REAL_DURATION = _imported(
    orders(f"message Order {{\n  {_DURATION} return_duration = 1;\n}}"), _DURATION_IMPORT
)
_WITHOUT_JAVA = orders("message Order {}")
_OPTIONS = 'option java_multiple_files = true;\noption java_outer_classname = "OrdersProto";\noption java_package = "com.acme.orders.v1";'

RULES = (
    LintRule(
        _field(
            "standard-field-type",
            "A field with a name that means the same everywhere has another type.",
            "Clients, generators and readers take `create_time`, `page_token` or `update_mask` for what they are in every"
            " other API.",
            "Give it the usual type, or another name if it is something else.",
            ("int64 page_size", "int32 page_size"),
            "aip:148",
            "aip:158",
            "aip:134",
            "aip:154",
            "aip:155",
            "aip:157",
            "aip:163",
            tier=Tier.RECOMMENDED,
            severity=Severity.WARNING,
        ),
        Field,
        _standard_type,
    ),
    LintRule(
        FindingRule(
            "time-as-scalar",
            "A point in time is a number or a text.",
            Severity.WARNING,
            "Seconds or milliseconds, which zone, which format: nobody can tell, and JSON shows a number.",
            "Use `google.protobuf.Timestamp`; a time of day is a `google.type.TimeOfDay`, a length of time a"
            " `google.protobuf.Duration` that is called so.",
            _SCALAR_TIME,
            _REAL_TIME,
            references=("aip:142",),
        ),
        Field,
        _time_scalar,
    ),
    LintRule(
        _field(
            "time-name",
            "The name of a point in time does not end in `_time`.",
            "In one API every point in time is found by its name: `create_time`, not `created` here and `created_at` there.",
            "Call it `create_time`, with the verb in its plain form.",
            (f"{_TIMESTAMP} shipped", f"{_TIMESTAMP} ship_time"),
            "aip:142",
            "aip:148",
            imports=_TIME_IMPORT,
        ),
        Field,
        _time_name,
    ),
    LintRule(
        FindingRule(
            "duration-as-number",
            "A length of time is a number with its unit in the name.",
            Severity.INFO,
            "A finer unit needs another field one day; `google.protobuf.Duration` has them all.",
            "Use `google.protobuf.Duration`.",
            _SECONDS,
            _REAL_DURATION,
            tier=Tier.ALL,
            references=("aip:142",),
        ),
        Field,
        _duration,
    ),
    LintRule(
        _field(
            "number-unsigned",
            "A number is unsigned.",
            "Java and JavaScript have no unsigned numbers: large values come out negative, or lose their last digits.",
            "Take int32 or int64, and say that it is not negative.",
            ("uint32 weight_grams", "int32 weight_grams"),
            "aip:141",
        ),
        Field,
        _unsigned,
    ),
    LintRule(
        _field(
            "count-name",
            "A count begins with `num_`.",
            "Counts are found by one name in all APIs, as `item_count`.",
            "End it in `_count`, in the next major version.",
            ("int32 num_items", "int32 item_count"),
            "aip:141",
        ),
        Field,
        _count,
    ),
    LintRule(
        _field(
            "field-name-preposition",
            "The name of a field has a preposition.",
            "Such names are whole phrases, which come out differently each time: `reason_for_return`, `return_reason`.",
            "Put the noun last: `return_reason`.",
            ("string reason_for_return", "string return_reason"),
            "aip:140",
        ),
        Field,
        _preposition,
    ),
    LintRule(
        _field(
            "field-name-suffix",
            "The name of a field ends in `_name`.",
            "A field that holds the name of another resource is called after the resource; `display_name` and names of"
            " people are no finding.",
            "Call it `customer`.",
            ("string customer_name", "string customer"),
            "aip:122",
        ),
        Field,
        _name_suffix,
    ),
    LintRule(
        _field(
            "boolean-prefix",
            "The name of a boolean begins with `is_`.",
            "Generated accessors put it in front themselves: `isIsPaid`.",
            "Leave the prefix out.",
            ("bool is_paid", "bool paid"),
            "aip:140",
        ),
        Field,
        _is,
    ),
    LintRule(
        FindingRule(
            "java-options-missing",
            "A file does not say where its Java classes go.",
            Severity.INFO,
            "Without the options all classes of a file become parts of one, in a package named as in protobuf; to move them"
            " later breaks everyone who has them imported.",
            "State `java_package`, `java_multiple_files` and `java_outer_classname`.",
            _WITHOUT_JAVA,
            orders(f"{_OPTIONS}\n\nmessage Order {{}}"),
            tier=Tier.ALL,
            references=("aip:191",),
        ),
        File,
        _java,
    ),
)
