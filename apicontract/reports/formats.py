"""Which formats a report can have, and how each is made from the report model.

`text` and `json` are not here: every command has its own of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.reports.model import Report

# format: the module that writes it, and the function in it
_WRITERS = {
    "concise": ("concise", "concise_lines"),
    "jsonl": ("jsonl", "jsonl_lines"),
    "markdown": ("markdown", "markdown"),
    "html": ("html", "html_page"),
    "sarif": ("sarif", "sarif_json"),
    "junit": ("junit", "junit_xml"),
    "github": ("github", "github_lines"),
    "gitlab": ("gitlab", "gitlab_json"),
}
MODELLED = tuple(_WRITERS)


def written(report: Report, name: str) -> str:
    """The report in that format, one of MODELLED."""
    module, function = _WRITERS[name]
    made: str | Iterable[str] = getattr(import_module(f"apicontract.reports.{module}"), function)(report)
    return made if isinstance(made, str) else "".join(f"{line}\n" for line in made)
