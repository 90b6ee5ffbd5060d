"""The judgement: what each step makes of a change, and that an upgrade alone changes nothing."""

from __future__ import annotations

import dataclasses

import frozen_rules
import pytest
from policy_cases import KNOWN, TODAY, configuration, found

from apicontract.policy import Configuration, judge, model

HEAD = "openapi: 3.1.0\ninfo: {{title: T, version: {}}}\n"


def operation(version, inner="", path="/a"):
    return (
        HEAD.format(version)
        + f"paths: {{'{path}': {{get: {{{inner}responses: {{'200': {{description: d}}}}}}}}}}"
    )


OLD = operation("1.0.0", "operationId: one, ")
RENAMED = operation("1.0.0", "operationId: two, ")
GONE = HEAD.format("1.0.0") + "paths: {}"


def steps(judgement):
    [change] = judgement.verdicts[0].changes
    return [(one.step, one.standing, one.origin) for one in change.decisions]


@pytest.mark.parametrize(
    "old,new,settings,expected",
    [
        (OLD, GONE, "", [("comparison", "major", "")]),
        (OLD, RENAMED, "", [("comparison", "patch", ""), ("surfaces", "patch", "default")]),
        (OLD, RENAMED, "profile = 'source'", [("comparison", "major", "")]),
        (OLD, RENAMED, "surfaces = ['wire']", [("comparison", "patch", ""), ("surfaces", "patch", "apicontract.toml:1:12")]),
        (OLD, GONE, "rules.operation-removed = 'minor'", [("comparison", "major", ""), ("rule", "minor", "apicontract.toml:1:27")]),
        (OLD, RENAMED, "rules.'*' = 'major'", [("comparison", "patch", ""), ("surfaces", "patch", "default"), ("rule", "major", "apicontract.toml:1:13")]),
        (
            operation("1.0.0", "deprecated: true, x-sunset: '2026-01-01', "),
            GONE,
            "rules.operation-removed = 'major'",
            [("comparison", "major", ""), ("rule", "major", "apicontract.toml:1:27"), ("allowance", "minor", "")],
        ),
        (
            OLD,
            GONE,
            "suppressions = [{rule = '*', reason = 'x'}]",
            [("comparison", "major", ""), ("suppression", "waived", "apicontract.toml:1:17")],
        ),
    ],
)  # fmt: skip
def test_every_step_is_told(gate, old, new, settings, expected):
    assert steps(gate(old, new, settings)) == expected


def test_a_profile_is_a_step_with_its_guideline(gate):
    def values(text):
        schema = f"{{type: object, properties: {{s: {{enum: {text}}}}}}}"
        content = f"{{application/json: {{schema: {schema}}}}}"
        return HEAD.format("'2026-01-01'") + (
            f"paths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {content}}}}}}}}}}}"
        )

    assert steps(gate(values("[a, b]"), values("[a]"), "profile = 'github'"))[-1] == (
        "profile",
        "major",
        "profile github (Breaking changes)",
    )


def test_severities_are_steps_too(gate):
    def decisions(settings):
        [finding] = [
            each
            for each in gate(OLD, GONE, settings).verdicts[0].findings
            if each.finding.rule == "version-not-moved"
        ]
        return [(one.step, one.standing, one.origin) for one in finding.decisions]

    assert decisions("") == [("default", "error", "")]
    assert decisions("rules.version-* = 'info'".replace("version-*", "'version-*'"))[1:] == [
        ("rule", "info", "apicontract.toml:1:21")
    ]


def test_the_profile_stands_in_every_verdict(gate):
    for settings, profile in (("", "default"), ("profile = 'aip'", "aip")):
        assert gate(OLD, GONE, settings).verdicts[0].profile == profile
    group = "[[contracts]]\npaths = ['api.yaml']\nprofile = 'strict'"
    assert gate(OLD, GONE, group).verdicts[0].profile == "strict"


