"""`apicontract changelog`: release notes for those who use an API."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import OutputOption, VerboseOption  # noqa: TC001  # read at run time
from apicontract.cli.outcomes import UsageProblem, ends_well
from apicontract.cli.output import emit, replace

if TYPE_CHECKING:
    from apicontract import Release


class NotesFormat(StrEnum):
    """How release notes are written."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


@ends_well
def changelog(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str] | None,
        typer.Argument(metavar="CONTRACT...", help="The contracts. [default: all that there are]"),
    ] = None,
    *,
    since: Annotated[
        str, typer.Option("--from", metavar="REF", help="Where to begin. [default: the last version tag]")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", metavar="REF", help="Where to end. [default: the files as they are]")
    ] = "",
    tags: Annotated[
        str,
        typer.Option("--tags", metavar="GLOB", help="A section for each tag between that matches: 'v*'."),
    ] = "",
    fmt: Annotated[
        NotesFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = NotesFormat.MARKDOWN,
    output: OutputOption = "",
    write: Annotated[
        str,
        typer.Option(
            "--write", metavar="FILE", help="Put the notes into a changelog, under Keep a Changelog's heads."
        ),
    ] = "",
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch a ref that is not here, and nothing else.")
    ] = False,
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
    verbose: VerboseOption = 0,  # noqa: ARG001  # read where internal errors are reported
) -> int:
    """Write release notes for those who use the API: by level and operation, with what to do about each.

    Levels and waivers are those of `check`; what is waived is shown as waived. With --write, a section
    that is there already is written anew, and what people wrote beside it stays.

    \b
    Examples:
      apicontract changelog --from v1.4.0 --to v2.0.0
      apicontract changelog --tags 'v*' --format html --output changelog.html
      apicontract changelog openapi.yaml --write CHANGELOG.md
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    if write and fmt is not NotesFormat.MARKDOWN:
        raise UsageProblem("--write puts Markdown into a changelog: leave --format out")
    releases = apicontract.changelog(
        *(contracts or ()), since=since, until=until, tags=tags, fetch=fetch, config=config
    )
    if write:
        replace(write, _inserted(write, releases))
        sys.stderr.write(f"{write}: {', '.join(release.version for release in releases)}\n")
    else:
        emit(_written(releases, fmt), output)
    return 0


def _written(releases: tuple[Release, ...], fmt: NotesFormat) -> str:
    if fmt is NotesFormat.JSON:
        from apicontract.reports.changelog_json import changelog_json

        return changelog_json(releases)
    if fmt is NotesFormat.HTML:
        from apicontract.reports.changelog_html import changelog_html

        return changelog_html(releases)
    from apicontract.reports.changelog import markdown

    return markdown(releases)


def _inserted(file: str, releases: tuple[Release, ...]) -> bytes:
    from apicontract.reports.changelog import inserted
    from apicontract.sources import ContractError

    try:
        text = Path(file).read_bytes().decode("utf-8") if Path(file).exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"cannot read {file}: {error}") from None
    try:
        return inserted(text, releases).encode()
    except ContractError as error:
        error.file = file
        raise
