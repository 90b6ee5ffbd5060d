"""The commands put together. What they run is imported when they run."""

from __future__ import annotations

from typing import Annotated

import typer

from apicontract.cli.bump import bump
from apicontract.cli.changelog import changelog
from apicontract.cli.check import check
from apicontract.cli.ci import ci
from apicontract.cli.config import config
from apicontract.cli.diff import diff
from apicontract.cli.explain import explain
from apicontract.cli.generate import generate
from apicontract.cli.init import init
from apicontract.cli.lint import lint
from apicontract.cli.rules import rules
from apicontract.cli.validate import validate

_EXAMPLES = """\b
Examples:
  apicontract diff v1.yaml v2.yaml             what changed, the bump it needs
  apicontract diff git:main:api.yaml api.yaml  against another revision
  apicontract check                            what this branch does, for CI
  apicontract validate api.yaml                every problem, with its place
  apicontract lint api.yaml                    what makes it hard to use or to change
  apicontract generate rest-client api.yaml -o clients
  apicontract explain request-property-became-required

\b
Exit codes:
  0  nothing at or above the threshold
  1  the gate says no
  2  wrong usage, or a contract that cannot be read
  3  internal error
  130  interrupted
"""

app = typer.Typer(
    help="Validate and lint API contracts, compare two versions of one, and prove what breaks.",
    epilog=_EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: the same on every terminal, and without the time to load rich
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(diff)
app.command()(check)
app.command()(bump)
app.command()(changelog)
app.command()(validate)
app.command()(lint)
app.command()(generate)
app.command()(explain)
app.command()(rules)
app.command()(init)
app.add_typer(config, name="config")
app.add_typer(ci, name="ci")


def _say_version(wanted: bool) -> None:  # noqa: FBT001  # the command line calls it with the option's value
    if wanted:
        from apicontract import __version__

        typer.echo(f"apicontract {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_say_version, is_eager=True, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    pass
