"""What only a real process shows: start-up, pipes, colour, signals, shell completion."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import apicontract

_ROOT = Path(__file__).parents[2]
_OLD, _NEW = (str(_ROOT / "examples" / f"orders-{version}.yaml") for version in ("v1", "v2"))
_HEAVY = [
    "typer",
    "click",
    "rich",
    "jinja2",
    "jsonschema",
    "jsonschema_rs",
    "openapi_spec_validator",
    "msgspec",
    "yaml",
    "ryaml",
]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
    return subprocess.run(
        [sys.executable, "-m", "apicontract", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=_ROOT,
        env={**plain, **environment},
        timeout=60,
        check=False,
    )


def test_version_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['apicontract', '--version']\n"
        "from apicontract.cli.main import main\n"
        "main()\n"
        f"print(sorted(set({_HEAVY!r}) & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=_ROOT,
        timeout=60,
        check=True,
    )
    assert result.stdout.splitlines() == [f"apicontract {apicontract.__version__}", "[]"]


def test_a_diff_loads_no_rich() -> None:
    program = (
        f"import sys; sys.argv = ['apicontract', 'diff', {_OLD!r}, {_NEW!r}, '-q']\n"
        "import apicontract.cli.main\n"
        "from apicontract.cli.app import app\n"  # what `main` runs, which leaves without a way back
        "try:\n    app(prog_name='apicontract')\nexcept SystemExit:\n    pass\n"
        "print(sorted({'rich', 'jinja2', 'jsonschema', 'openapi_spec_validator'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=_ROOT,
        timeout=60,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("old", "new"), [(_OLD, _NEW), (_OLD, _OLD), (_OLD, "nowhere.yaml")])
def test_two_contracts_and_no_option_need_no_parser(old: str, new: str) -> None:
    """What is compared without the command line's library comes out as it does with it."""
    plain, parsed = run("diff", old, new), run("diff", old, new, "--fail-on", "major")
    assert (plain.returncode, plain.stdout, plain.stderr) == (parsed.returncode, parsed.stdout, parsed.stderr)


def test_the_parser_is_loaded_for_options_only() -> None:
    program = (
        "import os, sys\n"
        "from apicontract.cli.main import main\n"
        "os._exit = lambda code: print(code, 'typer' in sys.modules, 'apicontract.cli.check' in sys.modules)\n"
        f"sys.argv = ['apicontract', 'diff', {_OLD!r}, {_NEW!r}]\n"
        "main()\n"
    )
    for option, loaded in (("", "False False"), ("sys.argv.append('--quiet')\n", "True False")):
        result = subprocess.run(
            [sys.executable, "-c", program.replace("main()\n", f"{option}main()\n")],
            capture_output=True,
            encoding="utf-8",
            cwd=_ROOT,
            timeout=60,
            check=True,
        )
        assert f"1 {loaded}" in result.stdout.splitlines()


@pytest.mark.parametrize("contracts", [(_OLD,), (_OLD, _NEW), (_OLD, "nowhere.yaml")])
def test_lint_without_an_option_needs_no_parser(contracts: tuple[str, ...]) -> None:
    plain, parsed = run("lint", *contracts), run("lint", *contracts, "--fail-on", "error")
    assert (plain.returncode, plain.stdout, plain.stderr) == (parsed.returncode, parsed.stdout, parsed.stderr)
    assert "rules, set recommended" in plain.stdout


def test_lint_loads_what_it_needs_only() -> None:
    """Neither the parser, nor what compares schemas, nor the rules of diff, nor what compiles protos."""
    program = (
        "import os, sys\n"
        "from apicontract.cli.main import main\n"
        "unneeded = ('typer', 'apicontract.schemas', 'apicontract.formats.openapi.diff', 'hashlib', 'rich',\n"
        "  'apicontract.formats.openapi.lint.spectral', 'apicontract.formats.proto.validate.compiling')\n"
        "os._exit = lambda code: print(code, [one for one in unneeded if one in sys.modules])\n"
        f"sys.argv = ['apicontract', 'lint', {_OLD!r}]\n"
        "main()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=_ROOT,
        timeout=60,
        check=True,
    )
    assert {"0 []", "1 []"} & set(result.stdout.splitlines())


