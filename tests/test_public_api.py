"""The public API: what it exports, what it takes, what it raises, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import apicontract

_EXAMPLES = Path(__file__).parents[1] / "examples"
_OLD, _NEW = _EXAMPLES / "orders-v1.yaml", _EXAMPLES / "orders-v2.yaml"


@pytest.mark.parametrize("name", apicontract.__all__)
def test_every_exported_name_exists_and_is_documented(name: str) -> None:
    exported = getattr(apicontract, name)
    assert exported.__doc__


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = apicontract.nothing


def test_paths_texts_and_contracts_are_taken_alike() -> None:
    loaded = apicontract.load(_OLD)
    assert (loaded.format, loaded.title, loaded.version) == ("openapi", "Orders", "1.4.0")
    by_path, by_text = apicontract.diff(_OLD, _NEW), apicontract.diff(str(_OLD), str(_NEW))
    by_contract = apicontract.diff(loaded, apicontract.load(_NEW))
    rules = [change.rule for change in by_path.changes]
    assert rules
    assert (
        rules
        == [change.rule for change in by_text.changes]
        == [change.rule for change in by_contract.changes]
    )
    assert apicontract.validate(loaded).valid


def test_worst_first() -> None:
    levels = [change.counted_level for change in apicontract.diff(_OLD, _NEW).changes]
    assert levels == sorted(levels, reverse=True)


def test_a_document_of_no_known_format(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text("name: something\n", encoding="utf-8")
    for call in (apicontract.load, apicontract.validate, lambda spec: apicontract.diff(spec, _NEW)):
        with pytest.raises(apicontract.ContractError, match="no contract of a known format") as raised:
            call(path)
        assert raised.value.file == str(path)
        assert raised.value.hint


def test_two_formats_cannot_be_compared() -> None:
    other = SimpleNamespace(format="proto", source="orders.proto", title="", version="")
    with pytest.raises(apicontract.ContractError, match=r"is openapi and orders\.proto is proto"):
        apicontract.diff(_OLD, other)


def test_a_set_and_a_contract_cannot_be_compared() -> None:
    with pytest.raises(apicontract.ContractError, match="is a set of contracts"):
        apicontract.compare(str(_EXAMPLES), str(_NEW))


def test_compare_picks_what_was_asked_for() -> None:
    assert isinstance(apicontract.compare(str(_OLD), str(_NEW)), apicontract.Diff)
    assert isinstance(apicontract.compare(str(_EXAMPLES), str(_EXAMPLES)), apicontract.Comparison)


def test_options_reach_the_comparison_and_the_reading() -> None:
    strict = apicontract.DiffOptions(surfaces=frozenset({apicontract.Surface.SOURCE}))
    assert apicontract.diff(_OLD, _NEW, options=strict).level < apicontract.Level.MAJOR
    with pytest.raises(apicontract.ContractError):
        apicontract.load("https://api.invalid/openapi.yaml")


def test_find_names_contracts_by_their_path_below() -> None:
    assert set(apicontract.find(str(_EXAMPLES))) >= {"orders-v1.yaml", "orders-v2.yaml"}


def test_rules_are_unique_and_found_by_id() -> None:
    ids = [rule.id for rule in apicontract.rules()]
    assert len(ids) == len(set(ids))
    assert apicontract.rule(ids[0]).id == ids[0]
    with pytest.raises(KeyError) as raised:
        apicontract.rule(ids[0] + "x")
    assert ids[0] in raised.value.args[1:]


def test_importing_it_imports_nothing_of_weight() -> None:
    program = (
        "import sys, apicontract; print([name for name in sys.modules if name.startswith('apicontract.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=_EXAMPLES.parent,
        timeout=60,
        check=True,
    )
    assert done.stdout == "[]\n"
