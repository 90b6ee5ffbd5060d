"""Waivers of what lint finds are no business of the gate, which cannot know whether they waive something."""

from __future__ import annotations

import pytest

CONTRACT = """\
openapi: 3.1.0
info: {title: T, version: 1.0.0}
x-apicontract-ignore: {rule: RULE, reason: agreed}
paths: {}
"""
ABOUT = {"suppression-unused", "suppression-lapsed"}


def said(judgement):
    listed = [each for verdict in judgement.verdicts for each in verdict.findings]
    return {each.finding.rule for each in (*listed, *judgement.findings)} & ABOUT


@pytest.mark.parametrize(
    ("rule", "spoken_of"),
    [("path-trailing-slash", False), ("operation-removed", True), ("path-*", True)],
)
def test_the_gate_speaks_only_of_waivers_of_its_own(gate, rule, spoken_of):
    bare = CONTRACT.replace("x-apicontract-ignore: {rule: RULE, reason: agreed}\n", "")
    noted = CONTRACT.replace("RULE", rule)
    changed = noted.replace("1.0.0", "1.0.1")
    config = f"[[suppressions]]\nreason = 'agreed'\nrule = '{rule}'\n"
    assert said(gate(bare, bare.replace("1.0.0", "1.0.1"), config)) == (
        {"suppression-unused"} if spoken_of else set()
    )
    assert said(gate(bare, changed)) == ({"suppression-unused"} if spoken_of else set())
    assert said(gate(noted, changed)) == ({"suppression-lapsed"} if spoken_of else set())
