"""`apicontract maturity` as a user runs it: formats, gate, files, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
LEVEL_1, LEVEL_2 = (str(EXAMPLES / f"clinic/level-{level}.yaml") for level in (1, 2))


def run(*arguments, folder=None):
    command = [sys.executable, "-m", "apicontract", "maturity", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=120)


def test_a_level_and_the_way_to_the_next():
    done = run(LEVEL_2)
    assert done.returncode == 0
    assert "level-2.yaml: level 2 (verbs and status codes)" in done.stdout
    assert "To reach level 3, 6 operations must change" in done.stdout
    assert run(LEVEL_2, "--quiet").stdout.count("\n") == 1


def test_the_gate():
    assert run(LEVEL_1, LEVEL_2, "--min-level", 1).returncode == 0
    assert run(LEVEL_1, LEVEL_2, "--min-level", 2).returncode == 1
    assert run(LEVEL_2, "--min-level", 4).returncode == 2


def test_the_gate_of_the_configuration(tmp_path):
    (tmp_path / "apicontract.toml").write_text("schema = 1\n[maturity]\nmin-level = 3\n", encoding="utf-8")
    assert run(LEVEL_2, folder=tmp_path).returncode == 1
    assert run(LEVEL_2, "--min-level", 2, folder=tmp_path).returncode == 0


def test_what_has_no_level_fails_no_gate(tmp_path):
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.1.1\ninfo: {title: T, version: '1'}\npaths: {/graphql: {post: {responses: {'200': {description: It}}}}}\n",
        encoding="utf-8",
    )
    done = run("api.yaml", "--min-level", 2, folder=tmp_path)
    assert done.returncode == 0
    assert "not rated: GraphQL over HTTP" in done.stdout


def test_formats_and_files(tmp_path):
    assert len(json.loads(run(LEVEL_1, LEVEL_2, "--format", "json").stdout)["contracts"]) == 2
    assert run(LEVEL_1, "--format", "markdown").stdout.startswith("# Richardson maturity\n")
    done = run(LEVEL_1, "--format", "html", "--output", tmp_path / "page.html")
    assert (done.returncode, done.stdout) == (0, "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "http://" not in page
    assert "https://" not in page.replace("Content-Security-Policy", "")
    assert run(LEVEL_1, "--format", "html", "--output", tmp_path).returncode == 2


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "broken.yaml").write_text("openapi: 3.0.3\n a: [", encoding="utf-8")
    done = run("broken.yaml", LEVEL_2, folder=tmp_path)
    assert done.returncode == 2
    assert "broken.yaml:2" in done.stderr
    assert "level 2" in done.stdout
    assert "Traceback" not in done.stderr
    (tmp_path / "bad.proto").write_text('syntax = "proto3"; message A { B b = 1; }', encoding="utf-8")
    assert run("bad.proto", folder=tmp_path).returncode == 2
    assert run("nothing.yaml", folder=tmp_path).returncode == 2
    (tmp_path / "text.yaml").write_text("a: 1\n", encoding="utf-8")
    assert run("text.yaml", folder=tmp_path).returncode == 2


def test_a_reference_that_leads_nowhere_is_no_evidence(tmp_path):
    text = Path(LEVEL_2).read_text("utf-8")
    broken = text.replace("#/components/schemas/", "#/components/schemas/No", 1)
    assert broken != text
    (tmp_path / "api.yaml").write_text(broken, encoding="utf-8")
    done = run("api.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert "api.yaml:" in done.stderr
    assert "level" not in done.stdout


def test_that_all_is_excluded_is_no_success(tmp_path):
    (tmp_path / "api.yaml").write_text(Path(LEVEL_2).read_text("utf-8"), encoding="utf-8")
    (tmp_path / "apicontract.toml").write_text(
        'schema = 1\n[maturity]\nexclude = ["api.yaml"]\nmin-level = 3\n', encoding="utf-8"
    )
    done = run("api.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert "nothing is rated" in done.stderr
