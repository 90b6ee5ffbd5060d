"""`apicontract config`: what is in force, which profiles there are, and the JSON Schema of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import FormatOption, OutputOption  # noqa: TC001  # read at run time
from apicontract.cli.outcomes import UsageProblem, ends_well
from apicontract.cli.output import Format, emit, style_for

if TYPE_CHECKING:
    from apicontract import Profile

config = typer.Typer(
    help="What is in force, and where each value comes from.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@config.command()
@ends_well
def show(
    contract: Annotated[
        str,
        typer.Argument(
            metavar="[CONTRACT]", help="A contract's path: what is in force for this one. [default: for all]"
        ),
    ] = "",
    *,
    file: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
    fmt: FormatOption = Format.TEXT,
    output: OutputOption = "",
) -> int:
    """Print every setting with where it comes from: default, profile, or a line of a file.

    \b
    Examples:
      apicontract config show
      apicontract config show apis/orders.yaml --format json
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    configuration = apicontract.configuration(file, contract=contract)
    if fmt is Format.JSON:
        from apicontract.reports.configuration import configuration_json

        emit(configuration_json(configuration), output)
    else:
        from apicontract.reports.configuration import configuration_lines

        emit(configuration_lines(configuration, style_for(output)), output)
    return 0


@config.command()
@ends_well
def profiles(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One of them. [default: all]")] = "",
    *,
    fmt: FormatOption = Format.TEXT,
) -> int:
    """List the profiles: what each sets, why, and which public guideline it follows.

    \b
    Example:
      apicontract config profiles zalando
    """  # noqa: D301
    listed = _profiles(name)
    if fmt is Format.JSON:
        from apicontract.reports.configuration import profiles_json

        emit(profiles_json(listed), "")
    else:
        from apicontract.reports.configuration import profiles_lines

        emit(profiles_lines(listed, style_for("")), "")
    return 0


@config.command()
@ends_well
def schema(output: OutputOption = "") -> int:
    """Print the JSON Schema of apicontract.toml, for editors and other tools."""
    import apicontract

    emit(apicontract.configuration_schema(), output)
    return 0


def _profiles(name: str) -> tuple[Profile, ...]:
    import apicontract

    listed = apicontract.profiles()
    found = tuple(profile for profile in listed if name in ("", profile.name))
    if not found:
        known = ", ".join(profile.name for profile in listed)
        raise UsageProblem(f"there is no profile {name}; known are {known}")
    return found
