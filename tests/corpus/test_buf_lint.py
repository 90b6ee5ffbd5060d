"""Beside `buf lint`: by rule, file and line our rules find what buf's find, and each difference has its reason.

The reasons are those of docs/lint.md; each is a condition that is checked of each difference, and each is met.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import corpora
import pytest
from buf.tool import COMPILE, linting
from google.api import http_pb2

import apicontract
from apicontract.findings import DEFAULT_SETTINGS
from apicontract.formats.proto import FORMAT
from apicontract.formats.proto.lint.catalogue import LINT_RULES, names_of_buf
from apicontract.formats.proto.validate.rules.texts import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import FindingRule

pytestmark = pytest.mark.corpus

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/lint.md").read_text(encoding="utf-8")
BY_BUF = [rule.rule for rule in LINT_RULES if rule.rule.id in names_of_buf()]
NOT_OURS = {"PROTOVALIDATE"}  # constraints of protovalidate are not compiled
SAME = "PACKAGE_SAME_"


class Said(NamedTuple):
    """One finding of either tool, under buf's name of the rule."""

    rule: str
    path: str
    line: int
    message: str

    @property
    def where(self) -> tuple[str, str, int]:
        return self[:3]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


class Sides(NamedTuple):
    """What each tool says of a folder, and the package of each file."""

    ours: list[Said]
    theirs: list[Said]
    packages: dict[str, str]

    def only(self, side: list[Said], other: list[Said]) -> list[Said]:
        known = {each.where for each in other}
        return [each for each in side if each.where not in known]

    def told(self, rule: str) -> list[Said]:
        return [each for each in self.ours if each.rule == rule]


def once_per_package(one: Said, sides: Sides) -> bool:
    package = sides.packages[one.path]
    return any(sides.packages[each.path] == package for each in sides.told(one.rule))


def once_per_directory(one: Said, sides: Sides) -> bool:
    package = sides.packages[one.path]
    return any(
        each.folder == one.folder and sides.packages[each.path] == package for each in sides.told(one.rule)
    )


def once_per_circle(one: Said, sides: Sides) -> bool:
    circle = set(re.findall(r"[\w.]+", one.message.partition(": ")[2]))
    return any(circle & set(re.findall(r"`([\w.]+)`", each.message)) for each in sides.told(one.rule))


def once_per_message(one: Said, sides: Sides) -> bool:
    return any(each.path == one.path and each.line <= one.line for each in sides.told(one.rule))


def at_the_package(one: Said, sides: Sides) -> bool:
    """Told of the same file on both sides, by us at its package statement, by buf at line 1."""
    both = [{each.line for each in side if each[:2] == one[:2]} for side in (sides.ours, sides.theirs)]
    return all(len(lines) == 1 for lines in both) and both[1] == {1}


def nothing_declared(one: Said, sides: Sides) -> bool:
    return sides.packages[one.path] == "" and one.line == 1


def other_versions(one: Said, sides: Sides) -> bool:
    return re.search(r"\.(?:v0|v1main|v01)$", sides.packages[one.path]) is not None


#: Rule of buf, the reason as docs/lint.md gives it, the condition of it.
REASONS: tuple[tuple[str, str, Callable[[Said, Sides], bool]], ...] = (
    (
        "PACKAGE_VERSION_SUFFIX",
        "a package without a version is told once, at its first file",
        once_per_package,
    ),
    ("PACKAGE_VERSION_SUFFIX", "`v0` and `v1main` are versions, `v01` is none", other_versions),
    ("PACKAGE_DIRECTORY_MATCH", "told once for each package and directory", once_per_directory),
    ("PACKAGE_NO_IMPORT_CYCLE", "told once for packages that all reach each other", once_per_circle),
    ("FIELD_NOT_REQUIRED", "told once for each message, with all its required fields", once_per_message),
    ("PACKAGE_DEFINED", "a file that declares nothing needs no package", nothing_declared),
    (
        SAME,
        "where a file does not state the option, its package statement is shown, not line 1",
        at_the_package,
    ),
)


def both_sides(folder: Path) -> Sides:
    theirs = [Said(*report) for report in linting(folder)]
    assert COMPILE not in {each.rule for each in theirs}
    contract = apicontract.load(folder)
    names = names_of_buf()
    ours = [
        Said(next(iter(names[one.rule])), one.place.document.uri, one.place.line, one.message)
        for one in FORMAT.lint(contract, set(names), DEFAULT_SETTINGS)
    ]
    return Sides(ours, theirs, {file.name: file.package for file in contract.own_files})


def unexplained(sides: Sides, met: Counter[str]) -> list[Said]:
    """The differences without a reason; the reasons of the others are counted."""
    left = []
    for one in (*sides.only(sides.ours, sides.theirs), *sides.only(sides.theirs, sides.ours)):
        reason = next(
            (why for rule, why, holds in REASONS if one.rule.startswith(rule) and holds(one, sides)), None
        )
        if reason is None:
            left.append(one)
        else:
            met[reason] += 1
    return left


def write(folder: Path, text: str) -> Path:
    for name, body in split(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True, scope="module")
def available() -> None:
    try:
        corpora.pypi_tool("buf-bin", "1.75.0", "buf")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))


def test_the_same_is_found_in_googles_protos(tmp_path: Path) -> None:
    try:
        package = corpora.google_protos("5.0.0")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    shutil.copytree(package, tmp_path, dirs_exist_ok=True)
    sides = both_sides(tmp_path)
    met: Counter[str] = Counter()
    assert unexplained(sides, met) == []
    assert len({each.where for each in sides.theirs}) > 60_000
    assert len({each.rule for each in sides.theirs} & {each.rule for each in sides.ours}) >= 30
    assert sum(met.values()) < 500


@pytest.mark.parametrize("name", ["protos-v1", "protos-v2"])
def test_the_same_is_found_in_our_examples_and_what_they_import(tmp_path: Path, name: str) -> None:
    """With the protos of googleapis-common-protos beside them, which buf does not bring."""
    shutil.copytree(ROOT / "examples" / name, tmp_path, dirs_exist_ok=True)
    common = Path(http_pb2.__file__).parents[1]
    for path in common.rglob("*.proto"):
        copy = tmp_path / "google" / path.relative_to(common)
        if "protobuf" not in copy.parts:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    sides = both_sides(tmp_path)
    assert unexplained(sides, Counter()) == []
    assert len(sides.theirs) > 100


def test_the_same_is_found_in_odd_protos_and_every_reason_is_met(tmp_path: Path) -> None:
    """Names that are hard to read, comments that are none, directives, versions, files without anything."""
    odd = (Path(__file__).parent / "odd.protos").read_text(encoding="utf-8")
    sides = both_sides(write(tmp_path, odd))
    met: Counter[str] = Counter()
    assert unexplained(sides, met) == []
    assert set(met) == {why for _, why, _ in REASONS}
    fired = {each.rule for each in sides.theirs}
    assert fired == {name for names in names_of_buf().values() for name in names} | fired & NOT_OURS


@pytest.mark.parametrize("rule", BY_BUF, ids=[rule.id for rule in BY_BUF])
def test_buf_finds_it_in_the_bad_example_and_not_in_the_good_one(rule: FindingRule, tmp_path: Path) -> None:
    (name,) = names_of_buf()[rule.id]
    for text, fires in ((rule.bad, True), (rule.good, False)):
        folder = write(tmp_path / str(fires), text)
        assert (name in {each.rule for each in linting(folder)}) is fires


def test_each_reason_is_told() -> None:
    words = " ".join(PAGE.split())
    assert [why for _, why, _ in REASONS if why not in words] == []
