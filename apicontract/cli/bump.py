"""`apicontract bump`: the next version of a contract, and writing it where it belongs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (  # noqa: TC001  # the command line reads them at run time
    FormatOption,
    OutputOption,
    QuietOption,
    VerboseOption,
)
from apicontract.cli.outcomes import GATE, UsageProblem, ends_well
from apicontract.cli.output import Format, emit, replace_all, style_for

if TYPE_CHECKING:
    from apicontract import Bump, Edits


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
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="VERSION",
            help="The version of the one contract that is named; nothing is compared.",
        ),
    ] = "",
    write: Annotated[
        bool,
        typer.Option("--write", help="Declare it: edit the version, or add the package of the next major."),
    ] = False,
    move: Annotated[
        bool,
        typer.Option("--move", help="Of protobuf: the old package goes, and whoever imports it is edited."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --write would do as a patch, and write nothing.")
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

    A protobuf package has its major in its name: --write puts what was changed into the package of the next
    major, in a folder beside it, and the old one is as it was before this branch. With --move it is renamed
    instead. Nothing is written that would not compile.

    Exit 1 if a break cannot be said by any version; the contracts beside it are bumped all the same.

    \b
    Examples:
      apicontract bump openapi.yaml --against v1.4.0
      apicontract bump openapi.yaml --against origin/main --write
      apicontract bump proto/acme/orders/v1 --diff
      apicontract bump proto/acme/orders/v1beta1 --to v1 --write
      apicontract bump --write
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract
    from apicontract.reports.bump import patch_lines
    from apicontract.reports.style import plain

    if diff and (write or fmt is Format.JSON):
        raise UsageProblem("--diff writes nothing, and is a patch: leave --write and --format json out")
    found = apicontract.bump(*(contracts or ()), against=against, to=to, fetch=fetch, config=config)
    refused = [one for one in found if one.refused]
    edits = apicontract.bumped(*found, move=move, config=config) if write or diff else None
    if edits is not None and write:
        replace_all(edits.contents, edits.gone, new_folders=True)
    if edits is not None and diff:
        emit(patch_lines(edits), output)
        sys.stderr.writelines(f"note: {plain(note)}\n" for note in edits.notes)
        sys.stderr.writelines(f"refused: {plain(one.source)}: {plain(one.refused)}\n" for one in refused)
    else:
        _emit(found, edits, fmt, output, quiet=quiet)
    return GATE if refused else 0


def _emit(found: tuple[Bump, ...], edits: Edits | None, fmt: Format, output: str, *, quiet: bool) -> None:
    from apicontract.reports.bump import bump_json, bump_lines

    if fmt is Format.JSON:
        emit(bump_json(found, edits), output)
    elif quiet:
        emit((one.next for one in found), output)
    else:
        emit(bump_lines(found, style_for(output), edits), output)