def test_the_gate_and_the_streams() -> None:
    result = run("diff", _OLD, _NEW)
    assert result.returncode == 1
    assert "Required bump: major" in result.stdout
    assert result.stderr == "apicontract: this needs a major version (--fail-on major)\n"
    unreadable = run("diff", _OLD, "nowhere.yaml")
    assert (unreadable.returncode, unreadable.stdout) == (2, "")
    assert "nowhere.yaml" in unreadable.stderr


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" not in run("diff", _OLD, _NEW).stdout
    assert "\x1b[" in run("diff", _OLD, _NEW, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("diff", _OLD, _NEW, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_report_reads_where_the_locale_knows_no_unicode() -> None:
    result = run("diff", _OLD, _NEW, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 1
    assert "orders-v1.yaml" in result.stdout


def test_lines_fit_80_columns() -> None:
    result = run("diff", "examples/orders-v1.yaml", "examples/orders-v2.yaml", "-v")
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []


def test_a_reader_that_stops_reading_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "apicontract", "diff", _OLD, _NEW],
            stdout=writer,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=_ROOT,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert result.returncode == 1
    assert result.stderr == "apicontract: this needs a major version (--fail-on major)\n"


_CLOSED = "apicontract: error: cannot write standard output: it is closed\n"


@pytest.mark.skipif(os.name == "nt", reason="the shell of POSIX closes streams")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (f"validate {_OLD} >&-", 2, _CLOSED),
        ("--help >&-", 2, _CLOSED),
        ("--version >&-", 2, _CLOSED),
        (f"validate {_OLD} 2>&-", 0, ""),
        ("validate nowhere.yaml 2>&-", 2, ""),
        (
            "validate - <&-",
            2,
            "apicontract: error: <stdin>: standard input is closed\n  name a file\n",
        ),
    ],
)
def test_closed_streams(arguments: str, code: int, said: str) -> None:
    result = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m apicontract {arguments}'],
        capture_output=True,
        encoding="utf-8",
        cwd=_ROOT,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (code, said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [f"validate {_OLD}", "--help", "--version"])
def test_a_full_disk_is_no_defect(arguments: str) -> None:
    result = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m apicontract {arguments} >/dev/full'],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=_ROOT,
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr == "apicontract: error: cannot write standard output: No space left on device\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux")
def test_a_name_that_is_no_utf_8_is_written_as_escapes(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/caf\xe9.yaml"
    with open(odd, "wb") as file:  # noqa: PTH123  # bytes are no Path
        file.write((_ROOT / _OLD).read_bytes())
    result = subprocess.run(
        [sys.executable, "-m", "apicontract", "validate", odd, "--format", "json"],
        capture_output=True,
        cwd=_ROOT,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["contracts"][0]["source"].endswith("caf\\udce9.yaml")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_an_interrupted_process_ends_with_130() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "apicontract", "diff", "-", _NEW],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # a job in the background ignores it
    )
    time.sleep(1.0)  # it waits for standard input now
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_contract_at_another_revision(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    target = tmp_path / "api.yaml"
    target.write_bytes(Path(_OLD).read_bytes())
    git("add", ".")
    git("commit", "-qm", "first")
    target.write_bytes(Path(_NEW).read_bytes())
    result = subprocess.run(
        [sys.executable, "-m", "apicontract", "diff", "git:HEAD:api.yaml", "api.yaml", "--quiet"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert "from 1.4.0 to at least 2.0.0" in result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(shell: str) -> None:
    result = run(_APICONTRACT_COMPLETE=f"source_{shell}")
    assert result.returncode == 0
    assert "apicontract" in result.stdout
