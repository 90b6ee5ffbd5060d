"""A contract that changed and that no pattern names is not passed over in silence."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract

_PROTO = 'syntax = "proto3";\npackage o.v{0};\nmessage M {{ int32 a = 1; }}\n'


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path)
    made.write("apicontract.toml", '[[contracts]]\npaths = ["a.yaml", "o/v1"]\nexclude = ["left/**"]\n')
    made.write("old.yaml", contract(title="Old"))
    made.write("o/v1/m.proto", _PROTO.format(1))
    made.put("a.yaml", contract())
    made.branch()
    return made


def noted(result):
    return [note for note in result.notes if note.startswith("not checked")]


def test_a_new_contract_and_a_new_package_are_noted(repo):
    repo.write("apis/new.yaml", contract(title="New"))
    repo.write("o/v2/m.proto", _PROTO.format(2))
    [note] = noted(repo.check(against="main"))
    assert "name it: apis/new.yaml, o/v2;" in note
    repo.commit()
    assert noted(repo.check(against="main")) == [note]


def test_nothing_is_said_of_what_is_excluded_unchanged_or_no_contract(repo):
    repo.write("left/new.yaml", contract(title="New"))
    repo.write("values.yaml", "a: 1\n")
    repo.put("a.yaml", contract("1.0.1", summary="All"))
    assert not noted(repo.check(against="main"))


def test_a_moved_one_is_noted_beside_its_removal(repo):
    repo.write("apis/keep", "")
    repo.git("mv", "a.yaml", "apis/a.yaml")
    repo.commit()
    result = repo.check(against="main")
    assert not result.passed
    assert "apis/a.yaml" in noted(result)[0]


def test_nothing_is_said_where_contracts_are_named_by_argument(repo):
    repo.write("apis/new.yaml", contract(title="New"))
    repo.write("a.yaml", contract("1.0.1", summary="All"))
    assert not noted(repo.check("a.yaml", against="main"))
