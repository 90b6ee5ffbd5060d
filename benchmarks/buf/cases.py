"""The small pairs of `tests/cases/proto`, of known truth on each surface, judged by buf and by us."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import google.api
import yaml
from google.protobuf.message import DecodeError

from apicontract.changes import Certainty, Level, Surface
from apicontract.formats import DiffOptions
from apicontract.formats.proto.diff import diff
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.witness.runtime import Runtime
from apicontract.formats.proto.witness.tags import read_out, spelled
from apicontract.formats.proto.witness.values import assign, complete, samples
from buf.tool import COMPILE, breaking, categories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.message import Message as AnyMessage

    from apicontract import Change

CASES = Path(__file__).resolve().parents[2] / "tests" / "cases" / "proto"
SURFACES = {"WIRE": Surface.WIRE, "WIRE_JSON": Surface.JSON, "FILE": Surface.SOURCE}
_APIS = frozenset({"annotations.proto", "http.proto", "field_behavior.proto"})
_KINDS = {Surface.WIRE: "bytes", Surface.JSON: "json-text"}

_ABOUT = """\
{pairs} pairs of small contracts (tests/cases/proto), each with its truth and the reason, most of them
checked by writing and reading random messages. A verdict of ours is a break if it is major on the surface:
`wire` stands beside WIRE, `wire` and `json` together beside WIRE_JSON (which is meant to guard both),
`source` beside FILE. *Missed* and *false alarms* are counted against the truth; *of them policy* says how
many are pairs that bytes alone do not decide (deletions, reservations, annotations). The truth is this
project's own: where buf is told to be wrong, the last column shows why.
"""
_ABOUT_FILE = """\
FILE is meant to guard bytes and JSON as well: {others} of its {alarms} alarms are breaks of those (marked
below) and not of generated code. What that does is argued from the generators, not compiled.
"""


class Compared(NamedTuple):
    """One pair on one category: whether each side calls it a break, the truth, and what shows it."""

    name: str
    why: str
    policy: bool
    category: str
    truth: bool
    ours: bool
    theirs: frozenset[str]
    shown: str
    refused: str  # why buf does not compile it
    elsewhere: tuple[str, ...]  # the surfaces on which the truth is a break, of all three

    @property
    def said(self) -> bool:
        """Whether buf calls it a break."""
        return bool(self.theirs)


def compared() -> Iterator[Compared]:
    """Every case, once for each category."""
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(CASES.glob("*.yaml")):
            case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            yield from _case(Path(folder) / path.stem, case)


def _case(folder: Path, case: dict[str, Any]) -> Iterator[Compared]:
    old, new = folder / "old", folder / "new"
    for side, files in ((old, case["old"]), (new, case["new"])):
        for name, text in files.items():
            file = side / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        _with_imports(side, files)
    changes = tuple(diff(from_texts(case["old"]), from_texts(case["new"]), DiffOptions()))
    reports = breaking(old, new)
    refused = [report.message for report in reports if report.rule == COMPILE]
    rules = {report.rule for report in reports} - {COMPILE}
    broken = tuple(surface for surface, level in case["truth"].items() if level == "major")
    for category, surface in SURFACES.items():
        truth = case["truth"]["json" if surface is Surface.JSON else str(surface)] == "major"
        if category == "WIRE_JSON":  # by buf's definition a break of either
            truth = truth or case["truth"]["wire"] == "major"
        theirs = frozenset(rule for rule in rules if category in categories()[rule])
        surfaces = (surface, Surface.WIRE) if surface is Surface.JSON else (surface,)
        ours = any(change.effects[one] is Level.MAJOR for change in changes for one in surfaces)
        shown = _shown(case, changes, surfaces, alarm=bool(theirs))
        yield Compared(
            case["name"],
            case["why"],
            bool(case["policy"]),
            category,
            truth,
            ours,
            theirs,
            shown,
            " ".join(refused),
            broken,
        )


def _with_imports(side: Path, files: dict[str, str]) -> None:
    """Google's API protos beside a case that imports and does not bring them: buf finds none by itself."""
    brings = any(name.startswith("google/api/") for name in files)
    if brings or not any('"google/api/' in text for text in files.values()):
        return
    for package in google.api.__path__:
        for file in Path(package).glob("*.proto"):
            target = side / "google" / "api" / file.name
            if file.name in _APIS and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


