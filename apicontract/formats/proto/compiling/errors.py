"""What the compiler objects to, as an error of ours: every mistake with its place.

Knows protoc's messages; turns import paths into names that people gave, and protoc's columns into
code points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.formats.proto.positions import code_points
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.formats.proto.compiling.files import Finder
    from apicontract.formats.proto.compiling.protoc import Remark

_NOT_FOUND = re.compile(r'Import "(?P<path>.*)" was not found or had errors\.')
_ECHOES = ("File not found.", "had errors.")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing the compiler objects to: `path` is the import path, `file` as shown; line and column from 1.

    Line and column are 0 where it names none.
    """

    path: str
    file: str
    line: int
    column: int
    message: str
    hint: str = ""


class CompileError(ContractError):  # it is an error
    """Protos do not compile; `mistakes` has all that the compiler found, the first is the message."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        first, *rest = mistakes
        more = f"{len(rest)} further mistake{'s' if len(rest) > 1 else ''}: `apicontract validate` lists all"
        super().__init__(
            first.message,
            file=first.file,
            line=first.line,
            column=first.column,
            hint="; ".join(filter(None, (first.hint, more if rest else ""))),
        )
        self.mistakes = tuple(mistakes)


def mistakes(remarks: Sequence[Remark], find: Finder) -> list[Mistake]:
    """The errors among the compiler's remarks; an import that only fails since what it leads to does is left out."""
    missing = {one.file for one in remarks if one.message == "File not found."}
    found = [_mistake(one, find, missing) for one in remarks if not one.is_warning]
    return list(dict.fromkeys(one for one in found if one is not None))


def not_found(remarks: Sequence[Remark]) -> set[str]:
    """The import paths that the compiler looked for and was not given."""
    return {one.file for one in remarks if one.message == "File not found."}


def _mistake(remark: Remark, find: Finder, missing: set[str]) -> Mistake | None:
    if remark.message == "File not found.":
        return None
    message, hint = remark.message, ""
    imported = _NOT_FOUND.fullmatch(message)
    if imported is not None:
        if imported["path"] not in missing:
            return None  # the mistake in that file is said where it stands
        message = f'"{imported["path"]}" is imported and was not found'
        hint = "name the folder that it is below with -I"
    file = find(remark.file) if remark.file else None
    if file is None:
        return Mistake(remark.file, remark.file, remark.line, remark.column, _sentence(message), hint)
    lines = file.text.split(b"\n", remark.line)
    at = remark.line - 1
    column = code_points(lines[at], remark.column - 1) + 1 if 0 <= at < len(lines) else remark.column
    return Mistake(file.path, file.name, remark.line, column, _sentence(message), hint)


def _sentence(message: str) -> str:
    """As our messages are: no full stop, no capital letter unless it is a name."""
    message = message.removesuffix(".")
    first, space, rest = message.partition(" ")
    plain = first.isalpha() and first[1:].islower()
    return f"{first.lower()}{space}{rest}" if plain else message
