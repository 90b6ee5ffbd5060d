"""Clones that lack history: what is missing is named with the exact command, or fetched if that is asked for."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract, outcomes, rules

from apicontract.sources import ContractError

_CHANGED = [("api.yaml", "both", "changed", "minor")]
_PARTED = "the merge base with origin/develop"


@pytest.fixture
def server(tmp_path):
    """A server with a pull request: main, feature, and the merge that the service makes of them."""
    made = Scratch(tmp_path / "server")
    made.put("api.yaml", contract("1.0.0"))
    for number in range(40):
        made.put("log.txt", str(number))
    made.branch()
    made.put("api.yaml", contract("1.1.0", fields=("id", "at")))
    made.git("checkout", "-q", "main")
    made.put("main.txt", "main moved on")
    _merge(made)
    return made


def _merge(made):
    made.git("checkout", "-q", "--detach", "main")
    made.git("merge", "-q", "--no-ff", "-m", "m", "feature")
    made.git("update-ref", "refs/pull/1/merge", "HEAD")
    made.git("checkout", "-q", "main")


def checkout(server, folder):
    """What actions/checkout leaves behind: one commit, no branch, no base."""
    made = Scratch(folder)
    made.git("remote", "add", "origin", f"file://{server.folder}")
    made.git(
        "fetch", "-q", "--no-tags", "--depth=1", "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge"
    )
    made.git("checkout", "-q", "--detach", "refs/remotes/pull/1/merge")
    return made


def commits(repo):
    return int(repo.git("rev-list", "--all", "--count"))


def test_a_pull_request_of_one_commit(server, tmp_path):
    clone = checkout(server, tmp_path / "clone")
    environment = {"GITHUB_BASE_REF": "main"}
    with pytest.raises(ContractError) as caught:
        clone.check(environment=environment)
    command = "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main"
    assert caught.value.hint.startswith(f"fetch it first: {command}")
    assert commits(clone) == 1
    result = clone.check(environment=environment, fetching=True)
    assert outcomes(result) == _CHANGED
    assert commits(clone) == 2  # the base, and nothing else


def test_the_command_that_is_named_is_enough(server, tmp_path):
    clone = checkout(server, tmp_path / "clone")
    clone.git("fetch", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    assert outcomes(clone.check(environment={"GITHUB_BASE_REF": "main"})) == _CHANGED


def test_the_base_moved_on_since_the_service_merged(server, tmp_path):
    server.put(
        "api.yaml",
        contract("1.1.0").replace(
            "operationId: listOrders", "operationId: listOrders\n      description: All"
        ),
    )
    clone = checkout(server, tmp_path / "clone")
    environment = {"GITHUB_BASE_REF": "main"}
    clone.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    with pytest.raises(ContractError, match="on which this branch builds, is not here") as caught:
        clone.check(environment=environment)
    assert f"git fetch --depth=1 origin {server.git('rev-parse', 'main~1')}" in caught.value.hint
    result = clone.check(environment=environment, fetching=True)
    assert [row[1] for row in outcomes(result)] == ["branch", "merge"]
    assert result.deciding[0].verdict.declared == "1.1.0"
    assert rules(result) == ["version-not-moved"]
    assert commits(clone) == 2  # what was fetched by its id has no name, and nothing came with it


def test_a_shallow_clone_of_a_branch(server, tmp_path):
    clone = server.clone(tmp_path / "clone", "--depth=1", "-b", "feature")
    environment = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    with pytest.raises(ContractError, match="git knows no ref `origin/main`"):
        clone.check(environment=environment)
    clone.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    with pytest.raises(ContractError, match="where this branch left origin/main is not here") as caught:
        clone.check(environment=environment)
    assert "git fetch --unshallow origin" in caught.value.hint
    result = clone.check(environment=environment, fetching=True)
    assert outcomes(result) == _CHANGED
    assert commits(clone) < commits(server)


def test_a_full_clone_stays_one(server, tmp_path):
    clone = server.clone(tmp_path / "clone", "-b", "feature", "--single-branch")
    assert outcomes(clone.check(against="origin/main", fetching=True)) == _CHANGED
    assert clone.git("rev-parse", "--is-shallow-repository") == "false"
    assert clone.git("log", "--oneline", "origin/main").count("\n") > 40


def test_a_tag_that_is_not_here(server, tmp_path):
    server.git("tag", "v1.0.0", "main~2")
    clone = server.clone(tmp_path / "clone", "--depth=1", "--no-tags", "-b", "feature")
    with pytest.raises(ContractError) as caught:
        clone.check(against="v1.0.0")
    assert "git fetch --depth=1 origin +refs/tags/v1.0.0:refs/tags/v1.0.0" in caught.value.hint
    assert outcomes(clone.check(against="v1.0.0", fetching=True)) == _CHANGED


def test_a_ref_that_the_remote_does_not_have_either(server, tmp_path):
    clone = server.clone(tmp_path / "clone", "--depth=1")
    with pytest.raises(ContractError, match="couldn't find remote ref") as caught:
        clone.check(against="origin/mian", fetching=True)
    assert "check the spelling" in caught.value.hint


def test_histories_that_have_nothing_in_common(server):
    server.git("checkout", "-q", "--orphan", "lonely")
    server.put("api.yaml", contract("9.0.0"))
    with pytest.raises(ContractError, match="no common history"):
        server.check(against="main")


def test_a_partial_clone_is_not_filled_in_silence(server, tmp_path):
    server.git("config", "uploadpack.allowFilter", "true")
    clone = server.clone(tmp_path / "clone", "--filter=blob:none", "-b", "feature")
    with pytest.raises(ContractError):
        clone.check(against="origin/main")
    assert outcomes(clone.check(against="origin/main", fetching=True)) == _CHANGED


def _pushed(server, folder, depth, branches):
    """What services leave behind on a push to a branch: no origin/HEAD, and no word about a pull request."""
    made = Scratch(folder)
    made.git("remote", "add", "origin", f"file://{server.folder}")
    made.git("fetch", "-q", "--no-tags", *depth, "origin", branches)
    made.git("checkout", "-q", "-b", "feature", "refs/remotes/origin/feature")
    return made


@pytest.mark.parametrize("depth", [("--depth=1",), ()], ids=["one commit", "full"])
@pytest.mark.parametrize("branches", ["feature", "*"])
def test_a_base_that_is_merely_not_known_here_lets_nothing_pass(server, tmp_path, depth, branches):
    server.git("branch", "-q", "-m", "main", "develop")
    server.git("checkout", "-q", "feature")
    server.put("api.yaml", contract("1.0.0", most=50))
    server.git("checkout", "-q", "develop")
    clone = _pushed(
        server, tmp_path / "clone", depth, f"+refs/heads/{branches}:refs/remotes/origin/{branches}"
    )
    with pytest.raises(ContractError, match="no base was found") as caught:
        clone.check()
    command = caught.value.hint.removeprefix("get it first: ").partition(" (or")[0]
    other = _pushed(
        server, tmp_path / "other", depth, f"+refs/heads/{branches}:refs/remotes/origin/{branches}"
    )
    result = other.check(fetching=True)
    assert (result.pairs[0].old, rules(result)) == (_PARTED, ["version-not-moved"])
    clone.git(*command.split()[1:])
    result = clone.check()
    assert (result.deciding[0].verdict.level.name, rules(result)) == ("MAJOR", ["version-not-moved"])


def test_a_remote_that_does_not_answer_lets_nothing_pass(server, tmp_path):
    clone = server.clone(tmp_path / "clone", "--depth=1", "-b", "feature")
    clone.git("remote", "set-url", "origin", f"file://{tmp_path}/nowhere")
    with pytest.raises(ContractError, match="the remote `origin` does not say what it has"):
        clone.check(fetching=True)


def test_a_repository_that_has_nothing_else_is_new(server, tmp_path):
    lonely = Scratch(tmp_path / "lonely")
    lonely.put("api.yaml", contract("1.0.0"))
    lonely.git("checkout", "-q", "-b", "first")
    lonely.git("branch", "-q", "-D", "main")
    assert "nothing to compare with yet" in lonely.check().notes[0]
    lonely.git("remote", "add", "origin", f"file://{tmp_path}/empty")
    assert "nothing to compare with yet" in lonely.check().notes[0]
    Scratch(tmp_path / "empty")
    assert "nothing to compare with yet" in lonely.check(fetching=True).notes[0]


class TestTheDefaultBranchItself:
    """A build of a push to it: the base is the last release, or what was there before the push."""

    def test_the_last_version_tag_is_fetched(self, server, tmp_path):
        server.git("tag", "-a", "v1.0.0", "-m", "x", "main~3")
        server.git("tag", "v0.9.0", "main~5")
        server.put("api.yaml", contract("1.0.0", most=50))
        server.git("tag", "v1.0.1-nightly.x")  # the commit that is checked out
        clone = server.clone(tmp_path / "clone", "--depth=1", "--no-tags", "-b", "main")
        with pytest.raises(ContractError, match="is the commit that is checked out") as caught:
            clone.check()
        assert caught.value.hint.startswith("get it first: git fetch --unshallow --tags origin (or")
        result = clone.check(fetching=True)
        assert (result.pairs[0].old, rules(result)) == ("v1.0.0", ["version-not-moved"])
        assert commits(clone) == 2
        other = server.clone(tmp_path / "other", "--depth=1", "--no-tags", "-b", "main")
        other.git("fetch", "-q", "--unshallow", "--tags", "origin")
        assert (other.check().pairs[0].old, rules(other.check())) == ("v1.0.0", ["version-not-moved"])

    def test_without_a_tag_it_is_the_commit_before(self, server, tmp_path):
        server.put("api.yaml", contract("1.0.0", most=50))
        clone = server.clone(tmp_path / "clone", "--depth=1", "-b", "main")
        with pytest.raises(ContractError, match="is the commit that is checked out"):
            clone.check()
        for result in (clone.check(fetching=True), server.check()):
            assert result.pairs[0].old.endswith("main~1")
            assert rules(result) == ["version-not-moved"]
        assert commits(clone) == 2

    def test_the_first_commit_of_all_is_new(self, tmp_path):
        first = Scratch(tmp_path / "first")
        first.put("api.yaml", contract("1.0.0"))
        clone = first.clone(tmp_path / "clone", "--depth=1")
        first.git("tag", "v1.0.0")
        for result in (first.check(), clone.check(), clone.check(fetching=True)):
            assert outcomes(result) == [("api.yaml", "both", "added", "minor")]
