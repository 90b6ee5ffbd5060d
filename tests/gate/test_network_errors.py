"""What is said where a remote does not answer: git's reason, and none of its advice."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract

from apicontract.repository.fetching import fetch, remote_refs
from apicontract.repository.snapshots import Repository
from apicontract.sources import ContractError


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path / "repo")
    made.put("api.yaml", contract())
    return made


def around(repo):
    return Repository.around(str(repo.folder))


def test_a_remote_that_is_nowhere(repo, tmp_path):
    repo.git("remote", "add", "origin", f"file://{tmp_path}/nowhere.git")
    with pytest.raises(ContractError) as caught:
        remote_refs(around(repo), "origin", "HEAD")
    assert caught.value.message == (
        "the remote `origin` does not say what it has:"
        f" '{tmp_path}/nowhere.git' does not appear to be a git repository"
    )
    with pytest.raises(ContractError, match=r"nowhere\.git' does not appear to be a git repository$"):
        fetch(around(repo), ["fetch", "origin", "main"])


def test_a_ref_that_the_remote_has_not(repo, tmp_path):
    repo.git("remote", "add", "origin", f"file://{repo.folder}")
    with pytest.raises(ContractError, match=r"couldn't find remote ref nope$") as caught:
        fetch(around(repo), ["fetch", "origin", "nope"])
    assert "check the spelling" in caught.value.hint


def test_what_ssh_says_is_the_reason(repo, tmp_path, monkeypatch):
    ssh = repo.write(
        "../ssh", "#!/bin/sh\necho 'git@example.org: Permission denied (publickey).' >&2\nexit 255\n"
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    repo.git("remote", "add", "origin", "git@example.org:a/b.git")
    with pytest.raises(ContractError, match=r"Permission denied \(publickey\)$"):
        fetch(around(repo), ["fetch", "origin", "main"])


def test_through_the_command(repo, tmp_path):
    other = repo.clone(tmp_path / "clone")
    other.git("remote", "set-url", "origin", f"file://{tmp_path}/nowhere.git")
    other.git("remote", "set-head", "origin", "--delete")
    with pytest.raises(ContractError, match="does not appear to be a git repository"):
        other.check(fetching=True)
