"""Ours beside Spectral's: what both say of the same files, and the differences that are meant, each with its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import apicontract
from apicontract.formats.openapi.lint import spectral
from apicontract.sources import ReadOptions

CASES = Path(__file__).parents[4] / "cases/spectral"
VERSION = "6.16.3"

INVALID = "Spectral's compiler refuses a schema with a repeated enum value before it looks at the example; here the example is checked all the same"
SCHEMA = "the structure is checked by the official meta-schemas and said in our words"
NO_FORMAT = (
    "Spectral warns of a ruleset none of whose formats the contract has; here such rules are simply not asked"
)
PARENT = "Spectral's `@parent` behind `..name[?…]` looks one level too high; here it is what holds the value"

# (rule, pointer, only whose): why. `*` is any pointer.
DIFFERENCES = {
    ("unrecognized-format", "", "theirs"): NO_FORMAT,
    ("filter-parent", "/components/schemas/Order/properties/lines", "ours"): PARENT,
    (
        "oas3-valid-media-example",
        "/paths/~1orders~1/get/responses/200/content/application~1json/example",
        "theirs",
    ): INVALID,
    (
        "oas3-valid-media-example",
        "/paths/~1orders~1/post/requestBody/content/application~1json/examples/good/value",
        "theirs",
    ): INVALID,
    ("oas3-schema", "/tags", "theirs"): "a repeated tag is `openapi-tags-uniqueness` already",
    ("oas3-schema", "/paths/~1orders~1{id}/get/parameters/0", "theirs"): SCHEMA,
    ("oas3-schema", "/paths/~1orders~1{id}/get/parameters/0", "ours"): SCHEMA,
    ("oas2-schema", "/host", "theirs"): SCHEMA,
    ("oas2-schema", "/host", "ours"): SCHEMA,
    ("oas2-schema", "/definitions/Order/properties/kind/anyOf", "ours"): SCHEMA,
    ("oas2-schema", "/definitions/Order/properties/kind/oneOf", "ours"): SCHEMA,
}


def ours(ruleset: Path, contract: Path) -> Counter[tuple[str, str, str, str, int]]:
    """What we find: rule, pointer, severity, message, line."""
    loaded = spectral.load(str(ruleset), ReadOptions())
    wanted = frozenset(rule.id for rule in spectral.rules_of([loaded]))
    found = spectral.lint(apicontract.load(contract), [loaded], wanted)  # type: ignore[arg-type]
    return Counter(
        (
            one.rule.removeprefix("spectral:"),
            one.place.pointer,
            one.severity.value,
            one.message,
            one.place.line,
        )
        for one in found
    )


def compare(
    theirs: Counter[tuple[str, str, str, str, int]], found: Counter[tuple[str, str, str, str, int]]
) -> set[tuple[str, str, str]]:
    """The differences, as the table has them. Lines are compared where the place is the same."""
    differences = {(rule, pointer, "theirs") for rule, pointer, *_ in (theirs - found)}
    return differences | {(rule, pointer, "ours") for rule, pointer, *_ in (found - theirs)}
