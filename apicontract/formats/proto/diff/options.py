"""Options that change neither bytes nor promises: those of one language's code, who may see a name, the rest.

What the options of fields, files and methods mean to all who use them is told where these are compared.
Source: descriptor.proto, FeatureSet and its extensions; "Feature Settings for Editions", visibility.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import Verdict, fixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.message import Message as AnyMessage

    from apicontract.formats.proto.elements import Enum, EnumValue, Field, Message, Method, Service
    from apicontract.formats.proto.model import File
    from apicontract.sources import Place

    Optioned: TypeAlias = Message | Enum | EnumValue | Service | Method | Field

_RESOLVED = (
    "field_presence",
    "enum_type",
    "repeated_field_encoding",
    "utf8_validation",
    "message_encoding",
    "json_format",
    "enforce_naming_style",
    "default_symbol_visibility",
)
_LOCAL = 1  # SymbolVisibility
_ALL_LOCAL, _TOP_EXPORTED, _STRICT = 3, 2, 4  # FeatureSet.VisibilityFeature.DefaultSymbolVisibility


def compare_options(
    kind: str, label: str, old: Optioned, new: Optioned, told: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """What the options of an element say otherwise; `told` are those that are reported elsewhere."""
    places = old.at("options"), new.at("options")
    yield from compare_stated(kind, label, old.options, new.options, *places, told=told)


def compare_stated(
    kind: str, label: str, old: AnyMessage, new: AnyMessage, *places: Place, told: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """The same for options as such."""
    if old == new:
        return
    if _of_languages(old) != _of_languages(new):
        yield Difference(
            "language-feature-changed",
            f"{label}: a feature of one language changed, which its generated code sees",
            fixed(source=Level.MAJOR),
            places[0],
            places[1],
        )
    if _others(old, told) != _others(new, told):
        yield Difference(
            f"{kind}-option-changed",
            f"{label}: an option changed that changes neither bytes nor code",
            Verdict(),
            places[0],
            places[1],
        )


def compare_visibility(
    kind: str, label: str, old: Message | Enum, new: Message | Enum
) -> Iterator[Difference]:
    """Whether other files may use the name (edition 2024)."""
    was, now = is_local(old), is_local(new)
    if was != now:
        yield Difference(
            f"{kind}-became-local" if now else f"{kind}-exported",
            f"{label}: other files may {'not use it any more' if now else 'use it'}",
            fixed(source=Level.MAJOR if now else Level.MINOR),
            old.place,
            new.place,
        )


def compare_json_format(
    kind: str, label: str, old: Message | Enum, new: Message | Enum
) -> Iterator[Difference]:
    """Whether its JSON is promised to work; what a syntax implies of that is no change by itself."""
    was, now = old.features.json_format, new.features.json_format
    if was != now and old.file.syntax == new.file.syntax:
        weaker = now == "LEGACY_BEST_EFFORT"
        yield Difference(
            f"{kind}-json-{'best-effort' if weaker else 'promised'}",
            f"{label}: its JSON is {'not ' if weaker else ''}promised to work{' any more' if weaker else ''}",
            fixed(json=Level.MINOR),
            old.place,
            new.place,
            was,
            now,
        )


def is_local(element: Message | Enum) -> bool:
    """Whether only its own file may use it."""
    stated = element.proto.visibility
    if stated:
        return bool(stated == _LOCAL)
    rule = _default_visibility(element.file)
    if rule == _TOP_EXPORTED:
        return element.parent is not None
    return rule in (_ALL_LOCAL, _STRICT)


def _default_visibility(file: File) -> int:
    stated = int(file.options.features.default_symbol_visibility)
    if stated:
        return stated
    return _TOP_EXPORTED if file.syntax.isdigit() and int(file.syntax) >= 2024 else 1  # noqa: PLR2004  # an edition


def _of_languages(options: AnyMessage) -> bytes:
    """The features that are none of protobuf's own: `(pb.cpp)`, `(pb.java)`, ..."""
    if not options.HasField("features"):
        return b""
    features = options.features  # type: ignore[attr-defined]  # all options have it
    rest = type(features)()
    rest.CopyFrom(features)
    for name in _RESOLVED:
        rest.ClearField(name)
    data: bytes = rest.SerializeToString(deterministic=True)
    return data


def _others(options: AnyMessage, told: tuple[str, ...]) -> bytes:
    """The options that nothing else looks at."""
    rest = type(options)()
    rest.CopyFrom(options)
    for name in ("features", "deprecated", *told):
        if name in rest.DESCRIPTOR.fields_by_name:
            rest.ClearField(name)
    return rest.SerializeToString(deterministic=True)
