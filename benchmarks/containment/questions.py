"""Containment questions whose answers are known: the public suite, its schemas rewritten and combined.

A schema is contained both ways in each of its rewritings; S ∧ R in S, and S in S ∨ R; a value's `const` in
a schema exactly if the suite calls it valid; and a pair of schemas of one file that a value of that file
tells apart is not. Validity beyond the suite's own word is asked of jsonschema-rs.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from apicontract.schemas.translation.dialects import TABLE
from containment import references, suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas import Json

NOTHING = {"not": {}}
KINDS = ("equal", "subset", "told apart", "value in", "value out")


class Question(NamedTuple):
    """Whether `sub` is contained in `sup`, and the answer."""

    kind: str
    name: str
    draft: str
    sub: Json
    sup: Json
    contained: bool


def questions() -> Iterator[Question]:
    """Every question of every draft; NotAvailable if the suite cannot be had."""
    for folder, draft in suite.DRAFTS.items():
        files: dict[str, list[suite.Case]] = defaultdict(list)
        for case in suite.cases(folder):
            files[case.file].append(case)
        for cases in files.values():
            yield from _of_file(cases, draft)


def _of_file(cases: list[suite.Case], draft: str) -> Iterator[Question]:
    for case in cases:
        yield from _of_case(case, draft)
    free = [case for case in cases if not refers(case.schema)]
    for one, other in itertools.pairwise(free):
        for a, b in ((one, other), (other, one)):
            yield Question("subset", a.name, draft, {"allOf": [a.schema, b.schema]}, a.schema, True)  # noqa: FBT003
            yield Question("subset", a.name, draft, a.schema, {"anyOf": [a.schema, b.schema]}, True)  # noqa: FBT003
    yield from _told_apart(cases, draft)


def _of_case(case: suite.Case, draft: str) -> Iterator[Question]:
    schema = case.schema
    for same in (schema, *rewritings(schema, draft)):
        yield Question("equal", case.name, draft, schema, same, contained=True)
        if same is not schema:
            yield Question("equal", case.name, draft, same, schema, contained=True)
    for test in case.tests:
        value = {"enum": [test["data"]]} if draft == "draft4" else {"const": test["data"]}
        kind = "value in" if test["valid"] else "value out"
        yield Question(kind, case.name, draft, value, schema, test["valid"])
        if not refers(schema):
            kind = "value out" if test["valid"] else "value in"
            yield Question(kind, case.name, draft, value, {"not": schema}, not test["valid"])


def _told_apart(cases: list[suite.Case], draft: str) -> Iterator[Question]:
    """Pairs of schemas of one file of which a value of that file is one and not the other."""
    values = [test["data"] for case in cases for test in case.tests]
    accepted = []
    for case in cases:
        validator = references.validator(case.schema, draft)
        accepted.append([validator.is_valid(value) for value in values])
    for i, j in itertools.permutations(range(len(cases)), 2):
        if any(a and not b for a, b in zip(accepted[i], accepted[j], strict=True)):
            one, other = cases[i], cases[j]
            yield Question("told apart", one.name, draft, one.schema, other.schema, contained=False)


def refers(schema: Json) -> bool:
    """Whether the schema's meaning depends on where it stands."""
    words = ("$ref", "$dynamicRef", "$recursiveRef", "'$id'", "'id'", "nchor'", "'$schema'")
    own = {k: v for k, v in schema.items() if k != "$schema"} if isinstance(schema, dict) else schema
    return any(word in str(own) for word in words)


def rewritings(schema: Json, draft: str) -> Iterator[Json]:
    """Schemas of the same meaning: 12, and 13 where there is `if`; of a schema that refers, moved if it can be."""
    definitions = "definitions" if TABLE[draft].tuples and draft != "2019-09" else "$defs"
    if refers(schema):
        moved = _moved(schema, f"#/{definitions}/same")
        if moved is None:
            return
        schema = {"$ref": f"#/{definitions}/same"}
        around: dict[str, Any] = {definitions: {"same": moved}}
    else:
        around = {}
    text, negated = {"type": "string"}, {"not": schema}
    for same in (
        {"allOf": [schema]},
        {"allOf": [{}, {"allOf": [schema, {}]}]},
        {"anyOf": [schema, NOTHING]},
        {"anyOf": [NOTHING, {"anyOf": [schema]}]},
        {"oneOf": [schema, NOTHING]},
        {"oneOf": [{"allOf": [schema, text]}, {"allOf": [schema, {"not": text}]}]},
        {"anyOf": [{"allOf": [schema, text]}, {"allOf": [schema, {"not": text}]}, NOTHING]},
        {"not": negated},
        {"not": {"anyOf": [negated, NOTHING]}},
        {"not": {"allOf": [{}, negated]}},
        {"title": "the same", "allOf": [schema, schema]},
    ):
        yield {**same, **around}
    if around:
        yield {
            "$ref": f"#/{definitions}/other",
            definitions: {**around[definitions], "other": {"allOf": [schema]}},
        }
    else:
        yield {"$ref": f"#/{definitions}/same", definitions: {"same": schema}}
    if "if" in TABLE[draft].keywords:
        yield {"if": schema, "then": {}, "else": False, **around}


def _moved(schema: Any, to: str) -> Any | None:
    """The schema with its references led to where it will stand; None if it has addresses of its own."""
    if any(word in str(schema) for word in ("$dynamic", "$recursive", "'$id'", "'id'", "$anchor")):
        return None
    return _redirected(schema, to)


def _redirected(schema: Any, to: str) -> Any:
    if isinstance(schema, list):
        return [_redirected(item, to) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        word: value if word in {"enum", "const"} else _redirected(value, to)
        for word, value in schema.items()
        if word != "$schema"
    }
    ref = found.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        found["$ref"] = to + ref[1:]
    return found
