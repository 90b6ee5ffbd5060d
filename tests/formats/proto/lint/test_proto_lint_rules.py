"""Every rule of lint for protos: its bad example fires it, its good one does not, and they differ in it alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import apicontract
from apicontract.findings import Severity
from apicontract.formats import get
from apicontract.formats.proto.lint.catalogue import LINT_RULES, names_of_buf
from apicontract.formats.proto.lint.validated import VALIDATED
from apicontract.formats.proto.validate.rules import RULES as VALIDATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding, FindingRule

RULES = [rule.rule for rule in LINT_RULES]
IDS = [rule.id for rule in RULES]
REFERENCE = re.compile(r"aip:\d+|buf:[A-Z_]+")
#: What else an example cannot help firing: another rule looks at the same mistake from another side.
COMPANIONS: dict[str, set[str]] = {
    "directory-of-several-packages": {"package-directory-mismatch"},
    "package-in-several-directories": {"package-directory-mismatch"},
}


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_bad_example_fires_the_rule(rule: FindingRule, linted: Callable[..., list[Finding]]) -> None:
    found = linted(rule.bad, {rule.id})
    assert found
    for finding in found:
        assert finding.rule == rule.id
        assert finding.severity is rule.severity
        assert finding.message
        assert not finding.message.endswith(".")
        assert finding.advice
        assert finding.place.file.endswith(".proto")
        assert finding.place.line >= 1


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_good_example_does_not(rule: FindingRule, linted: Callable[..., list[Finding]]) -> None:
    assert linted(rule.good, {rule.id}) == []


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_examples_differ_in_this_rule_alone(
    rule: FindingRule, linted: Callable[..., list[Finding]]
) -> None:
    bad, good = ({finding.rule for finding in linted(text)} for text in (rule.bad, rule.good))
    assert bad - good == {rule.id} | COMPANIONS.get(rule.id, set())


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_examples_are_valid_contracts(rule: FindingRule, load: Callable[[str], apicontract.Contract]) -> None:
    for text in (rule.bad, rule.good):
        findings = apicontract.validate(load(text)).findings
        assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_ids_are_unique_among_all_rules_and_kebab_case() -> None:
    others = [rule.id for rule in VALIDATION]
    others += [rule.id for rule in get("proto").change_rules()]
    others += [rule.id for rule in get("openapi").lint_rules()]
    others += [rule.id for rule in get("openapi").finding_rules()]
    others += [rule.id for rule in get("openapi").change_rules()]
    assert not set(IDS).intersection(others)
    assert len(set(IDS)) == len(IDS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule_id) for rule_id in IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_rules_are_classified_and_told_in_sentences(rule: FindingRule) -> None:
    for text in (rule.title, rule.why, rule.advice):
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "`"
    assert (rule.category, rule.command) == ("protobuf", "lint")
    assert rule.references
    assert all(REFERENCE.fullmatch(reference) for reference in rule.references), rule.references
    assert len(set(rule.references)) == len(rule.references)


def test_what_validation_finds_is_not_found_twice() -> None:
    """A rule of buf belongs to one rule of ours, but for two that look at different cases of one."""
    named = Counter(name for names in names_of_buf().values() for name in names)
    assert {name for name, count in named.items() if count > 1} == {
        "PACKAGE_VERSION_SUFFIX",  # no version at all; a version inside
        "PACKAGE_DIRECTORY_MATCH",  # another directory; the directory of another version
    }
    assert {rule.id for rule in VALIDATED} <= {rule.id for rule in VALIDATION}
    assert all(rule.command == "validate" and rule.references for rule in VALIDATED)
