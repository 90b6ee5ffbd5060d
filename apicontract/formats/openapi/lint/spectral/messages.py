"""The placeholders of messages: `{{property}}`, and `#{{print("value")}}` in those of the functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint.spectral.values import printed, text

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"#?\{\{([^}\n]+)\}\}")
_TERM = re.compile(
    r"""\s*(?:(["'])(.*?)\1|print\(\s*["'](\w+)["']\s*\)|(\w+))(\.toUpperCase\(\))?\s*(?:\+|$)"""
)


def filled(message: str, values: Mapping[str, object]) -> str:
    """A message with its placeholders filled; an unknown one is left empty, as Spectral does."""

    def fill(match: re.Match[str]) -> str:
        if match.group().startswith("#"):
            return _evaluated(match[1].strip(), values)
        return text(values[match[1]]) if match[1] in values else ""

    return _PLACE.sub(fill, message)


def _evaluated(expression: str, values: Mapping[str, object]) -> str:
    """Texts, names and `print` calls, joined by `+`; empty for anything else."""
    made, at = "", 0
    while at < len(expression):
        term = _TERM.match(expression, at)
        if term is None or term.end() == at:
            return ""
        _, quoted, shown, name, upper = term.groups()
        if name is not None and name not in values:
            return ""
        part = quoted if quoted is not None else _shown(shown, values) if shown else text(values[name])
        made += part.upper() if upper else part
        at = term.end()
    return made


def _shown(what: str, values: Mapping[str, object]) -> str:
    if what == "property":
        return f'"{text(values["property"])}" property ' if values["property"] != "" else "The document "
    if what == "value":
        return printed(values["value"])
    return text(values[what]) if values.get(what) is not None else ""
