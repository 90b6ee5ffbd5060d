"""Release notes as one page of HTML: nothing is loaded from elsewhere, nothing runs, light and dark."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.policy.verdict import Outcome
from apicontract.reports.changelog import LEVELS
from apicontract.reports.style import plain, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.gate.changelog import ContractNotes, Note, Release

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --dim: #5f5f5f; --rule: #d8d8d8;
  --red: #b3261e; --code: #f3f3f3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --dim: #a6a6a6;
  --rule: #3a3a3a; --red: #ff8a80; --code: #242424; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  margin: 2rem auto; max-width: 52rem; padding: 0 1rem; }
h1, h2, h3, h4 { line-height: 1.2; } h2 { border-top: 1px solid var(--rule); padding-top: 1rem; }
.dim { color: var(--dim); } .major { color: var(--red); }
code { background: var(--code); border-radius: 3px; overflow-wrap: anywhere; padding: 0 .2em; }
li { margin: .4rem 0; }
"""


def changelog_html(releases: Sequence[Release], title: str = "Changelog") -> str:
    """All releases on one page, the newest first."""
    return "\n".join(_page(releases, title)) + "\n"


def _page(releases: Sequence[Release], title: str) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body><main>"
    yield f"<h1>{_text(title)}</h1>"
    for release in releases:
        date = f' <span class="dim">{_text(release.date)}</span>' if release.date else ""
        yield f"<section><h2>{_text(release.version)}{date}</h2>"
        yield f'<p class="dim">Changes since {_text(release.since)}.</p>'
        if not release.contracts:
            yield "<p>No contract changed.</p>"
        for contract in release.contracts:
            yield from _contract(contract)
        yield "</section>"
    yield "</main></body></html>"


def _contract(contract: ContractNotes) -> Iterator[str]:
    yield f"<h3>{_text(contract.title or contract.contract)}</h3>"
    told = {
        Outcome.ADDED: f"is new, with version {contract.after}",
        Outcome.REMOVED: f"({contract.before}) is gone",
        Outcome.CHANGED: f"from {contract.before} to {contract.after}",
        Outcome.SAME: "says the same as before",
    }[contract.outcome]
    major = ' class="major"' if contract.outcome is Outcome.REMOVED else ""
    yield f"<p{major}><code>{_text(contract.contract)}</code> {_text(told)}.</p>"
    for level, notes in groupby(contract.notes, key=lambda note: note.level):
        red = ' class="major"' if level is Level.MAJOR else ""
        yield f"<h4{red}>{LEVELS[level]}</h4><ul>"
        for operation, group in groupby(notes, key=lambda note: note.operation):
            yield f"<li><strong>{_text(operation) or 'The API as a whole'}</strong><ul>"
            for note in group:
                yield from _note(note)
            yield "</ul></li>"
        yield "</ul>"
    if contract.quiet:
        yield f'<p class="dim">{contract.quiet} further changes of wording and form.</p>'


def _note(note: Note) -> Iterator[str]:
    reaches = f" (in {len(note.reaches)} operations)" if len(note.reaches) > 1 else ""
    yield f'<li title="{_text(note.rule)}">{_with_code(note.text)}{reaches}.'
    if note.advice:
        yield f"<br>{_with_code(note.advice)}"
    if note.example and note.level is Level.MAJOR:
        yield f"<br>Example: <code>{_text(shortened(note.example))}</code>"
    if note.waived:
        yield f'<br><em class="dim">Waived: {_text(note.waived)}</em>'
    yield "</li>"


def _text(text: str) -> str:
    return escape(plain(text))


def _with_code(text: str) -> str:
    """A text whose backticks enclose code."""
    pieces = plain(text).split("`")
    if len(pieces) % 2 == 0:
        return _text(text)
    return "".join(f"<code>{escape(one)}</code>" if at % 2 else escape(one) for at, one in enumerate(pieces))
