"""What a configuration has written stays in the repository, and takes nobody's place."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract
from typer.testing import CliRunner

from apicontract.cli.app import app
from apicontract.sources import ContractError


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path / "repo")
    made.write("m.proto", 'syntax = "proto3";\npackage a.v1;\n')
    made.put("api.yaml", contract())
    made.branch()
    made.put("api.yaml", contract("1.0.1", summary="All"))
    (tmp_path / "repo" / "out").symlink_to(tmp_path, target_is_directory=True)
    return made


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('reports = ["html=../p.txt"]', "`../p.txt` is outside of the repository"),
        ('reports = ["text", "html=/tmp/p.txt"]', "`/tmp/p.txt` is outside of the repository"),
        ('reports = ["html=out/p.txt"]', "`out/p.txt` is outside of the repository"),
        ('baseline = "../x.json"', "`../x.json` is outside of the repository"),
        ('reports = ["html=.git/hooks/pre-commit"]', "is git's"),
        ('reports = ["html=api.yaml"]', "is a contract or a configuration"),
        ('reports = ["html=m.proto"]', "is a contract or a configuration"),
        ('reports = ["html=apicontract.toml"]', "is a contract or a configuration"),
    ],
)
def test_other_places_are_refused_where_they_are_named(repo, text, message):
    repo.write("apicontract.toml", f"schema = 1\n{text}\n")
    with pytest.raises(ContractError) as raised:
        repo.check(against="main")
    assert message in str(raised.value)
    assert raised.value.line == 2


def test_files_in_the_repository_are_written_also_again(repo):
    repo.write("apicontract.toml", 'schema = 1\nreports = ["html=made/p.html", "json=p.yaml"]\n')
    repo.write("made/p.html", "old")
    repo.write("p.yaml", "old: 1\n")
    reports = repo.check(against="main").reports
    assert reports == (f"html={repo.folder}/made/p.html", f"json={repo.folder}/p.yaml")


def test_a_configuration_elsewhere_may_have_its_files_beside_it(repo, tmp_path):
    from apicontract.gate.configuration import in_force

    place = tmp_path / "policy"
    place.mkdir()
    (place / "c.toml").write_text('baseline = "debt.json"\n')
    configuration = in_force(str(repo.folder), str(place / "c.toml"))
    result = repo.check(against="main", configuration=configuration)
    assert result.debt.path == str(place / "debt.json")


@pytest.mark.parametrize("options", [["--report", "html={}"], ["--format", "json", "--output", "{}"]])
@pytest.mark.parametrize("file", ["api.yaml", "m.proto", "apicontract.toml"])
def test_a_report_that_is_asked_for_takes_no_contracts_place_either(repo, monkeypatch, options, file):
    repo.write("apicontract.toml", "schema = 1\n")
    monkeypatch.chdir(repo.folder)
    before = (repo.folder / file).read_bytes()
    for command in (["check"], ["diff", "api.yaml", "api.yaml"]):
        done = CliRunner().invoke(app, [*command, *(one.format(file) for one in options)])
        assert done.exit_code == 2
        assert f"{file} is a contract or a configuration" in done.stderr
    assert (repo.folder / file).read_bytes() == before
