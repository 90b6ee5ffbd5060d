"""Copies of a contract side by side in one folder: each is a contract of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apicontract

if TYPE_CHECKING:
    from pathlib import Path

ITEM = 'syntax = "proto3";\npackage acme.v1;\nmessage Item {\n  %s id = 1;\n}\n'
ORDER = 'syntax = "proto3";\npackage acme.v1;\nimport "acme/v1/item.proto";\nmessage Order {\n  Item item = 1;\n}\n'


def _copy(root: Path, kind: str) -> None:
    folder = root / "acme" / "v1"
    folder.mkdir(parents=True)
    (folder / "item.proto").write_text(ITEM % kind, encoding="utf-8")
    (folder / "order.proto").write_text(ORDER, encoding="utf-8")


def test_each_copy_is_a_contract_and_imports_from_itself(tmp_path: Path) -> None:
    _copy(tmp_path / "old", "int32")
    _copy(tmp_path / "new", "string")
    found = apicontract.find(str(tmp_path))
    assert sorted(found) == ["new/*.proto", "old/*.proto"]
    kinds = {
        path: contract.messages["acme.v1.Order"].by_name["item"].type_message.by_name["id"].kind
        for path, contract in found.items()
    }
    assert kinds == {"new/*.proto": "string", "old/*.proto": "int32"}
    assert all(apicontract.validate(contract).valid for contract in found.values())


def test_folders_of_copies_are_compared_copy_by_copy(tmp_path: Path) -> None:
    _copy(tmp_path / "before" / "a", "int32")
    _copy(tmp_path / "before" / "b", "int32")
    _copy(tmp_path / "after" / "a", "int32")
    _copy(tmp_path / "after" / "b", "sint32")
    result = apicontract.compare(str(tmp_path / "before"), str(tmp_path / "after"))
    levels = {diff.old.source.rpartition("/")[2]: str(diff.level) for diff in result.diffs}
    assert levels == {"a": "none", "b": "major"}


def test_folders_without_a_clash_are_one_contract(tmp_path: Path) -> None:
    _copy(tmp_path / "protos", "int32")
    assert list(apicontract.find(str(tmp_path))) == ["*.proto"]
