r"""What a `\` or a `[…]` stands for: escapes and character classes of ECMA-262 become sets of code points.

Sources: ECMA-262 (2024) 22.2.1 AtomEscape, CharacterClass, CharacterEscape with the `u` flag, and B.1.2
where the reader is not strict. Back-references and word boundaries are left to the parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.regex import charset as cs
from apicontract.schemas.regex.tree import Chars

if TYPE_CHECKING:
    from apicontract.schemas.regex.reader import Reader, RegexError

_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_CLASSES = {
    "d": cs.DIGIT, "D": cs.complement(cs.DIGIT), "w": cs.WORD, "W": cs.complement(cs.WORD),
    "s": cs.SPACE, "S": cs.complement(cs.SPACE),
}  # fmt: skip
_HEX = frozenset("0123456789abcdefABCDEF")
_OCTAL = frozenset("01234567")
_HIGH_SURROGATES = range(0xD800, 0xDC00)
_LOW_SURROGATES = range(0xDC00, 0xE000)
_MAX_OCTAL = 0o377

# What people mean by letters that other dialects escape and ECMA-262 does not.
_INSTEAD = {
    "A": "the start is `^`",
    "Z": "the end is `$`",
    "z": "the end is `$`",
    "a": "write `\\x07`",
    "e": "write `\\x1B`",
    "h": "write `[\\t ]`",
    "R": "write `(?:\\r\\n|\\n|\\r)`",
    "Q": "escape the characters one by one",
    "E": "escape the characters one by one",
    "N": "write `[^\\n]`",
    "X": "ECMA-262 matches code points",
}


def escape(reader: Reader, start: int, *, in_class: bool) -> Chars:
    r"""The characters of the escape whose `\` stood at `start` and has been read."""
    if reader.ended():
        raise reader.error("a `\\` at the very end; write `\\\\` for the character itself", start)
    char = reader.char()
    reader.at += 1
    if char in _CLASSES:
        return Chars(_CLASSES[char])
    if char in "pP":
        return _property(reader, start, negated=char == "P")
    code = _code(reader, char, start, in_class=in_class)
    if code is None:
        raise _no_escape(reader, char, start)
    return Chars(cs.single(code))


def _code(reader: Reader, char: str, start: int, *, in_class: bool) -> int | None:
    read = {"c": _control, "x": _two_digits, "u": unicode_escape}.get(char)
    if read is not None:
        return read(reader, start)
    if char in _SYNTAX or (in_class and char == "-"):
        return ord(char)
    if char in _CONTROL or (in_class and char == "b"):
        return _CONTROL.get(char, 8)
    if char.isascii() and char.isdigit():
        return _octal(reader, char, start)
    # Annex B takes any other character for itself. Letters stay errors: another dialect gives them a meaning.
    return None if reader.strict or (char.isascii() and char.isalpha()) else ord(char)


def _no_escape(reader: Reader, char: str, start: int) -> RegexError:
    if char.isascii() and char.isalpha():
        instead = _INSTEAD.get(char)
        hint = f"; {instead}" if instead else ""
    else:
        hint = f"; `{char}` needs none"
    return reader.error(f"`\\{char}` is not an escape of ECMA-262{hint}", start)


def _control(reader: Reader, start: int) -> int:
    letter = reader.char()
    if not (letter.isascii() and letter.isalpha()):
        raise reader.error("`\\c` wants a letter after it", start)
    reader.at += 1
    return ord(letter) % 32


def _two_digits(reader: Reader, start: int) -> int:
    code = _hex(reader, 2)
    if code is None:
        raise reader.error("`\\x` wants two hexadecimal digits after it", start)
    return code


def _octal(reader: Reader, first: str, start: int) -> int:
    r"""`\0`, and by Annex B the character of an octal code; the parser has sorted out back-references."""
    if first == "0" and not (reader.char().isascii() and reader.char().isdigit()):
        return 0
    if reader.strict or first not in _OCTAL:
        raise reader.error(f"`\\{first}` stands for no character; write its code as `\\xHH`", start)
    digits = first
    while len(digits) < 3 and reader.char() in _OCTAL and int(digits + reader.char(), 8) <= _MAX_OCTAL:  # noqa: PLR2004
        digits += reader.char()
        reader.at += 1
    return int(digits, 8)


def _hex(reader: Reader, count: int) -> int | None:
    digits = reader.text[reader.at : reader.at + count]
    if len(digits) != count or not _HEX.issuperset(digits):
        return None
    reader.at += count
    return int(digits, 16)


def unicode_escape(reader: Reader, start: int) -> int:
    r"""The code point of `\uXXXX`, of a surrogate pair of them, or of `\u{…}`, after the `u`."""
    if reader.take("{"):
        digits = reader.through("}")
        if not digits or not _HEX.issuperset(digits):
            raise reader.error("`\\u{…}` wants the hexadecimal code of a character", start)
        digits = digits.lstrip("0") or "0"
        if len(digits) > 6 or int(digits, 16) > cs.LAST:  # noqa: PLR2004
            raise reader.error("there is no character beyond `\\u{10FFFF}`", start)
        return int(digits, 16)
    code = _hex(reader, 4)
    if code is None:
        raise reader.error("`\\u` wants four hexadecimal digits after it, or a code in braces", start)
    after = reader.at
    if code in _HIGH_SURROGATES and reader.take("\\u"):
        low = _hex(reader, 4)
        if low is not None and low in _LOW_SURROGATES:
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        reader.at = after
    return code


def _property(reader: Reader, start: int, *, negated: bool) -> Chars:
    # The tables of names are read only by patterns that name a property.
    from apicontract.schemas.regex.properties import property_set

    name = reader.through("}") if reader.take("{") else None
    if name is None:
        raise reader.error("`\\p` wants a property in braces after it, such as `\\p{L}`", start)
    try:
        found = property_set(name)
    except KeyError:
        raise reader.error(f"`{name}` is no property of characters that ECMA-262 knows", start) from None
    if found is None:
        return Chars(cs.NONE, name)
    return Chars(cs.complement(found) if negated else found)


def char_class(reader: Reader) -> Chars:
    """The characters of `[…]`; the reader stands at the `[`."""
    start = reader.at
    reader.at += 1
    negated = reader.take("^")
    sets: list[cs.Charset] = []
    unknown = ""
    while not reader.take("]"):
        before = reader.at
        ends = [_class_atom(reader, start)]
        if reader.char() == "-" and reader.text[reader.at + 1 : reader.at + 2] not in ("]", ""):
            reader.at += 1
            ends.append(_class_atom(reader, start))
        for end in ends:
            unknown = unknown or end.unknown
        sets.append(ends[0].charset if len(ends) == 1 else _range(reader, ends[0], ends[1], before))
    found = cs.union(*sets)
    return Chars(cs.complement(found) if negated else found, unknown)


class _Single(Chars):
    """One character written as such: it may end a range, unlike a class that has just one member."""


def _class_atom(reader: Reader, opened: int) -> Chars:
    start = reader.at
    if reader.ended():
        raise reader.error("a `[` that is never closed", opened)
    char = reader.char()
    reader.at += 1
    if char != "\\":
        return _Single(cs.single(ord(char)))
    found = escape(reader, start, in_class=True)
    return found if reader.text[start + 1] in "dDwWsSpP" else _Single(found.charset)


def _range(reader: Reader, first: Chars, last: Chars, offset: int) -> cs.Charset:
    """The characters from `first` to `last`."""
    if not (isinstance(first, _Single) and isinstance(last, _Single)):
        text = reader.text[offset : reader.at]
        if reader.strict or "\\p" in text or "\\P" in text:  # Annex B knows no properties
            raise reader.error("a range wants characters at its ends; write a plain `-` as `\\-`", offset)
        return cs.union(first.charset, cs.single(ord("-")), last.charset)
    (low, _), (high, _) = first.charset[0], last.charset[0]
    if low > high:
        raise reader.error(f"the range `{reader.text[offset : reader.at]}` is out of order", offset)
    return ((low, high),)