def test_rules_of_one_contract_only(case):
    text = "[[contracts]]\npaths = ['internal/*']\nrules.operation-removed = 'none'"
    inside = dataclasses.replace(case(OLD, GONE), contract="internal/a.yaml")
    judgement = judge([inside, case(OLD, GONE)], configuration(text), today=TODAY, rules=KNOWN)
    assert [verdict.passed for verdict in judgement.verdicts] == [True, False]


def test_validation_is_judged_by_the_same_table(case):
    import apicontract

    bad = operation("1.0.0", "operationId: one, ", "/a/{id}")
    for settings, severities in (
        ("", {"error"}),
        ("rules.path-parameter-undeclared = 'warning'", {"warning"}),
        ("rules.'path-*' = 'off'", set()),
    ):
        one = case(bad, bad, settings)
        one = dataclasses.replace(one, validation=apicontract.validate(one.new))
        judgement = judge([one], configuration(settings), today=TODAY, rules=KNOWN)
        assert {each.severity.value for each in judgement.verdicts[0].findings} == severities
        assert judgement.passed == ("error" not in severities)


def test_nothing_judged_is_nothing_found():
    judgement = judge([], configuration("suppressions = [{rule='*', reason='x'}]"), today=TODAY, rules={})
    assert judgement.passed
    assert found(judgement) == set()


class TestFrozen:
    """`schema = 1`: an upgrade never changes a verdict silently."""

    def test_rules_count_as_they_did(self):
        listed = dict(line.split() for line in frozen_rules.FILE.read_text().splitlines())
        assert frozen_rules.standings() == listed, frozen_rules.__doc__

    def test_defaults_are_as_they_were(self):
        names = {
            name: value
            for name, value, _ in Configuration.default().entries()
            if name not in ("against", "releases", "baseline", "reports", "rules")
        }
        assert names == {
            "schema": 1,
            "profile": "default",
            "fail-on": "version",
            "surfaces": (),
            "compare.open-enums": "marked",
            "compare.unknown-properties": "as-declared",
            "compare.formats": "assert",
            "compare.doubtful": "minor",
            "stability.may-break": ("draft", "alpha"),
            "sunset.notice-days.stable": 90,
            "sunset.notice-days.beta": 30,
            "sunset.notice-days.alpha": 0,
            "sunset.notice-days.draft": 0,
            "sunset.keep-old-major": True,
            "version.scheme": "semver",
            "version.visible-major": "where-shown",
            "lint.rules": "",
            "lint.select": (),
            "lint.extends": (),
            "lint.ignore": (),
            "lint.exclude": (),
            "lint.path-case": "",
            "lint.query-case": "",
            "lint.header-case": "",
            "lint.property-case": "",
            "lint.schema-case": "",
            "lint.enum-case": "",
            "lint.operation-id-case": "",
            "lint.version-in": "",
            "lint.max-path-depth": 3,
            "lint.max-resource-types": 8,
            "lint.max-summary-length": 120,
            "lint.enum-zero-suffix": "_UNSPECIFIED",
            "lint.service-suffix": "Service",
            "lint.empty-messages": False,
            "maturity.share": 90,
            "maturity.min-level": 0,
            "maturity.exclude": (),
        }
        assert model.SCHEMA == 1

    def test_a_newer_rule_does_not_count(self, case):
        newer = {
            name: dataclasses.replace(rule, since=2)
            if name in ("operation-removed", "version-not-moved")
            else rule
            for name, rule in KNOWN.items()
        }
        judgement = judge([case(OLD, GONE)], configuration("schema = 1"), today=TODAY, rules=newer)
        assert judgement.passed
        [change] = judgement.verdicts[0].changes
        assert change.decisions[-1].origin == "apicontract.toml:1:10"
        assert str(change.level) == "none"
        assert not judge([case(OLD, GONE)], configuration(""), today=TODAY, rules=KNOWN).passed
