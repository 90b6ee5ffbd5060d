"""The HTML report in a real browser: at two widths, light and dark, with its script and its filter."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib

import pytest
from sample_report import hostile, sample

from apicontract.reports.formats import written

_BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(_BROWSER is None, reason="no Chromium here (Debian: apt install chromium)")
_DARK = "--blink-settings=preferredColorScheme=0"
_LIGHT = "--blink-settings=preferredColorScheme=1"


def _browse(tmp_path, address, *options):
    profile = tmp_path / "profile"
    done = subprocess.run(
        [
            *(_BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--user-data-dir={profile}", "--force-device-scale-factor=1", *options, address),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


@pytest.fixture
def page(tmp_path):
    def made(report):
        file = tmp_path / "report.html"
        file.write_text(written(report, "html"), encoding="utf-8")
        return file.as_uri()

    return made


def _pixels(file):
    """Width, height and rows of (red, green, blue) of a PNG of eight bits without interlacing."""
    data = file.read_bytes()
    at, packed, head = 8, b"", b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        head = body if kind == b"IHDR" else head
        packed += body if kind == b"IDAT" else b""
        at += size + 12
    width, height, _, colour = struct.unpack(">IIBB", head[:10])
    step = {2: 3, 6: 4}[colour]
    raw, before, rows = zlib.decompress(packed), bytes(width * step), []
    for top in range(height):
        start = top * (width * step + 1)
        line = bytearray(raw[start + 1 : start + 1 + width * step])
        _unfilter(raw[start], line, before, step)
        rows.append([tuple(line[x : x + 3]) for x in range(0, width * step, step)])
        before = bytes(line)
    return width, height, rows


def _unfilter(kind, line, above, step):
    """https://www.w3.org/TR/png-3/#9Filter-types, in place."""
    for at in range(len(line)):
        left = line[at - step] if at >= step else 0
        up, corner = above[at], above[at - step] if at >= step else 0
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda one: abs(guess - one))
        line[at] = (line[at] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", [_LIGHT, _DARK])
def test_pictures(page, tmp_path, width, scheme):
    picture = tmp_path / "shot.png"
    _browse(tmp_path, page(sample()), scheme, f"--screenshot={picture}", f"--window-size={width},900")
    seen, _, rows = _pixels(picture)
    assert seen == width
    paper = rows[2][2]
    assert paper == ((255, 255, 255) if scheme == _LIGHT else (0x14, 0x17, 0x1B))
    inked = sum(pixel != paper for row in rows for pixel in row)
    assert inked > 0.02 * width * len(rows)
    margin = [row[-1] for row in rows]  # nothing runs out of the window on the right
    assert set(margin) == {paper}
    red = (0xA4, 0x0E, 0x26) if scheme == _LIGHT else (0xFF, 0x8F, 0x8F)
    assert any(pixel == red for row in rows for pixel in row)


def _items(dom):
    return re.findall(r'<li class="\w+" data-severity="(\w+)" data-waived="\w+"( hidden="")?>', dom)


def test_the_filter_works_and_the_script_is_allowed(page, tmp_path):
    everything = _browse(tmp_path, page(sample()), "--dump-dom")
    assert '<form id="filter">' in everything
    assert ">5 shown</output>" in everything
    found = _browse(tmp_path, page(sample()) + "#q=limit%20maximum", "--dump-dom")
    assert ">1 of 5 shown</output>" in found
    assert [hidden == "" for _, hidden in _items(found)].count(True) == 1


def test_a_hostile_report_runs_nothing(page, tmp_path):
    dom = _browse(tmp_path, page(hostile()), "--dump-dom")
    assert dom.count("<script>") == 1
    assert "3 shown</output>" in dom
