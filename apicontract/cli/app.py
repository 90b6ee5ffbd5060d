"""The commands put together. What they run is imported when they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

_NAMES = (  # in the order of the help; each is a function or a group of its name in a module of its name
    "diff",
    "check",
    "bump",
    "changelog",
    "validate",
    "lint",
    "maturity",
    "generate",
    "explain",
    "rules",
    "init",
    "config",
    "ci",
)
_EXAMPLES = """\b
Examples:
  apicontract diff v1.yaml v2.yaml             what changed, the bump it needs
  apicontract diff git:main:api.yaml api.yaml  against another revision
  apicontract check                            what this branch does, for CI
  apicontract validate api.yaml                every problem, with its place
  apicontract lint api.yaml                    what makes it hard to use or to change
  apicontract maturity api.yaml                how far it is, by Richardson's model
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


class _Commands(Mapping[str, TyperCommand | TyperGroup]):
    """The commands by name; the module of one is imported when it is looked up."""

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        if name not in _NAMES:
            raise KeyError(name)
        part = getattr(import_module(f"apicontract.cli.{name}"), name)
        alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
        if isinstance(part, typer.Typer):
            alone.add_typer(part, name=name)
        else:
            alone.command()(part)
        return get_group(alone).commands[name]  # type: ignore[return-value]  # what it makes is of these

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


class _Group(TyperGroup):
    """All commands, of which a run needs one: making them all takes longer than a small comparison."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]  # none is added

    def list_commands(self, _ctx: object) -> list[str]:
        """The names, without loading what they name."""
        return list(_NAMES)


app = typer.Typer(
    cls=_Group,
    help="Validate and lint API contracts, compare two versions of one, and prove what breaks.",
    epilog=_EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: the same on every terminal, and without the time to load rich
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
