"""What the compiler objects to, as an error of ours: every mistake with its place.

Knows protoc's messages; turns import paths into names that people gave, and protoc's columns into
code points.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.proto.positions import code_points
from apicontract.records import dataclass
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apicontract.formats.proto.compiling.files import Finder
    from apicontract.formats.proto.compiling.protoc import Remark

_NOT_FOUND = re.compile(r'Import "(?P<path>.*)" was not found or had errors\.')
_UNKNOWN = re.compile(r'"(?P<name>[^"]+)" (?:is not defined\.|seems to be defined in |is resolved to )')
_MISSING = ("File not found.", "Backslashes, consecutive slashes, ")  # also a path that can be no import path


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing the compiler objects to: `path` is the import path, `file` as shown; line and column from 1.

    Line and column are 0 where it names none. `text` is what the compiler says, a warning is no error.
    """

    path: str
    file: str
    line: int
    column: int
    text: str
    is_warning: bool = False


class CompileError(ContractError):
    """Protos do not compile; `mistakes` has all that the compiler found, the first is the message.

    dependencies: modules of Buf's registry that the contract's configuration asks for.
    """

    def __init__(self, mistakes: Sequence[Mistake], dependencies: Sequence[str] = ()) -> None:
        from apicontract.formats.proto.complaints import Complaint, explain

        first, *rest = (mistake for mistake in mistakes if not mistake.is_warning)
        complaint = explain(first.text) or Complaint("", first.text)
        advice = _where_to_find(dependencies) if _NOT_FOUND.fullmatch(first.text) else complaint.advice
        further = (
            f"{len(rest)} further mistake{'s' if len(rest) > 1 else ''}: `apicontract validate` lists all"
        )
        super().__init__(
            complaint.message,
            file=first.file,
            line=first.line,
            column=first.column,
            hint="; ".join(filter(None, (advice, further if rest else ""))),
        )
        self.mistakes = tuple(mistakes)


def _where_to_find(dependencies: Sequence[str]) -> str:
    """What to do about an import that was not found; `dependencies` are modules of Buf's registry."""
    if not dependencies:
        return "name the folder that import paths start below with -I"
    fetched = " or ".join(f"`buf export {name} -o DIR`" for name in dependencies)
    return f"fetch what buf's configuration depends on with {fetched}, and name it with -I DIR"


def mistakes(remarks: Sequence[Remark], find: Finder) -> list[Mistake]:
    """The remarks as mistakes, each once and without those that only follow up on others.

    An import that only fails since the file has mistakes is none of its own, nor is a name that would
    come with it; a file that was not found is said where it is imported.
    """
    if not remarks:
        return []
    from apicontract.formats.proto.complaints import explain

    blamed = {one.file for one in remarks if not one.is_warning} - not_found(remarks)
    failed: dict[str, set[str]] = {}
    for one in remarks:
        imported = _NOT_FOUND.fullmatch(one.message)
        if imported is not None:
            failed.setdefault(one.file, set()).add(imported["path"])
    lines: dict[str, list[bytes]] = {}
    found = [
        _placed(one, find, lines)
        for one in remarks
        if explain(one.message) and not _follows(one, blamed, failed)
    ]
    return list(dict.fromkeys(found))


def not_found(remarks: Sequence[Remark]) -> set[str]:
    """The import paths that the compiler looked for and was not given."""
    return {one.file for one in remarks if one.message.startswith(_MISSING)}


def _follows(remark: Remark, blamed: set[str], failed: Mapping[str, set[str]]) -> bool:
    """Whether it says nothing of its own: where imports failed, names that come with them are unknown.

    A name without a package comes from the file's own, which is in the file's own folder.
    """
    if remark.message.startswith(_MISSING):
        return True
    imported = _NOT_FOUND.fullmatch(remark.message)
    if imported is not None:
        return imported["path"] in blamed
    unknown = _UNKNOWN.match(remark.message)
    if unknown is None or remark.file not in failed:
        return False
    here = remark.file.rpartition("/")[0]
    return "." in unknown["name"] or any(path.rpartition("/")[0] == here for path in failed[remark.file])


def _placed(remark: Remark, find: Finder, lines: dict[str, list[bytes]]) -> Mistake:
    """The remark with the name of its file as shown; `lines` holds those of the files met so far."""
    file = find(remark.file) if remark.file else None
    if file is None:
        return Mistake(
            remark.file, remark.file, remark.line, remark.column, remark.message, remark.is_warning
        )
    if file.path not in lines:
        lines[file.path] = file.text.split(b"\n")
    at = remark.line - 1
    known = 0 <= at < len(lines[file.path])
    column = code_points(lines[file.path][at], remark.column - 1) + 1 if known else remark.column
    return Mistake(file.path, file.name, remark.line, column, remark.message, remark.is_warning)
