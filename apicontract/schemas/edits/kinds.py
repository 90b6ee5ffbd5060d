"""The names of edits: what happened to a keyword, from its value before and after and what that did.

One row per keyword group says how it is called and whether its values are ordered. The effect of an
edit is measured by containment; where that gave up, the row's own effect is the conservative guess.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json


class Missing(Enum):
    """The one value that stands for "not written"; None is a JSON value."""

    MISSING = "missing"


MISSING = Missing.MISSING


def said_alike(was: object, now: object) -> bool:
    """Whether two values are written alike: `true` is not `1`."""
    return was is now or repr(was) == repr(now)


@dataclass(frozen=True, slots=True)
class Row:
    """How a keyword group is spoken of.

    noun: its name within a kind (`max-length`).
    order: 1 if a greater value accepts more, -1 if it accepts less, 0 if values have no order.
    """

    noun: str
    order: int = 0


ROWS: dict[str, Row] = {
    "const": Row("const"),
    "enum": Row("enum"),
    "format": Row("format"),
    "multipleOf": Row("multiple-of"),
    "minimum": Row("minimum", -1),
    "maximum": Row("maximum", 1),
    "minLength": Row("min-length", -1),
    "maxLength": Row("max-length", 1),
    "pattern": Row("pattern"),
    "minItems": Row("min-items", -1),
    "maxItems": Row("max-items", 1),
    "uniqueItems": Row("unique-items"),
    "contains": Row("contains"),
    "minProperties": Row("min-properties", -1),
    "maxProperties": Row("max-properties", 1),
    "propertyNames": Row("property-names"),
    "dependentRequired": Row("dependent-required"),
    "dependentSchemas": Row("dependent-schemas"),
    "dependencies": Row("dependencies"),
    "not": Row("not"),
    "if": Row("condition"),
    "$dynamicRef": Row("dynamic-ref"),
    "$recursiveRef": Row("dynamic-ref"),
    "patternProperties": Row("pattern-properties"),
    "additionalProperties": Row("additional-properties"),
    "items": Row("items"),
    "additionalItems": Row("items"),
    "prefixItems": Row("prefix-items"),
    "unevaluatedProperties": Row("unevaluated-properties"),
    "unevaluatedItems": Row("unevaluated-items"),
}


def name_edit(group: str, was: Json | Missing, now: Json | Missing, *, narrows: bool, widens: bool) -> str:
    """The kind of an edit: `max-length-decreased`, `pattern-added`, `items-changed`."""
    row = ROWS[group]
    if group in ("additionalProperties", "unevaluatedProperties"):
        if narrows != widens:
            closed = (now if narrows else was) is False
            return (
                f"{row.noun}-{'closed' if closed else 'narrowed'}"
                if narrows
                else (f"{row.noun}-{'opened' if closed else 'widened'}")
            )
        return f"{row.noun}-changed"
    if was is MISSING:
        return f"{row.noun}-added"
    if now is MISSING:
        return f"{row.noun}-removed"
    if row.order:
        greater = _greater(was, now, widens=widens, narrows=narrows, order=row.order)
        return f"{row.noun}-{'increased' if greater else 'decreased'}"
    return f"{row.noun}-changed"


def guess(group: str, was: Json | Missing, now: Json | Missing) -> tuple[bool, bool]:
    """(narrows, widens) to assume where containment is unknown: the conservative reading of the edit."""
    if was is MISSING:
        return True, False
    if now is MISSING:
        return False, True
    row = ROWS.get(group)
    if row is not None and row.order and not isinstance(was, dict) and not isinstance(now, dict):
        greater = _greater(was, now, widens=False, narrows=False, order=row.order)
        accepts_more = greater == (row.order > 0)
        return not accepts_more, accepts_more
    return True, True


def _greater(was: Json, now: Json, *, widens: bool, narrows: bool, order: int) -> bool:
    if narrows != widens:
        return widens == (order > 0)
    one, two = _number(was), _number(now)
    return one is not None and two is not None and two > one


def _number(value: Json) -> Fraction | None:
    """The number a bound is about, also where it is written as a group of keywords."""
    if isinstance(value, dict):
        numbers = [number for number in map(_number, value.values()) if number is not None]
        return numbers[0] if numbers else None
    if isinstance(value, bool) or value is None or isinstance(value, str | list):
        return None
    try:
        return Fraction(str(value))
    except ValueError:
        return None
