"""Compares our verdicts about protos with buf's and writes docs/beside-buf.md.

python benchmarks/beside_buf.py [--print]

Exits with 1 if a verdict of ours is wrong, or a difference has no reason.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
from buf import cases, corpus
from buf.tool import Report, breaking
from run import BUF, GOOGLE, google

import apicontract

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parents[1] / "docs" / "beside-buf.md"
HEAD = f"""# Verdicts beside buf's

<!-- Written by `python benchmarks/beside_buf.py`; run it again instead of editing. -->

buf {BUF[1]} compares names and kinds by rules, in categories of which a run has to choose; apicontract
asks what bytes, JSON and generated code of the one version mean to the other, on three surfaces at once.
Where they differ, bytes written with the one schema and read with the other decide who is right.
[Protobuf](protobuf.md) tells how verdicts are made, and [the table of kinds](rules/proto-kinds.md) what
each change of type is worth.
"""
GOOGLES = f"""
## Google's protos, {GOOGLE[0]} → {GOOGLE[1]}

The protos of the npm package google-proto-files without google/protobuf, build and gapic. Each report of
buf's was looked for among our changes by file and element, and each of our breaks among buf's reports. One
deletion may be several reports (number not reserved, name not reserved), and one package that is gone many
(a file each). What is *told as less* is in our report, at a lower level on that category's surface.
"""


def page() -> tuple[str, bool]:
    """The page, and whether our verdicts are right and every difference has its reason."""
    small, right = cases.section()
    large, explained = _of_google()
    parts = [
        HEAD,
        "## Small pairs, judged by both\n",
        "\n".join(small).rstrip() + "\n",
        GOOGLES,
        "\n".join(large).rstrip() + "\n",
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts), right and explained


def _of_google() -> tuple[list[str], bool]:
    with tempfile.TemporaryDirectory() as folder:
        old, new = google(Path(folder))
        reports = _kept("-".join(("buf", BUF[1], *GOOGLE)), lambda: breaking(old, new))
        changes = corpus.told(apicontract.diff(old, new).changes, old, new)
        return corpus.section(reports, changes, old)


def _kept(name: str, ask: Callable[[], list[Report]]) -> list[Report]:
    """Buf's answer from the cache, or asked and kept there."""
    file = corpora.cache() / "answers" / f"{name}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(ask()), encoding="utf-8")
    return [Report(*fields) for fields in json.loads(file.read_text(encoding="utf-8"))]


def main() -> int:
    """Compare, write the page, and give 1 if something is wrong or unexplained."""
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--print", action="store_true", help="print the page instead of writing it")
    arguments = parser.parse_args()
    text, fine = page()
    if arguments.print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
