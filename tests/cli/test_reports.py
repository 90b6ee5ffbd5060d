"""`--report`: which reports are written where, and that all of them are or none is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

_ROOT = Path(__file__).resolve().parents[2]
_EXAMPLES = _ROOT / "examples"
_OLD, _NEW = str(_EXAMPLES / "orders-v1.yaml"), str(_EXAMPLES / "orders-v2.yaml")


def _run(folder, *arguments, **environment):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "apicontract", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**kept, **environment},
        timeout=60,
        check=False,
    )


def _check(folder, *arguments, **environment):
    return _run(folder, "check", "orders.yaml", "--against", _OLD, *arguments, **environment)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "orders.yaml").write_text(Path(_NEW).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_several_reports_of_one_run(folder):
    done = _check(folder, "--report", "sarif=out.sarif", "--report", "markdown", "--report", "junit=out.xml")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("## API contracts: failed\n")
    assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"
    assert (folder / "out.xml").read_text().startswith("<?xml")


def test_the_reason_is_printed_where_all_reports_are_files(folder):
    done = _check(folder, "--report", "json=out.json")
    assert (done.returncode, "request-maximum-decreased" in done.stdout) == (1, True)
    assert json.loads((folder / "out.json").read_text())["passed"] is False
    quiet = _check(folder, "--report", "json=out.json", "-q")
    assert quiet.stdout == "failed: 1 contract\n"


def test_output_is_as_it_was(folder):
    done = _check(folder, "--format", "sarif", "--output", "out.sarif")
    assert (done.stdout, done.stderr) == ("", "failed: 1 contract\n")
    assert (folder / "out.sarif").exists()


def test_all_files_or_none(folder):
    (folder / "first.md").write_text("before")
    for other in ("html=nowhere/out.html", "html=."):
        done = _check(folder, "--report", "markdown=first.md", "--report", "json=new.json", "--report", other)
        assert (done.returncode, done.stdout) == (2, "")
        assert "cannot write" in done.stderr
        assert (folder / "first.md").read_text() == "before"
        assert sorted(path.name for path in folder.iterdir()) == ["first.md", "orders.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--report", "serif=x"], "'serif' is no format; did you mean sarif?"),
        (["--report", "pdf"], "'pdf' is no format"),
        (["--report", "html="], "names no file"),
        (["--report", "json", "--report", "markdown"], "json and markdown both go to standard output"),
        (["--report", "json", "--format", "sarif"], "both go to standard output"),
        (["--report", "json=a", "--report", "html=./a"], "both go to ./a"),
        (["--report", "json=a", "--output", "a"], "both go to a"),
    ],
)
def test_what_makes_no_sense(folder, arguments, said):
    done = _check(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert [path.name for path in folder.iterdir()] == ["orders.yaml"]


def test_the_configuration_names_reports_and_the_command_line_goes_before_it(folder):
    (folder / "apicontract.toml").write_text('reports = ["concise", "gitlab=out/quality.json"]\n')
    (folder / "out").mkdir()
    (folder / "below").mkdir()
    (folder / "below" / "orders.yaml").write_text((folder / "orders.yaml").read_text())
    done = _check(folder / "below")
    assert (done.returncode, "error version-moved-too-little:" in done.stdout) == (1, True)
    assert json.loads((folder / "out" / "quality.json").read_text())
    (folder / "out" / "quality.json").unlink()
    done = _check(folder / "below", "--report", "jsonl")
    assert json.loads(done.stdout.splitlines()[-1])["type"] == "verdict"
    assert not (folder / "out" / "quality.json").exists()


def test_annotations_write_the_job_summary_and_nothing_else_does(folder):
    summary = folder / "summary.md"
    _check(folder, "--report", "markdown", GITHUB_STEP_SUMMARY=str(summary))
    assert not summary.exists()
    summary.write_text("what an earlier command wrote\n")
    done = _check(folder, "--report", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert done.stdout.startswith("::error title=API contracts::failed: 1 contract\n")
    assert summary.read_text().startswith("what an earlier command wrote\n## API contracts: failed\n")


@pytest.mark.parametrize(
    "name", ["concise", "jsonl", "markdown", "html", "sarif", "junit", "github", "gitlab"]
)
def test_diff_and_validate_have_the_same_reports(folder, name):
    done = _run(folder, "diff", _OLD, _NEW, "--report", name)
    assert (done.returncode, "request-maximum-decreased" in done.stdout) == (1, True)
    broken = (folder / "orders.yaml").read_text().replace("description: A page of orders.", "x-a: 1")
    (folder / "broken.yaml").write_text(broken.replace("description: One page of orders.", "x-a: 1"))
    done = _run(folder, "validate", "broken.yaml", "--report", name)
    assert (done.returncode, "broken.yaml" in done.stdout) == (1, True)
    done = _run(folder, "validate", "orders.yaml", "--report", name)
    assert (done.returncode, bool(done.stdout)) == (0, True)


@pytest.mark.parametrize("name", ["text", "concise", "github"])
def test_no_text_of_a_contract_is_a_command_in_the_log_of_an_action(folder, name):
    folder = folder / "::warning::"
    folder.mkdir()
    text = Path(_NEW).read_text(encoding="utf-8")
    hostile = text.replace("/orders/{orderId}:", "'/::set-output name=x::##[y]/{orderId}':")
    (folder / "::error::.yaml").write_text(hostile, encoding="utf-8")
    arguments = ("check", "::error::.yaml", "--against", _OLD, "-v", "--report", name)
    done = _run(folder, *arguments, GITHUB_ACTIONS="true")
    assert (done.returncode, "set-output" in done.stdout) == (1, True)
    meant = ("::error ", "::notice ", "::warning ", "::group::API", "::endgroup::")
    for line in done.stdout.splitlines():
        command = line.lstrip().startswith("::")
        assert not command or (name == "github" and line.startswith(meant)), line
        assert command or "##[" not in line
    if name == "text":
        assert "\n::error::.yaml  1.4.0" in _run(folder, *arguments).stdout


def test_a_break_that_is_paid_for_is_a_warning(folder):
    passing = _run(folder, "diff", _OLD, _NEW, "--fail-on", "never", "--report", "concise")
    assert (passing.returncode, ": warning major request-maximum-decreased" in passing.stdout) == (0, True)
    failing = _run(folder, "diff", _OLD, _NEW, "--report", "concise")
    assert ": error major request-maximum-decreased" in failing.stdout


def test_the_pages_about_ci_show_what_there_is():
    """Workflows parse, and every option in them exists."""
    text = (_ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    blocks = text.split("```yaml\n")[1:]
    parsed = [yaml.safe_load(block.partition("```")[0]) for block in blocks]
    action = yaml.safe_load((_ROOT / "action.yml").read_text(encoding="utf-8"))
    hooks = yaml.safe_load((_ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    used = [hook["id"] for hook in parsed[0]["repos"][0]["hooks"]]
    assert used == [hook["id"] for hook in hooks]
    [step] = [one for one in parsed[1]["jobs"]["contracts"]["steps"] if "apicontract" in one["uses"]]
    assert set(step["with"]) <= set(action["inputs"])
    for kind in ("inputs", "outputs"):
        assert all(f"| `{name}` |" in text for name in action[kind])
    known = _run(_ROOT, "check", "--help").stdout
    commands = [line for line in text.splitlines() if "apicontract check --" in line]
    for option in {word for line in commands for word in line.split() if word.startswith("--")}:
        assert option.strip("`.") in known
