"""Texts, numbers and truth values in the flat document's words: their formats and bounds.

Only formats that have a Python type of their own are kept; what restricts values only where it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.sources import Json

_BOUNDS = ("minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems")
_FORMATS = {  # what is read into a type of its own; any other format is a text, or a number
    ("string", "uuid"), ("string", "date-time"), ("string", "date"), ("string", "duration"),
    ("string", "binary"),
    ("string", "decimal"), ("string", "byte"), ("number", "decimal"), ("integer", "decimal"),
}  # fmt: skip
_CUSTOM = {  # formats whose type is the runtime's own
    ("string", "byte"): "Base64Bytes", ("string", "duration"): "Duration",
    ("number", "decimal"): "JsonDecimal",
    ("integer", "decimal"): "JsonDecimal",
}  # fmt: skip


def scalar(kind: str, said: dict[str, Json], *, bounded: bool) -> dict[str, Json]:
    """A value of one JSON type that is no list and no object; `file` is what 2.0 calls bytes."""
    if kind == "file":
        return {"type": "string", "format": "binary"}
    format_ = said.get("format")
    if said.get("contentEncoding") in ("base64", "base64url") and kind == "string":
        format_ = "byte"
    found: dict[str, Json] = {"type": kind}
    if isinstance(format_, str) and (kind, format_) in _FORMATS:
        found["format"] = format_
        if (kind, format_) in _CUSTOM:
            found["customTypePath"] = f"runtime.{_CUSTOM[kind, format_]}"
    return found | (bounds(said, kind) if bounded else {})


def bounds(said: dict[str, Json], kind: str) -> dict[str, Json]:
    """What restricts the length, the number or the size of values of a JSON type."""
    about = {"string": "Length", "array": "Items"}.get(kind, "mum" if kind in ("integer", "number") else "-")
    found: dict[str, Json] = {
        key: said[key]
        for key in _BOUNDS
        if key in said and (about in key or (about == "mum" and key == "multipleOf"))
    }
    for side, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        bound = said.get(side)
        if about != "mum" or bound is None or bound is False:
            continue
        found[side] = found.pop(inclusive, None) if bound is True else bound
    if kind == "string" and "format" in said and said.get("format") in {name for _, name in _FORMATS}:
        return {}
    return {key: bound for key, bound in found.items() if bound is not None}
