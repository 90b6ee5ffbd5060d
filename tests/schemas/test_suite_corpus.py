"""Ground truth: the public test suite turned into containment questions."""

from __future__ import annotations

from collections import Counter

import pytest
import suite

from apicontract.schemas import Contained, NotContained, Unknown, contains


def questions(name, schema, tests, draft):
    """(sub, sup, expected) triples that follow from a schema and the suite's own verdicts."""
    yield schema, schema, True
    refers = any(word in str(schema) for word in ("$ref", "$dynamicRef", "$recursiveRef"))
    if not refers:
        for same in (
            {"allOf": [schema]},
            {"anyOf": [schema, {"not": {}}]},
            {"not": {"not": schema}},
            {"oneOf": [schema, {"not": {}}]},
        ):
            yield schema, same, True
            yield same, schema, True
        yield {}, {"anyOf": [schema, {"not": schema}]}, True
        yield {"allOf": [schema, {"not": schema}]}, {"not": {}}, True
    for test in tests:
        value = {"enum": [test["data"]]} if draft == "draft4" else {"const": test["data"]}
        yield value, schema, test["valid"]
        if not refers:
            yield value, {"not": schema}, not test["valid"]
        if not test["valid"]:
            yield {}, schema, False


@pytest.mark.corpus
@pytest.mark.parametrize("folder, draft", suite.DRAFTS.items())
def test_no_answer_is_wrong_and_nearly_all_are_given(folder, draft):
    counts = Counter()
    wrong = []
    for name, schema, tests in suite.cases(folder):
        for sub, sup, expected in questions(name, schema, tests, draft):
            verdict = contains(sub, sup, dialect=draft, reading="literal", formats="annotate")
            counts[type(verdict)] += 1
            if type(verdict) is (NotContained if expected else Contained):
                wrong.append((name, sub, sup, verdict))
    assert wrong == []
    assert counts[Unknown] <= counts.total() / 100, counts
    assert counts.total() > 1000
