"""The JSON-Schema-Test-Suite, from the source distribution of `jsonschema`, as cases of schema and values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import corpora

if TYPE_CHECKING:
    from collections.abc import Iterator

RELEASE = "4.26.0"
DRAFTS = {"draft4": "draft4", "draft7": "draft7", "draft2019-09": "2019-09", "draft2020-12": "2020-12"}
# Remote documents, other vocabularies, and formats as the draft's annotations are not about containment;
# optional assertions of content and of 1.0 being no integer are not made here.
LEFT_OUT = {
    "refRemote.json",
    "vocabulary.json",
    "format.json",
    "format-assertion.json",
    "content.json",
    "zeroTerminatedFloats.json",
}


class Case(NamedTuple):
    """One schema of the suite with its tests: values, each with whether it is valid."""

    file: str
    name: str
    schema: Any
    tests: list[dict[str, Any]]


def cases(draft: str) -> Iterator[Case]:
    """The cases of one draft's folder, without the schemas that need other documents; NotAvailable if none."""
    folder = corpora.sdist("jsonschema", RELEASE) / "json" / "tests" / draft
    for path in sorted([*folder.glob("*.json"), *folder.glob("optional/*.json")]):
        if path.name in LEFT_OUT:
            continue
        for case in json.loads(path.read_text(encoding="utf-8")):
            schema = case["schema"]
            own = {k: v for k, v in schema.items() if k != "$schema"} if isinstance(schema, dict) else schema
            text = json.dumps(own)
            if "localhost:1234" not in text and "json-schema.org/draft" not in text:
                yield Case(path.stem, case["description"], schema, case["tests"])
