"""A text under reading and the error that says where it is wrong. Knows no syntax."""

from __future__ import annotations


class RegexError(ValueError):
    """The text is no regular expression of ECMA-262; `offset` is where, in code points from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Reader:
    """A place in a text; `strict` says whether the syntax of browsers (Annex B) is refused."""

    __slots__ = ("at", "strict", "text")

    def __init__(self, text: str, *, strict: bool) -> None:
        self.text = text
        self.at = 0
        self.strict = strict

    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.text)

    def char(self) -> str:
        """The next character, empty at the end; it stays unread."""
        return self.text[self.at : self.at + 1]

    def take(self, text: str) -> bool:
        """Read `text` if it stands here."""
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def through(self, closing: str) -> str | None:
        """Read up to and with `closing` and give what was before it; None, and nothing read, without one."""
        end = self.text.find(closing, self.at)
        if end < 0:
            return None
        found = self.text[self.at : end]
        self.at = end + len(closing)
        return found

    def error(self, message: str, offset: int | None = None) -> RegexError:
        """What to raise: `message`, here or at `offset`."""
        return RegexError(message, self.at if offset is None else offset)
