"""The HTML report in a real browser: at two widths, light and dark, with its script and its filter."""

from __future__ import annotations

import re

import browser
import pytest
from browser import DARK, LIGHT, browse, pixels
from sample_report import hostile, sample

from apicontract.reports.formats import written

pytestmark = browser.needed


@pytest.fixture
def page(tmp_path):
    def made(report):
        file = tmp_path / "report.html"
        file.write_text(written(report, "html"), encoding="utf-8")
        return file.as_uri()

    return made


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_pictures(page, tmp_path, width, scheme):
    picture = tmp_path / "shot.png"
    browse(tmp_path, page(sample()), scheme, f"--screenshot={picture}", f"--window-size={width},900")
    seen, _, rows = pixels(picture)
    assert seen == width
    paper = rows[2][2]
    assert paper == ((255, 255, 255) if scheme == LIGHT else (0x14, 0x17, 0x1B))
    inked = sum(pixel != paper for row in rows for pixel in row)
    assert inked > 0.02 * width * len(rows)
    margin = [row[-1] for row in rows]  # nothing runs out of the window on the right
    assert set(margin) == {paper}
    red = (0xA4, 0x0E, 0x26) if scheme == LIGHT else (0xFF, 0x8F, 0x8F)
    assert any(pixel == red for row in rows for pixel in row)


def _items(dom):
    return re.findall(r'<li class="\w+" data-severity="(\w+)" data-waived="\w+"( hidden="")?>', dom)


def test_the_filter_works_and_the_script_is_allowed(page, tmp_path):
    everything = browse(tmp_path, page(sample()), "--dump-dom")
    assert '<form id="filter">' in everything
    assert ">5 shown</output>" in everything
    found = browse(tmp_path, page(sample()) + "#q=limit%20maximum", "--dump-dom")
    assert ">1 of 5 shown</output>" in found
    assert [hidden == "" for _, hidden in _items(found)].count(True) == 1


def test_a_hostile_report_runs_nothing(page, tmp_path):
    dom = browse(tmp_path, page(hostile()), "--dump-dom")
    assert dom.count("<script>") == 1
    assert "3 shown</output>" in dom
