"""`apicontract bump`: the next version of a contract, and writing it where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (  # noqa: TC001  # the command line reads them at run time
    FormatOption,
    OutputOption,
    QuietOption,
    VerboseOption,
)
from apicontract.cli.outcomes import ends_well
from apicontract.cli.output import Format, emit, replace, style_for

if TYPE_CHECKING:
    from apicontract import Bump


@ends_well
def bump(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str] | None,
        typer.Argument(metavar="CONTRACT...", help="The contracts. [default: all that changed]"),
    ] = None,
    *,
    against: Annotated[
        str,
        typer.Option(
            "--against", metavar="REF|PATH", help="What to compare with. [default: as check finds it]"
        ),
    ] = "",
    write: Annotated[
        bool, typer.Option("--write", help="Put the version into the contract; nothing else in it changes.")
    ] = False,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch the base if it is not here, and nothing else.")
    ] = False,
    fmt: FormatOption = Format.TEXT,
    output: OutputOption = "",
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,  # noqa: ARG001  # read where internal errors are reported
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
) -> int:
    """Say which version a contract needs after its changes, and with --write declare it.

    The version follows from what changed since the base, by the same policy and waivers as `check`. One
    that says enough already stays. With --quiet only the version is printed, for scripts.

    \b
    Examples:
      apicontract bump openapi.yaml --against v1.4.0
      apicontract bump openapi.yaml --against origin/main --write
      apicontract bump --write
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    found = apicontract.bump(*(contracts or ()), against=against, fetch=fetch, config=config)
    if write:
        edits = [(one.source, apicontract.bumped(one)) for one in found if one.next != one.declared]
        for source, content in edits:
            replace(source, content)
    _emit(found, fmt, output, quiet=quiet, written=write)
    return 0


def _emit(found: tuple[Bump, ...], fmt: Format, output: str, *, quiet: bool, written: bool) -> None:
    from apicontract.reports.bump import bump_json, bump_lines

    if fmt is Format.JSON:
        emit(bump_json(found, written=written), output)
    elif quiet:
        emit((one.next for one in found), output)
    else:
        emit(bump_lines(found, style_for(output), written=written), output)
