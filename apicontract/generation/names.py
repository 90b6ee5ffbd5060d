"""Python names for whatever a contract calls its things: valid, unique, and as a person would write them.

Knows words and Python's rules, not what is named. Letters of any script stay; what is no letter or digit
separates words. Source: Python reference 2.3 (identifiers, keywords), PEP 8.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LONGEST = 80  # characters of a name; a file name must hold it
_SIGNS = {
    "+": "plus", "-": "minus", "<": "less", ">": "greater", "=": "equal", "!": "not", "*": "star",
    "%": "percent",
    "&": "and", "|": "or", "#": "hash", "@": "at", "$": "dollar", "/": "slash", "?": "question", ".": "dot",
    "_": "underscore", "~": "tilde", "^": "caret", ":": "colon", ",": "comma", ";": "semicolon",
}  # fmt: skip
_SIGNED_NUMBER = re.compile(r"\s*([+-])(\d.*)", re.DOTALL)
_BOUNDARIES = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PREFIXES = {"class": "Model", "field": "field", "parameter": "param", "call": "call", "member": "VALUE"}


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents: `userID2` → user, id2; `+1` → plus, 1.

    Empty only if there is nothing in it that has a name.
    """
    signed = _SIGNED_NUMBER.fullmatch(text)
    if signed:
        text = f"{_SIGNS[signed[1]]} {signed[2]}"
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text[: _LONGEST * 4]) if not unicodedata.combining(c)
    )
    spaced = "".join(
        c if ("a" + c).isidentifier() and c != "_" else " " for c in unicodedata.normalize("NFKC", plain)
    )
    found = [word.lower() for part in spaced.split() for word in _BOUNDARIES.split(part)]
    return found or _spelled(text)


def snake(text: str, kind: str = "field") -> str:
    """`order_id`; never a keyword, never with an underscore before it. kind: what it may begin with."""
    name = _cut(words(text), "_")
    if not name.isidentifier():
        name = f"{_PREFIXES[kind].lower()}_{name}".rstrip("_")
    return name + "_" if keyword.iskeyword(name) or name in ("self", "cls") else name


def module(text: str) -> str:
    """The name of a module: as `snake`, in ASCII, since it is a file's too; else by numbers."""
    name = snake(text.casefold() if not text.isascii() else text)
    name = "".join(sign if sign.isascii() else f"u{ord(sign):x}" for sign in name)
    return f"{name}_" if hasattr(builtins, name) else name  # in its package it would hide the builtin


def pascal(text: str, kind: str = "class") -> str:
    """`OrderId`, from words that are kept as they are if they look like one already."""
    parts = _BOUNDARIES.sub(" ", text).split() if text.isalnum() and text.isascii() else words(text)
    name = _cut([part[:1].upper() + part[1:] for part in parts], "")
    if not name.isidentifier():
        name = _PREFIXES[kind] + name
    return f"{name}Model" if keyword.iskeyword(name) else name


def constant(text: str, kind: str = "member") -> str:
    """`ORDER_ID`."""
    name = _cut(words(text), "_").upper()
    return name if name.isidentifier() else f"{_PREFIXES[kind].upper()}_{name}".rstrip("_")


def unique(name: str, taken: Collection[str], separator: str = "_") -> str:
    """The name, with a number behind it if it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{separator}{number}" in taken:
        number += 1
    return f"{name}{separator}{number}"


class Names:
    """Gives out names of one scope, each once; the same key has the same name whenever it asks.

    reserved: names that are not to be had. separator: stands before the number of a second one. Names
    that differ only in the case of letters are told apart too where `fold` says so (files on some systems).
    """

    def __init__(self, reserved: Iterable[str] = (), separator: str = "_", *, fold: bool = False) -> None:
        self._fold = fold
        self._taken = {self._folded(name) for name in reserved}
        self._given: dict[object, str] = {}
        self._separator = separator
        self._numbers: dict[str, int] = {}

    def give(self, wanted: str, key: object = None) -> str:
        """`wanted`, or the next that is free; `key` (if any) is what has it from now on."""
        if key is not None and key in self._given:
            return self._given[key]
        name, number = wanted, self._numbers.get(wanted, 2)
        while self._folded(name) in self._taken:
            name = f"{wanted}{self._separator}{number}"
            number += 1
        if name != wanted:
            self._numbers[wanted] = number
        self._taken.add(self._folded(name))
        if key is not None:
            self._given[key] = name
        return name

    def _folded(self, name: str) -> str:
        return name.casefold() if self._fold else name


def _cut(parts: list[str], separator: str) -> str:
    """The words joined, as many of them as fit."""
    name = separator.join(parts)
    if len(name) <= _LONGEST:
        return name
    kept = ""
    for part in parts:
        if len(kept) + len(separator) + len(part) > _LONGEST:
            break
        kept = f"{kept}{separator}{part}" if kept else part
    return kept or name[:_LONGEST]


def _spelled(text: str) -> list[str]:
    """What a text of signs only is called: the names of its first signs, `empty` if there are none."""
    found: list[str] = []
    for sign in text.strip()[:4]:
        name = _SIGNS.get(sign) or unicodedata.name(sign, "sign").lower()
        found += re.findall(r"[a-z0-9]+", name)
    return found or ["empty"]
