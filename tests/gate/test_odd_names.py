"""Files whose names are no text: bytes that are no UTF-8, quotes, backslashes."""

from __future__ import annotations

import os
import subprocess

import pytest
from scratch_repository import Scratch, contract, rules
from typer.testing import CliRunner

from apicontract.cli.app import app

NAMES = [b"caf\xe9.yaml", b"ap\xeds/a b.yaml", b'q"uo\\te.yaml', "größe.yaml".encode()]


@pytest.fixture(params=NAMES, ids=repr)
def repo(request, tmp_path, monkeypatch):
    made = Scratch(tmp_path / "repo")
    made.name = os.fsdecode(request.param)
    try:
        made.write(made.name, contract("1.4.0"))
    except (OSError, UnicodeError):
        pytest.skip("the file system does not take this name")
    made.commit()
    made.branch()
    made.write(made.name, contract("1.4.0", most=50))
    monkeypatch.chdir(made.folder)
    return made


@pytest.mark.parametrize("named", [True, False])
def test_their_version_is_written(repo, named):
    done = CliRunner().invoke(app, ["bump", *([repo.name] if named else []), "--write"])
    assert done.exit_code == 0, done.output
    assert (repo.folder / repo.name).read_text() == contract("2.0.0", most=50)
    assert rules(repo.check(against="main")) == []


def test_a_version_that_is_named_is_written(repo):
    done = CliRunner().invoke(app, ["bump", repo.name, "--to", "3.0.0", "--write", "--format", "json"])
    assert done.exit_code == 0, done.output
    assert (repo.folder / repo.name).read_text() == contract("3.0.0", most=50)


def test_the_patch_can_be_applied(repo):
    patch = CliRunner().invoke(app, ["bump", "--diff"]).output
    subprocess.run(["git", "apply", "-"], input=patch.encode(), check=True)
    assert (repo.folder / repo.name).read_text() == contract("2.0.0", most=50)


@pytest.mark.parametrize("arguments", [["check"], ["check", "--report", "json"], ["config", "show"]])
def test_reports_name_them(repo, arguments):
    extra = [repo.name] if arguments[0] == "config" else []
    done = CliRunner().invoke(app, [*arguments, *extra])
    assert done.exit_code in (0, 1), done.output
