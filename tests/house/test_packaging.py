"""The package as it is built: what is in the wheel, one version, reasons beside dependencies."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import apicontract

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(TEXT)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    [path] = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_wheel_has_templates_schemas_types_and_licence(wheel):
    names = set(wheel.namelist())
    for path in ROOT.glob("templates/**/*.j2"):
        assert f"apicontract/templates/{path.relative_to(ROOT / 'templates').as_posix()}" in names
    assert {"apicontract/py.typed", "apicontract/reports/schemas/diff-1.json"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_wheel_has_the_command_and_the_version(wheel):
    points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "apicontract = apicontract.cli.main:main" in wheel.read(points).decode()
    metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    assert f"\nVersion: {apicontract.__version__}\n" in wheel.read(metadata).decode()


def test_version_stands_in_one_place():
    found = [
        path
        for path in (*ROOT.glob("apicontract/**/*.py"), ROOT / "pyproject.toml")
        if f'"{apicontract.__version__}"' in path.read_text(encoding="utf-8")
    ]
    assert found == [ROOT / "apicontract/__init__.py"]


def test_dependencies_and_lint_exceptions_have_a_reason():
    dependencies = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    exceptions = PROJECT["tool"]["ruff"]["lint"]["ignore"]
    for entry in (*dependencies, *exceptions):
        assert re.search(rf'^\s*"{re.escape(entry)}",\s*# \w', TEXT, re.MULTILINE), entry


def test_every_dependency_is_pinned():
    pinned = {
        re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    for entry in (*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]):
        assert re.match(r"[\w.-]+", entry)[0].lower() in pinned


def test_constraints_name_no_host():
    assert not re.search(
        r"https?:|index-url|find-links| @ ", (ROOT / "constraints.txt").read_text(encoding="utf-8")
    )
