"""The formats that are taken as assertions, and their sets of values.

A string format has a regular language that holds every value of it (`outline`), says whether that
language is the format (`exact`), and has sample values. A number format is a set of numbers. Every other
format name is an annotation. Sources: JSON Schema Validation 2020-12 section 7.3, the OpenAPI format
registry, and the RFCs those name. Whether one word has a format is asked of jsonschema-rs, so that what
is concluded here and what a witness is verified with agree.
"""

from __future__ import annotations

import base64
import binascii
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.sets.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable

_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([zZ]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_HEX = "[0-9A-Fa-f]"
_BYTE = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


class StringFormat(NamedTuple):
    """One string format; `within` names wider formats that hold all its values."""

    outline: str
    exact: bool
    samples: tuple[str, ...]
    within: frozenset[str] = frozenset()


STRING_FORMATS: dict[str, StringFormat] = {
    "date": StringFormat(f"^{_DATE}$", exact=False, samples=("2024-01-31",)),
    "date-time": StringFormat(
        f"^{_DATE}[Tt]{_TIME}$", exact=False, samples=("2024-01-31T00:00:00Z", "2024-01-31T00:00:00+01:00")
    ),
    "time": StringFormat(f"^{_TIME}$", exact=False, samples=("00:00:00Z",)),
    "duration": StringFormat("^P[0-9YMWDTHS]+$", exact=False, samples=("P1D", "PT1S")),
    "uuid": StringFormat(
        f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$",
        exact=True,
        samples=("00000000-0000-4000-8000-000000000000",),
    ),
    "ipv4": StringFormat(rf"^{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}$", exact=True, samples=("192.0.2.1",)),
    "ipv6": StringFormat("^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*$", exact=False, samples=("2001:db8::1", "::1")),
    "email": StringFormat(
        "^[^]*@[^]*$", exact=False, samples=("a@example.com",), within=frozenset({"idn-email"})
    ),
    "idn-email": StringFormat("^[^]*@[^]*$", exact=False, samples=("a@example.com", "é@example.com")),
    "hostname": StringFormat("^[A-Za-z0-9._-]+$", exact=False, samples=("example.com",)),
    "idn-hostname": StringFormat("^[^]+$", exact=False, samples=("example.com",)),
    "uri": StringFormat(
        "^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$",
        exact=False,
        samples=("https://example.com/", "urn:a"),
        within=frozenset({"uri-reference", "iri", "iri-reference"}),
    ),
    "uri-reference": StringFormat(
        "^[!-~]*$", exact=False, samples=("/a", "https://example.com/"), within=frozenset({"iri-reference"})
    ),
    "iri": StringFormat(
        "^[A-Za-z][A-Za-z0-9+.-]*:[^]*$",
        exact=False,
        samples=("https://example.com/é", "https://example.com/"),
        within=frozenset({"iri-reference"}),
    ),
    "iri-reference": StringFormat("^[^]*$", exact=False, samples=("/é", "/a")),
    "uri-template": StringFormat("^[^]*$", exact=False, samples=("/{a}", "https://example.com/{a}")),
    "json-pointer": StringFormat("^(/[^]*)?$", exact=False, samples=("", "/a")),
    "relative-json-pointer": StringFormat("^[0-9]+(#|(/[^]*)?)$", exact=False, samples=("0", "1/a")),
    "regex": StringFormat("^[^]*$", exact=False, samples=("", "a")),
    "byte": StringFormat("^[A-Za-z0-9+/]*={0,2}$", exact=False, samples=("", "YQ==")),
}

_FLOAT_MAX = Fraction((2**24 - 1) * 2**104)


def _integers(low: int, high: int) -> Numbers:
    return Numbers(low=low, high=high, step=1)


NUMBER_FORMATS: dict[str, Numbers] = {
    **{f"int{bits}": _integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": _integers(0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    "float": Numbers(low=-int(_FLOAT_MAX), high=int(_FLOAT_MAX)),
}


def within(narrow: str, wide: str) -> bool:
    """Whether every word of one string format has the other."""
    return narrow == wide or wide in STRING_FORMATS[narrow].within


def has_format(word: str, name: str) -> bool:
    """Whether `word` is a value of the known string format `name`."""
    return _checker(name)(word)


def is_base64(word: str) -> bool:
    """RFC 4648 section 4, padded; what OpenAPI 2.0 and 3.0 call `byte`."""
    try:
        base64.b64decode(word.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    return True


@cache
def _checker(name: str) -> Callable[[str], bool]:
    if name == "byte":
        return is_base64
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid
