"""`apicontract rules`: the catalogue, a line or two each, or as JSON."""

from __future__ import annotations

import apicontract
from apicontract.cli.writing import style_for, write, write_lines


def run(report_format: str) -> None:
    """Print every rule about changes and about validation."""
    rules = apicontract.rules()
    if report_format == "json":
        from apicontract.reports.json import rules_json

        write(rules_json(rules))
        return
    from apicontract.reports.catalogue import rules_lines

    write_lines(rules_lines(rules, style_for(None)))
