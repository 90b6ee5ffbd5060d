"""How a parameter's value becomes text: every style of OpenAPI, with and without explode.

The tables are those of OpenAPI 3.1.1, section 4.8.12.5 (style examples), and for 2.0 its
`collectionFormat`. Values are JSON values. What comes out is percent-encoded (RFC 3986) and ready to be
sent. `reading` is the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

RESERVED = ":/?[]@!$'()*,;="
"""What `allowReserved` leaves as it is: all reserved characters but those that would end the value (`&`,
`#`), or are read as a space (`+`)."""
DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C", "tabDelimited": "%09"}
"""What stands between the items of an array in a query, without explode."""


def scalar(value: object) -> str:
    """A single value as text: as JSON writes it, but without quotes around a string; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def encoded(value: object, *, reserved: bool = False) -> str:
    """A single value, percent-encoded; with `reserved`, reserved characters stay as they are."""
    return quote(scalar(value), safe=RESERVED if reserved else "")


def path_text(name: str, value: object, style: str = "simple", *, explode: bool = False) -> str:
    """A path parameter's text: `simple`, `label` or `matrix`.

    ValueError for an empty text, which would make another path of it, and for one of dots alone, which
    would be taken for a step upwards.
    """
    text = _PATH_STYLES[style](quote(name, safe=""), value, explode)
    if not text:
        raise ValueError(f"path parameter {name!r} must not be empty")
    return text.replace(".", "%2E") if text in (".", "..") else text


def _simple(_: str, value: object, explode: bool) -> str:
    return ",".join(_members(value, explode=explode))


def _label(_: str, value: object, explode: bool) -> str:
    return "." + ("." if explode else ",").join(_members(value, explode=explode))


def _matrix(name: str, value: object, explode: bool) -> str:
    if isinstance(value, Mapping) and explode:
        return "".join(f";{member}" for member in _members(value, explode=True))
    if _is_list(value) and explode:
        return "".join(f";{name}={item}" for item in _members(value, explode=True))
    text = ",".join(_members(value, explode=False))
    return f";{name}={text}" if text else f";{name}"


_PATH_STYLES = {"simple": _simple, "label": _label, "matrix": _matrix}


def query_text(
    name: str, value: object, style: str = "form", *, explode: bool = True, allow_reserved: bool = False
) -> str:
    """A query parameter as it stands in the query, with its name; empty if there is nothing to be sent.

    Styles: `form`, `spaceDelimited`, `pipeDelimited`, `tabDelimited` (2.0's tsv), `deepObject`. Members of
    members in a deepObject, of which OpenAPI says nothing, are written `name[a][b]`, as most servers read
    them.
    """
    key = quote(name, safe="")
    if isinstance(value, Mapping) and not value:
        return ""  # there is no way to write an object without members
    if style == "deepObject" and isinstance(value, Mapping):
        return "&".join(_deep(key, value, reserved=allow_reserved))
    if isinstance(value, Mapping) and explode:
        return "&".join(
            f"{encoded(member)}={encoded(what, reserved=allow_reserved)}" for member, what in value.items()
        )
    if _is_list(value) and explode:
        return "&".join(f"{key}={encoded(item, reserved=allow_reserved)}" for item in _items(value))
    delimiter = DELIMITERS.get(style, ",")
    if delimiter != "," and allow_reserved:
        delimiter = {"%7C": "|"}.get(delimiter, delimiter)
    return f"{key}={delimiter.join(_members(value, explode=False, reserved=allow_reserved))}"


def _deep(key: str, value: Mapping[object, object], *, reserved: bool) -> Iterable[str]:
    for member, what in value.items():
        inner = f"{key}%5B{encoded(member)}%5D"
        if isinstance(what, Mapping):
            yield from _deep(inner, what, reserved=reserved)
        elif _is_list(what):
            yield from (f"{inner}={encoded(item, reserved=reserved)}" for item in _items(what))
        else:
            yield f"{inner}={encoded(what, reserved=reserved)}"


def header_text(value: object, *, explode: bool = False) -> str:
    """A header field's value (style simple).

    ValueError for characters that would end the field (RFC 9110, 5.5).
    """
    if isinstance(value, Mapping):
        sign = "=" if explode else ","
        text = ",".join(f"{scalar(member)}{sign}{scalar(what)}" for member, what in value.items())
    elif _is_list(value):
        text = ",".join(scalar(item) for item in _items(value))
    else:
        text = scalar(value)
    if any(char in text for char in "\r\n\0"):
        raise ValueError("a header's value must not hold line breaks")
    if not text.isascii():
        raise ValueError(
            "a header's value must be ASCII: encode it as the server expects, for example in percents"
        )
    return text


def cookie_text(value: object, *, explode: bool = False) -> str:
    """A cookie's value (style form), percent-encoded where a cookie cannot hold it (RFC 6265, section 4.1.1).

    With explode an array or object would be several cookies of the same name, which no server reads; it is
    written as without.
    """
    del explode
    return "%2C".join(_members(value, explode=False))


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, Iterable) else ()


def _members(value: object, *, explode: bool, reserved: bool = False) -> list[str]:
    """The encoded pieces of a value.

    An object's are `name=value` with explode, names and values by turns without.
    """
    if isinstance(value, Mapping):
        pairs = [(encoded(name), encoded(what, reserved=reserved)) for name, what in value.items()]
        if explode:
            return [f"{name}={what}" for name, what in pairs]
        return [text for pair in pairs for text in pair]
    if _is_list(value):
        return [encoded(item, reserved=reserved) for item in _items(value)]
    return [encoded(value, reserved=reserved)]
