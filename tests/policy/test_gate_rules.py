"""Every rule of the gate: its bad example fires it, its good one does not; and its documentation is whole."""

from __future__ import annotations

import pytest
from policy_cases import found

from apicontract.policy.rules import RULES

WITH_EXAMPLE = [rule for rule in RULES if rule.bad]


def parts(example):
    """(configuration, old, new) of an example."""
    lines = example.splitlines()
    settings = "\n".join(line.removeprefix("#: ") for line in lines if line.startswith("#: "))
    old, _, new = "\n".join(line for line in lines if not line.startswith("#: ")).partition("\n---")
    return settings, old, new


@pytest.mark.parametrize("rule", WITH_EXAMPLE, ids=lambda rule: rule.id)
def test_examples(rule, gate):
    settings, old, new = parts(rule.bad)
    assert rule.id in found(gate(old, new, settings))
    settings, old, new = parts(rule.good)
    judgement = gate(old, new, settings)
    assert rule.id not in found(judgement)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_documentation_is_whole(rule):
    assert rule.title.endswith(".")
    assert rule.why
    assert rule.advice
    assert rule.command == "check"


def test_only_the_baseline_has_no_example():
    assert [rule.id for rule in RULES if not rule.bad] == ["baseline-stale"]
