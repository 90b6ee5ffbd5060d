"""The commands and their options. What a command does is in the module of its name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apicontract import __version__

_EPILOG = """Examples:

apicontract diff git:origin/main:openapi.yaml openapi.yaml

apicontract diff --format json --output report.json old.yaml new.yaml

apicontract validate contracts/

apicontract explain response-property-removed

Exit codes: 0 fine, 1 the gate says no, 2 bad input or usage, 3 a fault of apicontract."""

app = typer.Typer(
    name="apicontract",
    help="Validate API contracts, compare two versions of one, and prove what breaks.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ReportFormat(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"


class DiffGate(StrEnum):
    """The level from which a comparison fails."""

    major = "major"
    minor = "minor"
    patch = "patch"
    never = "never"


class ValidationGate(StrEnum):
    """The severity from which a validation fails."""

    error = "error"
    warning = "warning"
    never = "never"


Remote = Annotated[bool, typer.Option("--allow-remote", help="Read URLs, also those that a $ref leads to.")]
Root = Annotated[Path | None, typer.Option("--root", help="The folder that no $ref may leave.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write the report to this file, whole or not at all."),
]
As = Annotated[ReportFormat, typer.Option("--format", "-f", help="How to write the report.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print no report; the exit code says it (--output is written).")
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"apicontract {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version  # the callback has dealt with it


@app.command(epilog="Example: apicontract diff --fail-on minor git:v1.4.0:openapi.yaml openapi.yaml")
def diff(
    old: Annotated[str, typer.Argument(help="The old contract: a path, a folder, a glob, -, git:REF:path.")],
    new: Annotated[str, typer.Argument(help="The new contract, likewise.")],
    *,
    format: As = ReportFormat.text,
    fail_on: Annotated[
        DiffGate, typer.Option("--fail-on", help="Exit with 1 if the contract needs at least this bump.")
    ] = DiffGate.major,
    output: Output = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List patch changes and every operation reached.")
    ] = False,
    surfaces: Annotated[
        str, typer.Option(help="Where a break is major: wire, behaviour, source, joined by commas.")
    ] = "wire,behaviour",
    path_prefix: Annotated[
        str | None,
        typer.Option(
            "--path-prefix", metavar="OLD=NEW", help="Compare paths below OLD with those below NEW."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Changed defaults and added statuses are major too.")
    ] = False,
    allow_remote: Remote = False,
    root: Root = None,
) -> None:
    """Compare two versions of a contract: what changed, what breaks, which bump that needs.

    Of two folders or globs, the contracts are paired by their path.
    """
    from apicontract.cli import diff as command

    request = command.Request(
        format=format.value,
        fail_on=fail_on.value,
        output=output,
        quiet=quiet,
        verbose=verbose,
        surfaces=surfaces,
        path_prefix=path_prefix,
        strict=strict,
        allow_remote=allow_remote,
        root=root,
    )
    raise typer.Exit(command.run(old, new, request))


@app.command(epilog="Example: apicontract validate openapi.yaml contracts/")
def validate(
    contracts: Annotated[
        list[str], typer.Argument(help="Contracts: paths, folders, globs, -, git:REF:path, or URLs.")
    ],
    *,
    format: As = ReportFormat.text,
    fail_on: Annotated[
        ValidationGate, typer.Option("--fail-on", help="Exit with 1 if a finding is at least this bad.")
    ] = ValidationGate.error,
    output: Output = None,
    quiet: Quiet = False,
    allow_remote: Remote = False,
    root: Root = None,
) -> None:
    """Check contracts: structure, references and meaning; every problem in one run."""
    from apicontract.cli import validate as command

    request = command.Request(
        format=format.value,
        fail_on=fail_on.value,
        output=output,
        quiet=quiet,
        allow_remote=allow_remote,
        root=root,
    )
    raise typer.Exit(command.run(contracts, request))


@app.command(epilog="Example: apicontract explain response-property-removed")
def explain(rule: Annotated[str, typer.Argument(help="The id of a rule, as a report shows it.")]) -> None:
    """Tell about a rule: what it means, why it matters, what to do, an example."""
    from apicontract.cli import explain as command

    command.run(rule)


@app.command(epilog="Example: apicontract rules --format json")
def rules(*, format: As = ReportFormat.text) -> None:
    """List every rule about changes and about validation."""
    from apicontract.cli import rules as command

    command.run(format.value)
