"""A contract that moved, was changed and got the major that the gate asked for is still the same one."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract, outcomes, rules
from typer.testing import CliRunner

from apicontract.cli.app import app


@pytest.fixture
def repo(tmp_path, monkeypatch):
    made = Scratch(tmp_path)
    made.put("apis/a.yaml", contract("1.0.0"))
    made.branch()
    monkeypatch.chdir(tmp_path)
    return made


def moved(repo, text):
    repo.git("mv", "apis/a.yaml", "z.yaml")
    return repo.put("z.yaml", text)


def test_check_passes_after_the_bump_that_it_asked_for(repo):
    moved(repo, contract("1.0.0", most=50))
    assert rules(repo.check(against="main")) == ["version-not-moved"]
    done = CliRunner().invoke(app, ["bump", "--against", "main", "--write"])
    assert done.exit_code == 0, done.output
    assert "version: 2.0.0" in (repo.folder / "z.yaml").read_text()
    result = repo.check(against="main")
    assert [row[0::2] for row in outcomes(result)] == [("z.yaml", "changed")]
    assert result.judged[0].verdict.old.source == "git:main:apis/a.yaml"
    assert result.passed
    again = CliRunner().invoke(app, ["bump", "--against", "main"])
    assert "2.0.0 says enough" in again.output


def test_it_is_followed_where_the_base_moved_on_too(repo):
    moved(repo, contract("2.0.0", most=50))
    repo.git("checkout", "-q", "main")
    repo.put("other.yaml", contract(title="Other", prefix="/other"))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert {row[0::2] for row in outcomes(result)} == {("z.yaml", "changed")}
    assert result.passed


def test_another_title_is_followed_by_what_is_left_of_the_file(repo):
    moved(repo, contract("2.0.0", most=50, title="Purchases"))
    assert [row[2] for row in outcomes(repo.check(against="main"))] == ["changed"]


def test_a_break_is_judged_against_what_it_was(repo):
    moved(repo, contract("1.1.0", most=50, title="Purchases"))
    assert rules(repo.check(against="main")) == ["version-moved-too-little"]


@pytest.mark.parametrize(
    "text",
    [
        contract("2.0.0", prefix="/other", title="Other"),  # most of the text, none of the operations
        contract("2.0.0", prefix="/other"),
        contract("0.1.0", title="Other"),
        f"# {'x' * 2000}\n" + contract("2.0.0", title="Other"),  # the operations, but little of the text
        contract("2.0.0").replace("paths:", "servers: [{url: 'https://x.example/v2'}]\npaths:"),
    ],
)
def test_another_contract_in_its_place_is_not_taken_for_it(repo, text):
    server = "servers: [{url: 'https://x.example/v1'}]\npaths:" if "servers" in text else "paths:"
    repo.git("checkout", "-q", "main")
    repo.put("apis/a.yaml", contract("1.0.0").replace("paths:", server))
    repo.git("checkout", "-q", "-B", "feature")
    moved(repo, text)
    result = repo.check(against="main")
    assert sorted(row[2] for row in outcomes(result)) == ["added", "removed"]
    assert rules(result) == ["contract-removed"]


def test_of_two_the_likest_is_followed(repo):
    repo.git("checkout", "-q", "main")
    repo.put("apis/b.yaml", contract("1.0.0", summary="Two", fields=("id", "two")))
    repo.git("checkout", "-q", "-B", "feature")
    repo.git("mv", "apis/b.yaml", "y.yaml")
    repo.write("y.yaml", contract("2.0.0", summary="Two", fields=("id", "two"), most=7))
    moved(repo, contract("2.0.0", most=7))
    olds = {one.verdict.contract: one.verdict.old.source for one in repo.check(against="main").judged}
    assert olds == {"y.yaml": "git:main:apis/b.yaml", "z.yaml": "git:main:apis/a.yaml"}
