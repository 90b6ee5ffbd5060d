"""What a contract says of how its calls survive partial failure: the options of `apicontract/policy.proto`.

They are read from the bytes of the options by number, as those of google.api are. Gives them in the
shape that `x-apicontract` has in OpenAPI, so that one reader judges both.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import fields_of, option_values

if TYPE_CHECKING:
    from google.protobuf.message import Message as AnyMessage

POLICY = 51970  # of a file, a service, a method
_OFF = 1
_RETRY: dict[int, tuple[str, type]] = {
    2: ("attempts", int),
    3: ("wait_initial", str),
    4: ("wait_max", str),
    5: ("budget", float),
    6: ("refund", float),
}
_PARTS: dict[int, tuple[str, dict[int, tuple[str, type]]]] = {
    3: ("retry", _RETRY),
    4: ("breaker", {2: ("failures", int), 3: ("recovery", str)}),
    5: ("bulkhead", {2: ("limit", int)}),
}  # by number: the name of a layer and its parts
_TIMES = {1: "timeout", 2: "deadline"}
_FALLBACK, _SAFE = 6, 7
_ERROR, _DEFAULT, _CACHED = 1, 2, 3


def stated_policy(options: AnyMessage) -> tuple[dict[str, object], bool | None]:
    """(the policy as `x-apicontract` has it, whether it says that calls may be repeated).

    ValueError if a default answer is no JSON.
    """
    found: dict[str, object] = {}
    safe: bool | None = None
    stated = [value for value in option_values(options, POLICY) if isinstance(value, bytes)]
    for number, value in fields_of(b"".join(stated)):
        if number in _TIMES and isinstance(value, bytes):
            found[_TIMES[number]] = value.decode("utf-8", "replace")
        elif number in _PARTS and isinstance(value, bytes):
            name, parts = _PARTS[number]
            found[name] = _layer(value, parts)
        elif number == _FALLBACK and isinstance(value, bytes):
            found["fallback"] = _fallback(value)
        elif number == _SAFE:
            safe = bool(value)
    return found, safe


def _layer(data: bytes, parts: dict[int, tuple[str, type]]) -> object:
    found: dict[str, object] = {}
    for number, value in fields_of(data):
        if number == _OFF and value:
            return False
        name, kind = parts.get(number, ("", str))
        if not name:
            continue
        if kind is float and isinstance(value, bytes):
            [found[name]] = struct.unpack("<d", value)
        elif kind is int and isinstance(value, int):
            found[name] = value - (1 << 64) if value >> 63 else value
        elif isinstance(value, bytes):
            found[name] = value.decode("utf-8", "replace")
    return found


def _fallback(data: bytes) -> object:
    for number, value in fields_of(data):
        if number == _ERROR:
            return "error"
        if isinstance(value, bytes):
            text = value.decode("utf-8", "replace")
            if number == _DEFAULT:
                return {"default": json.loads(text)}
            if number == _CACHED:
                return {"cached": text}
    return "error"
