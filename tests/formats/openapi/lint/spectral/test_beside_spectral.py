"""Every function and every feature of paths, beside what Spectral itself answered to the same files."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from spectral_answers import CASES, DIFFERENCES, VERSION, compare, ours

ANSWERS = json.loads((CASES / f"spectral-{VERSION}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("pair", ANSWERS)
def test_the_same_as_spectral(pair: str, monkeypatch):
    monkeypatch.chdir(CASES)
    ruleset, contract = (CASES / name for name in pair.split())
    theirs = Counter(
        (rule, at, severity, message, line) for rule, at, severity, message, line in ANSWERS[pair]
    )
    assert compare(theirs, ours(ruleset, contract)) - DIFFERENCES.keys() == set()


def test_every_difference_of_the_table_is_one(monkeypatch):
    monkeypatch.chdir(CASES)
    met = set()
    for pair, listed in ANSWERS.items():
        ruleset, contract = (CASES / name for name in pair.split())
        met |= compare(Counter(map(tuple, listed)), ours(ruleset, contract))
    assert met == DIFFERENCES.keys()


def test_every_rule_of_the_rulesets_says_something():
    said = {rule for listed in ANSWERS.values() for rule, *_ in listed}
    assert {"functions.yaml", "paths.yaml", "house.yaml", "all.yaml"} == {pair.split()[0] for pair in ANSWERS}
    assert len(said) > 80
