"""What the tests of the policy share: the day, the catalogue, configurations from texts, what was found."""

from __future__ import annotations

import datetime as dt

import apicontract
from apicontract.policy import Configuration

TODAY = dt.date(2026, 6, 1)
KNOWN = {rule.id: rule for rule in apicontract.rules()}


def configuration(text):
    return Configuration.parse(text.encode(), "apicontract.toml")


def found(judgement):
    """The ids of all findings, those about the policy's own files among them."""
    listed = [each for verdict in judgement.verdicts for each in verdict.findings]
    return {each.finding.rule for each in (*listed, *judgement.findings)}
