"""`apicontract explain`: everything about one rule."""

from __future__ import annotations

import apicontract
from apicontract.cli.writing import style_for, write_lines
from apicontract.reports.catalogue import rule_lines
from apicontract.sources import ContractError


def run(rule_id: str) -> None:
    """Print the rule; ContractError with the ids nearest to it if there is none of that name."""
    try:
        rule = apicontract.rule(rule_id)
    except KeyError as error:
        near = error.args[1:]
        hint = f"did you mean {' or '.join(near)}?" if near else "`apicontract rules` lists them all"
        raise ContractError(f"there is no rule {rule_id}", hint=hint) from None
    write_lines(rule_lines(rule, style_for(None)))
