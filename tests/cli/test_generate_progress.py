"""The progress bar of long generations: on a terminal's standard error, and nowhere else."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest

from apicontract.cli import progress


def contract(operations):
    properties = {f"field_{number}": {"type": "string"} for number in range(8)}
    schema = {"type": "object", "properties": properties}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    paths = {
        f"/things{number}": {"get": {"operationId": f"getThing{number}", "responses": answer}}
        for number in range(operations)
    }
    return json.dumps({"openapi": "3.0.3", "info": {"title": "Many", "version": "1.0.0"}, "paths": paths})


def seen(folder, operations, *options, patience=None, **environment):
    """(exit code, standard output, what a terminal shows on standard error) of a generation."""
    (folder / "many.json").write_text(contract(operations))
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "TERM")},
        "TERM": "xterm",
        **environment,
    }
    ours, theirs = pty.openpty()
    program = "from apicontract.cli import main, progress"
    if patience is not None:
        program += f"; progress.PATIENCE = {patience}; progress.Bar.__init__.__defaults__ = ({patience},)"
    command = [
        sys.executable, "-c", f"{program}; raise SystemExit(main.main())",
        "generate", "rest-client", str(folder / "many.json"), "-o", str(folder / "out"), *options,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = b""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.1)
        try:
            more = os.read(ours, 65536) if ready else b""
        except OSError:
            break
        shown += more
        if not more and process.poll() is not None:
            break
    os.close(ours)
    said = process.stdout.read().decode()
    process.stdout.close()
    return process.wait(60), said, shown.decode()


def test_a_long_run_has_a_bar_that_grows_and_goes(tmp_path):
    code, said, shown = seen(tmp_path, 120, patience=0.3)
    assert code == 0
    parts = [int(part) for part in re.findall(r"(\d+)%", shown)]
    assert len(set(parts)) > 2
    assert parts == sorted(parts)
    assert "making 120 models" in shown
    assert "0:00:0" in shown
    assert "\x1b[2K" in shown[-60:]  # its line is wiped
    assert "\x1b" not in said
    assert "(120 operations, 120 models)" in said


@pytest.mark.parametrize(
    ("options", "environment"), [(("-q",), {}), ((), {"CI": "true"}), ((), {"TERM": "dumb"})]
)
def test_nothing_is_shown_with_quiet_or_in_ci_or_where_the_cursor_stays(tmp_path, options, environment):
    code, _, shown = seen(tmp_path, 30, *options, patience=0.05, **environment)
    assert (code, shown) == (0, "")


def test_a_short_run_shows_nothing_and_loads_no_bar(tmp_path):
    code, _, shown = seen(tmp_path, 1, "--dry-run", patience=60)
    assert (code, shown) == (0, "")


def test_nothing_is_shown_where_nobody_looks(tmp_path):
    (tmp_path / "many.json").write_text(contract(30))
    program = (
        "from apicontract.cli import main, progress; progress.Bar = None;"
        "main.sys.argv[1:] = 'generate rest-client many.json -o out'.split(); main.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, capture_output=True, check=True, env={**os.environ, "CI": "", "TERM": "xterm"},
    )  # fmt: skip
    assert done.stderr == b""
    assert b"30 operations" in done.stdout


def test_a_mistake_ends_the_bar_before_it_is_told(tmp_path):
    code, _, shown = seen(tmp_path, 60, "--package", "not a name", patience=0.0)
    assert code == 2
    assert "cannot be the name of a package" in shown
    assert "%" not in shown.partition("cannot be")[2]


def test_what_comes_too_late_shows_nothing(capsys):
    bar = progress.Bar(patience=3600)
    bar.tell("reading", 0.5)
    bar.end()
    bar._show()
    assert bar._progress is None
    assert capsys.readouterr().err == ""
