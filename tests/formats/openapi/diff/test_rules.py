"""Every rule's example is executed: its new contract fires the rule, its old one alone does not."""

from __future__ import annotations

from itertools import permutations

import pytest

import apicontract
from apicontract.changes import Level, Surface
from apicontract.formats.openapi.diff.rules import CATALOGUE
from apicontract.formats.openapi.diff.rules.kinds import KINDS
from apicontract.schemas.edits.kinds import MISSING, ROWS, name_edit

RULES = list(CATALOGUE)


def contract(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_example_fires_the_rule_at_its_level(rule, tmp_path):
    old, new = (
        contract(tmp_path, "old.yaml", rule.example.old),
        contract(tmp_path, "new.yaml", rule.example.new),
    )
    changes = apicontract.diff(old, new).changes
    fired = [change for change in changes if change.rule == rule.id]
    assert fired, [change.rule for change in changes]
    assert max(change.level for change in fired) == rule.level, [(c.message, c.certainty) for c in fired]
    assert all(change.old is not None and change.new is not None for change in fired)
    if rule.level is Level.MAJOR:
        assert set(rule.surfaces) <= set(fired[0].surfaces)
    assert not apicontract.diff(old, old).changes


@pytest.mark.parametrize("group", sorted(ROWS.keys() - {"enum", "const"}))
def test_every_edit_that_can_be_named_is_a_kind(group):
    values = (MISSING, 1, 2, False, {})
    named = {
        name_edit(group, was, now, narrows=narrows, widens=widens)
        for was, now in permutations(values, 2)
        for narrows in (False, True)
        for widens in (False, True)
    }
    assert named <= KINDS.keys()


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_rule_is_documented(rule):
    assert rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.advice.endswith(".")
    assert rule.id == rule.id.lower()
    assert (rule.level is Level.MAJOR) == bool(set(rule.surfaces) - {Surface.SOURCE})
