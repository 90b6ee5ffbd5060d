"""Two contracts and a configuration as texts, and the verdict on them."""

from __future__ import annotations

import pytest
from policy_cases import KNOWN, TODAY, configuration

import apicontract
from apicontract.gate.options import diff_options
from apicontract.policy import Case, judge


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
