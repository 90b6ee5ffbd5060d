"""Our hooks under the real pre-commit: from a clone of ours, in an environment that it makes itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.corpus  # pre-commit installs us and what we depend on

_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("apicontract", "templates", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
_GOOD = (
    (_ROOT / "examples" / "orders-v1.yaml").read_text(encoding="utf-8").replace("2025-06-30", "2999-06-30")
)


def _git(folder, *arguments, **environment):
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env={**os.environ, **_SOMEBODY, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


_SOMEBODY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"))
} | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A repository that has what ours has now, committed or not."""
    folder = tmp_path_factory.mktemp("ours")
    for name in _OURS:
        source = _ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    _git(folder, "init", "-q", "-b", "main", ".")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "x")
    return folder, _git(folder, "rev-parse", "HEAD")[1].strip()


@pytest.fixture
def theirs(tmp_path, ours, tmp_path_factory, monkeypatch):
    """A repository that uses our hooks, before its first commit."""
    folder, revision = ours
    home = tmp_path_factory.getbasetemp() / "pre-commit-home"
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    _git(tmp_path, "init", "-q", "-b", "main", ".")
    (tmp_path / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: file://{folder}\n  rev: {revision}\n  hooks:\n"
        "  - {id: apicontract-validate}\n  - {id: apicontract-check, verbose: true}\n"
        "  - {id: apicontract-lint, args: [--rules, minimal]}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--install-hooks"],
        cwd=tmp_path,
        env={**os.environ, **_SOMEBODY},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path


def _commit(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    _git(folder, "add", "-A")
    return _git(folder, "commit", "-m", "x")


def test_a_good_commit_passes_and_a_breaking_one_does_not(theirs):
    code, said = _commit(theirs, orders=_GOOD)
    assert (code, "there is nothing to compare with yet" in said) == (0, True), said
    assert "validate API contracts" in said
    added = _GOOD.replace("version: 1.4.0", "version: 1.4.1").replace("Orders, newest first", "All orders")
    code, said = _commit(theirs, orders=added)
    assert (code, "passed: 1 contract changed" in said) == (0, True), said
    code, said = _commit(theirs, orders=added.replace("maximum: 100", "maximum: 50"))
    assert (code, "request-maximum-decreased" in said) == (1, True), said
    assert "set info.version to 2.0.0" in said
    (theirs / "orders.yaml").unlink()
    code, said = _commit(theirs)
    assert (code, "contract-removed" in said) == (1, True), said


def test_an_invalid_contract_does_not_pass_and_other_files_do(theirs):
    assert _commit(theirs, notes="a: 1\n")[0] == 0
    code, said = _commit(theirs, broken=_GOOD.replace("description: A page of orders.", "x-nothing: 1"))
    assert (code, "broken.yaml" in said) == (1, True), said


def test_lint_speaks_of_what_changed(theirs):
    hooks = theirs / ".pre-commit-config.yaml"
    asked = "[--select, path-trailing-slash, --fail-on, info]"
    hooks.write_text(hooks.read_text("utf-8").replace("[--rules, minimal]", asked), encoding="utf-8")
    assert _commit(theirs, orders=_GOOD)[0] == 0
    code, said = _commit(
        theirs, more=_GOOD.replace("title: Orders", "title: More").replace("/orders:", "/orders/:")
    )
    assert (code, "path-trailing-slash" in said, "orders.yaml" in said) == (1, True, False), said


def test_generated_code_that_is_stale_does_not_pass(theirs):
    with (theirs / ".pre-commit-config.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {id: apicontract-generate-check}\n")
    (theirs / "apicontract.toml").write_text(
        'schema = 1\n[[generate]]\ntarget = "rest-client"\ncontract = "orders.yaml"\noutput = "clients"\n'
    )
    (theirs / "orders.yaml").write_text(_GOOD, encoding="utf-8")
    command = [sys.executable, "-m", "apicontract", "generate"]
    subprocess.run(command, cwd=theirs, check=True, capture_output=True)
    code, said = _commit(theirs)
    assert code == 0, said
    added = _GOOD.replace("version: 1.4.0", "version: 1.5.0").replace(
        "operationId: listOrders", "operationId: everyOrder"
    )
    code, said = _commit(theirs, orders=added)
    assert (code, "generated code is what its contracts say" in said) == (1, True), said
    subprocess.run(command, cwd=theirs, check=True, capture_output=True)
