"""Every case of `openapi/` comes out with its truth: small pairs of contracts, from the specifications.

A case says `old`, `new` (documents), `direction`, `truth` and `why`; where `debatable` is true people who
know the field disagree and the rules of ARCHITECTURE.md decide. `swapped` is the truth of the reverse
comparison, `witness` a body that one side allows and the other refuses, `allowed` a break that policy lets
pass. `none` and `patch` are one answer: equal meaning. Nothing here knows how a verdict is reached.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import apicontract
from apicontract.changes import Certainty, Level

if TYPE_CHECKING:
    from apicontract.changes import Diff

Case = dict[str, Any]

_FOLDER = Path(__file__).parent / "openapi"
_TRUTHS = {"none", "patch", "minor", "major"}


def _load(path: Path) -> Case:
    case: Case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return case


_CASES = {path.stem: _load(path) for path in sorted(_FOLDER.glob("*.yaml"))}
_BODY_WITNESS = [name for name, case in _CASES.items() if "witness" in case and case["truth"] == "major"]
_SWAPPED = [name for name, case in _CASES.items() if "swapped" in case]


def _compare(folder: Path, old: Case, new: Case) -> Diff:
    paths = []
    for name, document in (("old.json", old), ("new.json", new)):
        path = folder / name
        path.write_text(json.dumps(document), encoding="utf-8")
        paths.append(str(path))
    return apicontract.diff(*paths)


def _verdict(truth: str) -> str:
    return "none-or-patch" if truth in {"none", "patch"} else truth


def _explained(diff: Diff) -> str:
    return "\n".join(
        f"{change.level} {change.rule} {change.pointer}: {change.message}" for change in diff.changes
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all cases: making one for each costs more than comparing."""
    return tmp_path_factory.mktemp("cases")


@pytest.mark.parametrize("name", _CASES)
def test_case_is_well_formed(name: str) -> None:
    case = _CASES[name]
    assert case["name"] == name
    assert case["truth"] in _TRUTHS
    assert case.get("swapped", "none") in _TRUTHS
    assert case["direction"] in {"request", "response", "callback", "none"}
    assert case["why"]


@pytest.mark.parametrize("name", _CASES)
def test_truth(name: str, folder: Path) -> None:
    case = _CASES[name]
    diff = _compare(folder, case["old"], case["new"])
    if case.get("allowed"):
        breaks = [change for change in diff.changes if change.level == Level.MAJOR]
        assert breaks, _explained(diff)
        assert all(change.allowed for change in breaks), _explained(diff)
    else:
        assert _verdict(str(diff.level)) == _verdict(case["truth"]), f"{case['why']}\n{_explained(diff)}"


@pytest.mark.parametrize("name", _BODY_WITNESS)
def test_break_of_a_body_is_shown_not_assumed(name: str, folder: Path) -> None:
    case = _CASES[name]
    diff = _compare(folder, case["old"], case["new"])
    breaks = [change for change in diff.changes if change.level == Level.MAJOR]
    assert any(change.certainty != Certainty.ASSUMED for change in breaks), _explained(diff)


@pytest.mark.parametrize("name", _SWAPPED)
def test_truth_of_the_reverse(name: str, folder: Path) -> None:
    case = _CASES[name]
    diff = _compare(folder, case["new"], case["old"])
    assert _verdict(str(diff.level)) == _verdict(case["swapped"]), (
        f"reversed: {case['why']}\n{_explained(diff)}"
    )


@pytest.mark.parametrize("name", sorted(set(_CASES) - set(_SWAPPED)))
def test_reverse_is_judged_without_error(name: str, folder: Path) -> None:
    case = _CASES[name]
    diff = _compare(folder, case["new"], case["old"])
    assert str(diff.level) in _TRUTHS


@pytest.mark.parametrize("name", _CASES)
def test_same_contract_has_no_change(name: str, folder: Path) -> None:
    for side in ("old", "new"):
        document = _CASES[name][side]
        assert _compare(folder, document, document).changes == (), side
