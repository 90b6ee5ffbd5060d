"""Deprecation: with a sunset, at notice enough for what was promised; only what this change announces is judged."""

from __future__ import annotations

import pytest
from policy_cases import found

RULES = {"deprecation-without-sunset", "sunset-not-a-date", "sunset-too-soon"}
HEAD = "openapi: 3.1.0\ninfo: {{title: T, version: {}}}\n"


def operation(version, fields=""):
    return (
        HEAD.format(version) + f"paths: {{/a: {{get: {{{fields}responses: {{'200': {{description: d}}}}}}}}}}"
    )


def parameter(version, fields=""):
    listed = f"{{name: q, in: query, {fields}schema: {{type: string}}}}"
    return operation(version, f"parameters: [{listed}], ")


def schema(version, fields=""):
    properties = f"{{a: {{{fields}type: string}}, b: {{type: string}}}}"
    content = f"{{application/json: {{schema: {{type: object, properties: {properties}}}}}}}"
    return (
        HEAD.format(version)
        + f"paths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {content}}}}}}}}}}}"
    )


def until(day):
    return f"deprecated: true, x-sunset: '{day}', "


@pytest.mark.parametrize("kind", [operation, parameter, schema])
@pytest.mark.parametrize(
    "old,new,rules",
    [
        ("", "deprecated: true, ", {"deprecation-without-sunset"}),
        ("", until("2026-08-29"), {"sunset-too-soon"}),  # 89 days after the day of the test
        ("", until("2026-08-30"), set()),
        ("", until("soon"), {"sunset-not-a-date"}),
        ("", until("2026-08-30T12:00:00Z"), set()),
        ("deprecated: true, ", "deprecated: true, ", set()),
        (until("2026-06-02"), until("2026-06-02"), set()),
        (until("2027-01-01"), until("2026-06-02"), {"sunset-too-soon"}),
        (until("2027-01-01"), until("2028-01-01"), set()),
        (until("2027-01-01"), "deprecated: true, ", {"deprecation-without-sunset"}),
        (until("2027-01-01"), "", set()),
    ],
)  # fmt: skip
def test_announcements(gate, kind, old, new, rules):
    assert found(gate(kind("1.0.0", old), kind("1.1.0", new))) & RULES == rules


@pytest.mark.parametrize(
    "stability,day,too_soon",
    [
        ("beta", "2026-06-30", True),
        ("beta", "2026-07-01", False),
        ("alpha", "2026-06-01", False),
        ("alpha", "2026-05-31", True),
    ],
)
def test_notice_by_stability(gate, stability, day, too_soon):
    fields = f"x-stability-level: {stability}, "
    judgement = gate(operation("1.0.0", fields), operation("1.1.0", fields + until(day)))
    assert ("sunset-too-soon" in found(judgement)) is too_soon


def test_notice_is_configured(gate):
    pair = operation("1.0.0"), operation("1.1.0", until("2026-08-30"))
    assert "sunset-too-soon" in found(gate(*pair, "sunset.notice-days.stable = 730"))
    assert "sunset-too-soon" not in found(gate(*pair, "sunset.notice-days.stable = 10"))


def test_a_bare_flag_warns_unless_asked_for_more(gate):
    pair = operation("1.0.0"), operation("1.1.0", "deprecated: true, ")
    assert gate(*pair).passed
    assert not gate(*pair, "rules.deprecation-without-sunset = 'error'").passed
    assert "deprecation-without-sunset" not in found(gate(*pair, "rules.deprecation-without-sunset = 'off'"))


def test_examples_are_no_deprecations(gate):
    example = (
        operation("1.1.0", "x-note: 1, ") + "\ncomponents: {schemas: {A: {example: {deprecated: true}}}}"
    )
    assert not found(gate(operation("1.0.0"), example)) & RULES


def test_a_property_of_that_name_is_none(gate):
    new = operation("1.1.0") + "\ncomponents: {schemas: {A: {properties: {deprecated: {type: boolean}}}}}"
    assert not found(gate(operation("1.0.0"), new)) & RULES
