"""The declared version: what changes require of it, scheme by scheme, and each way in which it can be wrong."""

from __future__ import annotations

import pytest
from policy_cases import found

from apicontract.changes import Level
from apicontract.policy.versions import SCHEMES

HEAD = "openapi: 3.1.0\ninfo: {{title: T, version: {version}{description}}}\npaths: {paths}\n"
ONE = "{/a: {get: {responses: {'200': {description: d}}}}}"
TWO = "{/a: {get: {responses: {'200': {description: d}}}}, /b: {get: {responses: {'200': {description: d}}}}}"
CHANGES = {
    Level.NONE: (ONE, ONE, ""),
    Level.PATCH: (ONE, ONE, ", description: more"),
    Level.MINOR: (ONE, TWO, ""),
    Level.MAJOR: (TWO, ONE, ""),
}
ABOUT = ("version-", "break-", "level-", "major-")


def about_versions(judgement):
    return {rule for rule in found(judgement) if rule.startswith(ABOUT)}


@pytest.fixture
def verdict(gate):
    def run(level, old, new, settings="", **further):
        before, after, description = CHANGES[level]
        text = [
            HEAD.format(version=repr(old), description="", paths=before),
            HEAD.format(version=repr(new), description=description, paths=after),
        ]
        return gate(*text, settings, **further)

    return run


@pytest.mark.parametrize(
    "level,old,new,rules",
    [
        (Level.NONE, "1.2.3", "1.2.3", set()),
        (Level.NONE, "1.2.3", "1.3.0", set()),
        (Level.PATCH, "1.2.3", "1.2.3", {"version-not-moved"}),
        (Level.PATCH, "1.2.3", "1.2.4", set()),
        (Level.PATCH, "1.2.3", "1.3.0", set()),
        (Level.MINOR, "1.2.3", "1.2.3", {"version-not-moved"}),
        (Level.MINOR, "1.2.3", "1.2.4", {"version-moved-too-little"}),
        (Level.MINOR, "1.2.3", "1.3.0", set()),
        (Level.MINOR, "1.2.3", "2.0.0", set()),
        (Level.MINOR, "1.2.3", "1.2.0", {"version-moved-back"}),
        (Level.MAJOR, "1.2.3", "1.2.3", {"version-not-moved"}),
        (Level.MAJOR, "1.2.3", "1.3.0", {"version-moved-too-little"}),
        (Level.MAJOR, "1.2.3", "2.0.0", set()),
        (Level.MAJOR, "1.2.3", "3.0.0", set()),
        # before 1.0.0 (semver section 4): a break moves the minor, anything else the patch
        (Level.MAJOR, "0.2.3", "0.2.4", {"version-moved-too-little"}),
        (Level.MAJOR, "0.2.3", "0.3.0", set()),
        (Level.MINOR, "0.2.3", "0.2.4", set()),
        (Level.MAJOR, "0.2.3", "1.0.0", set()),
        # pre-releases (sections 9 and 11)
        (Level.MAJOR, "1.2.3", "2.0.0-rc.1", set()),
        (Level.MAJOR, "2.0.0-rc.1", "2.0.0-rc.2", set()),
        (Level.MAJOR, "2.0.0-rc.1", "2.0.0-rc.1", {"version-not-moved"}),
        (Level.MAJOR, "2.0.0-rc.2", "2.0.0-rc.1", {"version-moved-back"}),
        (Level.MAJOR, "2.0.0-rc.9", "2.0.0-rc.10", set()),
        (Level.MAJOR, "2.0.0-rc.1", "2.0.0", set()),
        (Level.MINOR, "1.2.0", "1.3.0-beta", set()),
        (Level.MAJOR, "2.1.0-rc.1", "2.1.0-rc.2", {"version-moved-too-little"}),
        (Level.NONE, "2.0.0", "2.0.0-rc.1", {"version-moved-back"}),
        # build metadata is no move (section 10)
        (Level.PATCH, "1.2.3+1", "1.2.3+2", {"version-not-moved"}),
        # short and prefixed forms
        (Level.MINOR, "v1.2", "v1.3", set()),
        (Level.MAJOR, "1", "2", set()),
        # no semver
        (Level.MINOR, "1.2.3", "soon", {"version-not-semver"}),
        (Level.MINOR, "1.2.3", "2024-01-31", {"version-not-semver"}),
        (Level.MINOR, "soon", "1.0.0", set()),
        (Level.MINOR, "1.2.3", "", {"version-missing"}),
    ],
)  # fmt: skip
def test_semantic_versions(verdict, level, old, new, rules):
    judgement = verdict(level, old, new)
    assert about_versions(judgement) == rules
    assert judgement.verdicts[0].level == level
    assert judgement.passed == (not rules)


