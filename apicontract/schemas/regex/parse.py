r"""Reads ECMA-262 regular expressions: a checker of their syntax that yields a tree.

JSON Schema means patterns with the `u` flag. What that flag refuses and Annex B reads for the web is
accepted too where the meaning is beyond doubt: needless escapes (`\-`, `\_`), a lone `{`, `}` or `]`,
`[\w-.]`, octal codes, a repeated look-ahead. The rest of such a pattern keeps the meaning it has with the
flag. What Annex B would silently read otherwise than the dialect it is visibly taken from (`\Z`, `\pL`,
`[[:alpha:]]`, a back-reference to no group) is an error, with what to write instead.
Of ECMA-262 (2025), groups with flags (`(?i:…)`) and one name in several alternatives are accepted.

The parser holds open groups on a stack of its own: nesting is bounded by memory, not by recursion.
Source: ECMA-262 (2024) 22.2.1 Patterns and B.1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from apicontract.schemas.regex import charset as cs
from apicontract.schemas.regex.escapes import char_class, escape, unicode_escape
from apicontract.schemas.regex.reader import Reader, RegexError
from apicontract.schemas.regex.tree import (
    Anchor,
    Boundary,
    Chars,
    Choice,
    Irregular,
    Look,
    Repeat,
    Sequence,
    Tree,
)

_ANY = Chars(cs.complement(cs.LINE_END))
_BOUNDS = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_FLAGS = re.compile(r"\?([ims]*)(?:-([ims]*))?:")
_POSIX_CLASS = re.compile(r"\[:\^?[a-z]+:\]")
_MANY = 10**18  # more repetitions than that are the same to everyone

# Heads of groups in other dialects, longest first, and what to write instead.
_FOREIGN_GROUPS = (
    ("?P<", "name a group with `(?<name>…)`"),
    ("?P=", "repeat a group with `\\k<name>`"),
    ("?P>", "a group cannot call another"),
    ("?#", "there are no comments in patterns"),
    ("?>", "there are no atomic groups; a plain `(?:…)` matches the same words or more"),
    ("?|", "write one group around the alternatives"),
    ("?'", "name a group with `(?<name>…)`"),
    ("?(", "there are no conditions; write the alternatives out"),
    ("?R", "a pattern cannot call itself"),
    ("?&", "a group cannot call another"),
)
_FLAG_HINT = "flags cannot be switched within a pattern; write `[aA]` for both cases"


def parse(pattern: str, *, strict: bool = False) -> Tree:
    """The tree of `pattern`, an ECMA-262 regular expression with the `u` flag.

    With `strict` nothing of Annex B is accepted. RegexError says what is wrong and where.
    """
    return _Parser(pattern, strict=strict).run()


@dataclass(slots=True)
class _Group:
    """An open group, or the whole pattern: what has been read of it."""

    start: int
    look: tuple[bool, bool] | None = None  # ahead, negated
    flags: bool = False
    options: list[Tree] = field(default_factory=list)
    parts: list[Tree] = field(default_factory=list)
    here: set[str] = field(default_factory=set)  # names of groups in the alternative under reading
    elsewhere: set[str] = field(default_factory=set)  # and in those before it

    def next_option(self) -> None:
        """Close the alternative under reading."""
        self.options.append(self.parts[0] if len(self.parts) == 1 else Sequence(tuple(self.parts)))
        self.parts = []
        self.elsewhere |= self.here
        self.here = set()

    def tree(self) -> Tree:
        """The whole group, once it is closed."""
        self.next_option()
        tree = self.options[0] if len(self.options) == 1 else Choice(tuple(self.options))
        if self.look is not None:
            return Look(tree, *self.look)
        return Irregular("flags within a pattern") if self.flags else tree


class _Parser:
    """One run over one pattern."""

    def __init__(self, pattern: str, *, strict: bool) -> None:
        self.reader = Reader(pattern, strict=strict)
        self.open = [_Group(0)]
        self.groups = 0
        self.names: set[str] = set()
        self.references: list[tuple[str, int]] = []

    def run(self) -> Tree:
        """The tree of the whole pattern."""
        reader = self.reader
        while not reader.ended():
            self.step()
        if len(self.open) > 1:
            raise reader.error("a `(` that is never closed", self.open[-1].start)
        for reference, offset in self.references:
            if reference.isdigit():
                if len(reference) > 9 or int(reference) > self.groups:  # noqa: PLR2004
                    raise reader.error(f"there is no group {reference} to refer to", offset)
            elif reference not in self.names:
                raise reader.error(f"there is no group named `{reference}` to refer to", offset)
        return self.open[0].tree()

    def step(self) -> None:
        """Read the next term, or the start, middle or end of a group."""
        reader = self.reader
        start = reader.at
        if reader.take("|"):
            self.open[-1].next_option()
        elif reader.take("("):
            self.open.append(self.group(start))
        elif reader.take(")"):
            if len(self.open) == 1:
                raise reader.error("a `)` that closes nothing", start)
            group = self.open.pop()
            tree = group.tree()
            self.open[-1].here |= group.elsewhere
            self.add(tree, start, repeatable=group.look is None or (group.look[0] and not reader.strict))
        else:
            anchor = self.anchor()
            if anchor is not None:
                self.add(anchor, start, repeatable=False)
            else:
                self.add(self.atom(), start, repeatable=True)

    def add(self, tree: Tree, start: int, *, repeatable: bool) -> None:
        """Append `tree`, with the quantifier that follows it."""
        quantifier = self.reader.at
        bounds = self.quantifier()
        if bounds is None:
            self.open[-1].parts.append(tree)
            return
        if not repeatable:
            what = self.reader.text[start:quantifier]
            raise self.reader.error(
                f"`{what}` matches no character, so there is nothing to repeat", quantifier
            )
        self.open[-1].parts.append(Repeat(tree, *bounds))

    def anchor(self) -> Tree | None:
        r"""`^`, `$`, `\b`, `\B`."""
        anchors: tuple[tuple[str, Tree], ...] = (
            ("^", Anchor("start")),
            ("$", Anchor("end")),
            ("\\b", Boundary(negated=False)),
            ("\\B", Boundary(negated=True)),
        )
        return next((tree for text, tree in anchors if self.reader.take(text)), None)

    def quantifier(self) -> tuple[int, int | None] | None:
        """`*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`, each lazy with `?`: which words match is the same."""
        reader = self.reader
        start = reader.at
        found: tuple[int, int | None] | None
        braces = _BOUNDS.match(reader.text, start)
        if braces:
            reader.at = braces.end()
            found = self.bounds(braces, start)
        else:
            simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
            found = simple.get(reader.char())
            if found is None:
                return None
            reader.at += 1
        reader.take("?")
        if reader.char() == "+":
            raise reader.error("there are no possessive quantifiers in ECMA-262; drop the second `+`")
        if reader.char() in ("*", "?") or _BOUNDS.match(reader.text, reader.at):
            raise reader.error("a quantifier may not follow another; put the first in a group `(?:…)`")
        return found

    def bounds(self, braces: re.Match[str], start: int) -> tuple[int, int | None]:
        """The numbers of `{n,m}`, of any length."""
        low = braces[1].lstrip("0")
        high = low if braces[2] is None else (braces[3] or "").lstrip("0")
        unbounded = braces[2] is not None and not braces[3]
        if not unbounded and (len(low), low) > (len(high), high):
            raise self.reader.error(f"the bounds of `{braces[0]}` are out of order", start)
        least, most = (int(text or "0") if len(text) < len(str(_MANY)) else _MANY for text in (low, high))
        return least, None if unbounded else most

    def group(self, start: int) -> _Group:
        """A group of which the `(` has been read: its head."""
        reader = self.reader
        if reader.char() != "?":
            self.groups += 1
            return _Group(start)
        for head, ahead, negated in (
            ("?=", True, False),
            ("?!", True, True),
            ("?<=", False, False),
            ("?<!", False, True),
        ):
            if reader.take(head):
                return _Group(start, look=(ahead, negated))
        if reader.take("?:"):
            return _Group(start)
        if reader.take("?<"):
            self.groups += 1
            self.declare(self.group_name(start), start)
            return _Group(start)
        flags = _FLAGS.match(reader.text, reader.at)
        if flags:
            switched = flags[1] + (flags[2] or "")
            if not switched or len(set(switched)) < len(switched):
                raise reader.error(f"`({flags[0]}` switches no flag, or one twice", start)
            reader.at = flags.end()
            return _Group(start, flags=True)
        raise self.foreign_group(start)

    def foreign_group(self, start: int) -> RegexError:
        """What is wrong with a group of another dialect."""
        text, at = self.reader.text, self.reader.at
        head, hint = next(
            ((head, hint) for head, hint in _FOREIGN_GROUPS if text.startswith(head, at)), ("", "")
        )
        if not head:
            flags = re.compile(r"\?\^?[a-zA-Z-]+[:)]").match(text, at)
            head, hint = (flags[0], _FLAG_HINT) if flags else (text[at : at + 2], "")
        return self.reader.error(f"`({head}` is not part of ECMA-262" + (f"; {hint}" if hint else ""), start)

    def declare(self, name: str, start: int) -> None:
        """Note a named group; two of one name are allowed in different alternatives only."""
        if any(name in group.here for group in self.open):
            raise self.reader.error(f"two groups are named `{name}`", start)
        self.open[-1].here.add(name)
        self.names.add(name)

    def group_name(self, start: int) -> str:
        """The name up to and with `>`, its escapes resolved."""
        reader = self.reader
        name = ""
        while not reader.take(">"):
            before = reader.at
            char = reader.char()
            reader.at += 1
            if char == "\\" and reader.take("u"):
                char = chr(unicode_escape(reader, before))
            if not char or not _in_name(char, first=not name):
                raise reader.error(
                    "a group wants a name of letters, digits, `$` and `_` between `<` and `>`", start
                )
            name += char
        if not name:
            raise reader.error("a group wants a name between `<` and `>`", start)
        return name

    def atom(self) -> Tree:
        """One character, class or reference."""
        reader = self.reader
        start = reader.at
        char = reader.char()
        if char == "[":
            return char_class(reader)
        if char in "*+?" or (char == "{" and _BOUNDS.match(reader.text, start)):
            raise reader.error(
                f"there is nothing to repeat before `{char}`; write `\\{char}` for the character itself"
            )
        reader.at += 1
        if char == "\\":
            return self.reference(start) or escape(reader, start, in_class=False)
        if char == ".":
            return _ANY
        if char in "{}]":
            if reader.strict:
                raise reader.error(f"a lone `{char}`; write `\\{char}`", start)
            posix = _POSIX_CLASS.search(reader.text, 0, start) if char == "]" else None
            if posix:
                message = f"classes such as `{posix[0]}` are not part of ECMA-262; list their characters"
                raise reader.error(message, posix.start())
        return Chars(cs.single(ord(char)))

    def reference(self, start: int) -> Irregular | None:
        r"""`\1` or `\k<name>`, after the `\`; whether the group is there is seen at the end."""
        reader = self.reader
        number = re.compile(r"[1-9][0-9]*").match(reader.text, reader.at)
        if number:
            reader.at = number.end()
            self.references.append((number[0], start))
            return Irregular("a back-reference")
        if reader.take("k"):
            if not reader.take("<"):
                raise reader.error("`\\k` wants the name of a group after it, `\\k<name>`", start)
            self.references.append((self.group_name(start), start))
            return Irregular("a back-reference")
        return None


def _in_name(char: str, *, first: bool) -> bool:
    """ECMA-262 12.7: ID_Start or ID_Continue of Unicode, `$`, `_`, and within a name two joiners."""
    if char in "$_" or char.isidentifier():
        return True
    import unicodedata  # patterns rarely name groups

    if unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nl"):
        return True
    return not first and (char in "\u200c\u200d" or f"a{char}".isidentifier())


__all__ = ["RegexError", "parse"]
