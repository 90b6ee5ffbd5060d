"""The options that several commands share, as types of their parameters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.outcomes import UsageProblem
from apicontract.cli.output import Format
from apicontract.cli.reports import ReportFormat

if TYPE_CHECKING:
    from apicontract import ReadOptions

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the result.")]
ReportFormatOption = Annotated[
    ReportFormat | None,
    typer.Option("--format", "-f", help="How to write the result.", show_default="text"),
]
ReportsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT[=FILE]",
        help="A further report, as often as you like; all files are written or none.",
    ),
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Write the result there; whole or not at all.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only the verdict.")]
VerboseOption = Annotated[
    int,
    typer.Option(
        "--verbose", "-v", count=True, help="Everything in full; -vv adds tracebacks of internal errors."
    ),
]
RemoteOption = Annotated[bool, typer.Option("--allow-remote", help="Let contracts and references be URLs.")]
RootOption = Annotated[
    str,
    typer.Option(
        "--root", metavar="DIR", help="References may not leave this directory. [default: the contract's]"
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--include", "-I", metavar="DIR", help="Look there for what protos import; may be given again."
    ),
]


def reading(*, allow_remote: bool, root: str, includes: list[str] | None) -> ReadOptions:
    """What the options say about how contracts are read."""
    from apicontract import ReadOptions

    if root and not os.path.isdir(root):  # noqa: PTH112  # as it is read
        raise UsageProblem(f"--root: there is no directory {root}")
    return ReadOptions(allow_remote=allow_remote, root=root or None, includes=tuple(includes or ()))
