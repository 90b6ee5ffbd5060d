"""What tests of the policy share: two contracts as texts, a configuration as a text, and the verdict on them."""

from __future__ import annotations

import datetime as dt

import pytest

import apicontract
from apicontract.gate.options import diff_options
from apicontract.policy import Case, Configuration, judge
from apicontract.policy.rules import RULES

TODAY = dt.date(2026, 6, 1)
KNOWN = {rule.id: rule for rule in (*apicontract.rules(), *RULES)}


def configuration(text):
    return Configuration.parse(text.encode(), "apicontract.toml")


@pytest.fixture
def load(tmp_path):
    """Writes a contract's text and loads it; None for an empty one."""

    def write(text, name="api.yaml", folder="new"):
        if not text.strip():
            return None
        (tmp_path / folder).mkdir(exist_ok=True)
        file = tmp_path / folder / name
        file.write_text(text, encoding="utf-8")
        return apicontract.load(file)

    return write


@pytest.fixture
def case(load):
    """A case of two texts, compared as the configuration says."""

    def make(old, new, settings="", **further):
        before, after = load(old, folder="old"), load(new, folder="new")
        diff = None
        if before and after:
            options = diff_options(configuration(settings).for_contract("api.yaml"), TODAY.isoformat())
            diff = apicontract.diff(before, after, options=options)
        return Case("api.yaml", before, after, diff, **further)

    return make


@pytest.fixture
def gate(case):
    """The judgement on two texts."""

    def run(old, new, settings="", *, baseline=None, complete=True, today=TODAY, **further):
        return judge(
            [case(old, new, settings, **further)],
            configuration(settings),
            today=today,
            rules=KNOWN,
            baseline=baseline,
            complete=complete,
        )

    return run


def found(judgement):
    """The ids of all findings, those about the policy's own files among them."""
    listed = [each for verdict in judgement.verdicts for each in verdict.findings]
    return {each.finding.rule for each in (*listed, *judgement.findings)}
