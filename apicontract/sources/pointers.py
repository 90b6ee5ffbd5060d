"""JSON Pointer (RFC 6901): escaping, joining, splitting, looking up."""

from __future__ import annotations

from decimal import Decimal
from typing import Union

Json = Union[None, bool, int, float, Decimal, str, "list[Json]", "dict[str, Json]"]


def token_escape(token: str) -> str:
    """A reference token as it stands in a pointer."""
    return token.replace("~", "~0").replace("/", "~1") if "~" in token or "/" in token else token


def token_unescape(token: str) -> str:
    """The name that a reference token stands for."""
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def join(pointer: str, *tokens: str) -> str:
    """The pointer of what stands at `tokens` below `pointer`."""
    for token in tokens:
        pointer = f"{pointer}/{token_escape(token)}"
    return pointer


def split(pointer: str) -> list[str]:
    """The names along a pointer; none for the whole document."""
    return [token_unescape(token) for token in pointer.split("/")[1:]]


def step(value: Json, token: str) -> Json:
    """The member or element of `value` that `token` names; KeyError if there is none."""
    if isinstance(value, dict):
        return value[token]
    if (
        isinstance(value, list)
        and token.isascii()
        and token.isdigit()
        and (len(token) == 1 or token[0] != "0")
    ):
        index = int(token[:10])
        if index < len(value):
            return value[index]
    raise KeyError(token)


def look_up(value: Json, pointer: str) -> Json:
    """What stands at `pointer` in `value`; KeyError if nothing does."""
    for token in split(pointer):
        value = step(value, token)
    return value
