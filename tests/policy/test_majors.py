"""The major that clients see: in one place, as declared, new for a break, and the old one served until its sunset."""

from __future__ import annotations

import pytest
from policy_cases import found


def contract(version, *paths, servers=(), fields="", top=""):
    listed = ", ".join(
        f"{path}: {{get: {{{fields}responses: {{'200': {{description: d}}}}}}}}" for path in paths
    )
    urls = ", ".join(f"{{url: '{url}'}}" for url in servers)
    lines = ["openapi: 3.1.0", f"info: {{title: T, version: {version}}}", f"paths: {{{listed}}}"]
    return "\n".join([*lines, f"servers: [{urls}]" if urls else "", top])


def majors(judgement):
    listed = [each for verdict in judgement.verdicts for each in verdict.findings]
    return {
        each.finding.rule: each.severity.value for each in listed if each.finding.rule.startswith("major-")
    }


OLD = "deprecated: true, x-sunset: '2026-01-01', "
V1, V2 = "https://x.example/v1", "https://x.example/v2"


@pytest.mark.parametrize(
    "old,new,expected",
    [
        # a break with and without a new prefix
        (contract("1.0.0", "/v1/a", "/v1/b"), contract("2.0.0", "/v1/a"), {"major-not-visible": "error", "major-inconsistent": "error"}),
        (contract("1.0.0", "/v1/a", fields=OLD), contract("2.0.0", "/v2/b"), {}),
        (contract("1.0.0", "/v1/a"), contract("2.0.0", "/v1/a", "/v2/b"), {}),
        # the old one is gone too early
        (contract("1.0.0", "/v1/a"), contract("2.0.0", "/v2/a"), {"major-removed-before-sunset": "error"}),
        (contract("1.0.0", "/v1/a", fields=OLD.replace("2026", "2027")), contract("2.0.0", "/v2/b"), {"major-removed-before-sunset": "error"}),
        (contract("1.0.0", "/v1/a", fields="deprecated: true, "), contract("2.0.0", "/v2/b"), {"major-removed-before-sunset": "error"}),
        # or was beside the new one all the time: a further major is no way out
        (contract("2.0.0", "/v1/a", "/v2/a"), contract("2.1.0", "/v2/a"), {"major-removed-before-sunset": "error"}),
        (contract("1.1.0", "/v1/a", "/v2/a"), contract("2.0.0", "/v2/a"), {"major-removed-before-sunset": "error"}),
        (contract("2.0.0", "/v1/a", "/v2/a", "/v2/b"), contract("2.1.0", "/v2/a"), {"major-removed-before-sunset": "error", "major-not-visible": "error"}),
        (contract("2.0.0", "/v1/a", "/v2/a"), contract("2.1.0", "/v1/a"), {"major-removed-before-sunset": "error", "major-not-visible": "error", "major-inconsistent": "error"}),
        # each group has its own majors, as in Kubernetes
        (contract("1.0.0", "/apis/a/v1/x", "/apis/b/v1/x"), contract("2.0.0", "/apis/a/v1/x", "/apis/c/v2/x"), {"major-removed-before-sunset": "error"}),
        # the same major in another kind of place is still served
        (contract("1.0.0", "/v1/a", servers=["https://x.example"]), contract("1.0.0", "/a", servers=[V1]), {}),
        # an alpha may go
        (contract("1.0.0", "/v1/a", "/v2alpha1/b"), contract("1.1.0", "/v1/a"), {}),
        (contract("1.0.0", "/v1/a", "/v2beta1/b", fields=OLD), contract("2.0.0", "/v2/a"), {}),
        # servers
        (contract("1.0.0", "/a", servers=[V1], fields=OLD), contract("2.0.0", "/b", servers=[V2]), {}),
        (contract("1.0.0", "/a", servers=[V1], fields=OLD), contract("2.0.0", "/b", servers=[V1]), {"major-not-visible": "error", "major-inconsistent": "error"}),
        # nothing shown, nothing asked
        (contract("1.0.0", "/a"), contract("2.0.0", "/b"), {}),
        # two places, or another number: the change that brings it is to blame, later ones are not
        (contract("1.0.0", "/a", servers=[V1]), contract("1.0.1", "/a", "/v1/b", servers=[V1]), {"major-shown-twice": "error"}),
        (contract("1.0.0", "/v1/a", servers=[V1]), contract("1.1.0", "/v1/a", "/v1/b", servers=[V1]), {"major-shown-twice": "warning"}),
        (contract("1.0.0", "/v1/a"), contract("2.0.0", "/v1/a"), {"major-inconsistent": "error"}),
        (contract("3.0.0", "/v1/a"), contract("3.1.0", "/v1/a", "/v1/b"), {"major-inconsistent": "warning"}),
        # before 1.0.0 nothing is promised
        (contract("0.1.0", "/v1/a"), contract("0.2.0", "/v1/b"), {}),
    ],
)  # fmt: skip
def test_majors(gate, old, new, expected):
    assert majors(gate(old, new)) == expected


