"""`action.yml`: what it declares is what it uses, nothing of an input becomes shell text, actionlint agrees."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from apicontract.cli.check import FailOn
from apicontract.cli.ci import Comment

_ROOT = Path(__file__).resolve().parents[2]
_TEXT = (_ROOT / "action.yml").read_text(encoding="utf-8")
_ACTION = yaml.safe_load(_TEXT)
_COMMENT = yaml.safe_load((_ROOT / "comment" / "action.yml").read_text(encoding="utf-8"))
_RELEASE = "v1.7.12"


def test_every_input_is_used_and_every_output_comes_from_the_command():
    used = set(re.findall(r"inputs\.([\w-]+)", _TEXT))
    assert used == set(_ACTION["inputs"])
    named = {"paths", "against", "fail-on", "config", "reports", "comment", "comment-artifact", "version"}
    assert named == used
    assert {"level", "required-version", "breaking-count", "report", "passed"} == set(_ACTION["outputs"])
    for name, output in _ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.check.outputs.{name} }}}}"


def test_no_expression_stands_in_shell_text():
    for step in (*_ACTION["runs"]["steps"], *_COMMENT["runs"]["steps"]):
        assert "${{" not in step.get("run", "")


def test_the_second_action_checks_nothing_out_and_takes_what_the_first_one_leaves():
    uses = [step["uses"] for step in _COMMENT["runs"]["steps"] if "uses" in step]
    assert uses == ["actions/download-artifact@v4", "actions/setup-python@v5"]
    default = _ACTION["inputs"]["comment-artifact"]["default"]
    assert _COMMENT["inputs"]["artifact"]["default"] == default
    [left] = [step for step in _ACTION["runs"]["steps"] if step.get("uses") == "actions/upload-artifact@v4"]
    assert left["with"]["path"] == "${{ steps.check.outputs.comment-file }}"
    [last] = [step for step in _COMMENT["runs"]["steps"] if step.get("id") == "comment"]
    assert last["run"].rstrip().endswith('"$RUNNER_TEMP/apicontract-left/comment.json"')


def test_nothing_of_the_checkout_is_run():
    """Python must not look for modules in the folder that it is started in: that one is the pull request's."""
    for step in (*_ACTION["runs"]["steps"], *_COMMENT["runs"]["steps"]):
        for line in step.get("run", "").splitlines():
            assert line.count('"$PYTHON"') == line.count('"$PYTHON" -P -m ')


def test_the_choices_in_its_texts_are_those_of_the_command():
    for name, choices in (("fail-on", FailOn), ("comment", Comment)):
        described = re.search(r"\(([^)]*)\)", _ACTION["inputs"][name]["description"])[1]
        assert described.split(", ") == list(choices)


def test_the_steps_of_the_action_run(tmp_path):
    """The shell text of the check step, with a module in the checkout that would like to take our place."""
    checkout = tmp_path / "a checkout"
    (checkout / "apicontract").mkdir(parents=True)
    (checkout / "apicontract" / "__init__.py").write_text("raise SystemExit('taken over')\n")
    (checkout / "api.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {}\n", encoding="utf-8"
    )
    subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=checkout, check=True)
    [check] = [step for step in _ACTION["runs"]["steps"] if step.get("id") == "check"]
    inputs = dict.fromkeys(("PATHS", "AGAINST", "FAIL_ON", "CONFIG", "REPORTS"), "") | {"COMMENT": "never"}
    (tmp_path / "apicontract").symlink_to(_ROOT)
    known = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"]],
        cwd=checkout,
        env={**known, **inputs, "PYTHON": _python(), "RUNNER_TEMP": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "passed: 1 contract changed" in done.stdout


def _python():
    import sys

    return sys.executable


_WORKFLOW = """\
name: API contracts
on: pull_request
permissions:
  contents: read
  pull-requests: write
  security-events: write
jobs:
  contracts:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: contracts
        uses: ./
        with:
          paths: |
            apis/orders.yaml
          against: main
          fail-on: version
          config: apicontract.toml
          reports: sarif=apicontract.sarif
          comment: failure
          comment-artifact: left
          version: ""
      - if: ${{ always() && steps.contracts.outputs.breaking-count != '0' }}
        run: echo "$LEVEL $VERSION $REPORT"
        env:
          LEVEL: ${{ steps.contracts.outputs.level }}
          VERSION: ${{ steps.contracts.outputs.required-version }}
          REPORT: ${{ steps.contracts.outputs.report }}
"""


_SECOND = """\
name: API contracts, comment
on:
  workflow_run:
    workflows: [API contracts]
    types: [completed]
permissions:
  actions: read
  pull-requests: write
jobs:
  comment:
    if: github.event.workflow_run.event == 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: ./comment
        with:
          artifact: left
          version: ""
"""


@pytest.mark.corpus
def test_actionlint_finds_nothing_wrong(tmp_path):
    tool = shutil.which("actionlint") or _built(tmp_path)
    (tmp_path / "repo" / ".github" / "workflows").mkdir(parents=True)
    shutil.copy(_ROOT / "action.yml", tmp_path / "repo")
    shutil.copytree(_ROOT / "comment", tmp_path / "repo" / "comment")
    second = tmp_path / "repo" / ".github" / "workflows" / "comment.yml"
    second.write_text(_SECOND, encoding="utf-8")
    workflow = tmp_path / "repo" / ".github" / "workflows" / "gate.yml"
    workflow.write_text(_WORKFLOW, encoding="utf-8")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path / "repo", check=True)
    lint = [tool, "-no-color", ".github/workflows/gate.yml", ".github/workflows/comment.yml"]
    done = subprocess.run(lint, cwd=tmp_path / "repo", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    workflow.write_text(
        _WORKFLOW.replace("comment: failure", "coment: failure").replace("outputs.level", "outputs.levl")
    )
    done = subprocess.run(lint, cwd=tmp_path / "repo", capture_output=True, text=True, check=False)
    assert ('"coment" is not defined' in done.stdout, '"levl" is not defined' in done.stdout) == (True, True)
    ours = [tool, "-no-color", str(_ROOT / ".github" / "workflows" / "ci.yml")]
    done = subprocess.run(ours, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def _built(folder):
    """actionlint by Go's own package client: what PyPI has of it fetches a binary while it is installed."""
    go = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if go is None:
        pytest.skip("neither actionlint nor Go is here")
    subprocess.run(
        [go, "install", f"github.com/rhysd/actionlint/cmd/actionlint@{_RELEASE}"],
        env={**os.environ, "GOBIN": str(folder)},
        check=True,
        capture_output=True,
        timeout=500,
    )
    return str(folder / "actionlint")
