"""Profiles: each row is a setting that exists and follows something; each profile changes real verdicts."""

from __future__ import annotations

import json

import pytest
from policy_cases import KNOWN, configuration

from apicontract.gate.configuration import checked
from apicontract.policy import PROFILES, Configuration
from apicontract.sources import globs

ROWS = [(profile, row) for profile in PROFILES.values() for row in profile.rows]
HOUSES = ("aip", "github", "stripe", "zalando", "kubernetes")


def test_the_profiles_there_are():
    assert tuple(PROFILES) == ("default", "wire", "source", "strict", *HOUSES)


@pytest.mark.parametrize(
    "profile,row", ROWS, ids=lambda each: getattr(each, "key", getattr(each, "name", ""))
)
def test_every_row_is_in_force_and_told(profile, row):
    found = configuration(f"profile = {profile.name!r}")
    values = {name.replace('"', ""): (value, origin) for name, value, origin in found.entries()}
    value, origin = values[row.key]
    assert json.dumps(value) == json.dumps(row.value)
    assert origin.layer == f"profile {profile.name}"
    assert origin.reference == row.reference
    assert row.why
    if row.key.startswith("rules."):
        assert any(globs.matches(row.key.removeprefix("rules."), rule) for rule in KNOWN)


@pytest.mark.parametrize("name", HOUSES)
def test_houses_refer_to_their_guideline(name):
    assert PROFILES[name].guideline.startswith("https://")
    assert all(row.reference for row in PROFILES[name].rows)


@pytest.mark.parametrize("profile", PROFILES)
def test_rows_about_rules_name_rules_that_can_stand_so(profile):
    """As if a team had written them itself."""
    listed = [row for row in PROFILES[profile].rows if row.key.startswith("rules.")]
    text = "".join(f"rules.'{row.key.removeprefix('rules.')}' = '{row.value}'\n" for row in listed)
    checked(configuration(text), KNOWN)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_row_repeats_another_nor_only_repeats_a_default(profile):
    keys = [row.key for row in PROFILES[profile].rows]
    assert len(keys) == len(set(keys))
    if profile in ("wire", "source", "strict"):
        defaults = {name: value for name, value, _ in Configuration.default().entries()}
        for row in PROFILES[profile].rows:
            assert json.dumps(defaults.get(row.key)) != json.dumps(row.value)


def contract(response, *, version="1.0.0", path="/v1/a", **operation):
    answer = {"description": "d", "content": {"application/json": {"schema": response}}}
    get = {"responses": {"200": answer}, **operation}
    return json.dumps(
        {"openapi": "3.1.0", "info": {"title": "T", "version": version}, "paths": {path: {"get": get}}}
    )


def of(**properties):
    return {"type": "object", "properties": properties}


VALUES = [of(s={"enum": ["a"]}), of(s={"enum": ["a", "b"]})]
MARKED = [of(s={"enum": one, "x-extensible-enum": True}) for one in (["a"], ["a", "b"])]
CLOSED = [of(a={}) | {"additionalProperties": False}, of(a={}, b={}) | {"additionalProperties": False}]
DEFAULT = [of(s={"type": "string", "default": one}) for one in ("a", "b")]
LONGER = [of(s={"type": "string", "maxLength": one}) for one in (5, 9)]
IDS = [{"operationId": "one"}, {"operationId": "two"}]
ALPHA = [{"x-stability-level": "alpha"}] * 2
NARROWED = [of(s={"enum": ["a", "b"]}), of(s={"enum": ["a"]})]

TABLE = {
    # what changes:        default  wire     source   strict   aip      github   stripe   zalando  kubernetes
    "response enum grows": "major   major    major    major    minor    minor    major    major    major",
    "marked enum grows":   "minor   minor    minor    major    minor    minor    minor    minor    minor",
    "response enum falls": "minor   minor    minor    minor    minor    major    minor    minor    minor",
    "closed object grows": "major   major    major    major    minor    minor    minor    minor    major",
    "default changes":     "minor   minor    minor    major    major    minor    minor    minor    major",
    "text gets longer":    "major   major    major    major    major    major    minor    major    major",
    "operation renamed":   "patch   patch    major    major    major    patch    patch    patch    patch",
    "operation removed":   "major   minor    major    major    major    major    major    major    major",
    "broken in alpha":     "minor   minor    minor    major    minor    minor    minor    minor    major",
}  # fmt: skip
PAIRS = {
    "response enum grows": (VALUES, [{}, {}]),
    "marked enum grows": (MARKED, [{}, {}]),
    "response enum falls": (NARROWED, [{}, {}]),
    "closed object grows": (CLOSED, [{}, {}]),
    "default changes": (DEFAULT, [{}, {}]),
    "text gets longer": (LONGER, [{}, {}]),
    "operation renamed": ([of(), of()], IDS),
    "operation removed": ([of(), of()], [{}, {"path": "/v1/b"}]),
    "broken in alpha": (LONGER, ALPHA),
}


@pytest.mark.parametrize("change", TABLE)
@pytest.mark.parametrize("profile", PROFILES)
def test_levels(gate, change, profile):
    (old, new), (before, after) = PAIRS[change]
    judgement = gate(contract(old, **before), contract(new, **after), f"profile = '{profile}'")
    expected = dict(zip(PROFILES, TABLE[change].split(), strict=True))[profile]
    assert str(judgement.level) == expected


@pytest.mark.parametrize(
    "profile,old,new,rules",
    [
        ("github", "2026-01-01", "2026-01-01", {"version-not-moved"}),
        ("github", "2026-01-01", "2026-05-01", set()),
        ("github", "1.0.0", "2.0.0", {"version-not-a-date"}),
        ("stripe", "2026-01-01.acacia", "2026-02-01.basil", set()),
        ("zalando", "1.0.0", "2.0.0", set()),
        ("default", "1.0.0", "2.0.0", {"major-not-visible", "major-inconsistent"}),
        ("kubernetes", "1.0.0", "2.0.0", {"major-not-visible", "major-inconsistent"}),
    ],
)
def test_versions(gate, profile, old, new, rules):
    broken = contract(of(a={"type": "string"}), version=new)
    judgement = gate(contract(of(), version=old), broken, f"profile = '{profile}'\nrules.'*-added' = 'major'")
    listed = {each.finding.rule for each in judgement.verdicts[0].findings}
    assert {rule for rule in listed if rule.startswith(("version-", "major-"))} == rules


@pytest.mark.parametrize(
    "profile,days,too_soon",
    [
        ("github", 729, True),
        ("github", 730, False),
        ("kubernetes", 364, True),
        ("kubernetes", 365, False),
        ("default", 90, False),
    ],
)
def test_notice(gate, profile, days, too_soon):
    import datetime as dt

    from policy_cases import TODAY

    sunset = (TODAY + dt.timedelta(days=days)).isoformat()
    new = contract(of(), **{"deprecated": True, "x-sunset": sunset})
    listed = gate(contract(of()), new, f"profile = '{profile}'").verdicts[0].findings
    assert ("sunset-too-soon" in {each.finding.rule for each in listed}) is too_soon


@pytest.mark.parametrize(
    "profile,severity",
    [
        ("default", "warning"),
        ("strict", "error"),
        ("zalando", "error"),
        ("aip", "error"),
        ("stripe", "warning"),
    ],
)
def test_bare_deprecations(gate, profile, severity):
    listed = (
        gate(contract(of()), contract(of(), deprecated=True), f"profile = '{profile}'").verdicts[0].findings
    )
    [found] = [each for each in listed if each.finding.rule == "deprecation-without-sunset"]
    assert found.severity.value == severity
