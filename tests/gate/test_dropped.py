"""A branch that takes a contract out of the configuration does not take it out of the gate unseen."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract, outcomes, rules

_ALL = '[[contracts]]\npaths = ["apis/**"]\n'


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path)
    made.write("apicontract.toml", _ALL)
    made.write("apis/a.yaml", contract())
    made.put("apis/b.yaml", contract(title="B", prefix="/b"))
    made.branch()
    return made


def noted(result):
    return [note for note in result.notes if "does not name" in note]


@pytest.mark.parametrize(
    "narrower", ['paths = ["apis/**"]\nexclude = ["apis/a.yaml"]', 'paths = ["apis/b*"]']
)
@pytest.mark.parametrize("moved_on", [False, True])
def test_what_the_base_names_is_checked(repo, narrower, moved_on):
    repo.write("apicontract.toml", f"[[contracts]]\n{narrower}\n")
    repo.put("apis/a.yaml", contract(most=50))
    if moved_on:
        repo.git("checkout", "-q", "main")
        repo.put("note.txt", "more")
        repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert {row[0] for row in outcomes(result)} == {"apis/a.yaml"}
    assert rules(result) == ["version-not-moved"]
    [note] = noted(result)
    assert note.startswith("the configuration does not name apis/a.yaml any more")


def test_one_that_is_removed_with_its_name_is_refused(repo):
    repo.write("apicontract.toml", '[[contracts]]\npaths = ["apis/b*"]\n')
    repo.git("rm", "-q", "apis/a.yaml")
    repo.commit()
    assert rules(repo.check(against="main")) == ["contract-removed"]


def test_one_that_did_not_change_may_go_and_that_is_said(repo):
    repo.write("apicontract.toml", '[[contracts]]\npaths = ["apis/b*"]\n')
    repo.commit()
    result = repo.check(against="main")
    assert result.passed
    assert len(noted(result)) == 1


def test_once_merged_it_is_out(repo):
    repo.git("checkout", "-q", "main")
    repo.put("apicontract.toml", '[[contracts]]\npaths = ["apis/b*"]\n')
    repo.git("checkout", "-q", "-B", "feature")
    repo.put("apis/a.yaml", contract(most=50))
    result = repo.check(against="main")
    assert result.passed
    assert not result.judged
    assert not noted(result)


def test_a_release_does_not_name_what_was_left_out_since(repo):
    repo.git("tag", "v1.0.0", "main")
    repo.write("apicontract.toml", '[[contracts]]\npaths = ["apis/b*"]\n')
    repo.put("apis/a.yaml", contract(most=50))
    result = repo.check(against="v1.0.0")
    assert result.passed
    assert not noted(result)


def test_of_protos_too(repo):
    text = 'syntax = "proto3";\npackage o.v1;\nmessage M { int32 a = 1; }\n'
    repo.git("checkout", "-q", "main")
    repo.put("apis/o/v1/m.proto", text)
    repo.git("checkout", "-q", "-B", "feature")
    repo.write("apicontract.toml", '[[contracts]]\npaths = ["apis/*.yaml"]\n')
    repo.put("apis/o/v1/m.proto", text.replace("int32", "string"))
    result = repo.check(against="main")
    assert rules(result) == ["major-not-visible"]
    assert noted(result)[0].startswith("the configuration does not name apis/o/v1 any more")


@pytest.fixture
def bare(tmp_path):
    """The same without a configuration."""
    made = Scratch(tmp_path / "bare")
    made.write("pyproject.toml", "[project]\nname = 'x'\n")
    made.write("apis/a.yaml", contract())
    made.put("apis/b.yaml", contract(title="B", prefix="/b"))
    made.branch()
    return made


@pytest.mark.parametrize("file", ["apicontract.toml", "pyproject.toml"])
def test_a_first_configuration_leaves_out_nothing_unseen(bare, file):
    table = "tool.apicontract.contracts" if file == "pyproject.toml" else "contracts"
    bare.write(file, f'[[{table}]]\npaths = ["apis/b*"]\n')
    bare.put("apis/a.yaml", contract(most=50))
    result = bare.check(against="main")
    assert rules(result) == ["version-not-moved"]
    [note] = noted(result)
    assert note.startswith("the configuration does not name apis/a.yaml, and main has none")


def test_a_first_configuration_of_all_is_nothing_to_speak_of(bare):
    bare.write("apicontract.toml", '[[contracts]]\npaths = ["**"]\n')
    bare.put("apis/a.yaml", contract("1.0.1", summary="All"))
    result = bare.check(against="main")
    assert result.passed
    assert not noted(result)


def test_what_is_new_may_be_left_out_by_a_first_configuration(bare):
    bare.write("apicontract.toml", '[[contracts]]\npaths = ["apis/*"]\n')
    bare.put("examples/c.yaml", contract("''", title="C"))
    result = bare.check(against="main")
    assert result.passed
    assert not noted(result)


def test_a_package_is_left_out_by_a_first_configuration_no_more_than_a_document(bare):
    text = 'syntax = "proto3";\npackage o.v1;\nmessage M { int32 a = 1; }\n'
    bare.git("checkout", "-q", "main")
    bare.put("o/v1/m.proto", text)
    bare.git("checkout", "-q", "-B", "feature")
    bare.write("apicontract.toml", '[[contracts]]\npaths = ["apis/*"]\n')
    bare.put("o/v1/m.proto", text.replace("int32", "string"))
    assert rules(bare.check(against="main")) == ["major-not-visible"]


def test_a_configuration_under_its_other_name_is_that_of_the_base(bare):
    bare.git("checkout", "-q", "main")
    bare.put("pyproject.toml", '[[tool.apicontract.contracts]]\npaths = ["apis/b*"]\n')
    bare.git("checkout", "-q", "-B", "feature")
    bare.git("rm", "-q", "pyproject.toml")
    bare.write("apicontract.toml", '[[contracts]]\npaths = ["apis/b*"]\n')
    bare.put("apis/a.yaml", contract(most=50))
    result = bare.check(against="main")
    assert result.passed
    assert not noted(result)


def test_a_configuration_from_elsewhere_is_no_part_of_the_branch(bare, tmp_path):
    from apicontract.gate.configuration import in_force

    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text('[[contracts]]\npaths = ["bare/apis/b*"]\n')
    bare.put("apis/a.yaml", contract(most=50))
    result = bare.check(against="main", configuration=in_force(str(bare.folder), str(elsewhere)))
    assert result.passed
    assert not noted(result)
