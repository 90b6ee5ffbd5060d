"""Reads ECMA-262 regular expressions: a checker of their syntax that yields a tree.

Source: ECMA-262 (2024), 22.2.1 Patterns, with the `u` flag; where that refuses what Annex B.1.2 allows
on the web (`\\-`, a lone `{`), Annex B is tried. Inline flags, atomic groups, possessive quantifiers and
other dialects' escapes are errors.
"""

from __future__ import annotations

from apicontract.schemas.regex import charset as cs
from apicontract.schemas.regex.tree import EMPTY, Anchor, Chars, Choice, Irregular, Repeat, Sequence, Tree

_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_CLASSES = {"d": cs.DIGIT, "w": cs.WORD, "s": cs.SPACE}
_CATEGORIES = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn".split()
)
_LONG_NAMES = {
    "Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm",
    "Other_Letter": "Lo", "Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me",
    "Number": "N", "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No",
    "Punctuation": "P", "punct": "P", "Symbol": "S", "Separator": "Z", "Space_Separator": "Zs", "Other": "C",
    "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
    "Combining_Mark": "M", "Math_Symbol": "Sm", "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So",
    "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe",
    "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp",
}  # fmt: skip
_MAX_DEPTH = 200


class RegexError(ValueError):
    """The text is no regular expression of ECMA-262; `offset` is where, in code points from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse(pattern: str, *, unicode: bool = True) -> Tree:
    """The tree of `pattern`; RegexError if it is not valid, neither strictly nor by Annex B."""
    try:
        return _Parser(pattern, strict=unicode).run()
    except RegexError as strict:
        if not unicode:
            raise
        try:
            return _Parser(pattern, strict=False).run()
        except RegexError:
            raise strict from None


class _Parser:
    def __init__(self, text: str, *, strict: bool) -> None:
        self.text = text
        self.at = 0
        self.strict = strict
        self.depth = 0
        self.groups = 0
        self.names: set[str] = set()
        self.references: list[tuple[int | str, int]] = []
        self.named = "(?<" in text.replace("(?<=", "").replace("(?<!", "")

    def run(self) -> Tree:
        tree = self.choice()
        if self.at < len(self.text):
            raise self.error("a `)` that closes nothing")
        for reference, offset in self.references:
            if isinstance(reference, str) and reference not in self.names:
                raise RegexError(f"no group is named `{reference}`", offset)
            if isinstance(reference, int) and reference > self.groups and self.strict:
                raise RegexError(f"there is no group {reference}", offset)
        return tree

    def error(self, message: str, offset: int | None = None) -> RegexError:
        return RegexError(message, self.at if offset is None else offset)

    def peek(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def take(self, text: str) -> bool:
        if self.peek(text):
            self.at += len(text)
            return True
        return False

    def choice(self) -> Tree:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.error("groups are nested too deeply")
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Tree:
        parts: list[Tree] = []
        while self.at < len(self.text) and not self.peek("|") and not self.peek(")"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def term(self) -> Tree:
        start = self.at
        part = self.assertion()
        if part is not None:
            looks_ahead = self.text.startswith(("(?=", "(?!"), start)
            if looks_ahead and not self.strict:
                self.quantifier()
            elif self.quantifier() is not None:
                raise self.error("there is nothing to repeat", start)
            return part
        part = self.atom()
        bounds = self.quantifier()
        return part if bounds is None else Repeat(part, *bounds)

    def assertion(self) -> Tree | None:
        if self.take("^"):
            return Anchor("start")
        if self.take("$"):
            return Anchor("end")
        if self.take("\\b") or self.take("\\B"):
            return Irregular("a word boundary")
        for head in ("(?=", "(?!", "(?<=", "(?<!"):
            if self.take(head):
                start = self.at
                self.choice()
                if not self.take(")"):
                    raise self.error("a `(` that is never closed", start - len(head))
                return Irregular("look-around")
        return None

    def quantifier(self) -> tuple[int, int | None] | None:
        start = self.at
        found: tuple[int, int | None] | None = None
        if self.take("*"):
            found = (0, None)
        elif self.take("+"):
            found = (1, None)
        elif self.take("?"):
            found = (0, 1)
        elif self.peek("{"):
            found = self.braces()
        if found is None:
            return None
        self.take("?")
        if self.at < len(self.text) and self.text[self.at] in "*+?":
            raise self.error("a quantifier may not follow another (ECMA-262 knows no possessive ones)")
        if found[1] is not None and found[0] > found[1]:
            raise self.error("the bounds of the repetition are out of order", start)
        return found

    def braces(self) -> tuple[int, int | None] | None:
        end = self.text.find("}", self.at)
        inner = self.text[self.at + 1 : end] if end > 0 else ""
        low, comma, high = inner.partition(",")
        if not (low.isascii() and low.isdigit() and (not high or (high.isascii() and high.isdigit()))):
            if self.strict:
                raise self.error("a `{` that starts no repetition; write `\\{`")
            return None
        self.at = end + 1
        least = int(low[:9])
        return least, (int(high[:9]) if high else None) if comma else least

    def atom(self) -> Tree:
        start = self.at
        char = self.text[self.at]
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == "\\":
            return self.escape()
        if char in "*+?":
            raise self.error("there is nothing to repeat")
        if char in "{}]" and self.strict:
            raise self.error(f"a lone `{char}`; write `\\{char}`")
        if char == "{" and not self.strict and self.braces() is not None:
            raise self.error("there is nothing to repeat", start)
        self.at = start + 1
        if char == ".":
            return Chars(cs.complement(cs.LINE_END))
        return Chars(cs.single(ord(char)))

    def group(self) -> Tree:
        start = self.at
        self.at += 1
        if self.take("?:"):
            pass
        elif self.take("?<"):
            self.groups += 1
            name = self.group_name()
            if name in self.names:
                raise self.error(f"two groups are named `{name}`", start)
            self.names.add(name)
        elif self.peek("?"):
            hint = "; name a group with `(?<name>…)`" if self.peek("?P") else ""
            raise self.error(f"`({self.text[self.at : self.at + 2]}` is not part of ECMA-262{hint}", start)
        else:
            self.groups += 1
        inner = self.choice()
        if not self.take(")"):
            raise self.error("a `(` that is never closed", start)
        return inner

    def group_name(self) -> str:
        end = self.text.find(">", self.at)
        name = self.text[self.at : end] if end > 0 else ""
        if not name or not (name[0].isidentifier() or name[0] == "$") or not all(
            c.isidentifier() or c.isdigit() or c == "$" or ("a" + c).isidentifier() for c in name
        ):
            raise self.error("a group has no proper name")
        self.at = end + 1
        return name

    def escape(self) -> Tree:
        start = self.at
        self.at += 1
        if self.at >= len(self.text):
            raise self.error("a `\\` at the very end", start)
        char = self.text[self.at]
        if char in "123456789":
            return self.back_reference(start)
        if char == "k" and (self.strict or self.named):
            self.at += 1
            if not self.take("<"):
                raise self.error("`\\k` wants the name of a group", start)
            self.references.append((self.group_name(), start))
            return Irregular("a back-reference")
        return self.char_escape(start, in_class=False)

    def back_reference(self, start: int) -> Tree:
        end = self.at
        while end < len(self.text) and self.text[end].isascii() and self.text[end].isdigit():
            end += 1
        number = int(self.text[self.at : end][:9])
        total = self.text.count("(")
        if not self.strict and number > total:
            return self.char_escape(start, in_class=False)
        self.at = end
        self.references.append((number, start))
        return Irregular("a back-reference")

    def char_escape(self, start: int, *, in_class: bool) -> Chars:
        char = self.text[self.at]
        self.at += 1
        if char in _CLASSES:
            return Chars(_CLASSES[char])
        if char in "DWS":
            return Chars(cs.complement(_CLASSES[char.lower()]))
        if char in "pP" and self.strict:
            return self.property(start, negated=char == "P")
        code = self.code_escape(char, start, in_class=in_class)
        if code is not None:
            return Chars(cs.single(code))
        if char in _SYNTAX or (in_class and char == "-"):
            return Chars(cs.single(ord(char)))
        if self.strict:
            raise self.error(f"`\\{char}` is not an escape of ECMA-262", start)
        if char in "123456789" and not in_class:
            return Chars(cs.single(self.octal(char)))
        return Chars(cs.single(ord(char)))

    def octal(self, first: str) -> int:
        """Annex B: `\\12` is the character of octal code 12 where there is no such group; `\\8` is `8`."""
        if first in "89":
            return ord(first)
        digits = first
        while len(digits) < 3 and self.at < len(self.text) and self.text[self.at] in "01234567":  # noqa: PLR2004
            if int(digits + self.text[self.at], 8) > 0xFF:  # noqa: PLR2004
                break
            digits += self.text[self.at]
            self.at += 1
        return int(digits, 8)

    def code_escape(self, char: str, start: int, *, in_class: bool) -> int | None:
        if char in _CONTROL:
            return _CONTROL[char]
        if char == "b" and in_class:
            return 8
        if char == "0":
            after = self.text[self.at : self.at + 1]
            if after.isdigit() and self.strict:
                raise self.error("octal escapes are not part of ECMA-262", start)
            return self.octal("0") if after.isdigit() else 0
        if char == "c":
            letter = self.text[self.at : self.at + 1]
            if letter.isascii() and letter.isalpha():
                self.at += 1
                return ord(letter) % 32
            if self.strict:
                raise self.error("`\\c` wants a letter", start)
            self.at -= 1
            return 0x5C
        if char == "x":
            return self.hex(2, start)
        if char == "u":
            return self.unicode_escape(start)
        return None

    def hex(self, count: int, start: int) -> int | None:
        digits = self.text[self.at : self.at + count]
        if len(digits) == count and all(d in "0123456789abcdefABCDEF" for d in digits):
            self.at += count
            return int(digits, 16)
        if self.strict:
            raise self.error(f"an escape wants {count} hexadecimal digits", start)
        return None

    def unicode_escape(self, start: int) -> int | None:
        if self.strict and self.take("{"):
            end = self.text.find("}", self.at)
            digits = self.text[self.at : end] if end > 0 else ""
            valid = digits and len(digits) <= 12 and all(d in "0123456789abcdefABCDEF" for d in digits)  # noqa: PLR2004
            if not valid or int(digits, 16) > cs.LAST:
                raise self.error("`\\u{…}` wants the hexadecimal code of a character", start)
            self.at = end + 1
            return int(digits, 16)
        code = self.hex(4, start)
        if code is not None and 0xD800 <= code <= 0xDBFF and self.take("\\u"):  # noqa: PLR2004  # a surrogate pair
            before = self.at
            low = self.hex(4, start)
            if low is not None and 0xDC00 <= low <= 0xDFFF:  # noqa: PLR2004
                return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            self.at = before - 2
        return code

    def property(self, start: int, *, negated: bool) -> Chars:
        end = self.text.find("}", self.at)
        if not self.take("{") or end < 0:
            raise self.error("`\\p` wants a property in braces: `\\p{L}`", start)
        name = self.text[self.at : end]
        self.at = end + 1
        key, equals, value = name.partition("=")
        if not name or not all(c.isascii() and (c.isalnum() or c in "_=") for c in name):
            raise self.error(f"`{name}` is no property of Unicode", start)
        if equals and key not in ("General_Category", "gc"):
            if key not in ("Script", "sc", "Script_Extensions", "scx"):
                raise self.error(f"`{key}` is no property of Unicode", start)
            return Chars(cs.NONE, name)
        category = value if equals else key
        category = _LONG_NAMES.get(category, category)
        if category in _CATEGORIES:
            found = cs.by_category(category)
        elif category in ("Any", "ASCII", "Assigned"):
            found = {"Any": cs.ALL, "ASCII": ((0, 127),)}.get(category) or cs.complement(cs.by_category("Cn"))
        else:
            return Chars(cs.NONE, name)
        return Chars(cs.complement(found) if negated else found)

    def char_class(self) -> Tree:
        start = self.at
        self.at += 1
        negated = self.take("^")
        sets: list[cs.Charset] = []
        unknown = ""
        while not self.take("]"):
            if self.at >= len(self.text):
                raise self.error("a `[` that is never closed", start)
            before = self.at
            low = self.class_atom()
            unknown = unknown or low.unknown
            if self.peek("-") and not self.text.startswith("-]", self.at) and self.at + 1 < len(self.text):
                self.at += 1
                high = self.class_atom()
                sets.append(self.range(low, high, before))
                unknown = unknown or high.unknown
            else:
                sets.append(low.charset)
        found = cs.union(*sets)
        return Chars(cs.complement(found) if negated else found, unknown)

    def range(self, low: Chars, high: Chars, offset: int) -> cs.Charset:
        ends = [_one(side) for side in (low, high)]
        if None in ends:
            if self.strict:
                raise self.error("a range wants one character on each side", offset)
            return cs.union(low.charset, cs.single(ord("-")), high.charset)
        first, last = ends[0] or 0, ends[1] or 0
        if first > last:
            raise self.error("the ends of a range are out of order", offset)
        return ((first, last),)

    def class_atom(self) -> Chars:
        start = self.at
        if self.at >= len(self.text):
            raise self.error("a `[` that is never closed")
        char = self.text[self.at]
        self.at += 1
        if char != "\\":
            return Chars(cs.single(ord(char)))
        if self.at >= len(self.text):
            raise self.error("a `\\` at the very end", start)
        if self.text[self.at] in "123456789":
            if self.strict:
                raise self.error("a back-reference cannot stand in `[…]`", start)
            digit = self.text[self.at]
            self.at += 1
            return Chars(cs.single(self.octal(digit)))
        return self.char_escape(start, in_class=True)


def _one(chars: Chars) -> int | None:
    """The one code point of the set, if it is one."""
    if len(chars.charset) == 1 and chars.charset[0][0] == chars.charset[0][1] and not chars.unknown:
        return chars.charset[0][0]
    return None


__all__ = ["EMPTY", "RegexError", "parse"]
