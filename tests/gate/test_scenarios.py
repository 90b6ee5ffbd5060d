"""What happens in real repositories: every state of a branch, its base, and the files between them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from pathlib import PurePosixPath

import pytest
from scratch_repository import Scratch, contract, outcomes, rules

from apicontract.sources import ContractError


@pytest.fixture
def repo(tmp_path):
    """One contract on main, and a branch of it checked out."""
    made = Scratch(tmp_path / "repo")
    made.put("api.yaml", contract("1.0.0"))
    made.branch()
    return made


def both(contract_name, outcome, level):
    return [(contract_name, "both", outcome, level)]


# ---- what changed, and whether the version says so


@pytest.mark.parametrize(
    ("old", "new", "level", "refused"),
    [
        (contract("1.0.0"), contract("1.0.1", summary="All"), "patch", []),
        (contract("1.0.0"), contract("1.0.0", summary="All"), "patch", ["version-not-moved"]),
        (contract("1.0.0"), contract("1.1.0", fields=("id", "at")), "minor", []),
        (contract("1.0.0"), contract("1.0.1", fields=("id", "at")), "minor", ["version-moved-too-little"]),
        (contract("1.0.0"), contract("2.0.0", most=50), "major", []),
        (contract("1.0.0"), contract("1.1.0", most=50), "major", ["version-moved-too-little"]),
        (contract("1.2.0"), contract("1.1.0", summary="All"), "patch", ["version-moved-back"]),
        (contract("0.3.0"), contract("0.4.0", most=50), "major", []),
        (contract("0.3.0"), contract("0.3.1", most=50), "major", ["version-moved-too-little"]),
    ],
)
def test_a_version_says_what_changed(tmp_path, old, new, level, refused):
    repo = Scratch(tmp_path)
    repo.put("api.yaml", old)
    repo.branch()
    repo.put("api.yaml", new)
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "changed", level)
    assert rules(result) == refused
    assert result.passed is not bool(refused)


def test_a_major_needs_its_new_prefix(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("api.yaml", contract("1.4.0", prefix="/v1"))
    repo.branch()
    repo.put("api.yaml", contract("2.0.0", prefix="/v1", most=50))
    assert "major-not-visible" in rules(repo.check(against="main"))


def test_a_new_major_beside_the_old_one(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("v1.yaml", contract("1.4.0", prefix="/v1"))
    repo.branch()
    repo.put("v2.yaml", contract("2.0.0", prefix="/v2", most=50))
    result = repo.check(against="main")
    assert outcomes(result) == both("v2.yaml", "added", "minor")
    assert result.passed


def test_the_old_major_may_not_go_before_its_sunset(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("v1.yaml", contract("1.4.0", prefix="/v1"))
    repo.branch()
    repo.git("rm", "-q", "v1.yaml")
    repo.put("v2.yaml", contract("2.0.0", prefix="/v2", most=50))
    result = repo.check(against="main")
    assert [row[2] for row in outcomes(result)] == ["removed", "added"]
    assert "contract-removed" in rules(result)
    sunset = contract("1.4.0", prefix="/v1").replace(
        "    get:\n", "    get:\n      deprecated: true\n      x-sunset: '2024-01-01'\n"
    )
    later = Scratch(tmp_path / "later")
    later.put("v1.yaml", sunset)
    later.branch()
    later.git("rm", "-q", "v1.yaml")
    later.put("v2.yaml", contract("2.0.0", prefix="/v2"))
    assert later.check(against="main", today=dt.date(2024, 6, 1)).passed
    assert not later.check(against="main", today=dt.date(2023, 6, 1)).passed


def test_two_branches_that_claim_one_version_do_not_both_pass(repo):
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    assert repo.check(against="main").passed
    repo.git("checkout", "-q", "main")
    repo.branch("other")
    repo.put(
        "api.yaml",
        contract("1.1.0").replace(
            "summary: List", "summary: List\n      deprecated: false\n      description: All of them"
        ),
    )
    repo.put(
        "api.yaml",
        contract("1.1.0").replace(
            "operationId: listOrders", "operationId: listOrders\n      description: All of them"
        ),
    )
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "m", "feature")
    repo.git("checkout", "-q", "other")
    result = repo.check(against="main")
    assert outcomes(result) == [
        ("api.yaml", "branch", "changed", "patch"),
        ("api.yaml", "merge", "changed", "patch"),
    ]
    assert rules(result) == ["version-not-moved"]
    [branch, merge] = result.pairs
    assert (branch.question, branch.old) == ("branch", "the merge base with main")
    assert (merge.question, merge.old, merge.new) == ("merge", "main", "the merge result")


def test_a_branch_behind_its_base_is_not_blamed_for_what_the_base_gained(repo):
    repo.put("notes.txt", "nothing about contracts")
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("2.0.0", most=10))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert (outcomes(result), result.unchanged, result.passed) == ([], ("api.yaml",), True)


def test_a_contract_of_which_the_base_knows_nothing_new_is_compared_once(repo):
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "main")
    repo.put("other.txt", "main moves on")
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "changed", "minor")
    assert len(result.pairs) == 2


def test_what_the_base_has_already_is_no_change_when_merged(repo):
    text = contract("1.1.0", fields=("id", "at"))
    repo.put("api.yaml", text)
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", text)
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert outcomes(result) == [("api.yaml", "branch", "changed", "minor")]
    assert result.passed


def test_what_cannot_be_merged_is_refused(repo):
    repo.put("api.yaml", contract("1.1.0", most=200))
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.1.0", most=300))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert result.conflicts == ("api.yaml",)
    assert not result.passed
    assert [row[1] for row in outcomes(result)] == ["branch"]


def test_a_conflict_elsewhere_does_not_stop_the_gate(repo):
    repo.write("notes.txt", "mine")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "main")
    repo.put("notes.txt", "theirs")
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "changed", "minor")
    assert (result.conflicts, result.passed) == ((), True)


def test_a_conflict_in_a_part_of_a_contract_is_one_of_the_contract(repo):
    repo.git("checkout", "-q", "main")
    repo.write("parts/item.yaml", "type: object\nproperties:\n  id: {type: string}\n")
    repo.put("api.yaml", contract("1.0.0", ref="parts/item.yaml"))
    repo.branch("mine")
    repo.put("parts/item.yaml", "type: object\nproperties:\n  id: {type: integer}\n")
    repo.git("checkout", "-q", "main")
    repo.put("parts/item.yaml", "type: object\nproperties:\n  id: {type: boolean}\n")
    repo.git("checkout", "-q", "mine")
    for result in (repo.check(against="main"), repo.check(against="main", folder="parts")):
        assert (result.conflicts, result.passed) == (("api.yaml",), False)
        assert "what cannot be merged of api.yaml: parts/item.yaml" in result.notes


def test_what_one_side_removed_and_the_other_changed_is_a_conflict(repo):
    repo.git("rm", "-q", "api.yaml")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert (result.conflicts, result.passed) == (("api.yaml",), False)


def test_a_file_that_the_branch_moved_and_the_base_changed(repo):
    repo.git("mv", "api.yaml", "orders.yaml")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert outcomes(result) == [
        ("orders.yaml", "branch", "same", "none"),
        ("orders.yaml", "merge", "same", "none"),
    ]
    assert result.deciding[0].verdict.declared == "1.1.0"
    assert result.passed


# ---- files that come, go and move


def test_a_new_contract_needs_no_base(repo):
    repo.put("new.yaml", contract("0.1.0", title="New"))
    result = repo.check("new.yaml", against="main")
    assert outcomes(result) == both("new.yaml", "added", "minor")
    assert result.passed


def test_an_invalid_new_contract_is_refused(repo):
    repo.put(
        "new.yaml",
        "openapi: 3.1.0\ninfo: {title: New, version: 1.0.0}\npaths: {/a: {get: {responses: {200: {}}}}}\n",
    )
    assert not repo.check(against="main").passed


def test_a_contract_that_is_gone_is_refused(repo):
    repo.git("rm", "-q", "api.yaml")
    repo.commit()
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "removed", "major")
    assert rules(result) == ["contract-removed"]
    assert outcomes(repo.check("api.yaml", against="main")) == both("api.yaml", "removed", "major")


@pytest.mark.parametrize("text", [contract("1.0.0"), contract("1.1.0", fields=("id", "at"))])
def test_a_moved_file_is_followed(repo, text):
    repo.git("rm", "-q", "api.yaml")
    repo.put("apis/orders.yaml", text)
    for arguments in ((), ("apis/orders.yaml",), ("apis",)):
        result = repo.check(*arguments, against="main")
        [(name, _, outcome, _)] = outcomes(result)
        assert (name, outcome) == ("apis/orders.yaml", "same" if text == contract("1.0.0") else "changed")
        assert result.judged[0].verdict.old.source == "git:main:api.yaml"
        assert result.passed


def test_a_file_that_is_no_contract_any_more_is_gone(repo):
    repo.put("api.yaml", "just: text\n")
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "removed", "major")
    assert [note for note in result.notes if note.startswith("api.yaml is there, but does not start like")]
    (repo.folder / "api.yaml").unlink()
    assert repo.check(against="main").notes == ()


def test_references_of_the_old_side_resolve_in_the_old_tree(repo):
    repo.git("checkout", "-q", "main")
    repo.write("parts/item.yaml", "type: object\nproperties: {id: {type: string}, at: {type: string}}\n")
    repo.put("api.yaml", contract("1.0.0", ref="parts/item.yaml"))
    repo.branch("refs")
    repo.put("parts/item.yaml", "type: object\nproperties: {id: {type: string}}\n")
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "changed", "major")
    [change] = result.judged[0].verdict.changes
    assert change.change.old.file == "git:main:parts/item.yaml"
    assert change.change.rule == "response-property-removed"


def test_a_changed_part_names_the_contracts_that_use_it(repo):
    repo.git("checkout", "-q", "main")
    repo.write("parts/item.yaml", "$ref: 'deep/item.yaml'\n")
    repo.write("parts/deep/item.yaml", "type: object\n")
    repo.write("parts/unused.yaml", "type: object\n")
    repo.put("api.yaml", contract("1.0.0", ref="parts/item.yaml"))
    repo.branch("refs")
    repo.put("parts/deep/item.yaml", "type: array\n")
    result = repo.check("parts/deep/item.yaml", against="main")
    assert outcomes(result) == both("api.yaml", "changed", "major")
    with pytest.raises(ContractError, match="no contract refers to it"):
        repo.check("parts/unused.yaml", against="main")


def test_only_what_differs_is_read(repo, monkeypatch):
    repo.git("checkout", "-q", "main")
    for number in range(5):
        repo.write(f"apis/{number}.yaml", contract("1.0.0", title=f"T{number}"))
    repo.commit()
    repo.branch("more")
    repo.put("apis/3.yaml", contract("1.1.0", title="T3", fields=("id", "at")))
    from apicontract.gate import pairing

    read = []
    whole = pairing.read_at
    monkeypatch.setattr(pairing, "read_at", lambda *args: read.append(args[1]) or whole(*args))
    result = repo.check(against="main")
    assert read == ["apis/3.yaml", "apis/3.yaml"]
    assert len(result.unchanged) == 5


def test_two_formats_in_one_repository(repo):
    repo.write(
        "swagger.json", '{"swagger": "2.0", "info": {"title": "Old", "version": "1.0.0"}, "paths": {}}'
    )
    repo.write("package.json", '{"name": "x", "openapi-typescript": "1"}')
    repo.put("workflow.yml", "on: push\njobs:\n  a:\n    with:\n      openapi: api.yaml\n")
    assert [row[0] for row in outcomes(repo.check(against="main"))] == ["swagger.json"]


# ---- which base


def test_a_misspelt_ref_is_an_error_and_names_the_right_one(repo):
    with pytest.raises(ContractError, match="git knows no ref `mian`") as caught:
        repo.check(against="mian")
    assert caught.value.hint == "did you mean main?"


def test_a_path_that_exists_nowhere_is_an_error(repo):
    with pytest.raises(ContractError, match="exists neither in the working tree nor in main") as caught:
        repo.check("apj.yaml", against="main")
    assert caught.value.hint == "did you mean api.yaml?"
    with pytest.raises(ContractError, match="no file matches"):
        repo.check("apis/*.yaml", against="main")


@pytest.mark.parametrize("edited", ["README.md", "package.json", ""])
@pytest.mark.parametrize("on_main", [False, True])
def test_a_branch_without_commits_of_its_own_passes(repo, edited, on_main):
    if on_main:
        repo.git("checkout", "-q", "main")
        repo.put("notes.txt", "so that there is a commit before")
    if edited:
        repo.write(edited, "{}")
    result = repo.check()
    assert result.passed
    assert outcomes(result) == []
    if not on_main:
        assert "this is main still, and no contract was edited: nothing to compare yet" in result.notes


def test_a_pull_request_that_is_its_target_is_an_error(repo):
    with pytest.raises(ContractError, match="nothing to compare"):
        repo.check(environment={"GITHUB_BASE_REF": "main"})


def test_a_base_that_is_the_head_is_an_error(repo):
    for ref in ("HEAD", "main", "feature"):
        with pytest.raises(ContractError, match="nothing to compare"):
            repo.check(against=ref)
    with pytest.raises(ContractError, match="main and feature are one commit: nothing to compare"):
        repo.check(against="main", head="feature")
    repo.write("api.yaml", contract("1.0.1", summary="All"))
    assert repo.check(against="HEAD").passed


@pytest.mark.parametrize(
    "environment",
    [
        {"GITHUB_BASE_REF": "main"},
        {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"},
        {"BITBUCKET_PR_DESTINATION_BRANCH": "main"},
        {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
        {"CHANGE_TARGET": "main", "CHANGE_ID": "7"},
    ],
)
def test_the_base_of_a_pull_request(repo, tmp_path, environment):
    repo.git("branch", "-q", "release")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    clone = repo.clone(tmp_path / "clone", "-b", "feature")
    clone.git("remote", "set-head", "origin", "release")
    result = clone.check(environment=environment)
    assert result.pairs[0].old == "origin/main"
    assert next(iter(environment)) in result.pairs[0].why
    assert clone.check().pairs[0].old == "origin/release"


def test_a_pull_request_whose_base_is_missing_is_an_error(repo, tmp_path):
    clone = repo.clone(tmp_path / "clone")
    with pytest.raises(ContractError, match="git knows no ref `origin/release`") as caught:
        clone.check(environment={"GITHUB_BASE_REF": "release"})
    assert "git fetch origin +refs/heads/release:refs/remotes/origin/release" in caught.value.hint


def test_on_the_default_branch_the_last_version_is_the_base(repo, tmp_path):
    repo.git("checkout", "-q", "main")
    repo.git("tag", "v0.9.0")
    repo.put("api.yaml", contract("1.0.1", summary="All"))
    repo.git("tag", "-a", "v1.0.1", "-m", "release")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("tag", "nightly")
    clone = repo.clone(tmp_path / "clone")
    assert clone.check().pairs[0].old == "v1.0.1"
    clone.put("api.yaml", contract("1.2.0", fields=("id", "at", "of")))
    assert clone.check().pairs[0].old == "origin/main"


def test_without_any_base_everything_is_new(tmp_path):
    repo = Scratch(tmp_path)
    repo.write("api.yaml", contract("0.1.0"))
    result = repo.check()
    assert outcomes(result) == both("api.yaml", "added", "minor")
    assert "nothing to compare with yet" in result.notes[0]
    repo.git("add", "-A")
    assert repo.check(staged=True).passed


def test_a_release_is_compared_as_it_is(repo):
    """Nobody merges into a tag: what the maintenance branch gained since is not there."""
    repo.git("checkout", "-q", "-b", "maintenance", "main")
    repo.put("api.yaml", contract("1.0.1", fields=("id", "at")))
    repo.git("tag", "v1.0.1")
    repo.git("checkout", "-q", "feature")
    repo.put("api.yaml", contract("1.1.0", most=200))
    result = repo.check(against="v1.0.1")
    assert outcomes(result) == both("api.yaml", "changed", "major")


def test_every_supported_release(repo):
    for version, most in (("v1.0.0", 100), ("v1.1.0", 200), ("v1.2.0-rc.1", 300)):
        repo.put("api.yaml", contract(version[1:], most=most))
        repo.git("tag", version)
    repo.git("tag", "v0.1.0", "main")
    repo.put("api.yaml", contract("1.2.0", most=150))
    result = repo.check(against="releases")
    assert [(one.pair.old, str(one.verdict.level)) for one in result.judged] == [
        ("v1.0.0", "minor"),
        ("v1.1.0", "major"),
    ]
    assert not result.passed


def test_a_configuration_that_names_nothing_is_an_error(repo):
    repo.put("apicontract.toml", '[[contracts]]\npaths = ["apis/*.yml"]\n')
    with pytest.raises(ContractError, match="no contract is where the configuration says") as caught:
        repo.check(against="main")
    assert (caught.value.file.endswith("apicontract.toml"), caught.value.line) == (True, 1)


def test_a_ref_goes_before_a_path_of_the_same_name(repo):
    repo.write("main/api.yaml", contract("0.1.0", title="Other"))
    repo.put("api.yaml", contract("1.0.1", summary="All"))
    assert repo.check("api.yaml", against="main").pairs[0].old == "main"
    assert repo.check("api.yaml", against="./main/api.yaml").pairs[0].old == "./main/api.yaml"


def test_releases_that_the_team_names(repo):
    for version, most in (("v1.0.0", 100), ("v1.1.0", 200), ("v2.0.0", 300)):
        repo.put("api.yaml", contract(version[1:], most=most))
        repo.git("tag", version)
    repo.write("apicontract.toml", 'against = "releases"\nreleases = ["v1.*", "v2.*"]\n')
    repo.put("api.yaml", contract("2.1.0", most=400))
    result = repo.check()
    assert [one.pair.old for one in result.judged] == ["v1.0.0", "v1.1.0", "v2.0.0"]
    assert result.passed


# ---- states of the working tree


def test_index_working_tree_and_head_are_three_things(repo):
    repo.put("api.yaml", contract("1.0.1", summary="Committed"))
    repo.write("api.yaml", contract("1.1.0", summary="Staged"))
    repo.git("add", "api.yaml")
    repo.write("api.yaml", contract("2.0.0", summary="Edited"))
    seen = {
        name: repo.check(against="main", **options).judged[0].verdict.declared
        for name, options in {"index": {"staged": True}, "head": {"head": "HEAD"}, "files": {}}.items()
    }
    assert seen == {"index": "1.1.0", "head": "1.0.1", "files": "2.0.0"}


def test_nothing_of_the_repository_is_changed(repo):
    repo.put("api.yaml", contract("1.0.1", summary="Committed"))
    repo.git("checkout", "-q", "main")
    repo.put("other.txt", "main moves on")
    repo.git("checkout", "-q", "feature")
    repo.write("api.yaml", contract("1.1.0", summary="Staged"))
    repo.git("add", "api.yaml")
    repo.write("api.yaml", contract("2.0.0", summary="Edited"))

    def everything():
        return {
            path.relative_to(repo.folder): path.read_bytes()
            for path in repo.folder.rglob("*")
            if path.is_file()
        }

    before = everything()
    for options in ({}, {"staged": True}, {"head": "HEAD"}):
        repo.check(against="main", **options)
    assert everything() == before


def test_an_untracked_contract_counts_and_an_ignored_one_does_not(repo):
    repo.put(".gitignore", "generated/\n")
    repo.write("generated/api.yaml", contract())
    repo.write("node_modules/x/openapi.yaml", contract())
    repo.write("fresh.yaml", contract(title="Fresh"))
    assert [row[0] for row in outcomes(repo.check(against="main"))] == ["fresh.yaml"]
    assert outcomes(repo.check(against="main", staged=True)) == []


def test_a_deleted_file_is_gone_before_that_is_staged(repo):
    (repo.folder / "api.yaml").unlink()
    assert outcomes(repo.check(against="main")) == both("api.yaml", "removed", "major")
    assert repo.check(against="main", staged=True).unchanged == ("api.yaml",)


def test_edits_that_are_not_committed_are_merged_too(repo):
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "feature")
    repo.write("api.yaml", contract("1.0.0").replace("listOrders", "listOrders\n      description: All"))
    for options in ({}, {"staged": True}):
        if options:
            repo.git("add", "-A")
        result = repo.check(against="main", **options)
        assert [row[1:] for row in outcomes(result)] == [
            ("branch", "changed", "patch"),
            ("merge", "changed", "patch"),
        ]
        assert result.deciding[0].verdict.declared == "1.1.0"


def test_an_unfinished_merge(repo):
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "main")
    repo.put("other.yaml", contract("1.0.0", title="Other"))
    repo.git("checkout", "-q", "feature")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "main")
    assert outcomes(repo.check(against="main", staged=True)) == both("api.yaml", "changed", "minor")
    repo.git("merge", "--abort")
    repo.put("other.yaml", contract("1.5.0", title="Mine"))
    repo.git("merge", "-q", "main", ok=False)
    with pytest.raises(ContractError, match="index cannot be read") as caught:
        repo.check(against="main", staged=True)
    assert "finish the merge" in caught.value.hint


def test_a_merge_commit_and_a_rebase(repo):
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "main")
    repo.put("other.yaml", contract("1.0.0", title="Other"))
    repo.git("checkout", "-q", "feature")
    repo.git("branch", "-q", "again")
    repo.git("merge", "-q", "-m", "m", "main")
    merged = repo.check(against="main")
    repo.git("checkout", "-q", "again")
    repo.git("rebase", "-q", "main")
    rebased = repo.check(against="main")
    assert outcomes(merged) == outcomes(rebased) == both("api.yaml", "changed", "minor")
    assert merged.unchanged == rebased.unchanged == ("other.yaml",)


def test_detached_head(repo):
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("checkout", "-q", "--detach")
    assert outcomes(repo.check()) == both("api.yaml", "changed", "minor")


def test_a_linked_working_tree(repo, tmp_path):
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
    linked = Scratch(tmp_path / "linked", init=False)
    linked.write("api.yaml", contract("2.0.0", most=5))
    assert outcomes(linked.check(against="main")) == both("api.yaml", "changed", "major")
    assert outcomes(repo.check(against="main")) == both("api.yaml", "changed", "minor")


def test_submodules(repo, tmp_path):
    shared = Scratch(tmp_path / "shared")
    shared.write("item.yaml", "type: object\nproperties: {id: {type: string}, at: {type: string}}\n")
    shared.put("own.yaml", contract("1.0.0", title="Own"))
    repo.git("checkout", "-q", "main")
    repo.git("submodule", "add", "-q", str(shared.folder), "shared")
    repo.put("api.yaml", contract("1.0.0", ref="shared/item.yaml"))
    repo.branch("sub")
    inner = Scratch(repo.folder / "shared", init=False)
    inner.git("checkout", "-q", "-b", "inside")
    inner.put("item.yaml", "type: object\nproperties: {id: {type: string}}\n")
    # the submodule's own contracts are its own business, what is referred to counts
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "changed", "major")
    assert result.judged[0].verdict.changes[0].change.old.file.endswith("shared/item.yaml")
    repo.commit()
    for options in ({}, {"staged": True}, {"head": "HEAD"}):
        assert outcomes(repo.check(against="main", **options)) == both("api.yaml", "changed", "major")
    # inside it, it is a repository as any other
    inner.put("own.yaml", contract("1.1.0", title="Own", fields=("id", "at")))
    assert outcomes(inner.check(against="HEAD~2")) == both("own.yaml", "changed", "minor")


def test_a_hook_of_the_outer_repository_reads_submodules_all_the_same(repo, tmp_path, monkeypatch):
    shared = Scratch(tmp_path / "shared")
    shared.put("item.yaml", "type: object\n")
    repo.git("checkout", "-q", "main")
    repo.git("submodule", "add", "-q", str(shared.folder), "shared")
    repo.put("api.yaml", contract("1.0.0", ref="shared/item.yaml"))
    repo.branch("sub")
    repo.put("api.yaml", contract("1.0.1", ref="shared/item.yaml", summary="All"))
    monkeypatch.setenv("GIT_DIR", str(repo.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.folder / ".git" / "index"))
    assert outcomes(repo.check(against="main", staged=True)) == both("api.yaml", "changed", "patch")


def test_as_a_hook_of_git_itself(repo):
    """`git commit -a` runs hooks with an index of its own, in GIT_INDEX_FILE."""
    hook = repo.write(
        ".git/hooks/pre-commit",
        f"#!/bin/sh\nexec '{sys.executable}' -m apicontract check --staged --against main\n",
    )
    hook.chmod(0o755)
    repo.write("api.yaml", contract("1.0.0", most=50))
    repo.git("commit", "-qam", "bad", ok=False)
    assert repo.git("log", "--oneline", "main..") == ""
    repo.git("commit", "-qm", "bad", "--", "api.yaml", ok=False)
    assert repo.git("log", "--oneline", "main..") == ""
    repo.write("api.yaml", contract("1.1.0", fields=("id", "at")))
    repo.git("commit", "-qam", "good")
    assert repo.git("status", "--porcelain") == ""
    repo.git("fsck", "--strict")


def test_git_that_is_missing_is_said(repo, monkeypatch):
    monkeypatch.setenv("PATH", str(repo.folder))
    with pytest.raises(ContractError, match="git is not installed"):
        repo.check(against="main")


def test_links_are_followed(repo):
    repo.write("parts/item.yaml", "type: object\nproperties: {id: {type: string}, at: {type: string}}\n")
    repo.git("checkout", "-q", "main")
    (repo.folder / "linked").symlink_to("parts")
    (repo.folder / "alias.yaml").symlink_to("api.yaml")
    repo.put("api.yaml", contract("1.0.0", ref="linked/item.yaml"))
    repo.branch("links")
    repo.put("parts/item.yaml", "type: object\nproperties: {id: {type: string}}\n")
    assert [row[0] for row in outcomes(repo.check(against="main"))] == ["alias.yaml", "api.yaml"]


# ---- what is odd about files


def test_carriage_returns(repo):
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.0.0").replace("\n", "\r\n"))
    repo.branch("crlf")
    repo.put("api.yaml", contract("1.1.0", fields=("id", "at")).replace("\n", "\r\n"))
    assert outcomes(repo.check(against="main")) == both("api.yaml", "changed", "minor")
    repo.put("api.yaml", contract("1.0.0"))
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "same", "none")
    assert result.passed


def test_a_byte_order_mark_hides_no_contract(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("api.yaml", b"\xef\xbb\xbf" + contract("1.0.0").encode())
    repo.branch()
    repo.put("api.yaml", b"\xef\xbb\xbf" + contract("1.0.0", most=50).encode())
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "changed", "major")
    assert not result.passed
    repo.put("api.yaml", contract("1.0.0"))
    assert repo.check("api.yaml", against="main").passed
    repo.put("api.yaml", contract("1.0.0", most=50).encode("utf-16"))
    with pytest.raises(ContractError, match="UTF-16"):
        repo.check(against="main")


def test_the_ending_of_a_name_in_capitals(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("API.YAML", contract("1.0.0"))
    repo.branch()
    repo.put("API.YAML", contract("1.0.0", most=50))
    assert outcomes(repo.check(against="main")) == both("API.YAML", "changed", "major")


def test_carriage_returns_that_git_converts(repo):
    repo.git("config", "core.autocrlf", "true")
    (repo.folder / "api.yaml").unlink()
    repo.git("checkout", "-q", "--", "api.yaml")
    assert b"\r\n" in (repo.folder / "api.yaml").read_bytes()
    with pytest.raises(ContractError, match="nothing to compare"):
        repo.check(against="main")


@pytest.mark.parametrize(
    "path",
    [
        "aufträge/bestellungen.yaml",
        "my apis/order list.yaml",
        "a'b\"c/[x] {y}.yaml",
        "日本/注文.yaml",
        "-x.yaml",
    ],
)
def test_names_of_files(repo, path):
    repo.git("checkout", "-q", "main")
    part = str(PurePosixPath(path).parent / "part é 1.yaml")
    repo.write(part, "type: object\nproperties: {id: {type: string}}\n")
    repo.put(path, contract("1.0.0", title="Odd", ref="part%20%C3%A9%201.yaml"))
    repo.branch("odd")
    repo.put(
        part,
        "type: object\nproperties: {id: {type: string}, at: {type: string}}\n",
    )
    for arguments in ((), (path,) if "{" not in path else ()):
        assert outcomes(repo.check(*arguments, against="main")) == both(path, "changed", "minor")


def test_from_a_folder_below_the_top(repo):
    repo.git("checkout", "-q", "main")
    repo.put("apis/orders/api.yaml", contract("1.0.0", title="Below"))
    repo.branch("below")
    repo.put("apis/orders/api.yaml", contract("1.0.1", title="Below", summary="All"))
    for arguments, folder in (
        ((), "apis"),
        (("orders",), "apis"),
        (("api.yaml",), "apis/orders"),
        (("../apis/**/*.yaml",), "apis"),
    ):
        result = repo.check(*arguments, folder=folder, against="main")
        assert [row[0] for row in outcomes(result)] == ["apis/orders/api.yaml"]
        assert result.judged[0].verdict.new.source == os.path.relpath("apis/orders/api.yaml", folder)


# ---- a base that cannot be read


def test_a_branch_that_mends_an_unreadable_contract_passes(repo):
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", "openapi: 3.1.0\n\tbroken: [\n")
    repo.branch("mend")
    repo.put("api.yaml", contract("1.0.0"))
    result = repo.check(against="main")
    assert outcomes(result) == both("api.yaml", "added", "minor")
    assert "the base cannot be read" in result.notes[0]
    assert result.passed


def test_a_branch_that_mends_a_reference_passes(repo):
    repo.git("checkout", "-q", "main")
    repo.put("api.yaml", contract("1.0.0", ref="nowhere.yaml"))
    repo.branch("mend")
    repo.put("api.yaml", contract("1.0.0"))
    result = repo.check(against="main")
    assert "the base cannot be read" in result.notes[0]
    assert result.passed


def test_a_branch_that_breaks_the_text_of_a_contract_is_an_error(repo):
    repo.put("api.yaml", "openapi: 3.1.0\n\tbroken: [\n")
    with pytest.raises(ContractError, match=r"^api.yaml:2:1: "):
        repo.check(against="main")


# ---- without git, and against files


def test_without_git(tmp_path):
    for name, text in (("old", contract("1.0.0")), ("new", contract("1.1.0", fields=("id", "at")))):
        (tmp_path / name / "apis").mkdir(parents=True)
        (tmp_path / name / "apis/orders.yaml").write_text(text)
    here = Scratch(tmp_path / "new", init=False)
    assert outcomes(here.check(against="../old")) == both("apis/orders.yaml", "changed", "minor")
    assert outcomes(here.check("apis", against="../old/apis")) == both("apis/orders.yaml", "changed", "minor")
    assert outcomes(here.check("apis/orders.yaml", against="../old/apis/orders.yaml")) == both(
        "apis/orders.yaml", "changed", "minor"
    )
    with pytest.raises(ContractError, match="in no git repository"):
        here.check()
    with pytest.raises(ContractError, match="no git repository"):
        here.check(against="../old", staged=True)
    shutil.copy(tmp_path / "old/apis/orders.yaml", tmp_path / "new/apis/orders.yaml")
    assert here.check(against="../old").unchanged == ("apis/orders.yaml",)


def test_against_a_file_from_within_a_repository(repo, tmp_path):
    (tmp_path / "published.yaml").write_text(contract("0.9.0", most=200))
    result = repo.check("api.yaml", against=str(tmp_path / "published.yaml"))
    assert outcomes(result) == both("api.yaml", "changed", "major")
    assert outcomes(repo.check("api.yaml", against="git:main:api.yaml")) in (
        [],
        both("api.yaml", "same", "none"),
    )
    with pytest.raises(ContractError, match="is one contract, and what to compare with it is not"):
        repo.check(against=str(tmp_path / "published.yaml"))
