"""How text looks on a terminal and where there is none: width, colour, wrapping, escaping.

Knows nothing of contracts. Whatever comes out of a contract passes `plain` before it is printed, so
that no contract can send a control sequence to somebody's terminal.
"""

from __future__ import annotations

import re
import textwrap

from apicontract.records import dataclass

_CODES = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "33", "green": "32", "cyan": "36"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_RUN = re.compile(r"(\S)\1{23,}")


@dataclass(frozen=True, slots=True)
class Style:
    """width: columns to fill; colour: whether escape sequences are wanted."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, *looks: str) -> str:
        """The text in that look, or as it is where colour is off."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[look] for look in looks)}m{text}\x1b[0m"

    def wrap(self, text: str, indent: str, *, limit: int = 0) -> list[str]:
        """Lines of at most `width` columns, each behind `indent`; cut after `limit` characters if given."""
        shown = plain(text)
        if limit and len(shown) > limit:
            shown = shown[: limit - 1] + "…"
        return textwrap.wrap(
            shown,
            max(self.width, 40),
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=bool(limit),
        ) or [indent.rstrip()]

    def point(self, text: str, indent: str) -> list[str]:
        """As `wrap`, behind an arrow: something to do."""
        first, *rest = self.wrap(text, indent + "  ")
        return [f"{indent}→ {first.lstrip()}", *rest]


def plain(text: str) -> str:
    """The text with control characters spelled out, and tabs and line ends as spaces."""
    text = text.replace("\t", " ").replace("\n", " ")
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shortened(text: str) -> str:
    """The text with long runs of one character counted: a value of 201 letters is `aaa…(201 times)`."""
    return _RUN.sub(lambda run: f"{run[1] * 3}…({len(run[0])} times)", text)
