"""The page of maturity in a real browser: at two widths, light and dark, sorted, filtered, by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import browser
import pytest
from browser import DARK, LIGHT, browse, pixels

import apicontract
from apicontract.reports.maturity_html import maturity_html

pytestmark = browser.needed
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "maturity.html"
    file.write_text(maturity_html(apicontract.maturity(str(EXAMPLES / "clinic"))), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_pictures(page, tmp_path, width, scheme):
    picture = tmp_path / "shot.png"
    browse(tmp_path, page, scheme, f"--screenshot={picture}", f"--window-size={width},4000")
    seen, _, rows = pixels(picture)
    assert seen == width
    paper = rows[2][2]
    assert paper == ((255, 255, 255) if scheme == LIGHT else (0x14, 0x17, 0x1B))
    assert {row[-1] for row in rows} == {paper}  # nothing runs out of the window on the right
    levels = (
        [(0xA4, 0x0E, 0x26), (0x7A, 0x4B, 0x00)]
        if scheme == LIGHT
        else [(0xFF, 0x8F, 0x8F), (0xE9, 0xB4, 0x5F)]
    )
    for colour in levels:  # the bars of levels 0 and 1 are painted, not only lettered
        assert max(sum(pixel == colour for pixel in row) for row in rows) > width / 5


def _rows(dom):
    """Of each table of operations the rows: level and whether it is hidden."""
    tables = re.findall(r'<table class="sortable operations">(.*?)</table>', dom, re.DOTALL)
    return [re.findall(r'<tr data-level="(\w+)"( hidden="")?>', table) for table in tables]


def test_tables_are_sorted(page, tmp_path):
    plain = _rows(browse(tmp_path, page, "--dump-dom"))[3]
    assert [level for level, _ in plain] == ["none", "3", "3", "3", "3", "3", "2", "3"]
    dom = browse(tmp_path, page + "#sort=0", "--dump-dom")
    assert [level for level, _ in _rows(dom)[3]] == ["none", "2", "3", "3", "3", "3", "3", "3"]
    assert 'aria-sort="ascending"' in dom
    assert dom.count('<button type="button">') == 8 + 4 * 3  # every head of every sortable table is a button
    down = browse(tmp_path, page + "#sort=0&down=1", "--dump-dom")
    assert [level for level, _ in _rows(down)[3]] == ["3", "3", "3", "3", "3", "3", "2", "none"]


def test_the_filter_works(page, tmp_path):
    dom = browse(tmp_path, page, "--dump-dom")
    assert '<form id="filter">' in dom
    assert ">19 operations</output>" in dom
    found = browse(tmp_path, page + "#q=%3Aconfirm%20post", "--dump-dom")
    assert ">2 of 19 operations</output>" in found
    assert sum(not hidden for table in _rows(found) for _, hidden in table) == 2


def test_keys_sort_filter_and_open(page, tmp_path):
    """A click on a focused button is what Enter and Space do; `/` leads to the search."""
    file = Path(page.removeprefix("file://"))
    text = file.read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    probe = """
    const button = document.querySelector("table.operations th button"); button.focus();
    const focused = document.activeElement === button; button.click();
    document.dispatchEvent(new KeyboardEvent("keydown", {key: "/", cancelable: true}));
    const searching = document.activeElement.id;
    document.activeElement.value = "cancel";
    document.activeElement.dispatchEvent(new Event("input", {bubbles: true}));
    const few = document.getElementById("told").textContent;
    document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
    document.title = [focused, button.parentElement.getAttribute("aria-sort"), searching, few,
      document.getElementById("told").textContent].join("|");
    """
    file.write_text(text.replace("</body>", f"<script>{probe}</script></body>"), encoding="utf-8")
    title = re.search("<title>(.*?)</title>", browse(tmp_path, page, "--dump-dom"))[1]
    focused, order, searching, few, every = title.split("|")
    assert (focused, order, searching, every) == ("true", "ascending", "search", "19 operations")
    assert re.fullmatch(r"\d+ of 19 operations", few)


def test_a_hostile_contract_runs_nothing(tmp_path):
    contract = tmp_path / "evil.yaml"
    evil = "/<script>document.title=1</script>/{id}"
    contract.write_text(
        "openapi: 3.0.3\ninfo: {title: '<img src=x onerror=alert(1)>', version: '1'}\n"
        f"paths:\n  '{evil}':\n    get: {{responses: {{'200': {{description: It}}}}}}\n"
        f"  '{evil}/\"><b>':\n    get: {{responses: {{'200': {{description: It}}}}}}\n",
        encoding="utf-8",
    )
    file = tmp_path / "evil.html"
    file.write_text(maturity_html(apicontract.maturity(str(contract))), encoding="utf-8")
    dom = browse(tmp_path, file.as_uri(), "--dump-dom")
    assert dom.count("<script>") == 1
    assert "<title>Richardson maturity</title>" in dom
    assert "<img" not in dom
