"""Random pairs in every dialect: no answer that a value, a second validator or `covers` contradicts.

`python benchmarks/hunt.py` does the same at any size; the corpus test is the hundred thousand pairs.
"""

from __future__ import annotations

import pytest
from containment import random_pairs, references, sendable
from containment.random_pairs import Pair, Tally, hunt, judge

from apicontract.schemas import Contained, NotContained, Session
from apicontract.schemas.verdicts import Witness


def checked(tally):
    assert tally.wrong == [], tally.wrong[0]
    assert tally.answers["Unknown"] <= tally.answers.total() * 0.01
    assert tally.unverified <= tally.answers.total() * 0.001
    assert min(tally.answers["Contained"], tally.answers["NotContained"]) > tally.answers.total() / 5


@pytest.mark.parametrize("seed", range(2000, 2008))
def test_no_answer_is_wrong(seed):
    checked(hunt(seed, 250))


@pytest.mark.corpus
@pytest.mark.parametrize("seed", range(1, 11))
def test_no_answer_of_a_hundred_thousand_pairs_is_wrong(seed):
    checked(hunt(seed, 10_000))


@pytest.mark.parametrize(
    "verdict, shown",
    [(Contained(), "a value is of the first and not of the second"), (NotContained(Witness(1)), "the witness shows nothing")],
)  # fmt: skip
def test_a_lie_is_noticed(verdict, shown, monkeypatch):
    monkeypatch.setattr(Session, "contains", lambda *_, **__: verdict)
    tally = Tally()
    judge(Pair({"type": "number"}, {"type": "integer"}, "2020-12"), [0.5, 1], tally)
    assert shown in {wrong.why for wrong in tally.wrong}


def test_what_may_not_be_sent_is_told_from_what_may():
    sender = {"properties": {"a": {}}}
    receiver = {"properties": {"a": {}, "b": {}}}
    assert sendable.may_be_sent({"a": 1, "c": 2}, sender, receiver)
    assert not sendable.may_be_sent({"b": 1}, sender, receiver)
    assert sendable.may_be_sent({"b": 1}, sender | {"additionalProperties": {"type": "integer"}}, receiver)


def test_a_second_reading_of_openapi():
    schema = {
        "type": "object",
        "properties": {"id": {"type": "integer", "readOnly": True}},
        "required": ["id"],
    }
    sent = references.validator(schema, "openapi-3.0", flow="request")
    received = references.validator(schema, "openapi-3.0", flow="request", sent=False)
    assert (sent.is_valid({}), sent.is_valid({"id": 1})) == (True, False)
    assert received.is_valid({"id": "any"})
    nullable = references.validator({"type": "string", "nullable": True}, "openapi-3.0")
    assert nullable.is_valid(None)


def test_the_same_seed_gives_the_same_pairs():
    def first(seed):
        made = random_pairs.pairs(seed)
        return [next(made)[0] for _ in range(20)]

    assert first(7) == first(7)
    assert first(7) != first(8)
