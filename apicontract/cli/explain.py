"""`apicontract explain`: one rule in full."""

from __future__ import annotations

from typing import Annotated

import typer

from apicontract.cli.options import FormatOption  # noqa: TC001  # the command line reads it at run time
from apicontract.cli.outcomes import UsageProblem, ends_well
from apicontract.cli.output import Format, emit, style_for


def _known(incomplete: str) -> list[str]:
    """Rule ids for shell completion."""
    import apicontract

    return [rule.id for rule in apicontract.rules() if rule.id.startswith(incomplete)]


@ends_well
def explain(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", help="The id of a rule, as reports show it.", autocompletion=_known),
    ],
    fmt: FormatOption = Format.TEXT,
) -> int:
    """Explain a rule: what happened, why it matters, how to do it safely, an example.

    \b
    Example:
      apicontract explain request-property-became-required
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    try:
        found = apicontract.rule(rule)
    except KeyError as error:
        _, *near = error.args
        meant = f"; did you mean {' or '.join(near)}?" if near else "; `apicontract rules` lists them"
        raise UsageProblem(f"there is no rule {rule}{meant}") from None
    if fmt is Format.JSON:
        from apicontract.reports.json import rules_json

        emit(rules_json([found]), "")
    else:
        from apicontract.reports.catalogue import rule_lines

        emit(rule_lines(found, style_for("")), "")
    return 0
