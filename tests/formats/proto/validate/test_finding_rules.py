"""Every rule of validation: its bad example fires exactly it, its good example fires nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from apicontract.formats.proto.validate.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding, FindingRule

IDS = [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_bad_example_fires_exactly_this_rule(
    rule: FindingRule, findings: Callable[[str], list[Finding]]
) -> None:
    found = findings(rule.bad)
    assert [finding.rule for finding in found] == [rule.id]
    (finding,) = found
    assert finding.severity is rule.severity
    assert finding.message
    assert finding.advice
    assert finding.place.file.endswith(".proto")
    assert finding.place.line > 0


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_good_example_is_clean(rule: FindingRule, findings: Callable[[str], list[Finding]]) -> None:
    assert findings(rule.good) == []


def test_ids_are_unique_and_kebab_case() -> None:
    assert len(set(IDS)) == len(IDS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule_id) for rule_id in IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_texts_are_sentences(rule: FindingRule) -> None:
    for text in (rule.title, rule.why, rule.advice):
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "`"
