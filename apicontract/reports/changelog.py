"""Release notes in Markdown: by level and operation, or by the categories of Keep a Changelog 1.1.0.

Also puts the notes of a release into a changelog that people keep: between two marks, so that they can
be written anew while everything around them stays. What comes out of a contract is escaped.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.policy.verdict import Outcome
from apicontract.reports.escaping import code_of, text_of
from apicontract.reports.style import plain, shortened
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from apicontract.gate.changelog import ContractNotes, Note, Release

BEGIN = "<!-- apicontract changelog: begin -->"
END = "<!-- apicontract changelog: end -->"
HEADER = """# Changelog

The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).
"""
LEVELS = {
    Level.MAJOR: "Breaking changes",
    Level.MINOR: "New and changed",
    Level.PATCH: "For generated code only",
    Level.NONE: "Of no consequence by policy",
}
_THINGS = (
    *("operation", "callback", "webhook", "server", "parameter", "body", "media-type", "header", "-property"),
    *("enum-value", "link", "scope", "flow", "status", "alternative"),
)
# The first row whose pattern matches the rule's id counts.
_CATEGORIES = (
    ("security-*", "Security"),
    ("oauth-*", "Security"),
    ("anonymous-access-*", "Security"),
    ("deprecated", "Deprecated"),
    ("sunset-changed", "Deprecated"),
    ("*-deprecated-added", "Deprecated"),
    *((f"*{thing}-{verb}", "Removed") for thing in _THINGS for verb in ("removed", "dropped")),
    *((f"*{thing}-added", "Added") for thing in _THINGS),
)
_ORDER = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_LONG = 200  # characters of an example that are enough to see the point
_MARK = re.compile(r"^.*apicontract changelog.*$", re.MULTILINE)
_HEADING = re.compile(r"^## +\[?(?P<name>[^\]\n]+?)\]?(?: +-.*)?$", re.MULTILINE)


def markdown(releases: Sequence[Release]) -> str:
    """All releases, the newest first, a heading each."""
    blocks = []
    for release in releases:
        lines = [f"## {_title(release)}", "", *_release(release, _by_level)]
        blocks.append("\n".join(lines).rstrip() + "\n")
    return "\n".join(blocks)


def inserted(text: str, releases: Sequence[Release]) -> str:
    """A changelog with the notes of the releases in it: a new section each, or the marked part of one.

    ContractError where a section has such a part and its marks were damaged.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n") or HEADER
    for release in reversed(releases):
        block = "\n".join([BEGIN, *_release(release, _by_category), END])
        text = _with_block(text, release, re.sub(r"\n{3,}", "\n\n", block))
    return text.replace("\n", ends)


def _with_block(text: str, release: Release, block: str) -> str:
    headings = list(_HEADING.finditer(text))
    names = {release.version, release.name, f"v{release.version}"}
    for at, heading in enumerate(headings):
        if heading["name"].strip() in names:
            end = headings[at + 1].start() if at + 1 < len(headings) else len(text)
            return text[: heading.end()] + _in_section(text[heading.end() : end], block) + text[end:]
    first = next((one for one in headings if one["name"].strip().lower() != "unreleased"), None)
    if release.date == "" and headings:
        first = headings[0]
    where = first.start() if first else len(text)
    section = f"## [{release.version}]" + (f" - {release.date}" if release.date else "")
    before = text[:where].rstrip("\n")
    after = f"\n{text[where:]}" if text[where:] else ""
    return f"{before}\n\n{section}\n\n{block}\n{after}"


def _in_section(section: str, block: str) -> str:
    begin, end = section.find(BEGIN), section.find(END)
    if 0 <= begin < end and section.count(BEGIN) == section.count(END) == 1:
        return section[:begin] + block + section[end + len(END) :]
    damaged = _MARK.search(section)
    if damaged:
        raise ContractError(
            f"where the notes of this section begin and end cannot be told from `{plain(damaged[0])}`",
            hint=f"put `{BEGIN}` and `{END}` around them, once each, or take out what is left of these marks",
        )
    kept = section.strip("\n")
    return f"\n\n{block}\n" + (f"\n{kept}\n" if kept else "") + "\n"


def _title(release: Release) -> str:
    version = text_of(release.version)
    return f"{version} ({release.date})" if release.date else version


def _release(release: Release, by: Callable[[ContractNotes], Iterator[str]]) -> Iterator[str]:
    yield f"Changes since {text_of(release.since)}."
    yield ""
    if not release.contracts:
        yield "No contract changed."
    for contract in release.contracts:
        if len(release.contracts) > 1:
            yield f"### {text_of(contract.title or contract.contract)}"
            yield ""
        yield from _standing(contract)
        head = "####" if len(release.contracts) > 1 else "###"
        yield from (f"{head} {line[4:]}" if line.startswith("### ") else line for line in by(contract))
        if contract.quiet:
            yield f"{contract.quiet} further change{'s' if contract.quiet > 1 else ''} of wording and form."
            yield ""


def _standing(contract: ContractNotes) -> Iterator[str]:
    where = f"`{plain(contract.contract)}`"
    told = {
        Outcome.ADDED: f"{where} is new, with version {text_of(contract.after)}.",
        Outcome.REMOVED: f"**Breaking:** {where} ({text_of(contract.before)}) is gone.",
        Outcome.CHANGED: f"{where}, from {text_of(contract.before)} to {text_of(contract.after)}.",
        Outcome.SAME: f"{where} says the same as before.",
    }[contract.outcome]
    yield told
    yield ""


def _by_level(contract: ContractNotes) -> Iterator[str]:
    for level, notes in groupby(contract.notes, key=lambda note: note.level):
        yield f"### {LEVELS[level]}"
        yield ""
        for operation, group in groupby(notes, key=lambda note: note.operation):
            yield f"- **{text_of(operation) or 'The API as a whole'}**"
            for note in group:
                yield from _note(note, "  ")
        yield ""


def _by_category(contract: ContractNotes) -> Iterator[str]:
    listed = sorted(contract.notes, key=lambda note: _ORDER.index(category(note)))
    for name, notes in groupby(listed, key=category):
        yield f"### {name}"
        yield ""
        for note in notes:
            yield from _note(note, "", named=True)
        yield ""


def category(note: Note) -> str:
    """The category of Keep a Changelog that a note belongs to."""
    return next((name for pattern, name in _CATEGORIES if fnmatchcase(note.rule, pattern)), "Changed")


def _note(note: Note, indent: str, *, named: bool = False) -> Iterator[str]:
    """One change as an item of a list."""
    said = text_of(note.text)
    if named and note.operation and not note.text.startswith(note.operation):
        said = f"{text_of(note.operation)}: {said}"
    if named and note.level is Level.MAJOR and not note.waived:
        said = f"**Breaking:** {said}"
    if len(note.reaches) > 1:
        said += f" (in {len(note.reaches)} operations)"
    yield f"{indent}- {said}{'' if said.endswith('.') else '.'}"
    if note.advice:
        yield f"{indent}  {text_of(note.advice)}"
    if note.example and note.level is Level.MAJOR:
        yield f"{indent}  Example: {code_of(_cut(note.example))}"
    if note.waived:
        yield f"{indent}  *Waived: {text_of(note.waived)}*"


def _cut(text: str) -> str:
    short = shortened(text)
    return short if len(short) <= _LONG else short[: _LONG - 1] + "…"
