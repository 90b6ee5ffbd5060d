"""Google's protos, break by break: each of buf's reports is looked for among our changes, and back.

A report and a change are the same if they speak of the same element of the same file: a field of a
message, a value of an enum, a method, a type, a file, a file option. What a category of buf's is compared
with is what we say on its surface: WIRE with `wire`, WIRE_JSON with `wire` and `json`, FILE with `source`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from apicontract.changes import Level
from buf.cases import line
from buf.reasons import LESSER, OURS_ALONE
from buf.tool import CATEGORIES, categories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from apicontract import Change
    from buf.tool import Report

_SURFACES = {"WIRE": ("wire",), "WIRE_JSON": ("wire", "json"), "FILE": ("source",)}
_QUOTED = re.compile(r'"([^"]*)"')
_NAMED = re.compile(r"`([^`]+)`")
_PACKAGE = re.compile(r"^package\s+([\w.]+)\s*;", re.MULTILINE)
_BY_FULL_NAME = frozenset({"package-removed", "package-renamed", "message-renamed", "enum-renamed"})
_WORDS = {"name": ("name", "renamed"), "cardinality": ("became", "presence")}  # of buf's: of ours
_FILES = frozenset({"file-removed", "file-moved"})


class Told(NamedTuple):
    """A change of ours, with files as import paths."""

    rule: str
    message: str
    effects: dict[str, Level]
    old: str
    new: str
    was: str
    witnesses: tuple[str, ...]

    def level(self, category: str) -> Level:
        """The worst of the surfaces that the category stands for."""
        return max(self.effects[surface] for surface in _SURFACES[category])

    def breaks(self, category: str) -> bool:
        """Whether it is major there."""
        return self.level(category) is Level.MAJOR

    def story(self, category: str) -> str:
        """The bytes or the JSON that show it there, on one line; empty if nothing does."""
        told = (text for text in self.witnesses if text.startswith(_SURFACES[category]))
        return next((line(text, 200) for text in told), "")


class Matched(NamedTuple):
    """A report of buf's, with the changes of ours that speak of the same element."""

    report: Report
    changes: tuple[Told, ...]


def told(changes: Iterable[Change], old: Path, new: Path) -> list[Told]:
    """Our changes between two folders."""
    return [
        Told(
            change.rule, change.message, {str(one): level for one, level in change.effects.items()},
            change.old.file.removeprefix(f"{old}/") if change.old else "",
            change.new.file.removeprefix(f"{new}/") if change.new else "",
            change.was, tuple(witness.text for witness in change.witnesses),
        )
        for change in changes
    ]  # fmt: skip


def matched(reports: Iterable[Report], changes: Iterable[Told], old: Path) -> list[Matched]:
    """Every report, with what we say about it."""
    index: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for change in changes:
        for subject in _subjects(change):
            for file in {change.old, change.new} - {""}:
                index[file, subject].append(change)
        if change.old and change.old != change.new:
            index[change.old, ""].append(change)  # what befell the content of a file that is gone
        if change.rule in _BY_FULL_NAME:
            index["", _NAMED.findall(change.message)[0]].append(change)
    return [Matched(report, tuple(_found(report, index, old))) for report in reports]


def _found(report: Report, index: dict[tuple[str, str], list[Told]], old: Path) -> Iterator[Told]:
    quoted = _QUOTED.findall(report.message)
    file = report.path or quoted[0]
    if report.rule == "FILE_NO_DELETE":
        yield from index["", _package(old / file)]
        yield from index[file, ""]
        return
    found = index[file, _subject(report, quoted)]
    if not found and report.rule.endswith("_TYPE"):  # ..., from the old type, to the new one
        found = [change for name in quoted[-2:] for change in index["", name]]
    if not found and report.rule in {"MESSAGE_NO_DELETE", "ENUM_NO_DELETE"}:  # told where it is nested
        found = [change for name in quoted[0].split(".")[:-1] for change in index[file, name]]
    yield from found


def _subject(report: Report, quoted: list[str]) -> str:
    """What a report is about: `Message.field`, `Enum=number`, the name of a type, method or file option."""
    if report.rule == "FIELD_SAME_NAME":  # number, message, old name, new name
        return f"{_short(quoted[1])}.{quoted[2]}"
    if report.rule.startswith("FIELD_"):  # number, name, message
        return f"{_short(quoted[2])}.{quoted[1]}"
    if report.rule.startswith("ENUM_VALUE_"):  # number, enum
        return f"{_short(quoted[1])}={quoted[0]}"
    return _short(quoted[0])


