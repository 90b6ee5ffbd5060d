"""What `bump` writes is what the gate accepts, whatever the scheme and the version of the base; or it refuses."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scratch_repository import contract

from apicontract.gate.bump import bumps, edits
from apicontract.gate.check import Request, check
from apicontract.gate.configuration import in_force
from apicontract.policy.calendar import calver_order, date_order, following_calver, following_date
from apicontract.sources import ContractError

TODAY = dt.date(2026, 11, 25)
BREAK, MINOR, PATCH, NOTHING = (
    {"most": 50},
    {"fields": ("id", "at")},
    {"summary": "All"},
    {},
)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2999, 12, 31))
NUMBERS = st.integers(0, 130)
LABELS = st.sampled_from(["", "", "-preview", ".2", "-rc.1", "+b7", "-beta"])
VERSIONS = st.one_of(
    st.builds("{}{}".format, DAYS.map(dt.date.isoformat), LABELS),
    st.builds("{:%Y.%m.%d}{}".format, DAYS, LABELS),
    st.builds("{}{}.{}{}".format, st.sampled_from(["", "v"]), st.integers(2020, 2030), NUMBERS, LABELS),
    st.builds("{}.{:02d}.{}{}".format, st.integers(20, 30), st.integers(1, 13), NUMBERS, LABELS),
    st.builds("{}.{}.{:02d}".format, st.integers(2020, 2030), st.integers(0, 13), st.integers(0, 12)),
    st.builds("{}.{}.{}{}".format, st.integers(0, 3), NUMBERS, NUMBERS, LABELS),
    st.sampled_from(
        ["", "summer", "9999-12-31", "9999.12.31", "2026.99999999", "999999999.0.0", "v1", "1.4", " 1.0.0 "]
    ),
)


def judged(folder, *, new=None):
    request = Request(
        ("api.yaml",),
        str(folder / "old.yaml"),
        folder=str(folder),
        configuration=in_force(str(folder)),
        today=TODAY,
    )
    return new(request) if new else request


def refusals(result):
    """The findings that fail and that a version could mend."""
    return [
        finding.finding.rule
        for one in result.deciding
        for finding in one.verdict.findings
        if finding.fails and finding.finding.rule.startswith(("version-", "break-"))
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["semver", "calver", "date", "none"]),
    VERSIONS,
    st.one_of(st.none(), VERSIONS),
    st.sampled_from([BREAK, MINOR, PATCH, NOTHING]),
)
@example("date", "2026-11-25", None, BREAK)
@example("date", "2999-01-01", None, BREAK)
@example("date", "2026-11-25-preview", None, BREAK)
@example("date", "9999-12-31", None, BREAK)
@example("calver", "2026-11-25-preview", None, BREAK)
@example("calver", "2024-06-30", None, PATCH)
@example("calver", "2026.99999999", None, PATCH)
@example("none", "1.0.0", None, BREAK)
@example("semver", "1.4.0", "1.3.0", NOTHING)
@example("semver", "summer", "1.0.0", BREAK)
@example("semver", "", None, PATCH)
def test_after_a_bump_the_gate_says_yes_to_the_version(scheme, old, declared, change):
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "apicontract.toml").write_text(f'version = {{ scheme = "{scheme}" }}\n')
        (folder / "old.yaml").write_text(contract(json.dumps(old)))
        (folder / "api.yaml").write_text(
            contract(json.dumps(old if declared is None else declared), **change)
        )
        request = judged(folder)
        try:
            found = bumps(request)
            made = edits(found, name, in_force(name))
        except ContractError:
            found, made = (), None
        if made is None:
            assert refusals(check(request)), "it refused, and there is nothing to mend"
            return
        for path, content in made.contents.items():
            (folder / path).write_bytes(content)
        if any(one.refused for one in found):
            assert (scheme, change) == ("none", BREAK)
        else:
            assert refusals(check(request)) == []


@given(VERSIONS, st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))  # as far as two digits of a year go
def test_what_follows_is_later(before, today):
    for order, following in ((date_order, following_date), (calver_order, following_calver)):
        try:
            after = following(before, today)
        except OverflowError:
            assert before.startswith("9999")
            continue
        known = order(before)
        assert known is None or "99999999" in before or order(after) > known


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-25", "2026-11-26"),
        ("2026-11-24", "2026-11-25"),
        ("2999-01-01", "2999-01-02"),
        ("2026-11-25-preview", "2026-11-26-preview"),
        ("2020-01-01-preview", "2026-11-25-preview"),
        ("2020-01-01.2", "2026-11-25"),
        ("soon", "2026-11-25"),
    ],
)
def test_dates(before, after):
    assert following_date(before, TODAY) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-25-preview", "2026-11-26-preview"),
        ("2024-06-30", "2026-11-25"),
        ("24.06.30", "26.11.25"),
        ("2024.06.30.4", "2026.11.25.0"),
        ("2026.11.25.4", "2026.11.25.5"),
        ("v2026.11.0", "v2026.11.1"),
        ("2025.9.3-rc.1", "2026.11.0-rc.1"),
        ("2024-06", "2026-11"),
        ("2024.06", "2026.11"),
        ("2026.11", "2026.11.1"),
        ("2026.118", "2026.119"),
        ("soon", "2026.11.0"),
    ],
)
def test_calendar_versions(before, after):
    assert following_calver(before, TODAY) == after


@pytest.mark.parametrize(
    ("order", "versions"),
    [
        (date_order, ["2026-01-01-preview", "2026-01-01", "2026-01-01.9", "2026-01-01.10", "2026-01-02"]),
        (calver_order, ["2026.1-beta.2", "2026.1-rc.9", "2026.1-rc.10", "2026.1", "2026.1.1"]),
    ],
)
def test_numbers_in_labels_are_numbers(order, versions):
    orders = [order(version) for version in versions]
    assert all(one < other for one, other in pairwise(orders))


def test_a_new_contract_without_a_version_gets_a_first_one(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "api.yaml").write_text(contract("''"))
    request = Request((), str(tmp_path / "base"), folder=str(tmp_path), today=TODAY)
    [one] = bumps(request)
    assert (one.next, one.enough) == ("0.1.0", False)


def test_a_break_under_scheme_none_is_refused(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from apicontract.cli.app import app

    (tmp_path / "apicontract.toml").write_text('version = { scheme = "none" }\n')
    (tmp_path / "old.yaml").write_text(contract())
    (tmp_path / "api.yaml").write_text(contract(most=50))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["bump", "api.yaml", "--against", "old.yaml", "--write"])
    assert done.exit_code == 1
    assert "no version can say so" in done.output
    assert (tmp_path / "api.yaml").read_text() == contract(most=50)
