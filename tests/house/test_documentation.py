"""The documentation says what is true: links lead somewhere, examples run, generated pages are current."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import apicontract
from apicontract.schemas import Contained, NotContained, contains

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def _anchors(page: Path) -> set[str]:
    """Anchors as a renderer of Markdown makes them from headings."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    page = ROOT / name
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    anchors: dict[Path, set[str]] = {}
    for path, anchor in _LINK.findall(text):
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), path
        if anchor:
            if goal not in anchors:
                anchors[goal] = _anchors(goal)
            assert anchor in anchors[goal], anchor


def test_generated_pages_and_shown_output_are_current():
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["README.md", "docs/api.md", "docs/schemas.md"])
def test_python_examples_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, name, "exec"), {})  # noqa: S102  # our own documentation


def test_shown_readings_are_answered_as_shown():
    page = (ROOT / "docs/how-verdicts-are-made.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `(\{.*?\})` \| `(\{.*?\})` \| (contained|refused) \| (?:`(.*?)` )?\|$", page, re.MULTILINE
    )
    assert len(rows) >= 8
    for sender, receiver, answer, witness in rows:
        verdict = contains(json.loads(sender), json.loads(receiver))
        assert isinstance(verdict, Contained if answer == "contained" else NotContained), (sender, receiver)
        assert not witness or verdict.witness.value == json.loads(witness), verdict


def test_every_rule_that_is_named_in_a_command_exists():
    known = {rule.id for rule in apicontract.rules()}
    for page in PAGES:
        for rule in re.findall(r"apicontract explain ([a-z][a-z0-9-]+)", page.read_text(encoding="utf-8")):
            assert rule in known, f"{page.name}: {rule}"


def test_rule_ids_are_unique_over_both_catalogues():
    ids = [rule.id for rule in apicontract.rules()]
    assert len(ids) == len(set(ids))


def test_every_page_is_in_the_index():
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in ROOT.glob("docs/**/*.md")]
    assert [page for page in pages if page != "index.md" and f"({page})" not in index] == []


def test_every_room_is_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "apicontract").glob("*/__init__.py")]
    assert [room for room in rooms if f"`apicontract/{room}/`" not in text] == []
