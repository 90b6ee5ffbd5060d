"""Options of a field that matter to those who use it: what generated code returns, and what is promised.

Source: descriptor.proto, FieldOptions; google/api/field_behavior.proto and AIP-203 for field behaviours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.annotations import FIELD_BEHAVIOR, field_behaviors
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed
from apicontract.formats.proto.diff.options import compare_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.elements import Field, Message

_SAME, _PART, _LOST = Effect.SAME, Effect.PART, Effect.LOST
_ASKED, _ANSWERED = (_LOST, _SAME), (_SAME, _LOST)  # it matters in what a client sends, or what it gets
# behaviour -> (what it means for who sends or reads the field, the effect of adding it)
_BEHAVIOURS = {
    "REQUIRED": ("it is always there, and requests without it are refused", _ASKED),
    "OUTPUT_ONLY": ("what a request says in it is ignored", _ASKED),
    "IMMUTABLE": ("requests that change it are refused", _ASKED),
    "INPUT_ONLY": ("responses do not have it", _ANSWERED),
    "UNORDERED_LIST": ("the order of its elements means nothing", (_SAME, _PART)),
    "NON_EMPTY_DEFAULT": ("the server fills it in if it is empty", (_SAME, _PART)),
    "IDENTIFIER": ("it names the resource", (_SAME, _PART)),
}
_REPRESENTATIONS = {
    "jstype": ("field-js-type-changed", "JavaScript code gets it as another type"),
    "ctype": ("field-cpp-type-changed", "C++ code gets it as another type"),
}
_TOLD = ("jstype", "ctype", "packed")


def compare_field_options(old: Field, new: Field, label: str) -> Iterator[Difference]:
    """What its options say otherwise."""
    if old.options == new.options:
        return
    for option, (rule, text) in _REPRESENTATIONS.items():
        was, now = getattr(old.options, option), getattr(new.options, option)
        if was != now:
            yield Difference(
                rule,
                f"{label}: {text}",
                fixed(source=Level.MAJOR),
                old.at("options", option),
                new.at("options", option),
                _name(option, was),
                _name(option, now),
            )
    behaviours = list(_behaviours(old, new, label))
    yield from behaviours
    for found in compare_options("field", label, old, new, _TOLD):
        if not behaviours or found.rule != "field-option-changed":
            yield found


def required_from_now(old: Message, new: Field, label: str) -> Iterator[Difference]:
    """A field that is added and said to be required: requests of old clients do not have it."""
    if "REQUIRED" in field_behaviors(new):
        meaning, effect = _BEHAVIOURS["REQUIRED"]
        yield Difference(
            "field-behavior-required-added",
            f"{label}: {meaning}",
            Verdict(effect, effect),
            old.place,
            new.at("options", FIELD_BEHAVIOR),
            now=", ".join(field_behaviors(new)),
            as_set=True,
        )


def _behaviours(old: Field, new: Field, label: str) -> Iterator[Difference]:
    before, after = field_behaviors(old), field_behaviors(new)
    places = old.at("options", FIELD_BEHAVIOR), new.at("options", FIELD_BEHAVIOR)
    for name in dict.fromkeys((*before, *after)):
        if name not in _BEHAVIOURS or (name in before) == (name in after):
            continue
        meaning, effect = _BEHAVIOURS[name]
        added = name in after
        word = name.lower().replace("_", "-")
        yield Difference(
            f"field-behavior-{word}-{'added' if added else 'removed'}",
            f"{label}: {meaning}" if added else f"{label}: it is not true any more that {meaning}",
            Verdict(effect, effect) if added else fixed(Level.MINOR, Level.MINOR),
            *places,
            ", ".join(before),
            ", ".join(after),
            as_set=added and effect is _ASKED,
        )


def _name(option: str, value: int) -> str:
    from google.protobuf import descriptor_pb2

    enum = descriptor_pb2.FieldOptions.JSType if option == "jstype" else descriptor_pb2.FieldOptions.CType
    return enum.Name(value)  # type: ignore[arg-type]  # the value is one of this enum
