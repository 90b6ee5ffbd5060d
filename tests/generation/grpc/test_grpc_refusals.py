"""What cannot work is refused when it is generated, with what to do; nothing of it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

import apicontract
from apicontract import ContractError, GenerateOptions

EXAMPLES = Path(__file__).parents[3] / "examples"
CLINIC = str(EXAMPLES / "clinic-protos")


def generated(target: str, contract: str, folder: Path, **options: object):
    """The target in the folder."""
    [found] = apicontract.find(contract).values()
    return apicontract.generate(target, found, str(folder), options=GenerateOptions(**options))  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    """All files below it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("first", "second", "contract"),
    [
        ("grpc-server", "grpc-client", CLINIC),
        ("grpc-client", "grpc-server", CLINIC),
        ("grpc-client", "openapi", CLINIC),
        ("rest-server", "rest-client", str(EXAMPLES / "orders-v1.yaml")),
    ],
)
def test_a_package_is_of_one_target(tmp_path: Path, first: str, second: str, contract: str) -> None:
    generated(first, contract, tmp_path, package="opt")
    before = contents(tmp_path)
    for option in ("check", "dry_run", ""):
        with pytest.raises(ContractError, match=f"this package is a {first}") as caught:
            generated(second, contract, tmp_path, package="opt", **({option: True} if option else {}))
        assert caught.value.hint == f"choose another --package for the {second}, or another folder"
    assert contents(tmp_path) == before
    assert generated(first, contract, tmp_path, package="opt").unchanged


def test_a_package_whose_manifest_names_no_target_is_taken_over(tmp_path: Path) -> None:
    """As those are that were written before targets were noted."""
    generated("grpc-client", CLINIC, tmp_path)
    manifest = tmp_path / "clinic_client" / "apicontract-manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(' "target": "grpc-client",\n', ""), "utf-8")
    (tmp_path / "clinic_client" / "v1" / "__init__.py").unlink()
    assert generated("grpc-client", CLINIC, tmp_path).outcome.written == ("clinic_client/v1/__init__.py",)
    assert '"target": "grpc-client"' in manifest.read_text("utf-8")
