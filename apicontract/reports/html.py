"""The report as one page of HTML: nothing is loaded from elsewhere, readable without the script as well.

The page is a template; what this module knows is which values it gets, and that its own script and
style are the only ones that a browser will run.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract import __version__
from apicontract.findings import Severity
from apicontract.reports.style import plain, shortened

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from apicontract.reports.model import Report

_HERE = Path(__file__).resolve().parent.parent
_FOLDERS = (_HERE / "templates" / "reports", _HERE.parent / "templates" / "reports")  # installed, checkout
_TITLES = {
    "check": "API contracts",
    "diff": "API changes",
    "validate": "API contracts",
    "lint": "API contracts",
}


def html_page(report: Report) -> str:
    """The page."""
    pages = environment()
    style, script = (ours(pages, name) for name in ("report.css", "report.js"))
    page = pages.get_template("report.html.j2").render(
        report=report,
        title=_TITLES[report.command],
        style=style,
        script=script,
        policy=policy(style, script),
        version=__version__,
        severities=[severity.value for severity in Severity],
        counts=_counts(report),
    )
    return f"{page}\n".encode("utf-8", "backslashreplace").decode()


def environment() -> Environment:
    """The engine of the pages: everything is escaped, and what is undefined is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDERS),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.filters["shortened"] = shortened
    made.filters["with_code"] = _with_code
    return made


def ours(environment: Environment, name: str) -> Markup:
    """A file of ours that stands in the page as it is."""
    from markupsafe import Markup

    return Markup(environment.get_template(name).render())  # noqa: S704  # it is ours, with nothing filled in


def policy(style: str, script: str) -> str:
    """A content security policy (level 3, section 2.3.1) that allows these two texts and nothing else."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'"


def _with_code(text: str) -> Markup:
    """A text whose backticks enclose code."""
    from markupsafe import Markup

    pieces = plain(text).split("`")
    if len(pieces) % 2 == 0:
        return Markup.escape(plain(text))
    parts = (
        Markup("<code>{}</code>").format(piece) if at % 2 else Markup.escape(piece)
        for at, piece in enumerate(pieces)
    )
    return Markup("").join(parts)


def _counts(report: Report) -> dict[str, int]:
    """How many items there are of each severity."""
    counts = {severity.value: 0 for severity in Severity}
    for item in report.every():
        counts[item.severity.value] += 1
    return counts
