"""`apicontract rules`: the catalogue."""

from __future__ import annotations

from apicontract.cli.options import FormatOption  # noqa: TC001  # the command line reads it at run time
from apicontract.cli.outcomes import ends_well
from apicontract.cli.output import Format, emit, style_for


@ends_well
def rules(fmt: FormatOption = Format.TEXT) -> int:
    """List every rule: kinds of changes with their usual level, then what validate reports.

    \b
    Examples:
      apicontract rules
      apicontract rules --format json
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    if fmt is Format.JSON:
        from apicontract.reports.json import rules_json

        emit(rules_json(apicontract.rules()), "")
    else:
        from apicontract.reports.catalogue import rules_lines

        emit(rules_lines(apicontract.rules(), style_for("")), "")
    return 0
