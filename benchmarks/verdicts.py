"""Measures the verdicts about schemas and writes docs/containment.md and docs/beside-oasdiff.md.

    python benchmarks/verdicts.py [--print] [SECTION ...]

Sections: suite, random, github, oasdiff; all of them without a name. Each stands between marks on the page, and
only those asked for are measured again. What cannot be had is left out, with the reason.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
from containment import beside_oasdiff, on_github, on_suite, random_pairs

import apicontract

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parent.parent / "docs"
SECTIONS: dict[str, tuple[str, Callable[[], tuple[list[str], bool]]]] = {
    "suite": ("The public test suite", on_suite.section),
    "random": ("Random schemas, random values", random_pairs.section),
    "github": ("Real components", on_github.section),
    "oasdiff": ("The same pairs, judged by both", beside_oasdiff.section),
}
_WRITTEN = "<!-- Written by `python benchmarks/verdicts.py`; run it again instead of editing. -->"
# Each page: how it begins, and its sections.
PAGES = {
    "containment.md": (
        f"""# Containment, measured

{_WRITTEN}

How good the proofs and witnesses are on which verdicts rest, beside what else decides such questions.
[How verdicts are made](how-verdicts-are-made.md) explains them.
""",
        ("suite", "random", "github"),
    ),
    "beside-oasdiff.md": (
        f"""# Verdicts beside oasdiff's

{_WRITTEN}

oasdiff compares keywords by rules; apicontract asks what may be sent and what is accepted. Where they differ, the
value or the proof decides who is right. [How verdicts are made](how-verdicts-are-made.md) explains both.
""",
        ("oasdiff",),
    ),
}


def measured(name: str) -> tuple[str, bool]:
    """The text of one section, and whether what was promised holds."""
    title, measure = SECTIONS[name]
    print(f"measuring: {title}", file=sys.stderr)
    try:
        lines, holds = measure()
    except corpora.NotAvailable as reason:
        lines, holds = [f"Left out: {reason}"], True
    body = "\n".join(line.rstrip() for line in lines).strip()
    return f"<!-- {name} -->\n## {title}\n\n{body}\n\n{_machine()}\n<!-- /{name} -->\n", holds


def with_sections(page: str, text: str, texts: dict[str, str]) -> str:
    """The page of that name, now `text`, with these sections put in their place and the others as they were."""
    head, names = PAGES[page]
    kept = (texts.get(name) or _section_of(text, name) for name in names)
    return "\n".join([head, *filter(None, kept)])


def _section_of(page: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n.*?<!-- /{name} -->\n", page, re.DOTALL)
    return found[0] if found else ""


def _machine() -> str:
    versions = (
        f"apicontract {apicontract.__version__}, jsonschema-rs {importlib.metadata.version('jsonschema-rs')}"
    )
    return f"Measured with {versions}, Python {platform.python_version()}, {platform.system()} on {os.cpu_count()} cores."


def main() -> int:
    """Measure, write the page, and give 1 if a promise was not kept."""
    parser = argparse.ArgumentParser(description="Measure the verdicts about schemas.")
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], metavar="SECTION")
    parser.add_argument("--print", action="store_true", help="print the page instead of writing it")
    arguments = parser.parse_args()
    results = {name: measured(name) for name in arguments.sections or SECTIONS}
    texts = {name: text for name, (text, _) in results.items()}
    for page, (_, names) in PAGES.items():
        if texts.keys().isdisjoint(names):
            continue
        path = DOCS / page
        text = with_sections(page, path.read_text(encoding="utf-8") if path.exists() else "", texts)
        if arguments.print:
            print(text)
        else:
            path.write_text(text, encoding="utf-8")
    return int(not all(holds for _, holds in results.values()))


if __name__ == "__main__":
    sys.exit(main())
