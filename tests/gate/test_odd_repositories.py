"""Repositories and files in states that are rare: bare, unmerged, deleted under one's feet, oddly named."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scratch_repository import Scratch, contract, outcomes, rules

import apicontract
from apicontract.gate.changelog import changelog
from apicontract.gate.check import Request
from apicontract.sources import ContractError

ORDER = 'syntax = "proto3";\npackage acme.v1;\nmessage A {\n  int32 a = 1;\n}\n'


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path / "repo")
    made.put("api.yaml", contract("1.4.0"))
    made.branch()
    return made


# ---- bare repositories, as hooks on a server see them


@pytest.fixture
def bare(repo, tmp_path):
    repo.put("api.yaml", contract("1.4.0", most=50))
    return repo.clone(tmp_path / "bare.git", "--bare", "--mirror")


def test_a_bare_repository_is_checked_between_commits(bare):
    folder = str(bare.folder)
    assert rules(bare.check(head="feature", against="main")) == ["version-not-moved"]
    assert not apicontract.check(head="feature", against="main", folder=folder).passed
    with pytest.raises(ContractError, match="is bare") as caught:
        bare.check(against="main")
    assert "--head REF" in caught.value.hint
    with pytest.raises(ContractError, match="is bare"):
        bare.check(against="main", staged=True)


def test_a_bare_repository_has_its_policy_and_its_debt_in_the_commit(repo, tmp_path):
    repo.put("api.yaml", contract("1.4.0", most=50))
    repo.write("apicontract.toml", 'schema = 1\n[rules]\nrequest-maximum-decreased = "patch"\n')
    repo.commit()
    bare = repo.clone(tmp_path / "bare.git", "--bare", "--mirror")
    result = apicontract.check(head="feature", against="main", folder=str(bare.folder))
    assert outcomes(result) == [("api.yaml", "both", "changed", "patch")]
    repo.write("apicontract.toml", 'schema = 1\nbaseline = "debt.json"\n')
    repo.write("debt.json", repo.check(against="main").debt.text)
    repo.write("api.yaml", contract("1.4.1", most=50))
    repo.commit()
    accepted = repo.clone(tmp_path / "accepted.git", "--bare", "--mirror")
    assert apicontract.check(head="feature", against="main", folder=str(accepted.folder)).passed
    repo.git("rm", "-q", "debt.json")
    repo.commit()
    none = repo.clone(tmp_path / "none.git", "--bare", "--mirror")
    assert not apicontract.check(head="feature", against="main", folder=str(none.folder)).passed


# ---- what is no commit


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("main:api.yaml", "is a blob, and no commit"),
        ("main^{tree}", "is a tree, and no commit"),
        ("main...feature", "is a range"),
        ("nowhere", "git knows no ref"),
    ],
)
def test_what_is_no_commit_is_said_so(repo, ref, message):
    repo.put("api.yaml", contract("1.4.0", most=50))
    with pytest.raises(ContractError, match=message):
        repo.check(against=ref)


# ---- an unfinished merge


@pytest.mark.parametrize("name", ["api.yaml", "acme/v1/a.proto"])
def test_the_marks_of_a_conflict_are_called_that(repo, name):
    old = contract("1.4.0") if name == "api.yaml" else ORDER
    ours, theirs = (
        (old.replace("1.4.0", f"1.{n}.0") if name == "api.yaml" else old.replace("int32", kind))
        for n, kind in ((5, "string"), (6, "bool"))
    )
    repo.git("checkout", "-q", "main")
    repo.put(name, old)
    repo.branch("one")
    repo.put(name, ours)
    repo.git("checkout", "-q", "-b", "two", "main")
    repo.put(name, theirs)
    repo.git("merge", "-q", "one", ok=False)
    with pytest.raises(ContractError, match="the marks of a conflict") as caught:
        repo.check(against="main")
    assert caught.value.file.endswith(name)
    assert caught.value.line == (repo.folder / name).read_text().splitlines().index("<<<<<<< HEAD") + 1


def test_another_mistake_is_not_called_a_conflict(tmp_path):
    (tmp_path / "api.yaml").write_text("openapi: 3.1.0\ninfo: [\n<<<<<<< HEAD\n")
    with pytest.raises(ContractError) as caught:
        apicontract.load(tmp_path / "api.yaml")
    assert "conflict" not in caught.value.message


# ---- names and folders


def test_a_name_with_a_line_end_is_read_from_trees(repo):
    repo.git("checkout", "-q", "main")
    repo.put("a\nb.yaml", contract("1.0.0"))
    repo.branch("odd")
    repo.put("a\nb.yaml", contract("1.0.0", most=50))
    for how in ({"staged": True}, {"head": "odd"}, {}):
        result = repo.check(against="main", **how)
        assert rules(result) == ["version-not-moved"], how


def test_a_folder_that_is_gone_is_no_defect(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = (
        "import os, sys\nos.rmdir(os.getcwd())\nfrom apicontract.cli.app import app\n"
        "app(sys.argv[1:], prog_name='apicontract')"
    )
    for arguments in (
        ["check"],
        ["bump"],
        ["changelog"],
        ["validate", "x.yaml"],
        ["diff", "a.yaml", "b.yaml"],
    ):
        gone.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=gone, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2, (arguments, done.stderr)
        assert "internal error" not in done.stderr


# ---- the base moved the contract


@pytest.mark.parametrize("edited", [False, True])
def test_a_contract_that_the_base_moved_is_one_contract(repo, edited):
    repo.put("api.yaml", contract("1.4.0", most=50))
    repo.git("checkout", "-q", "main")
    repo.git("mv", "api.yaml", "orders.yaml")
    repo.put("orders.yaml", contract("1.4.0", summary="All" if edited else "List"))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert {one.verdict.contract for one in result.judged} == {"orders.yaml"}
    assert result.counted == 1
    assert rules(result) == ["version-not-moved"]


def test_another_contract_of_the_base_is_another_contract(repo):
    repo.put("api.yaml", contract("1.4.0", most=50))
    repo.put("b.yaml", contract("1.0.0", title="B"))
    repo.git("checkout", "-q", "main")
    repo.put("c.yaml", contract("1.0.0", title="C"))
    repo.git("checkout", "-q", "feature")
    names = {one.verdict.contract for one in repo.check(against="main").judged}
    assert names == {"api.yaml", "b.yaml"}


# ---- versions


def test_a_version_without_quotes_is_a_number(repo):
    repo.write("api.yaml", contract("1.5"))
    [one] = repo.check(against="main").deciding
    [missing] = [each for each in one.verdict.findings if each.finding.rule == "version-missing"]
    assert missing.finding.message == "the version is the number 1.5, and has to be a text"
    assert 'Put it in quotes: "1.5".' in one.verdict.advice
    assert one.verdict.declared == "1.5"


def test_build_metadata_is_no_other_version(repo):
    repo.put("api.yaml", contract("1.4.0+1"))
    repo.branch("more")
    repo.write("api.yaml", contract("1.4.0+2", fields=("id", "at")))
    [one] = repo.check(against="feature").deciding
    [told] = [each.finding.message for each in one.verdict.findings if each.fails]
    assert told.startswith("1.4.0+2 is the same version as 1.4.0+1")


# ---- the changelog of a tag that is checked out


def releases(repo, **options):
    return [(one.name, one.since) for one in changelog(Request(folder=str(repo.folder)), **options)]


def test_a_build_of_a_tag_tells_what_that_release_brings(repo):
    repo.git("tag", "v1.4.0", "main")
    repo.put("api.yaml", contract("1.5.0", fields=("id", "at")))
    assert releases(repo) == [("Unreleased", "v1.4.0")]
    repo.git("tag", "-a", "-m", "x", "v1.5.0")
    assert releases(repo) == [("v1.5.0", "v1.4.0")]
    repo.write("CHANGELOG.md", "of people")
    assert releases(repo) == [("v1.5.0", "v1.4.0")]
    repo.write("api.yaml", contract("1.5.0"))
    assert releases(repo) == [("Unreleased", "v1.5.0")]
    repo.git("checkout", "-q", "-f", "main")
    with pytest.raises(ContractError, match=r"no version tag before v1\.4\.0"):
        releases(repo)
