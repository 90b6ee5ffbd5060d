"""`apicontract maturity`: how far APIs are along by Richardson's model."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (
    IncludeOption,
    OutputOption,
    QuietOption,
    RemoteOption,
    RootOption,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UNUSABLE, UsageProblem, ends_well, report_unreadable
from apicontract.cli.output import emit, style_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract import Maturity
    from apicontract.reports.style import Style


class MaturityFormat(StrEnum):
    """How ratings are written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


@ends_well
def maturity(  # noqa: PLR0913  # one parameter per option
    contracts: Annotated[
        list[str],
        typer.Argument(metavar="CONTRACT...", help="Files, directories, globs, git:REF:path or `-`."),
    ],
    *,
    fmt: Annotated[
        MaturityFormat, typer.Option("--format", "-f", help="How to write the result.")
    ] = MaturityFormat.TEXT,
    min_level: Annotated[
        int | None,
        typer.Option(
            "--min-level", min=0, max=3, help="Exit 1 if an API is below. [default: the configuration's]"
        ),
    ] = None,
    share: Annotated[
        int | None,
        typer.Option(
            "--share",
            metavar="PERCENT",
            min=1,
            max=100,
            help="How many operations must reach a level. [default: the configuration's, else 90]",
        ),
    ] = None,
    output: OutputOption = "",
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
    allow_remote: RemoteOption = False,
    root: RootOption = "",
    include: IncludeOption = None,
) -> int:
    """Rate APIs by Richardson's maturity model, 0 to 3, with the evidence and the way to the next level.

    Each criterion is a rule (`apicontract explain read-by-post`). gRPC is rated by its `google.api.http`
    routes; without them, as GraphQL, it is RPC by design and not rated: no level, which no gate fails.
    With -v every operation is listed.

    \b
    Examples:
      apicontract maturity api.yaml
      apicontract maturity apis/ --format html --output maturity.html
      apicontract maturity api.yaml --min-level 2
      apicontract maturity 'apis/*.yaml' --format json
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    unreadable: list[Exception] = []
    ratings = apicontract.maturity(
        *contracts,
        share=share,
        config=config,
        options=reading(allow_remote=allow_remote, root=root, includes=include),
        on_error=unreadable.append,
    )
    least = apicontract.configuration(config).settings.maturity.min_level if min_level is None else min_level
    for error in unreadable:
        report_unreadable(error)
    if not ratings and not unreadable:
        raise UsageProblem("nothing is rated: `exclude` under [maturity] leaves out all that is named")
    if ratings:
        emit(_written(ratings, fmt, style_for(output), quiet=quiet, verbose=verbose > 0), output)
    if unreadable:
        return UNUSABLE
    return GATE if any(one.level is not None and one.level < least for one in ratings) else 0


def _written(
    ratings: tuple[Maturity, ...], fmt: MaturityFormat, style: Style, *, quiet: bool, verbose: bool
) -> str | Iterable[str]:
    if fmt is MaturityFormat.JSON:
        from apicontract.reports.maturity_json import maturity_json

        return maturity_json(ratings)
    if fmt is MaturityFormat.HTML:
        from apicontract.reports.maturity_html import maturity_html

        return maturity_html(ratings)
    if fmt is MaturityFormat.MARKDOWN:
        from apicontract.reports.maturity_markdown import maturity_markdown

        return maturity_markdown(ratings)
    from apicontract.reports.maturity import maturity_lines, maturity_verdicts

    return maturity_verdicts(ratings, style) if quiet else maturity_lines(ratings, style, verbose=verbose)