@pytest.mark.parametrize(
    "scheme,level,old,new,rules",
    [
        ("calver", Level.NONE, "2026.1", "2026.1", set()),
        ("calver", Level.PATCH, "2026.1", "2026.1", {"version-not-moved"}),
        ("calver", Level.MAJOR, "2026.1", "2026.2", set()),
        ("calver", Level.MAJOR, "2026.9", "2026.10", set()),
        ("calver", Level.MAJOR, "26.04", "26.10", set()),
        ("calver", Level.MINOR, "2026.1.1", "2025.9", {"version-moved-back"}),
        ("calver", Level.MINOR, "2026.1", "1.0.0", {"version-not-calver"}),
        ("calver", Level.MINOR, "2026.1-rc1", "2026.1", set()),
        ("date", Level.MINOR, "2026-01-01", "2026-01-01", set()),
        ("date", Level.MAJOR, "2026-01-01", "2026-01-01", {"version-not-moved"}),
        ("date", Level.MAJOR, "2026-01-01", "2026-02-01", set()),
        ("date", Level.MAJOR, "2026-02-01-preview", "2026-02-01", set()),
        ("date", Level.MAJOR, "2026-02-01", "2026-01-31", {"version-moved-back"}),
        ("date", Level.MINOR, "2026-02-01", "2026-02-31", {"version-not-a-date"}),
        ("date", Level.MINOR, "2026-02-01", "1.0.0", {"version-not-a-date"}),
        ("none", Level.MINOR, "x", "x", set()),
        ("none", Level.MAJOR, "x", "y", {"break-refused"}),
    ],
)  # fmt: skip
def test_other_schemes(verdict, scheme, level, old, new, rules):
    judgement = verdict(level, old, new, f"version.scheme = '{scheme}'")
    assert about_versions(judgement) == rules
    assert judgement.passed == (not rules)


def test_orders_are_total():
    for scheme, texts in {
        "semver": [
            "0.1.0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0",
            "1.2",
            "v2",
        ],
        "calver": ["24.1", "2024.2", "2024.10", "2025-01-01"],
        "date": ["2024-01-01-preview", "2024-01-01", "2024-01-02.acacia"],
    }.items():
        orders = [SCHEMES[scheme].order(text) for text in texts]
        assert orders == sorted(orders)
        assert len(set(orders)) == len(orders)


def test_the_next_step_is_told(verdict):
    [answer] = verdict(Level.MAJOR, "1.2.3", "1.3.0").verdicts
    assert answer.required == "2.0.0"
    assert answer.declared == "1.3.0"
    assert answer.advice == ("set info.version to 2.0.0",)
    [finding] = answer.findings
    assert finding.finding.message == "the version went from 1.2.3 to 1.3.0; the changes need 2.0.0"
    assert (finding.finding.place.line, finding.finding.place.column) == (2, 27)


def test_branches_are_not_asked_for_versions(verdict):
    from apicontract.policy import Question

    assert about_versions(verdict(Level.MAJOR, "1.0.0", "1.0.0", question=Question.BRANCH)) == set()
    assert about_versions(verdict(Level.MAJOR, "1.0.0", "1.0.0", question=Question.MERGE)) == {
        "version-not-moved"
    }


@pytest.mark.parametrize(
    "fail_on,level,new,rules,passed",
    [
        ("version", Level.MAJOR, "2.0.0", set(), True),
        ("major", Level.MAJOR, "2.0.0", {"level-refused"}, False),
        ("major", Level.MINOR, "1.1.0", set(), True),
        ("minor", Level.MINOR, "1.1.0", {"level-refused"}, False),
        ("patch", Level.MINOR, "1.1.0", {"level-refused"}, False),
        ("minor", Level.PATCH, "1.0.1", set(), True),
        ("never", Level.MAJOR, "1.0.0", {"version-not-moved"}, True),
    ],
)
def test_fail_on(verdict, fail_on, level, new, rules, passed):
    judgement = verdict(level, "1.0.0", new, f"fail-on = '{fail_on}'")
    assert about_versions(judgement) == rules
    assert judgement.passed is passed


def test_an_added_contract_needs_a_version_and_no_move(gate):
    new = HEAD.format(version="1.0.0", description="", paths=ONE)
    judgement = gate("", new)
    assert judgement.passed
    assert str(judgement.verdicts[0].outcome) == "added"
    assert "version-missing" in found(gate("", HEAD.format(version="''", description="", paths=ONE)))
