"""What generated models are made of.

Their base class, enumerations that may grow, bytes and exact numbers in JSON.

Read tolerantly, write exactly: names and values that the contract does not know are kept when they arrive,
and what was not set is not sent. Knows no protocol.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    PlainSerializer,
    Tag,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import to_jsonable_python


class Model(BaseModel):
    """The base of every model: unknown members are kept; members have their Python name or the contract's."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
        defer_build=True,
        polymorphic_serialization=True,
    )


kind = Tag  # the name of a member of a family


def by_kind(
    kinds: Mapping[str, str],
    properties: Sequence[str],
    *,
    other: str = "",
    absent: str = "",
) -> Discriminator:
    """Tells the members of a family apart: a model by its class, what is read by the value of a property.

    kinds: the class for each value. properties: how the property is called, in JSON and in Python. other: the
    class for every other value, and where there is none: the base, which keeps what it does not know. absent:
    what is tried where there is none. Without these, such a value is refused.
    """
    classes = {*kinds.values(), other} - {""}

    def told(value: object) -> str | None:
        if isinstance(value, BaseModel):
            line = (one.__name__ for one in type(value).__mro__)
            return next((name for name in line if name in classes), other or None)
        if not isinstance(value, Mapping):
            return other or None
        name = next((name for name in properties if name in value), None)
        if name is None:
            return absent or other or None
        found = value[name]
        known = kinds.get(found) if isinstance(found, str) else None
        return known or other or None

    return Discriminator(
        told,
        custom_error_type="unknown_kind",
        custom_error_message="`{property}` should be one of {kinds}",
        custom_error_context={"property": properties[0], "kinds": ", ".join(kinds)},
    )


class OpenStrEnum(StrEnum):
    """Texts from a list that may grow.

    One that is not on it is a member of its own, without a name in the class.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        """Whether the contract lists this value."""
        return self._value_ in type(self)._value2member_map_


class OpenIntEnum(IntEnum):
    """Whole numbers from a list that may grow."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        """Whether the contract lists this value."""
        return self._value_ in type(self)._value2member_map_


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.translate(_TO_STANDARD)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("this is no base64") from error


_TO_STANDARD = str.maketrans("-_", "+/", "\r\n")

Base64Bytes = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(lambda value: base64.b64encode(value).decode("ascii"), return_type=str, when_used="json"),
]
"""Bytes that JSON carries as base64 (RFC 4648, section 4; the URL-safe alphabet is read too)."""


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


JsonDecimal = Annotated[Decimal, PlainSerializer(_number, return_type=int | float, when_used="json")]
"""An exact number that JSON carries as a number."""


class CalendarSpan(timedelta):
    """A duration of years or months, which no number of days is.

    As a `timedelta` it counts 365 days a year and 30 a month; it is written as it came.
    """

    text: str

    def __new__(cls, span: timedelta, text: str) -> Self:
        """The duration that a text says, and about how long it is."""
        made = super().__new__(cls, span.days, span.seconds, span.microseconds)
        made.text = text
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[timedelta, str]]:
        """How it is copied."""
        return type(self), (timedelta(self.days, self.seconds, self.microseconds), self.text)


def _span(value: object, handler: ValidatorFunctionWrapHandler) -> timedelta:
    found: timedelta = handler(value)
    if isinstance(value, CalendarSpan):
        return value
    by_calendar = isinstance(value, str) and not {"Y", "M"}.isdisjoint(value.partition("T")[0])
    return CalendarSpan(found, value) if isinstance(value, str) and by_calendar else found


def span_text(span: timedelta) -> str:
    """A duration as every reader knows it: days, hours, minutes and seconds (RFC 3339, appendix A)."""
    if isinstance(span, CalendarSpan):
        return span.text
    sign, span = ("-", -span) if span < timedelta() else ("", span)
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    part = f".{span.microseconds:06}".rstrip("0") if span.microseconds else ""
    texts = [
        f"{hours}H" if hours else "",
        f"{minutes}M" if minutes else "",
        f"{seconds}{part}S" if seconds or part else "",
    ]
    if texts[0] and texts[2] and not texts[1]:
        texts[1] = "0M"
    time = "".join(texts)
    days = f"{span.days}D" if span.days else ""
    return f"{sign}P{days}T{time or '0S'}" if time or not days else f"{sign}P{days}"


Duration = Annotated[
    timedelta,
    WrapValidator(_span),
    PlainSerializer(span_text, return_type=str, when_used="json"),
]
"""A duration of ISO 8601."""


def plain(value: object) -> object:
    """A value as JSON has it; models without what was not set.

    Bytes, and what JSON does not know, stay as they are.
    """
    if value is None or type(value) in (str, int, bool, float):
        return value
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return span_text(value)
    return to_jsonable_python(value, fallback=lambda other: other)
