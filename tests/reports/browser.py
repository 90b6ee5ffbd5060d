"""A real browser for the tests of pages: what it makes of them, and what it paints."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needed = pytest.mark.skipif(BROWSER is None, reason="no Chromium here (Debian: apt install chromium)")
DARK = "--blink-settings=preferredColorScheme=0"
LIGHT = "--blink-settings=preferredColorScheme=1"


def browse(tmp_path, address, *options):
    """What the browser writes to standard output, such as the document for `--dump-dom`."""
    profile = tmp_path / "profile"
    done = subprocess.run(
        [
            *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--user-data-dir={profile}", "--force-device-scale-factor=1", *options, address),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def pixels(file):
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
