"""The JSON-Schema-Test-Suite, fetched from the source distribution of `jsonschema` into a cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

RELEASE = "4.26.0"
DRAFTS = {"draft4": "draft4", "draft7": "draft7", "draft2019-09": "2019-09", "draft2020-12": "2020-12"}
# Remote documents, other vocabularies, and formats as annotations of the draft are not about containment.
LEFT_OUT = {"refRemote.json", "vocabulary.json", "format.json"}


def folder():
    """The suite's folder of tests; skips the test if it cannot be had."""
    cache = Path(os.environ.get("APICONTRACT_CORPUS", Path.home() / ".cache" / "apicontract" / "corpus"))
    target = cache / f"jsonschema-{RELEASE}"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
        done = subprocess.run(
            [*command, "-d", str(cache), f"jsonschema=={RELEASE}"],
            capture_output=True,
            text=True,
            check=False,
        )
        archive = cache / f"jsonschema-{RELEASE}.tar.gz"
        if done.returncode or not archive.exists():
            pytest.skip(f"pip could not fetch jsonschema {RELEASE}: {done.stderr[-200:]}")
        with tarfile.open(archive) as packed:
            packed.extractall(cache, filter="data")
    return target / "json" / "tests"


def cases(draft):
    """(name, schema, tests) of one draft, without the schemas that need other documents."""
    for path in sorted((folder() / draft).glob("*.json")):
        if path.name in LEFT_OUT:
            continue
        for case in json.loads(path.read_text(encoding="utf-8")):
            text = json.dumps(
                {k: v for k, v in case["schema"].items() if k != "$schema"}
                if isinstance(case["schema"], dict)
                else case["schema"]
            )
            if "localhost:1234" not in text and "json-schema.org/draft" not in text:
                yield f"{path.stem}: {case['description']}", case["schema"], case["tests"]