@pytest.mark.parametrize(
    "setting,old,new,expected",
    [
        ("version.visible-major = 'never'", contract("1.0.0", "/v1/a", fields=OLD), contract("2.0.0", "/v1/b"), set()),
        ("version.visible-major = 'required'", contract("1.0.0", "/a"), contract("2.0.0", "/b"), {"major-not-visible"}),
        ("version.visible-major = 'required'", contract("1.0.0", "/a", fields=OLD), contract("2.0.0", "/v2/b"), set()),
        ("sunset.keep-old-major = false", contract("1.0.0", "/v1/a"), contract("2.0.0", "/v2/a"), set()),
        ("stability.may-break = ['beta']", contract("1.0.0", "/v1beta1/a"), contract("2.0.0", "/v2/b"), set()),
        ("stability.may-break = []", contract("1.0.0", "/v1/a", "/v2alpha1/b"), contract("2.0.0", "/v1/a"), {"major-removed-before-sunset", "major-not-visible", "major-inconsistent"}),
    ],
)  # fmt: skip
def test_settings(gate, setting, old, new, expected):
    assert set(majors(gate(old, new, setting))) == expected


def test_no_version_is_advised_where_the_old_major_must_stay(gate):
    old = contract("2.0.0", "/v1/a", "/v2/a", "/v2/b")
    [verdict] = gate(old, contract("2.1.0", "/v2/a", "/v2/b")).verdicts
    assert "version-moved-too-little" in {each.finding.rule for each in verdict.findings}
    assert not any("3.0.0" in line for line in verdict.advice)
    [verdict] = gate(old, contract("2.1.0", "/v2/a")).verdicts
    assert "set info.version to 3.0.0" in verdict.advice


def test_another_contract_may_serve_the_old_major(gate):
    old, new = contract("1.0.0", "/v1/a"), contract("2.0.0", "/v2/a")
    assert "major-removed-before-sunset" in found(gate(old, new))
    assert "major-removed-before-sunset" not in found(gate(old, new, elsewhere=frozenset({1})))
    assert "major-removed-before-sunset" in found(gate(old, new, elsewhere=frozenset({3})))


def test_the_sunset_day_itself_is_still_served(gate):
    fields = "deprecated: true, x-sunset: '2026-06-01', "
    old, new = contract("1.0.0", "/v1/a", fields=fields), contract("2.0.0", "/v2/a")
    assert "major-removed-before-sunset" in found(gate(old, new))
    before = fields.replace("06-01", "05-31")
    assert "major-removed-before-sunset" not in found(gate(contract("1.0.0", "/v1/a", fields=before), new))


@pytest.mark.parametrize(
    "fields,passed,level",
    [("", False, "major"), (OLD, True, "minor"), (OLD.replace("2026", "2027"), False, "major")],
)
def test_a_contract_goes_after_its_sunset(gate, fields, passed, level):
    judgement = gate(contract("1.0.0", "/v1/a", fields=fields), "")
    assert judgement.passed is passed
    assert str(judgement.level) == level
    assert str(judgement.verdicts[0].outcome) == "removed"


def test_an_alpha_contract_may_go(gate):
    assert gate(contract("1.0.0", "/v1alpha1/a"), "").passed
    assert not gate(contract("1.0.0", "/v1alpha1/a"), "", "stability.may-break = []").passed
    assert not gate(contract("1.0.0", "/v1alpha1/a", "/v1/b"), "").passed
