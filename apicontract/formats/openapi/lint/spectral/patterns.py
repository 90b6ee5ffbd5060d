"""Regular expressions of rulesets, as JavaScript writes them, run within bounds.

Rust's engine runs them (through jsonschema-rs): in linear time, or, where they look around or refer
back, with a limit on its steps. Here they are only rewritten where the two flavours differ
(ECMA-262, section 22.2 and annex B.1.2).
"""

from __future__ import annotations

import re
from functools import lru_cache

import jsonschema_rs

_LIMIT = 1_000_000  # steps of one search that looks around or refers back
_SLASHED = re.compile(r"/(.+)/([a-z]*)", re.DOTALL)
_FLAGS = frozenset("dgimsuvy")
_SETS = frozenset("dDsSwW")  # escapes that stand for several letters
_QUANTIFIER = re.compile(r"\{\d+(?:,\d*)?\}")
_GROUP = re.compile(r"\\.|\[(?:[^\]\\]|\\.)*\]|\((?!\?(?!<[^=!]))(?:\?<(\w+)>)?", re.DOTALL)
_NAMED = re.compile(r"\\k<(\w+)>")
_PROPERTY = re.compile(r"\\[pP]\{[\w=]+\}")
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_"}
_LETTERS = frozenset("bBdDsSwWnrtfv0123456789kpPxuc")
_META = frozenset(r"\^$.*+?()[]{}|/-&~#")


class PatternError(ValueError):
    """A pattern that is none, or that this engine cannot run; the text says why."""


class Pattern:
    """A regular expression; `source` is what stands between the slashes."""

    __slots__ = ("_limited", "_validator", "source")

    def __init__(self, source: str, flags: str = "") -> None:
        self.source = source
        unknown = set(flags) - _FLAGS
        if unknown or len(set(flags)) != len(flags):
            raise PatternError(f"`{flags}` are no flags of a pattern")
        inner = "".join(flag for flag in "ims" if flag in flags)
        try:
            translated = (f"(?{inner})" if inner else "") + _translated(source)
            self._validator, self._limited = _made(translated)
        except (ValueError, IndexError) as error:
            raise PatternError(f"`{source}` is no pattern that can be run: {_first_line(error)}") from None

    def found_in(self, subject: str) -> bool:
        """Whether it matches somewhere in a text. PatternError if that takes too many steps."""
        if self._validator.is_valid(subject):
            return True
        for error in self._validator.iter_errors(subject) if self._limited else ():
            if error.message.startswith("Error executing regex"):  # others begin with the text in quotes
                raise PatternError(f"`{self.source}` takes too many steps on a text")
        return False


def _made(translated: str) -> tuple[jsonschema_rs.Validator, bool]:
    """The pattern made ready, and whether it is one of those that need a limit."""
    try:
        linear = jsonschema_rs.RegexOptions()
        return jsonschema_rs.Draft202012Validator({"pattern": translated}, pattern_options=linear), False
    except ValueError:
        fancy = jsonschema_rs.FancyRegexOptions(backtrack_limit=_LIMIT)
        return jsonschema_rs.Draft202012Validator({"pattern": translated}, pattern_options=fancy), True


@lru_cache(maxsize=2048)
def pattern(written: str) -> Pattern:
    """The pattern of a function's option: `^a`, or `/^a/i` with flags. PatternError if it is none."""
    slashed = _SLASHED.fullmatch(written)
    return Pattern(slashed[1], slashed[2]) if slashed else Pattern(written)


@lru_cache(maxsize=2048)
def expression(source: str, flags: str) -> Pattern:
    """The pattern of an expression `/source/flags`. PatternError if it is none."""
    return Pattern(source, flags)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else "it ends too early"


def _numbered(source: str) -> str:
    """The pattern with what refers back by a name referring back by its number, which the engine takes."""
    groups = [match[1] for match in _GROUP.finditer(source) if match.group().startswith("(")]
    names = {name: number for number, name in enumerate(groups, 1) if name}
    if not names:
        return source
    return _NAMED.sub(lambda found: f"(?:\\{names[found[1]]})" if found[1] in names else found[0], source)


def _translated(source: str) -> str:
    """The same pattern as Rust's engine reads it."""
    source = _numbered(source)
    parts: list[str] = []
    at, within = 0, False
    after_set = False  # where a hyphen cannot begin a range
    while at < len(source):
        letter = source[at]
        if (
            within
            and letter == "-"
            and (after_set or (source[at + 1 : at + 2] == "\\" and source[at + 2 : at + 3] in _SETS))
        ):
            parts.append("\\-")
            at += 1
            after_set = False
            continue
        after_set = within and letter == "\\" and source[at + 1 : at + 2] in _SETS
        if letter == "\\":
            escape, length = _escaped(source, at, within=within)
            parts.append(escape)
            at += length
            continue
        if within:
            within = letter != "]"
            parts.append(f"\\{letter}" if letter in "[&~" else letter)
        elif letter == "[":
            opening, length, within = _opened(source, at)
            parts.append(opening)
            at += length
            continue
        elif letter == "{":
            counted = _QUANTIFIER.match(source, at)
            if counted:
                parts.append(counted.group())
                at = counted.end()
                continue
            parts.append("\\{")
        else:
            parts.append(f"\\{letter}" if letter in "}]" else letter)
        at += 1
    return "".join(parts)


def _opened(source: str, at: int) -> tuple[str, int, bool]:
    """The start of a class: what it becomes, how much of the source it takes, whether the class goes on."""
    if source.startswith("[^]", at):
        return r"[\s\S]", 3, False
    if source.startswith("[]", at):
        return r"[^\s\S]", 2, False
    return ("[^", 2, True) if source.startswith("[^", at) else ("[", 1, True)


def _escaped(source: str, at: int, *, within: bool) -> tuple[str, int]:
    """An escape: what it becomes, and how much of the source it takes."""
    letter = source[at + 1]
    if letter in _CLASSES:
        return (_CLASSES[letter] if within else f"[{_CLASSES[letter]}]"), 2
    if letter.lower() in _CLASSES and not within:
        return f"[^{_CLASSES[letter.lower()]}]", 2
    if within and letter == "b":
        return r"\x08", 2
    if letter == "c" and source[at + 2 : at + 3].isalpha():
        return f"\\x{ord(source[at + 2]) % 32:02x}", 3
    if letter in _LETTERS:
        return _lettered(source, at)
    return (f"\\{letter}" if letter in _META or letter == '"' else letter), 2


def _lettered(source: str, at: int) -> tuple[str, int]:
    """An escape of a letter or digit: what it becomes, and how much of the source it takes."""
    letter = source[at + 1]
    if letter == "0" and not source[at + 2 : at + 3].isdigit():
        return r"\x00", 2
    named = _PROPERTY.match(source, at)
    return (named.group(), len(named.group())) if named else (f"\\{letter}", 2)