def _subjects(change: Told) -> Iterator[str]:
    """The same of a change; a file that is gone is known by its path alone."""
    if change.rule in _FILES:
        return
    names = _NAMED.findall(change.message)
    if change.rule.startswith("enum-value-"):
        number = re.search(r"= (-?\d+)$|value (-?\d+)", f"{change.message} {change.was}")
        if number:
            yield f"{_short(names[0])}={number[1] or number[2]}"
    elif change.rule.startswith(("field", "oneof-")):
        held = {".".join(name.split(".")[-2:]) for name in names if "." in name}
        yield from held
        if change.rule == "field-renamed":
            yield from {f"{one.rpartition('.')[0]}.{names[1]}" for one in held}
    elif change.rule.startswith("file-"):
        yield names[1] if len(names) > 1 else ""
    else:
        yield _short(names[0])


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _package(file: Path) -> str:
    found = _PACKAGE.search(file.read_text(encoding="utf-8"))
    return found[1] if found else ""


def section(reports: list[Report], changes: list[Told], old: Path) -> tuple[list[str], bool]:
    """The lines of the page, and whether every group has its reason."""
    pairs = matched(reports, changes, old)
    lines = [*_overview(pairs, changes), ""]
    unexplained = 0
    for category in CATEGORIES:
        of_it = [pair for pair in pairs if category in categories()[pair.report.rule]]
        theirs, open_ = _theirs(category, of_it)
        ours, silent = _ours(category, of_it, changes)
        lines += [*theirs, *ours]
        unexplained += open_ + silent
    return lines, not unexplained


def _overview(pairs: list[Matched], changes: list[Told]) -> Iterator[str]:
    heads = ["category", "buf reports", "we call it a break too", "we tell it as less", "we do not tell it"]
    yield f"| {' | '.join(heads)} | our breaks there | of them not in buf's list |"
    yield "|---|---|---|---|---|---|---|"
    for category in CATEGORIES:
        of_it = [pair for pair in pairs if category in categories()[pair.report.rule]]
        same = sum(any(one.breaks(category) for one in pair.changes) for pair in of_it)
        silent = sum(not pair.changes for pair in of_it)
        breaks = [change for change in changes if change.breaks(category)]
        alone = len(_alone(category, of_it, changes))
        counts = [len(of_it), same, len(of_it) - same - silent, silent, len(breaks), alone]
        yield f"| {category} | {' | '.join(f'{count:,}' for count in counts)} |"


def _theirs(category: str, pairs: list[Matched]) -> tuple[list[str], int]:
    """A row for each rule of buf's and what became of its reports; how many groups have no reason."""
    groups: dict[tuple[str, str], list[Matched]] = defaultdict(list)
    for pair in pairs:
        groups[pair.report.rule, _fate(category, pair)].append(pair)
    lines = [
        f"### {category}: what buf reports",
        "",
        "| buf's rule | reports | ours | why | for example |",
        "|---|---|---|---|---|",
    ]
    unexplained = 0
    for (rule, fate), ones in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]))):
        why = LESSER.get((rule, fate), "")
        unexplained += not why and not fate.startswith("the same break")
        lines.append(f"| {rule} | {len(ones):,} | {fate} | {why} | {_example(category, ones[0])} |")
    return [*lines, ""], unexplained


def _fate(category: str, pair: Matched) -> str:
    """What we make of it: the change at the highest level, of those the one that is called most alike."""
    if not pair.changes:
        return "nothing"
    words = {word for part in pair.report.rule.lower().split("_") for word in _WORDS.get(part, (part,))}

    def rank(change: Told) -> tuple[Level, int]:
        return change.level(category), len(words & set(change.rule.split("-")))

    told = max(pair.changes, key=rank)
    return f"the same break: {told.rule}" if told.breaks(category) else f"{told.rule}: {told.level(category)}"


def _alone(category: str, pairs: list[Matched], changes: list[Told]) -> list[Told]:
    known = {id(one) for pair in pairs for one in pair.changes}
    return [change for change in changes if change.breaks(category) and id(change) not in known]


def _ours(category: str, pairs: list[Matched], changes: list[Told]) -> tuple[list[str], int]:
    """A row for each rule of ours of which buf's list has nothing; how many have no reason."""
    groups: dict[str, list[Told]] = defaultdict(list)
    for change in _alone(category, pairs, changes):
        groups[change.rule].append(change)
    lines = [
        f"### {category}: what only apicontract reports",
        "",
        "| our rule | breaks | why buf has none | for example | shown by |",
        "|---|---|---|---|---|",
    ]
    for rule, ones in sorted(groups.items(), key=lambda item: -len(item[1])):
        first = next((one for one in ones if one.story(category)), ones[0])
        shown = first.story(category) or "by definition"
        where = f"`{first.new or first.old}`: {first.message.replace('|', ' ')}"
        lines.append(f"| {rule} | {len(ones):,} | {OURS_ALONE.get(rule, '')} | {where} | {shown} |")
    return [*lines, ""], sum(rule not in OURS_ALONE for rule in groups)


def _example(category: str, pair: Matched) -> str:
    story = next(filter(None, (one.story(category) for one in pair.changes)), "")
    witness = f"<br>{story}" if story else ""
    at = f"`{pair.report.path}:{pair.report.line}`: " if pair.report.path else ""
    return f"{at}{pair.report.message.split('. See ')[0].replace('|', ' ')}{witness}"