def _shown(
    case: dict[str, Any], changes: tuple[Change, ...], surfaces: tuple[Surface, ...], *, alarm: bool
) -> str:
    """What shows our verdict in one line: the witness of a break, or a message that both sides read alike."""
    for surface in surfaces:
        broken = [change for change in changes if change.effects[surface] is Level.MAJOR]
        for change in broken:
            for witness in change.witnesses:
                if witness.kind == _KINDS.get(surface):
                    return f"`{change.rule}`: {line(witness.text)}"
        if broken:
            word = "assumed" if broken[0].certainty is Certainty.ASSUMED else "by definition"
            return f"`{broken[0].rule}`, {word}"
    level = max((change.effects[surfaces[0]] for change in changes), default=Level.NONE)
    rules = ", ".join(sorted({f"`{change.rule}`" for change in changes})) or "no change"
    told = f"{level}: {rules}"
    if alarm and "message" in case and Surface.SOURCE not in surfaces:
        return f"{told}; {_alike(case)}"
    return told


def _alike(case: dict[str, Any]) -> str:
    """A message with every field set, as an old writer writes it and a new reader reads it."""
    old, new = (Runtime(from_texts(case[side])) for side in ("old", "new"))
    message, got = old.new(case["message"]["old"]), new.new(case["message"]["new"])
    for field in message.DESCRIPTOR.fields:
        assign(message, field, next(samples(field)))
    complete(message)
    data = message.SerializeToString(deterministic=True)
    try:
        got.ParseFromString(data)
    except DecodeError as error:
        return line(f"{spelled(data)} is refused: {error}")
    told = f"{spelled(data)} = {read_out(data, message.DESCRIPTOR)}"
    return f"{line(told)} is written for {_says(message)}, read as {_says(got)}"


def _says(message: AnyMessage) -> str:
    return line(" ".join(str(message).split()) or "nothing set")


def line(text: str, longest: int = 230) -> str:
    """A text on one line of a table, as code."""
    text = " ".join(text.split())
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"


def section() -> tuple[list[str], bool]:
    """The lines of the page, and whether ours is right wherever bytes decide."""
    found = list(compared())
    lines = [
        _ABOUT.format(pairs=len(found) // len(SURFACES)),
        "",
        "| buf's category | breaks | by | found | missed | of them policy | false alarms | of them policy |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for category in SURFACES:
        of_it = [one for one in found if one.category == category]
        lines.append(_summary("apicontract", of_it, [one.ours for one in of_it]))
        lines.append(_summary("buf", of_it, [one.said for one in of_it]))
    alarms = [one for one in found if one.category == "FILE" and one.said and not one.truth]
    others = sum(bool(one.elsewhere) for one in alarms)
    lines += [
        "",
        _ABOUT_FILE.format(others=others, alarms=len(alarms)),
        "",
    ]
    for category in SURFACES:
        differ = [one for one in found if one.category == category and one.ours != one.said]
        lines += [f"### {category}: {len(differ)} pairs are judged differently", ""]
        lines += _table("Breaks that buf misses", [one for one in differ if one.truth and one.ours])
        lines += _table(
            "What buf reports and is no break", [one for one in differ if not one.truth and one.said]
        )
        lines += _table("Where buf is right and apicontract is not", [o for o in differ if o.said == o.truth])
    return lines, all(one.ours == one.truth for one in found)


def _summary(name: str, found: list[Compared], said: list[bool]) -> str:
    pairs = list(zip(found, said, strict=True))
    missed = [one for one, is_break in pairs if one.truth and not is_break]
    alarms = [one for one, is_break in pairs if is_break and not one.truth]
    breaks = sum(one.truth for one in found)
    cells = [
        found[0].category, breaks, name, breaks - len(missed),
        len(missed), sum(one.policy for one in missed), len(alarms), sum(one.policy for one in alarms),
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _table(title: str, rows: list[Compared]) -> Iterator[str]:
    yield f"**{title}: {len(rows)}.**"
    yield ""
    if not rows:
        return
    yield "| pair | why | buf reports | shown by apicontract |"
    yield "|---|---|---|---|"
    for one in rows:
        why = one.why.replace("|", "\\|").replace("<", "&lt;") + (" (policy)" if one.policy else "")
        if one.elsewhere and not one.truth:
            why += f" (breaks {' and '.join(one.elsewhere)})"
        yield f"| {one.name} | {why} | {_theirs(one)} | {one.shown} |"
    yield ""


def _theirs(one: Compared) -> str:
    if one.refused:
        return f"does not compile it: {one.refused}"
    return ", ".join(sorted(one.theirs)) or "nothing"
