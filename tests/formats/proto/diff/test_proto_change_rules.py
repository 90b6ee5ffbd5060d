"""Every rule's example is executed: it fires the rule on the surfaces the row says, the reverse does not err."""

from __future__ import annotations

from functools import cache

import pytest

from apicontract.changes import Level, Surface
from apicontract.formats import DiffOptions
from apicontract.formats.proto.diff import diff
from apicontract.formats.proto.diff.rules import CATALOGUE, ROWS
from apicontract.formats.proto.diff.rules.rows import example_files
from apicontract.formats.proto.load import from_texts

_SURFACES = (Surface.WIRE, Surface.JSON, Surface.SOURCE)


@pytest.fixture(scope="module", params=ROWS, ids=[row.id for row in ROWS])
def row(request):
    """One row after the other for all tests, so that its contracts are compiled once."""
    return request.param


@cache
def contract(text):
    return from_texts(example_files(text))


def test_the_example_fires_the_rule_with_its_effects(row):
    rule = CATALOGUE[row.id]
    old, new = contract(rule.example.old), contract(rule.example.new)
    changes = list(diff(old, new, DiffOptions()))
    fired = [change for change in changes if change.rule == row.id]
    assert fired, [change.rule for change in changes]
    assert dict(fired[0].effects) == row.levels
    assert fired[0].level == rule.level
    assert set(fired[0].surfaces) == set(rule.surfaces)
    assert fired[0].old is not None or fired[0].new is not None


def test_equal_contracts_have_no_change(row):
    text = CATALOGUE[row.id].example.new
    assert not list(diff(contract(text), contract(text), DiffOptions()))


def test_the_reverse_is_another_change(row):
    """Going back is judged as what it is: no rule fires in both directions with one verdict but by its nature."""
    rule = CATALOGUE[row.id]
    back = list(diff(contract(rule.example.new), contract(rule.example.old), DiffOptions()))
    assert back
    assert all(change.rule in CATALOGUE for change in back)


def test_what_does_not_count_is_a_patch_at_most(row):
    rule = CATALOGUE[row.id]
    old, new = contract(rule.example.old), contract(rule.example.new)
    for surface in _SURFACES:
        options = DiffOptions(surfaces=frozenset({surface}))
        fired = [change for change in diff(old, new, options) if change.rule == row.id]
        assert fired[0].level == max(Level.PATCH, row.levels[surface])


@pytest.mark.parametrize("rule", CATALOGUE, ids=[rule.id for rule in CATALOGUE])
def test_the_rule_is_documented(rule):
    assert rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.advice.endswith(".")
    assert rule.id == rule.id.lower()
