"""What the reports' model makes of a run: both questions, waivers, conflicts, what is gone."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract

from apicontract.reports.check_text import check_lines
from apicontract.reports.made import of_check
from apicontract.reports.markdown import markdown
from apicontract.reports.style import Style


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path / "repo")
    made.put("orders.yaml", contract("1.4.0", prefix="/v1", fields=("id", "at")))
    made.branch()
    return made


def _items(report):
    return {(item.rule, item.question): item for item in report.every()}


def _on_main(repo, path, text):
    repo.git("checkout", "-q", "main")
    repo.put(path, text)
    repo.git("checkout", "-q", "feature")


def test_a_change_that_both_answers_have_is_said_once(repo):
    repo.put("orders.yaml", contract("1.4.0", prefix="/v1", fields=("id", "at"), most=50))
    text = contract("1.4.0", prefix="/v1", fields=("id", "at")).replace(
        "description: done", "description: Done"
    )
    _on_main(repo, "orders.yaml", text)
    report = of_check(repo.check(against="main"))
    assert len(report.compared) == 2
    item = _items(report)["request-maximum-decreased", ""]
    assert (item.severity.value, item.level) == ("error", "major")
    assert report.breaking == 1


def test_what_the_base_did_itself_is_only_the_branch_s_and_counts_for_nothing(repo):
    broken = contract("1.4.0", prefix="/v1", fields=("id",))
    repo.put("orders.yaml", broken.replace("summary: List", "summary: All"))
    _on_main(repo, "orders.yaml", broken)
    report = of_check(repo.check(against="main"))
    gone = _items(report)["response-property-removed", "branch"]
    assert gone.severity.value == "info"
    assert report.breaking == 0
    assert ("operation-documentation-changed", "") in _items(report)


def test_what_is_waived_is_no_error(repo):
    repo.put(
        "apicontract.toml",
        '[[suppressions]]\nrule = "request-maximum-decreased"\nreason = "nobody asks for more"\n',
    )
    repo.put("orders.yaml", contract("1.4.1", prefix="/v1", fields=("id", "at"), most=50))
    report = of_check(repo.check(against="main"))
    item = _items(report)["request-maximum-decreased", ""]
    assert (item.severity.value, report.breaking) == ("info", 0)
    assert item.waived.startswith("waived: nobody asks for more (")


def test_a_break_that_a_new_major_pays_for_is_a_warning(repo):
    repo.git("checkout", "-q", "main")
    repo.put("orders.yaml", contract("1.4.0"))
    repo.branch("next")
    repo.put("orders.yaml", contract("2.0.0", most=50))
    report = of_check(repo.check(against="main"))
    item = _items(report)["request-maximum-decreased", ""]
    assert (report.passed, item.severity.value, report.breaking) == (True, "warning", 1)


def test_a_contract_that_cannot_be_merged_is_an_error_of_its_own(repo):
    repo.put("orders.yaml", contract("1.5.0", prefix="/v1", fields=("id", "at", "by")))
    _on_main(repo, "orders.yaml", contract("1.6.0", prefix="/v1", fields=("id", "at", "of")))
    report = of_check(repo.check(against="main"))
    assert not report.passed
    item = _items(report)["merge-conflict", ""]
    assert (item.severity.value, item.spot.file) == ("error", "orders.yaml")
    assert report.rules["merge-conflict"].advice


def test_positions_are_those_of_the_checkout(repo):
    repo.put("orders.yaml", contract("1.4.0", prefix="/v1", fields=("id", "at"), most=50))
    for options in ({}, {"head": "feature"}, {"staged": True}):
        item = _items(of_check(repo.check(against="main", **options)))["request-maximum-decreased", ""]
        assert item.spot.file.endswith("orders.yaml")
        assert not item.spot.file.startswith("git:")
        assert (item.spot.line, item.before.shown.startswith("git:main:")) == (11, True)


def test_every_rule_that_is_met_is_explained(repo):
    repo.git("rm", "-q", "orders.yaml")
    repo.put("new.yaml", contract("0.1.0", title="New").replace("description: done", "x-a: 1"))
    report = of_check(repo.check(against="main"))
    assert {item.rule for item in report.every()} == set(report.rules)
    assert all(rule.page.startswith("https://") and "#" in rule.page for rule in report.rules.values())


_EXTENSIBLE = "{type: string, x-extensible-enum: [a, b]}"


@pytest.mark.parametrize(
    ("settings", "old", "new", "told"),
    [
        (
            '[compare]\nopen-enums = "none"\n',
            contract().replace("{type: string}", _EXTENSIBLE),
            contract("1.1.0").replace("{type: string}", _EXTENSIBLE.replace("b]", "b, c]")),
            "a break by policy: compare.open-enums = none [apicontract.toml:3:14]",
        ),
        (
            '[compare]\nunknown-properties = "refused"\n',
            contract(),
            contract("1.1.0", fields=("id", "at")),
            "a break by policy: compare.unknown-properties = refused [apicontract.toml:3:22]",
        ),
        (
            '[rules]\nresponse-property-added = "major"\n',
            contract(),
            contract("1.1.0", fields=("id", "at")),
            "a break by policy: rules.response-property-added = major [apicontract.toml:3:27]",
        ),
        ("", contract(), contract("1.1.0", most=50), ""),
        ('[rules]\nrequest-maximum-decreased = "major"\n', contract(), contract("1.1.0", most=50), ""),
    ],
)
def test_a_break_that_policy_makes_is_called_that(tmp_path, monkeypatch, settings, old, new, told):
    """No witness shows it, so who reads of it must be told why it is one."""
    repo = Scratch(tmp_path)
    monkeypatch.chdir(tmp_path)
    repo.write("apicontract.toml", f"schema = 1\n{settings}")
    repo.put("api.yaml", old)
    repo.branch()
    repo.write("api.yaml", new)
    result = repo.check(against="main")
    report = of_check(result)
    items = [one for one in report.every() if one.level == "major"]
    assert [one.by_policy for one in items] == [told]
    text = "\n".join(check_lines(result, Style(width=200)))
    assert told in text if told else "by policy" not in text, text
    assert ("a break by policy" in markdown(report)) is bool(told)
    assert bool(items[0].witness) is not bool(told)
