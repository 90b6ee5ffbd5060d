"""Sets of numbers, exact: an interval, a step, steps avoided, or a finite list.

Numbers are `int` or `Fraction`; no float takes part in a comparison. "Integer" is the step 1, so
`1.0` is an integer. Knows nothing of the other JSON types.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Exact = int | Fraction

_NONE: frozenset[Exact] = frozenset()
_MAX_DIGITS = 400
_MAX_TRIED = 2000
_ASTRONOMIC = 2**64


class Numbers(NamedTuple):
    """The numbers between `low` and `high` that are multiples of `step` and of none of `avoided`.

    With `listed` the set is exactly that list and every other field is at rest.
    """

    low: Exact | None = None
    low_open: bool = False
    high: Exact | None = None
    high_open: bool = False
    step: Exact | None = None
    avoided: frozenset[Exact] = _NONE
    listed: frozenset[Exact] | None = None
    excluded: frozenset[Exact] = _NONE


EVERY_NUMBER = Numbers()
INTEGERS = Numbers(step=1)


class Unmeasurable(ValueError):  # noqa: N818 - says what the number is
    """A number with too many digits to be computed with."""


def exact(value: float | Decimal) -> Exact:
    """The exact value of a JSON number as it was written; Unmeasurable beyond 400 digits."""
    if isinstance(value, int):
        if value.bit_length() > _MAX_DIGITS * 4:
            msg = "a number of more than 400 digits"
            raise Unmeasurable(msg)
        return value
    decimal = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not decimal.is_finite() or abs(decimal.adjusted()) > _MAX_DIGITS:
        msg = "a number of more than 400 digits"
        raise Unmeasurable(msg)
    return tidy(Fraction(decimal))


def tidy(value: Exact) -> Exact:
    """An integral fraction as an int, so that equal numbers are one object kind."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def written(value: Exact) -> int | float | Decimal:
    """A JSON number that reads back as `value`, or as near as a decimal of 30 digits comes."""
    if isinstance(value, int):
        return value
    near = float(value)
    if math.isfinite(near) and Fraction(Decimal(repr(near))) == value:
        return near
    return Decimal(value.numerator) / Decimal(value.denominator)


def is_multiple(value: Exact, step: Exact) -> bool:
    """Whether value / step is an integer."""
    return Fraction(value, step).denominator == 1


def holds(numbers: Numbers, value: Exact) -> bool:
    """Whether `value` is in the set."""
    if numbers.listed is not None:
        return value in numbers.listed
    low, high = numbers.low, numbers.high
    if low is not None and (value < low or (numbers.low_open and value == low)):
        return False
    if high is not None and (value > high or (numbers.high_open and value == high)):
        return False
    if numbers.step is not None and not is_multiple(value, numbers.step):
        return False
    return value not in numbers.excluded and not any(is_multiple(value, step) for step in numbers.avoided)


def settle(numbers: Numbers) -> Numbers | None:
    """The set in its one form, or None if it is seen to be empty."""
    low, low_open, high, high_open, step, avoided, listed, excluded = numbers
    if listed is not None:
        rest = numbers._replace(listed=None)
        kept = listed if rest == EVERY_NUMBER else frozenset(v for v in listed if holds(rest, v))
        return Numbers(listed=kept) if kept else None
    if step is not None:
        if low is not None:
            first = tidy(math.ceil(Fraction(low, step)) * step)
            low, low_open = (tidy(first + step), False) if low_open and first == low else (first, False)
        if high is not None:
            last = tidy(math.floor(Fraction(high, step)) * step)
            high, high_open = (tidy(last - step), False) if high_open and last == high else (last, False)
        if any(is_multiple(step, one) for one in avoided):
            return None
    if low is not None and high is not None:
        if low > high or (low == high and (low_open or high_open)):
            return None
        if low == high:
            return settle(numbers._replace(listed=frozenset((low,))))
    bounds = Numbers(low, low_open, high, high_open, step)
    excluded = frozenset(v for v in excluded if holds(bounds, v)) if excluded else excluded
    return Numbers(low, low_open, high, high_open, step, avoided, None, excluded)


def meet(a: Numbers, b: Numbers) -> Numbers | None:
    """The numbers in both sets, or None."""
    if b in (a, EVERY_NUMBER):
        return a
    if a == EVERY_NUMBER:
        return b
    low, low_open = _tighter((a.low, a.low_open), (b.low, b.low_open), sign=1)
    high, high_open = _tighter((a.high, a.high_open), (b.high, b.high_open), sign=-1)
    if a.step is None or b.step is None:
        step = a.step if b.step is None else b.step
    else:
        step = _least_common_multiple(a.step, b.step)
    if a.listed is None or b.listed is None:
        listed = a.listed if b.listed is None else b.listed
    else:
        listed = a.listed & b.listed
    return settle(
        Numbers(low, low_open, high, high_open, step, a.avoided | b.avoided, listed, a.excluded | b.excluded),
    )


