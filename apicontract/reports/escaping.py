"""How a text of a contract is written into Markdown, XML and workflow commands so that it means only itself.

HTML is escaped by its template engine and JSON by its encoder.
"""

from __future__ import annotations

import re

from apicontract.reports.style import plain

_SPECIAL = re.compile(r"([\\*_\[\]<>&|#~!])")
_START = re.compile(
    r"^(\s*)(\d*)([-+=.)])(?=\s|=*$)"
)  # would begin a list, or make a heading of the line above
_LIVE = re.compile(r"@(?=[\w-])|\\#(?=\d)|(?<=:)//|(?<=www)\.|GH-(?=\d)", re.IGNORECASE)
_NO_XML = re.compile("[\ufffe\uffff]")  # by XML 1.0 section 2.2; control characters are spelled out already
_COMMAND = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_COMMAND, ":": "%3A", ",": "%2C"}


def text_of(text: str, *, calm: bool = False) -> str:
    """A text as Markdown shows it: code in backticks stays code, everything else means itself.

    calm: it is for a service that makes links of names and numbers (`@somebody`, `#12`, addresses);
    an empty comment in the middle keeps it from doing so, and nobody is called.
    """
    pieces = plain(text).split("`")
    if len(pieces) % 2 == 0:
        return _escaped(plain(text).replace("`", "'"), calm=calm)
    return "".join(
        f"`{piece}`" if at % 2 else _escaped(piece, calm=calm) for at, piece in enumerate(pieces) if piece
    )


def _escaped(text: str, *, calm: bool) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    if not calm:
        return text
    text = _START.sub(lambda found: f"{found[1]}{found[2]}\\{found[3]}", text)
    return _LIVE.sub(_apart, text)


def _apart(found: re.Match[str]) -> str:
    return f"<!-- -->{found[0]}" if found[0] in ("//", ".") else f"{found[0]}<!-- -->"


def code_of(text: str) -> str:
    """A text as code, fenced so that no backtick in it ends it; of an empty one, quotes.

    A fence around nothing is a fence twice as long, which would pair with another one further on.
    """
    shown = plain(text) or '""'
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def xml_text(text: str) -> str:
    """A text without what XML 1.0 cannot hold, spelled out instead; the writer escapes the rest."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", plain(text))


def command_data(text: str) -> str:
    """The message of a workflow command: one line, whatever is in it."""
    return "".join(_COMMAND.get(letter, letter) for letter in plain(text))


def command_property(text: str) -> str:
    """The value of a property of a workflow command."""
    return "".join(_PROPERTY.get(letter, letter) for letter in plain(text))
