"""A base that is not there is a mistake, and no reason to take everything for new."""

from __future__ import annotations

import pytest
from scratch_repository import Scratch, contract, outcomes

from apicontract.sources import ContractError


@pytest.fixture
def repo(tmp_path):
    made = Scratch(tmp_path / "repo")
    made.put("apis/api.yaml", contract())
    made.branch()
    made.put("apis/api.yaml", contract(most=50))
    return made


@pytest.mark.parametrize("against", ["git:main:nope.yaml", "git:main:nope", "git:main:apis/nope.yaml"])
def test_in_a_revision(repo, against):
    with pytest.raises(ContractError, match="no such file or folder"):
        repo.check("apis/api.yaml", against=against)


@pytest.mark.parametrize("against", ["nope.yaml", "../nope", "apis/nope.yaml"])
def test_outside_of_git(tmp_path, against):
    plain = Scratch(tmp_path / "plain", init=False)
    plain.write("apis/api.yaml", contract())
    with pytest.raises(ContractError, match="no such file or folder"):
        plain.check("apis/api.yaml", against=against)


@pytest.mark.parametrize("against", ["git:main:apis/api.yaml", "git:main:.", "git:main:apis"])
def test_what_is_there_is_compared_with(repo, against):
    folder = "apis" if against == "git:main:apis" else "."
    name = "apis/api.yaml" if against.endswith("yaml") else folder
    assert [row[2] for row in outcomes(repo.check(name, against=against))] in (["changed"], ["added"])
