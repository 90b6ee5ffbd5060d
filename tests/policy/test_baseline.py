"""The baseline: debt that was there before is shown and does not count; it shrinks and never grows by itself."""

from __future__ import annotations

import pytest
from policy_cases import found

from apicontract.policy import Baseline, Debt, accepted
from apicontract.sources import ContractError

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: 1.0.0}\n"


def contract(*paths, extra=""):
    listed = ", ".join(f"{path}: {{get: {{responses: {{'200': {{description: d}}}}}}}}" for path in paths)
    return f"{HEAD}paths: {{{listed}}}\n{extra}"


OLD = contract("/a", "/b", "/c")


def test_accepted_debt_does_not_count(gate):
    debt = gate(OLD, contract("/a"))
    assert not debt.passed
    baseline = accepted(debt, "base.json")
    assert {one.rule for one in baseline.debts} == {"operation-removed"}
    assert len(baseline.debts) == 2
    again = gate(OLD, contract("/a"), baseline=baseline)
    assert again.passed
    assert {change.waiver.kind for change in again.verdicts[0].changes} == {"baseline"}
    assert str(again.level) == "none"


def test_what_is_new_counts(gate):
    baseline = accepted(gate(OLD, contract("/a", "/b")), "base.json")
    judgement = gate(OLD, contract("/a"), baseline=baseline)
    assert not judgement.passed
    assert [change.waiver is not None for change in judgement.verdicts[0].changes] == [False, True]


def test_the_version_itself_is_never_debt(gate):
    baseline = accepted(gate(OLD, contract("/a")), "base.json")
    assert "version-not-moved" not in {one.rule for one in baseline.debts}


def test_a_baseline_written_by_hand_cannot_excuse_the_version(gate):
    judgement = gate(OLD, contract("/a"))
    debts = tuple(
        Debt("api.yaml", each.finding.rule, each.fingerprint) for each in judgement.verdicts[0].findings
    )
    assert [debt.rule for debt in debts] == ["version-not-moved"]
    assert not gate(OLD, contract("/a"), baseline=Baseline(debts)).passed


def test_it_only_shrinks(gate):
    first = accepted(gate(OLD, contract("/a")), "base.json")
    fewer = gate(OLD, contract("/a", "/b"), "baseline = 'base.json'", baseline=first)
    assert "baseline-stale" in found(fewer)
    assert fewer.passed
    second = first.shrunk(fewer)
    assert len(second.debts) == 1
    more = gate(OLD, contract("/b"), baseline=second)
    assert second.shrunk(more).debts == second.debts  # /c is still gone, and that /a is too is new
    assert not more.passed


def test_written_and_read_again(gate):
    baseline = accepted(gate(OLD, contract("/a")), "base.json")
    text = baseline.text()
    assert Baseline.parse(text.encode(), "base.json").debts == tuple(sorted(baseline.debts))
    assert text == Baseline.parse(text.encode(), "x").text()
    assert len(text.splitlines()) == 2 + len(baseline.debts)
    assert Baseline((), "x").text() == Baseline.parse(Baseline((), "x").text().encode(), "x").text()


def test_debts_of_other_contracts_stay(gate):
    baseline = accepted(gate(OLD, contract("/a")), "base.json")
    other = Baseline.parse(baseline.text().replace('"api.yaml"', '"other.yaml"').encode(), "base.json")
    assert other.stale(gate(OLD, OLD).verdicts) == ()
    assert not gate(OLD, contract("/a"), baseline=other).passed  # and excuse nothing here
    assert gate(OLD, contract("/a"), baseline=other, moved_from="other.yaml").passed


@pytest.mark.parametrize(
    "text,message",
    [
        (b"", "this is no baseline"),
        (b"[]", "this is no baseline"),
        (b'{"version": 2, "debts": []}', "this baseline has version 2"),
        (b'{"version": 1, "debts": [{}]}', "this is no baseline"),
    ],
)
def test_what_is_no_baseline(text, message):
    with pytest.raises(ContractError, match=message) as caught:
        Baseline.parse(text, "base.json")
    assert not caught.value.hint.startswith("delete")  # it may be a contract that was named by mistake
