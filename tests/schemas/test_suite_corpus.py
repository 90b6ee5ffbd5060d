"""Ground truth: the public test suite turned into containment questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations

import jsonschema_rs
import pytest
import suite

from apicontract.schemas import Contained, NotContained, Unknown, contains
from apicontract.schemas.translation import dialects

_VALIDATORS = {
    "draft4": jsonschema_rs.Draft4Validator,
    "draft7": jsonschema_rs.Draft7Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "2020-12": jsonschema_rs.Draft202012Validator,
}
_NOTHING = {"not": {}}


def refers(schema):
    """Whether the schema's meaning depends on where it stands."""
    return any(
        word in str(schema) for word in ("$ref", "$dynamicRef", "$recursiveRef", "'$id'", "'id'", "nchor'")
    )


def rewritings(schema, draft):
    """Schemas of the same meaning."""
    text, negated = {"type": "string"}, {"not": schema}
    definitions = "definitions" if draft in {"draft4", "draft7"} else "$defs"
    yield {"allOf": [schema]}
    yield {"allOf": [{}, {"allOf": [schema, {}]}]}
    yield {"anyOf": [schema, _NOTHING]}
    yield {"anyOf": [_NOTHING, {"anyOf": [schema]}]}
    yield {"oneOf": [schema, _NOTHING]}
    yield {"oneOf": [{"allOf": [schema, text]}, {"allOf": [schema, {"not": text}]}]}
    yield {"anyOf": [{"allOf": [schema, text]}, {"allOf": [schema, {"not": text}]}, _NOTHING]}
    yield {"not": negated}
    yield {"not": {"anyOf": [negated, _NOTHING]}}
    yield {"not": {"allOf": [{}, negated]}}
    yield {"$ref": f"#/{definitions}/same", definitions: {"same": schema}}
    yield {"title": "the same", "allOf": [schema, schema]}
    if "if" in dialects.TABLE[draft].keywords:
        yield {"if": schema, "then": {}, "else": False}


def questions(schema, tests, draft):
    """(sub, sup, expected) triples that follow from a schema and the suite's own verdicts."""
    yield schema, schema, True
    free = not refers(schema)
    if free:
        for same in rewritings(schema, draft):
            yield schema, same, True
            yield same, schema, True
        yield {}, {"anyOf": [schema, {"not": schema}]}, True
        yield {"allOf": [schema, {"not": schema}]}, _NOTHING, True
    for test in tests:
        value = {"enum": [test["data"]]} if draft == "draft4" else {"const": test["data"]}
        yield value, schema, test["valid"]
        if free:
            yield value, {"not": schema}, not test["valid"]
        if not test["valid"]:
            yield {}, schema, False


def told_apart(cases, draft):
    """Pairs of schemas of one file of which a value of that file is one and not the other."""
    values = [test["data"] for _, _, tests in cases for test in tests]
    accepted = {}
    for name, schema, _ in cases:
        validator = _VALIDATORS[draft](schema)
        accepted[name] = [validator.is_valid(value) for value in values]
    schemas = {name: schema for name, schema, _ in cases}
    for one, other in permutations(schemas, 2):
        if any(a and not b for a, b in zip(accepted[one], accepted[other], strict=True)):
            yield schemas[one], schemas[other]


@pytest.mark.corpus
@pytest.mark.parametrize("folder, draft", suite.DRAFTS.items())
def test_no_answer_is_wrong_and_nearly_all_are_given(folder, draft):
    counts = Counter()
    wrong = []
    files = defaultdict(list)
    for name, schema, tests in suite.cases(folder):
        files[name.partition(":")[0]].append((name, schema, tests))
        for sub, sup, expected in questions(schema, tests, draft):
            verdict = contains(sub, sup, dialect=draft, reading="literal", formats="annotate")
            counts[type(verdict)] += 1
            if type(verdict) is (NotContained if expected else Contained):
                wrong.append((name, sub, sup, verdict))
    for name, cases in files.items():
        for sub, sup in told_apart(cases, draft):
            verdict = contains(sub, sup, dialect=draft, reading="literal", formats="annotate")
            counts[type(verdict)] += 1
            if isinstance(verdict, Contained):
                wrong.append((name, sub, sup, verdict))
            elif not refers(sub):
                both = {"allOf": [sub, sup]} if not refers(sup) else sub
                narrowed = contains(both, sub, dialect=draft, reading="literal", formats="annotate")
                assert not isinstance(narrowed, NotContained)
    assert wrong == []
    assert counts[Unknown] <= counts.total() / 100, counts
    assert counts.total() > 3000
