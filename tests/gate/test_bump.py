"""The next version: from the verdict, and into the file."""

from __future__ import annotations

import datetime as dt

import pytest
from scratch_repository import Scratch, contract

from apicontract.gate.bump import asked_for, bumps, edited, edits
from apicontract.gate.check import Request
from apicontract.gate.configuration import in_force
from apicontract.sources import ContractError

_TODAY = dt.date(2026, 3, 4)


@pytest.fixture
def repo(tmp_path):
    return Scratch(tmp_path)


def after(repo, old, new, *, configuration="", **options):
    """The bump after a branch turned `old` into `new`."""
    if configuration:
        repo.write("apicontract.toml", configuration)
    repo.put("api.yaml", old)
    repo.branch()
    repo.write("api.yaml", new)
    folder = str(repo.folder)
    request = Request(against="main", folder=folder, configuration=in_force(folder), today=_TODAY, **options)
    return bumps(request)


@pytest.mark.parametrize(
    ("old", "new", "expected", "enough"),
    [
        (contract("1.4.0"), contract("1.4.0", most=50), "2.0.0", False),
        (contract("1.4.0"), contract("1.4.0", fields=("id", "at")), "1.5.0", False),
        (contract("1.4.0"), contract("1.4.0", summary="All"), "1.4.1", False),
        (contract("1.4.0"), contract("3.0.0", most=50), "3.0.0", True),
        (contract("1.4.0"), contract("2.0.0-rc.1", most=50), "2.0.0-rc.1", True),
        (contract("v1.4"), contract("v1.4", fields=("id", "at")), "v1.5.0", False),
        (contract("0.4.0"), contract("0.4.0", most=50), "0.5.0", False),
        (contract("1.4.0"), contract("1.3.0", summary="All"), "1.4.1", False),
        (contract("1.4.0"), contract("soon", summary="All"), "1.4.1", False),
    ],
)
def test_the_next_version(repo, old, new, expected, enough):
    [one] = after(repo, old, new)
    assert (one.next, one.enough) == (expected, enough)


def test_only_the_version_changes_in_the_file(repo):
    new = contract("1.4.0", fields=("id", "at")).replace("\n", "\r\n")
    [one] = after(repo, contract("1.4.0"), new)
    assert edited(one, str(repo.folder)) == new.replace("1.4.0", "1.5.0").encode()
    repo.write("api.yaml", b"\xef\xbb\xbf" + new.encode())
    assert edited(one, str(repo.folder)) == b"\xef\xbb\xbf" + new.replace("1.4.0", "1.5.0").encode()


@pytest.mark.parametrize(
    ("scheme", "old", "expected"),
    [
        ("date", "2025-11-30", "2026-03-04"),
        ("calver", "2025.11.3", "2026.3.0"),
        ("calver", "2026.03.3", "2026.03.4"),
        ("calver", "25.02.1", "26.03.0"),
        ("calver", "2026.3", "2026.3.1"),
        ("calver", "2025.9", "2026.3"),
        ("calver", "2024-02-01", "2026-03-04"),
        ("calver", "2026-03-09", "2026-03-10"),
        ("calver", "2027.1.0", "2027.1.1"),
        ("calver", "2026.118", "2026.119"),
    ],
)
def test_versions_that_are_dates(repo, scheme, old, expected):
    text = f'[version]\nscheme = "{scheme}"\n'
    [one] = after(repo, contract(f"'{old}'"), contract(f"'{old}'", most=50), configuration=text)
    assert one.next == expected
    [line] = [line for line in edited(one, str(repo.folder)).splitlines() if b"version:" in line]
    assert line == f"  version: '{expected}'".encode()


def test_a_version_that_cannot_have_a_next_one(repo):
    with pytest.raises(ContractError, match="no semantic version") as caught:
        after(repo, contract("summer"), contract("summer", most=50))
    assert "version.scheme" in caught.value.hint


def test_a_waived_break_needs_no_major(repo):
    waiver = '[[suppressions]]\nrule = "request-maximum-decreased"\nreason = "never worked"\n'
    repo.put("api.yaml", contract("1.4.0"))
    repo.branch()
    repo.write("apicontract.toml", waiver)
    repo.write("api.yaml", contract("1.4.0", most=50, fields=("id", "at")))
    folder = str(repo.folder)
    [one] = bumps(Request(against="main", folder=folder, configuration=in_force(folder)))
    assert one.next == "1.5.0"


def test_the_version_of_the_merge_counts(repo):
    repo.put("api.yaml", contract("1.4.0"))
    repo.branch()
    repo.put("api.yaml", contract("1.4.0").replace("listOrders", "listOrders\n      description: All"))
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.5.0", fields=("id", "at")))
    repo.git("checkout", "-q", "feature")
    [one] = bumps(Request(against="main", folder=str(repo.folder)))
    assert (one.before, one.next) == ("1.5.0", "1.5.1")


def test_what_is_new_or_unchanged_needs_none(repo):
    repo.put("same.yaml", contract("1.0.0"))
    repo.branch()
    repo.write("new.yaml", contract("0.1.0", title="New"))
    [one] = bumps(Request(against="main", folder=str(repo.folder)))
    assert (one.contract, one.required, one.next) == ("new.yaml", "", "0.1.0")


@pytest.mark.parametrize(
    ("declared", "to"),
    [
        ("1.4.0", "3.0.0\nfoo: bar"),
        ("1.4.0", "2.0.0 # c"),
        ("1.4.0", " 3.0.0"),
        ("1.4.0", "soon"),
        ("1.4.0", "0.1.0"),
        ("'2026-03-04'", "2026-03-03"),
    ],
)
def test_a_version_that_is_named_is_one_and_none_before(repo, declared, to):
    repo.put("api.yaml", contract(declared))
    with pytest.raises(ContractError, match=r"no version|is before"):
        asked_for("api.yaml", to, str(repo.folder))


@pytest.mark.parametrize(
    ("declared", "to"),
    [
        ("1.4.0", "2.0.0-rc.1"),
        ("1.4.0", "1.4.0"),
        ("2.0.0-rc.1", "2.0.0"),
        ("v1.4", "v2.0.0"),
        ("soon", "1.0.0"),
        ("'2026-03-04'", "2026-03-05"),
        ("'2026.3.0'", "2026.4.0"),
    ],
)
def test_a_later_version_that_is_named_is_taken(repo, declared, to):
    repo.put("api.yaml", contract(declared))
    assert asked_for("api.yaml", to, str(repo.folder)).next == to


def test_a_document_does_not_move(repo):
    repo.put("api.yaml", contract("1.4.0"))
    folder = str(repo.folder)
    with pytest.raises(ContractError, match="only a protobuf package"):
        edits((asked_for("api.yaml", "2.0.0", folder),), folder, in_force(folder), move=True)
