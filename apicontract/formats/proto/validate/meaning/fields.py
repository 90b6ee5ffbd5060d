"""Checks on messages and their fields: what can never be built, removed, or told apart in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Severity
from apicontract.formats.proto.annotations import field_behaviors
from apicontract.formats.proto.elements import Cardinality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.elements import Field, Message
    from apicontract.formats.proto.validate.view import View

_LEGACY = "LEGACY_BEST_EFFORT"
_CONTRADICTORY = (
    ("REQUIRED", "OPTIONAL"),
    ("REQUIRED", "OUTPUT_ONLY"),
    ("INPUT_ONLY", "OUTPUT_ONLY"),
)


def required(view: View) -> Iterator[Finding]:
    """Required fields, once per message; those that require themselves are worse and told as that."""
    worse = {field.full_name for circle in _circles(view) for field in circle}
    for message in view.messages:
        found = [
            field
            for field in message.fields
            if field.cardinality is Cardinality.REQUIRED and field.full_name not in worse
        ]
        if found:
            names = ", ".join(f"`{field.name}`" for field in found)
            word = "field" if len(found) == 1 else "fields"
            yield view.finding(
                "field-required", found[0].place, f"`{message.full_name}` has the required {word} {names}"
            )


def requires_itself(view: View) -> Iterator[Finding]:
    """Messages that cannot be built, since building one needs another one first."""
    for circle in _circles(view):
        way = " → ".join(f"`{field.name}`" for field in circle)
        yield view.finding(
            "message-requires-itself",
            circle[0].place,
            f"no `{circle[-1].type_name}` can be built: its required fields {way} need another one",
        )


def _circles(view: View) -> Iterator[list[Field]]:
    """Circles of required fields, each once."""
    clear: set[str] = set()
    told: set[str] = set()
    for message in view.messages:
        circle = _needed_circle(message, clear)
        if circle and not told & {field.full_name for field in circle}:
            told |= {field.full_name for field in circle}
            yield circle


def _needed_circle(start: Message, clear: set[str]) -> list[Field]:
    """The required fields that lead from a message back to one that was met on the way; none if they end."""
    way: list[Field] = []
    met = {start.full_name: 0}
    stack = [(start, iter(_needed(start)))]
    while stack:
        message, rest = stack[-1]
        field = next(rest, None)
        if field is None:
            clear.add(message.full_name)
            met.pop(message.full_name, None)
            stack.pop()
            if way:
                way.pop()
            continue
        target = field.type_message
        if target is None or target.full_name in clear:
            continue
        if target.full_name in met:
            return [*way[met[target.full_name] :], field]
        way.append(field)
        met[target.full_name] = len(way)
        stack.append((target, iter(_needed(target))))
    return []


def _needed(message: Message) -> list[Field]:
    return [
        field
        for field in message.fields
        if field.cardinality is Cardinality.REQUIRED and field.type_message is not None
    ]


def json_names(view: View) -> Iterator[Finding]:
    """Fields with one key in JSON; the compiler lets proto2 and files with legacy JSON do that."""
    for message in view.messages:
        first: dict[str, Field] = {}
        for field in message.fields:
            other = first.setdefault(field.json_name, field)
            if other is not field:
                yield view.finding(
                    "json-name-collision",
                    field.at("name"),
                    f"the fields `{other.name}` and `{field.name}` have the same name in JSON:"
                    f" `{field.json_name}`",
                    severity=Severity.WARNING if _is_legacy(message) else None,
                )


def _is_legacy(message: Message) -> bool:
    """Whether its JSON only has to work as far as it did in proto2."""
    legacy = message.features.json_format == _LEGACY
    return legacy or message.options.deprecated_legacy_json_field_conflicts


def behaviors(view: View) -> Iterator[Finding]:
    """Fields whose `google.api.field_behavior` says two things that exclude each other."""
    for message in view.messages:
        for field in message.fields:
            stated = field_behaviors(field)
            for one, other in _CONTRADICTORY:
                if one in stated and other in stated:
                    yield view.finding(
                        "field-behavior-contradictory",
                        field.place,
                        f"`{field.name}` is {one} and {other} at once",
                    )