_Bound = tuple[Exact | None, bool]


def _tighter(a: _Bound, b: _Bound, *, sign: int) -> _Bound:
    """The tighter of two bounds, each a number and whether it is excluded; sign 1 for lower bounds."""
    if a[0] is None:
        return b
    if b[0] is None:
        return a
    if a[0] == b[0]:
        return a[0], a[1] or b[1]
    return a if (a[0] > b[0]) == (sign > 0) else b


def _least_common_multiple(a: Exact, b: Exact) -> Exact:
    left, right = Fraction(a), Fraction(b)
    return tidy(
        Fraction(
            math.lcm(left.numerator * right.denominator, right.numerator * left.denominator),
            left.denominator * right.denominator,
        ),
    )


def pieces(sender: Numbers, receiver: Numbers) -> Iterator[Numbers]:
    """Sets that together are the numbers of `sender` outside `receiver`; none if it is contained."""
    if receiver.listed is not None:
        if sender.listed is not None:
            rest = sender.listed - receiver.listed
            if rest:
                yield Numbers(listed=rest)
            return
        found = settle(sender._replace(excluded=sender.excluded | receiver.listed))
        if found is not None:
            yield found
        return
    if sender.listed is not None:
        rest = frozenset(v for v in sender.listed if not holds(receiver, v))
        if rest:
            yield Numbers(listed=rest)
        return
    outside: list[Numbers] = []
    if receiver.high is not None:
        outside.append(Numbers(low=receiver.high, low_open=not receiver.high_open))
    if receiver.low is not None:
        outside.append(Numbers(high=receiver.low, high_open=not receiver.low_open))
    if receiver.step is not None and not (
        sender.step is not None and is_multiple(sender.step, receiver.step)
    ):
        outside.append(Numbers(avoided=frozenset((receiver.step,))))
    outside.extend(Numbers(step=step) for step in sorted(receiver.avoided - sender.avoided))
    if receiver.excluded:
        outside.append(Numbers(listed=receiver.excluded))
    for part in sorted(outside, key=_remote):
        found = meet(sender, part)
        if found is not None:
            yield found


def _remote(part: Numbers) -> bool:
    """Whether all its numbers lie where validators that compute with floating point tell few apart."""
    return (part.low is not None and part.low > _ASTRONOMIC) or (
        part.high is not None and part.high < -_ASTRONOMIC
    )


def simplest(numbers: Numbers) -> Exact | None:
    """The easiest number of the set to read, or None if the set is empty.

    Raises Unmeasurable if neither was found within a fixed number of tries.
    """
    if numbers.listed is not None:
        return min(numbers.listed, key=_reading_ease)
    ordered: list[Exact] = []
    for value in _candidates(numbers):
        if holds(numbers, value):
            return value
        ordered.append(value)
        if len(ordered) > _MAX_TRIED:
            break
    if numbers.step is not None and numbers.low is not None and numbers.high is not None:
        count = (numbers.high - numbers.low) / Fraction(numbers.step)
        if count < _MAX_TRIED:
            return None
    msg = "multiples that avoid other multiples"
    raise Unmeasurable(msg)


def _reading_ease(value: Exact) -> tuple[int, Fraction, bool]:
    denominator = value.denominator if isinstance(value, Fraction) else 1
    return denominator, abs(Fraction(value)), value < 0


def _candidates(numbers: Numbers) -> Iterator[Exact]:
    """Numbers worth trying, the readable ones first; every member of a short stepped range is among them."""
    low, high, step = numbers.low, numbers.high, numbers.step
    unit: Exact = step if step is not None else 1
    origin: Exact = 0
    if low is not None and low > 0:
        origin = math.ceil(Fraction(low, unit)) * unit
    elif high is not None and high < 0:
        origin = math.floor(Fraction(high, unit)) * unit
    if abs(Fraction(origin)) > _ASTRONOMIC:
        power = int(10 ** len(str(abs(math.ceil(origin)))))
        yield power if origin > 0 else -power
    yield tidy(origin)
    for distance in range(1, 65 if step is None else _MAX_TRIED + 2):
        yield tidy(origin + distance * unit)
        yield tidy(origin - distance * unit)
    if step is not None:
        return
    for parts in (2, 4, 5, 10, 100, 1000, 3, 7, 11, 13):
        yield tidy(origin + Fraction(1, parts))
        yield tidy(origin - Fraction(1, parts))
    start = low if low is not None else (high - 1 if high is not None else 0)
    width = high - start if high is not None else 1
    for parts in (2, 4, 8, 10, 16, 1000, 3, 7, 11, 13, 17, 19, 10**9, 999_999_937):
        yield tidy(start + Fraction(width, parts))
        yield tidy(start + Fraction(width * (parts - 1), parts))
