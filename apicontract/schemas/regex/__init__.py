"""ECMA-262 regular expressions: their syntax, and the regular languages they search for."""

from __future__ import annotations

from apicontract.schemas.regex.automaton import NotRegular, TooLarge
from apicontract.schemas.regex.language import Language
from apicontract.schemas.regex.parse import RegexError, parse

__all__ = ["Language", "NotRegular", "RegexError", "TooLarge", "parse"]
