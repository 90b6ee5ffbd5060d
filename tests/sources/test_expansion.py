"""Which contracts a folder or a glob stands for: none twice, none lost in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import apicontract
from apicontract.sources import expand

TEXT = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.JSON", "deep/c.yml", ".hidden/d.yaml", "node_modules/e.yaml", "part.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("type: object\n" if name == "part.yaml" else TEXT, encoding="utf-8")
    return tmp_path


def test_a_folder_is_searched_whatever_the_case_of_the_suffix(folder):
    assert expand(".") == [".hidden/d.yaml", "a.yaml", "b.JSON", "deep/c.yml"]


def test_a_glob_is_what_a_shell_makes_of_it(folder):
    assert expand("*") == ["a.yaml", "b.JSON"]
    assert expand("**/*.y*ml") == ["a.yaml", "deep/c.yml", "node_modules/e.yaml"]
    assert expand(".h*/*") == [".hidden/d.yaml"]
    assert expand(f"{folder}/de*/**") == [f"{folder}/deep/c.yml"]
    assert expand("[a-b].*") == ["a.yaml", "b.JSON"]


def test_links_in_a_loop_lead_to_each_contract_once(folder):
    (folder / "self").symlink_to(".")
    (folder / "again").symlink_to(".")
    (folder / "z.yaml").symlink_to("a.yaml")
    assert expand("**/[az].yaml") == expand("*.yaml") == ["a.yaml"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_is_no_reason_to_pass_over_a_contract(folder, encoding):
    (folder / "deep" / "c.yml").write_bytes(TEXT.encode(encoding))
    assert expand("deep") == ["deep/c.yml"]


def test_what_may_not_be_read_is_an_error_beside_what_can_be(folder, monkeypatch):
    opened, scanned, plainly = Path.open, os.scandir, open

    def no_file(path, *arguments, **options):
        if path.name == "a.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    def no_plain_file(path, *arguments, **options):
        if str(path).endswith("a.yaml"):
            raise PermissionError(13, "Permission denied", str(path))
        return plainly(path, *arguments, **options)

    def no_folder(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return scanned(path)

    monkeypatch.setattr(Path, "open", no_file)
    monkeypatch.setattr("builtins.open", no_plain_file)
    monkeypatch.setattr(os, "scandir", no_folder)
    errors = []
    found = apicontract.find(".", on_error=errors.append)
    assert list(found) == [".hidden/d.yaml", "b.JSON"]
    assert [error.file for error in errors] == ["a.yaml", "deep"]
    with pytest.raises(apicontract.ContractError, match=r"a\.yaml: this file may not be read"):
        apicontract.find(".")


def test_one_broken_contract_takes_no_other_along(folder):
    (folder / "a.yaml").write_text("openapi: [", encoding="utf-8")
    (folder / "deep" / "c.yml").write_text("openapi: {", encoding="utf-8")
    errors = []
    assert list(apicontract.find(".", on_error=errors.append)) == [".hidden/d.yaml", "b.JSON"]
    assert [error.file for error in errors] == ["a.yaml", "deep/c.yml"]
