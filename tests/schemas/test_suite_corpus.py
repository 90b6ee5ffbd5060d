"""Ground truth: the public test suite turned into containment questions, see benchmarks/containment."""

from __future__ import annotations

from collections import Counter

import corpora
import pytest
from containment import on_suite, questions

from apicontract.schemas import Contained, NotContained, contains


@pytest.mark.corpus
def test_no_answer_is_wrong_and_all_are_given_with_witnesses():
    try:
        asked = list(questions.questions())
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    kinds = Counter(question.kind for question in asked)
    assert min(kinds[kind] for kind in questions.KINDS) > 2_000
    score = on_suite.scored("apicontract", asked, on_suite.deciders.ours)
    assert score.wrong == {}
    assert score.decided >= 0.99, score.open
    assert score.shown == score.refuted
    assert score.false_witnesses == 0


@pytest.mark.parametrize("draft", ["draft4", "draft7", "2019-09", "2020-12"])
@pytest.mark.parametrize("schema", [{"minimum": 3}, {"items": {"$ref": "#"}, "maxItems": 2}])
def test_rewritings_are_many_and_mean_the_same(schema, draft):
    found = list(questions.rewritings(schema, draft))
    assert len(found) >= 12
    for same in found:
        for one, other in ((schema, same), (same, schema)):
            assert contains(one, other, dialect=draft, reading="literal") == Contained()


def test_a_wrong_answer_and_a_false_witness_are_counted():
    asked = questions.Question("equal", "a", "2020-12", {"type": "integer"}, {"type": "number"}, True)
    answer = on_suite.Answer("no", 1, 0.0)
    score = on_suite.scored("liar", [asked], lambda _: answer)
    assert (score.wrong.total(), score.shown, score.false_witnesses) == (1, 0, 1)
    assert not all(on_suite.promises(score).values())


def test_told_apart_pairs_are_refuted_by_the_suites_own_values():
    def case(schema, *values):
        return questions.suite.Case("f", "n", schema, [{"data": v, "valid": True} for v in values])

    found = list(questions._told_apart([case({"type": "integer"}, 1), case({"minimum": 2}, "a")], "2020-12"))
    assert [(q.sub, q.sup) for q in found] == [
        ({"type": "integer"}, {"minimum": 2}),
        ({"minimum": 2}, {"type": "integer"}),
    ]
    assert all(isinstance(contains(q.sub, q.sup), NotContained) for q in found)
