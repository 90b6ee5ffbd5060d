"""Every rule of lint: its bad example fires it, its good example does not, and they differ in it alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from apicontract.findings import DEFAULT_SETTINGS, LintSettings, Severity
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.objectmodel import object_types
from apicontract.formats.openapi.validate.rules import RULES as VALIDATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding, FindingRule

RULES = [rule.rule for rule in LINT_RULES]
IDS = [rule.id for rule in RULES]
CATEGORIES = {
    "design", "maturity", "naming", "documentation", "security", "resilience", "versioning", "examples",
}  # fmt: skip
REFERENCE = re.compile(
    r"zalando:\d+|aip:\d+|owasp:API(?:[1-9]|10):2023|rfc:\d+(?:#[\d.]+)?|(?:spectral|redocly|vacuum|buf):[\w:.-]+"
    r"|richardson:[RVH]\d+|oas:[\d.]+#[\w.-]+|iana:[\w-]+"
)
#: What else an example cannot help firing: another rule looks at the same mistake from another side.
COMPANIONS: dict[str, set[str]] = {
    "rate-limit-undescribed": {"operation-without-rate-limit", "client-errors-nowhere"},
    "outage-undescribed": {"client-errors-nowhere"},
    "code-without-standard": {"property-undocumented"},
    "page-size-unbounded": {"input-number-unbounded"},
    "operation-without-rate-limit": {"rate-limit-undescribed", "client-errors-nowhere"},
}

#: Rules that hold only where a setting asks for them.
SETTINGS = {"version-in-url": LintSettings(version_in_url=False)}


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_bad_example_fires_the_rule(rule: FindingRule, linted: Callable[..., list[Finding]]) -> None:
    found = linted(rule.bad, {rule.id}, SETTINGS.get(rule.id, DEFAULT_SETTINGS))
    assert found
    for finding in found:
        assert finding.rule == rule.id
        assert finding.severity is rule.severity
        assert finding.message
        assert not finding.message.endswith(".")
        assert finding.advice
        assert finding.place.line >= 1


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_good_example_does_not(rule: FindingRule, linted: Callable[..., list[Finding]]) -> None:
    assert linted(rule.good, {rule.id}, SETTINGS.get(rule.id, DEFAULT_SETTINGS)) == []


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_examples_differ_in_this_rule_alone(
    rule: FindingRule, linted: Callable[..., list[Finding]]
) -> None:
    settings = SETTINGS.get(rule.id, DEFAULT_SETTINGS)
    bad, good = (
        {finding.rule for finding in linted(text, settings=settings)} for text in (rule.bad, rule.good)
    )
    assert bad - good == {rule.id} | COMPANIONS.get(rule.id, set())


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_examples_are_valid_contracts(rule: FindingRule, validated: Callable[[str], list[Finding]]) -> None:
    for text in (rule.bad, rule.good):
        assert [finding for finding in validated(text) if finding.severity is Severity.ERROR] == []


def test_ids_are_unique_and_kebab_case() -> None:
    everything = [*IDS, *(rule.id for rule in VALIDATION)]
    assert len(set(everything)) == len(everything)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule_id) for rule_id in IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_texts_are_sentences(rule: FindingRule) -> None:
    for text in (rule.title, rule.why, rule.advice):
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "`"


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_rules_are_classified(rule: FindingRule) -> None:
    assert rule.category in CATEGORIES
    assert all(REFERENCE.fullmatch(reference) for reference in rule.references), rule.references
    assert len(set(rule.references)) == len(rule.references)


def test_rules_ask_for_kinds_and_fields_that_exist() -> None:
    tables = [object_types(series) for series in ("2.0", "3.0", "3.1", "3.2")]
    for rule in LINT_RULES:
        for kind in rule.kinds:
            fields = {field for table in tables if kind in table for field in table[kind].fields}
            assert any(kind in table for table in tables), (rule.rule.id, kind)
            extensions = {field for field in rule.having if field.startswith("x-")}
            assert not rule.having or (fields | extensions) & set(rule.having), (rule.rule.id, kind)
