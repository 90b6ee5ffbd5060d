"""The styles of names that protobuf asks for, and how a name would read in them.

Source: the style guide of the Protocol Buffers documentation. What counts as a word is read as buf reads
it: a capital begins one after a small letter, or before a small letter.
"""

from __future__ import annotations

import re

_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z0-9])(?=[A-Z][a-z])")
_MARKS = re.compile(r"[_\-. ]+")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_LOWER_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_UPPER_SNAKE = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)*")
_CAMEL = re.compile(r"[a-z][A-Za-z0-9]*")


def is_pascal(name: str) -> bool:
    """`OrderLine`, `HTTPRoute`."""
    return _PASCAL.fullmatch(name) is not None


def is_lower_snake(name: str) -> bool:
    """`order_line`."""
    return _LOWER_SNAKE.fullmatch(name) is not None


def is_upper_snake(name: str) -> bool:
    """`ORDER_LINE`."""
    return _UPPER_SNAKE.fullmatch(name) is not None


def is_camel(name: str) -> bool:
    """`orderLine`."""
    return _CAMEL.fullmatch(name) is not None


def pascal(name: str) -> str:
    """The name as `OrderLine`."""
    return "".join(part[:1].upper() + part[1:] for part in _MARKS.split(name))


def camel(name: str) -> str:
    """The name as `orderLine`."""
    whole = pascal(lower_snake(name))
    return whole[:1].lower() + whole[1:]


def lower_snake(name: str) -> str:
    """The name as `order_line`."""
    return _MARKS.sub("_", _BREAK.sub("_", name)).strip("_").lower()


def upper_snake(name: str) -> str:
    """The name as `ORDER_LINE`."""
    return lower_snake(name).upper()
